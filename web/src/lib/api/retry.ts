import { asFailure, type Failure } from './failure';

export interface Wait {
  failure: Failure;
  /** When the next try starts, in milliseconds of `Date.now()`. */
  until: number;
  /** Starts the next try at once. */
  skip: () => void;
}

export interface RetryOptions {
  /** Told before each wait, and with null when the wait is over. */
  onWait?: (wait: Wait | null) => void;
  tries?: number;
  signal?: AbortSignal;
  random?: () => number;
}

const longest = 60; // seconds; a longer Retry-After is told to the person instead

/** Seconds before try `n` (from 1): the server's word, else doubling with jitter. */
export function delayBefore(n: number, failure: Failure, random: () => number): number {
  if (failure.kind === 'offline') return longest; // ended early by the `online` event
  if (failure.retryAfter !== null) return failure.retryAfter;
  return Math.min(8, 0.5 * 2 ** (n - 1)) * (0.75 + random() / 2);
}

function pause(
  seconds: number,
  signal: AbortSignal | undefined,
  started: (skip: () => void) => void,
) {
  return new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener('online', done);
    signal?.addEventListener('abort', done);
    started(done);
  });
}

/**
 * Repeats `call` while it fails for a passing reason. The call must be safe to repeat: a
 * read, or a write with one Idempotency-Key for all tries. Throws the last Failure.
 */
export async function withRetry<T>(call: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { onWait, tries = 6, signal, random = Math.random } = options;
  let n = 0;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== 'offline') n += 1; // without a network no try was made
      if (signal?.aborted || !failure.passing || n >= tries) throw failure;
      const seconds = delayBefore(n, failure, random);
      if (seconds > longest) throw failure;
      await pause(seconds, signal, (skip) =>
        onWait?.({ failure, until: Date.now() + seconds * 1000, skip }),
      );
      onWait?.(null);
      if (signal?.aborted) throw failure;
    }
  }
}
