/**
 * Follows one event of a server-sent stream. The browser reconnects after a broken
 * connection by itself (with Last-Event-ID); after a refusal it gives up, so this tries
 * again with growing pauses. `onState` says whether the stream stands; `others` are further
 * events of the same stream, by name.
 */
export interface Following {
  close(): void;
}

const longestPause = 30_000; // milliseconds

export function follow<T>(
  url: string,
  event: string,
  onData: (data: T) => void,
  onState: (up: boolean) => void = () => {},
  others: Record<string, (data: unknown) => void> = {},
): Following {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = 1000;

  function open() {
    source = new EventSource(url);
    source.addEventListener('open', () => {
      pause = 1000;
      onState(true);
    });
    const listen = (name: string, take: (data: unknown) => void) =>
      source?.addEventListener(name, (message) => {
        try {
          take(JSON.parse((message as MessageEvent<string>).data));
        } catch {
          // A line cut off by the network: the next event, or the poll, brings the state.
        }
      });
    listen(event, (data) => onData(data as T));
    for (const [name, take] of Object.entries(others)) listen(name, take);
    source.addEventListener('error', () => {
      onState(false);
      if (source?.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(open, pause);
      pause = Math.min(longestPause, pause * 2);
    });
  }

  open();
  return {
    close() {
      clearTimeout(timer);
      source?.close();
    },
  };
}
