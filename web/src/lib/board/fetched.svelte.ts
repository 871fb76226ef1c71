import { asFailure, type Failure } from '../api';
import { withRetry } from '../api/retry';
import type { Answered } from '../api/request';

/**
 * One resource of a board, fetched when its view is shown and again when a newer board
 * was published, but not more often than every few seconds. While it is fetched, and if
 * it cannot be, what was there stays.
 */
export class Fetched<T> {
  data = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  #key = '';
  #etag: string | null = null;
  #version: number | undefined;
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly fetch: (key: string, etag: string | null) => Promise<Answered<T>>,
    private readonly pause = 4000, // milliseconds between two fetches of the same key
  ) {}

  /** `key` names what is asked for; `version` is that of the board that is shown. */
  want(key: string, version: number | undefined): void {
    if (key === this.#key && version === this.#version && !this.failure) return;
    const same = key === this.#key;
    this.#version = version;
    clearTimeout(this.#timer);
    if (!same) {
      this.#key = key;
      this.#etag = null;
      this.data = null;
      this.#at = 0;
    }
    const wait = Math.max(0, this.#at + this.pause - Date.now());
    this.#timer = setTimeout(() => void this.#load(key), wait);
  }

  retry(): void {
    this.#at = 0;
    void this.#load(this.#key);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#key = '';
  }

  async #load(key: string): Promise<void> {
    this.#at = Date.now();
    try {
      const { data, etag } = await withRetry(() => this.fetch(key, this.#etag));
      if (key !== this.#key) return;
      this.#etag = etag;
      if (data !== null) this.data = data;
      this.failure = null;
    } catch (error) {
      if (key === this.#key) this.failure = asFailure(error);
    }
  }
}
