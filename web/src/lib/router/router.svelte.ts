import { tick } from 'svelte';
import { match } from './match';

let path = $state(location.pathname);
const route = $derived(match(path));

export const router = {
  get path() {
    return path;
  },
  get route() {
    return route;
  },
};

/** Tells a screen reader where it is: the new page's heading gets the focus. */
async function arrive(): Promise<void> {
  await tick();
  scrollTo(0, 0);
  const heading = document.querySelector<HTMLElement>('main h1');
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}

export function go(to: string): void {
  if (to === location.pathname) return;
  history.pushState(null, '', to);
  path = location.pathname;
  void arrive();
}

function ownLink(event: MouseEvent): URL | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) {
    return null;
  }
  const url = new URL(link.href);
  if (url.hash && url.pathname === location.pathname) return null; // within the page
  return match(url.pathname).page === 'nowhere' ? null : url;
}

export function startRouter(): void {
  addEventListener('popstate', () => {
    path = location.pathname;
  });
  document.addEventListener('click', (event) => {
    const url = ownLink(event);
    if (!url) return;
    event.preventDefault();
    go(url.pathname);
  });
}
