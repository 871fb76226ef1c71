import { asFailure, type Failure } from '../api/failure';
import type { ExposureEvent, ExposureKind, Gate, Slot } from '../api/types';

export interface Waiting {
  next: number;
  events: ExposureEvent[];
}

export interface QueueOptions {
  send: (events: ExposureEvent[], leaving: boolean) => Promise<Gate>;
  onGate: (gate: Gate) => void;
  /** Told when the server refuses for good; nothing is sent after that. */
  onRefused?: (failure: Failure) => void;
  /** Called after each change, to store what a reload must still send. */
  onChange?: (waiting: Waiting) => void;
  restored?: Waiting | null;
  now?: () => Date;
}

const batch = 200; // the server takes no more in one call
const rhythm = 1000; // milliseconds between batches
const longestPause = 8000;

/**
 * Keeps exposure events until the server has them: in order, numbered from 0 within the
 * battle, one batch at a time, sent again after a failure (the server ignores what it
 * knows). A refusal that repeating cannot mend stops it.
 */
export class ExposureQueue {
  #events: ExposureEvent[];
  #next: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #pause = rhythm;
  #stopped = false;

  constructor(private readonly options: QueueOptions) {
    this.#next = options.restored?.next ?? 0;
    this.#events = [...(options.restored?.events ?? [])];
    if (this.#events.length > 0) this.#schedule(0);
  }

  get waiting(): Waiting {
    return { next: this.#next, events: [...this.#events] };
  }

  record(slot: Slot, kind: ExposureKind, position: number, urgent = false): void {
    if (this.#stopped) return;
    const at = (this.options.now?.() ?? new Date()).toISOString();
    const rounded = Math.max(0, Math.round(position * 1000) / 1000);
    this.#events.push({ sequence: this.#next++, slot, kind, position: rounded, at });
    this.options.onChange?.(this.waiting);
    this.#schedule(urgent ? 0 : this.#pause);
  }

  /** Sends all that waits. Throws the Failure of the batch that was not taken. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#sending) await this.#sending.catch(() => {});
    while (this.#events.length > 0 && !this.#stopped) {
      this.#sending = this.#sendBatch();
      try {
        await this.#sending;
      } finally {
        this.#sending = null;
      }
    }
  }

  /** The page is being left: one last call that outlives it, without waiting. */
  leave(): void {
    if (this.#stopped || this.#events.length === 0) return;
    this.options.send(this.#events.slice(0, batch), true).catch(() => {});
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #sendBatch(): Promise<void> {
    const part = this.#events.slice(0, batch);
    let gate: Gate;
    try {
      gate = await this.options.send(part, false);
    } catch (error) {
      const failure: Failure = asFailure(error);
      if (failure.passing) this.#pause = Math.min(longestPause, this.#pause * 2);
      else {
        this.stop();
        this.options.onRefused?.(failure);
      }
      throw failure;
    }
    this.#pause = rhythm;
    const last = part[part.length - 1];
    if (last) this.#events = this.#events.filter((e) => e.sequence > last.sequence);
    this.options.onChange?.(this.waiting);
    if (!this.#stopped) this.options.onGate(gate);
  }

  #schedule(delay: number): void {
    if (this.#stopped) return;
    if (this.#timer !== undefined) {
      if (delay > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(() => {
        if (this.#events.length > 0) this.#schedule(this.#pause);
      });
    }, delay);
  }
}
