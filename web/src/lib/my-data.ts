// The token of a link to one's own data. It comes in the URL's fragment, which is sent to
// nobody, and leaves the address bar at once, so that neither the history nor a glance at the
// screen keeps it. The tab remembers it, for a reload.
const kept = 'agon.my-data';
const shape = /^#([A-Za-z0-9_-]{43})$/;

export function tokenIn(hash: string): string | null {
  return shape.exec(hash)?.[1] ?? null;
}

/** The token of the address or of the tab; the address is cleaned. Null: the session counts. */
export function takeToken(): string | null {
  const given = tokenIn(location.hash);
  if (location.hash) history.replaceState(history.state, '', location.pathname);
  if (given) keepToken(given);
  try {
    return given ?? sessionStorage.getItem(kept);
  } catch {
    return given; // no storage: a reload asks for the link again
  }
}

export function keepToken(token: string | null): void {
  try {
    if (token) sessionStorage.setItem(kept, token);
    else sessionStorage.removeItem(kept);
  } catch {
    // see above
  }
}

/** Offers a document as a file. */
export function download(document_: object, name: string): void {
  const text = JSON.stringify(document_, null, 1);
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
