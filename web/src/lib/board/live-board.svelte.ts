import { api, asFailure, type Board, type Failure, type Method } from '../api';
import { withRetry } from '../api/retry';
import { follow, type Following } from '../live/follow';

interface Published {
  method: Method;
  version: number;
  votes: number;
}

const pollEvery = 15_000; // milliseconds; while the stream is down

/** The board of one arena and method, kept current while it is looked at. */
export class LiveBoard {
  method = $state<Method>('bradley_terry');
  board = $state.raw<Board | null>(null);
  failure = $state.raw<Failure | null>(null);
  live = $state(false);
  #etags = new Map<Method, string | null>();
  #boards = new Map<Method, Board>();
  #fetching = false;
  #again = false;
  #stream: Following;
  #timer: ReturnType<typeof setInterval>;

  constructor(private readonly arena: string) {
    void this.refresh();
    this.#stream = follow<Published>(
      api.arenaEvents(arena),
      'board',
      (published) => {
        const shown = this.#boards.get(published.method)?.version;
        if (published.method === this.method && published.version !== shown) void this.refresh();
      },
      (up) => {
        this.live = up;
        if (up) void this.refresh(); // what was published while it was down
      },
    );
    this.#timer = setInterval(() => {
      if (!this.live) void this.refresh();
    }, pollEvery);
  }

  show(method: Method): void {
    this.method = method;
    this.board = this.#boards.get(method) ?? this.board;
    void this.refresh();
  }

  /** Fetches the board unless it is unchanged. One call at a time, the last one wins. */
  async refresh(): Promise<void> {
    if (this.#fetching) {
      this.#again = true;
      return;
    }
    this.#fetching = true;
    const method = this.method;
    try {
      const known = this.#boards.has(method) ? (this.#etags.get(method) ?? null) : null;
      const { data, etag } = await withRetry(() => api.board(this.arena, method, known));
      this.#etags.set(method, etag);
      if (data) this.#boards.set(method, data);
      if (method === this.method) this.board = this.#boards.get(method) ?? null;
      this.failure = null;
    } catch (error) {
      this.failure = asFailure(error);
    }
    this.#fetching = false;
    if (this.#again) {
      this.#again = false;
      void this.refresh();
    }
  }

  close(): void {
    this.#stream.close();
    clearInterval(this.#timer);
  }
}
