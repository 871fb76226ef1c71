import {
  api,
  asFailure,
  boardPath,
  type Board,
  type BoardList,
  type Failure,
  type Method,
} from '../api';
import { withRetry } from '../api/retry';
import { follow, type Following } from '../live/follow';
import { Fetched } from './fetched.svelte';

interface Published {
  method: Method;
  version: number;
  votes: number;
  segment?: string;
}

export interface Shown {
  method: Method | null; // null: the arena's first board
  segment: string;
  at: string; // a day, '' for now
}

const pollEvery = 15_000; // milliseconds; while the stream is down

/** The board of an arena that a page shows, kept current while it is looked at. */
export class LiveBoard {
  board = $state.raw<Board | null>(null);
  failure = $state.raw<Failure | null>(null);
  live = $state(false);
  /** Which boards and segments the arena has. */
  readonly list = new Fetched<BoardList>((arena, etag) => api.boards(arena, etag));
  #shown: Shown = { method: null, segment: '', at: '' };
  #etags = new Map<string, string | null>();
  #boards = new Map<string, Board>();
  #fetching = false;
  #again = false;
  #stream: Following | null = null;
  #followed: string | null = null;
  #timer: ReturnType<typeof setInterval>;

  constructor(private readonly arena: string) {
    this.list.want(arena, 0);
    this.#timer = setInterval(() => {
      if (!this.live) void this.refresh();
    }, pollEvery);
  }

  /** Shows another board; until it has come, what was shown stays. */
  show(shown: Shown): void {
    this.#shown = shown;
    this.#follow(shown.segment);
    const known = this.#boards.get(this.#path() ?? '');
    if (known) this.board = known;
    void this.refresh();
  }

  /** Fetches the board unless it is unchanged. One call at a time, the last one wins. */
  async refresh(): Promise<void> {
    const path = this.#path();
    if (!path) return;
    if (this.#fetching) {
      this.#again = true;
      return;
    }
    this.#fetching = true;
    try {
      const known = this.#boards.has(path) ? (this.#etags.get(path) ?? null) : null;
      const { data, etag } = await withRetry(() => api.board(path, known));
      this.#etags.set(path, etag);
      if (data) this.#boards.set(path, data);
      if (path === this.#path()) this.board = this.#boards.get(path) ?? null;
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
    this.#stream?.close();
    this.list.close();
    clearInterval(this.#timer);
  }

  #path(): string | null {
    const { method, segment, at } = this.#shown;
    return method && boardPath(this.arena, method, '', { segment, at });
  }

  #follow(segment: string): void {
    if (this.#followed === segment) return;
    this.#followed = segment;
    this.#stream?.close();
    this.#stream = follow<Published>(
      api.arenaEvents(this.arena, segment),
      'board',
      (published) => this.#hear(published),
      (up) => {
        this.live = up;
        if (up) void this.refresh(); // what was published while it was down
      },
    );
  }

  #hear(published: Published): void {
    const { method, segment, at } = this.#shown;
    this.list.want(this.arena, published.version);
    if (at || published.method !== method || (published.segment ?? '') !== segment) return;
    if (published.version !== this.board?.version) void this.refresh();
  }
}
