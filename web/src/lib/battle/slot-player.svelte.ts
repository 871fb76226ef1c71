import type { BattleSlot, Slot } from '../api/types';
import { Heard } from './heard';
import type { Side, SideListener } from './side';

const tickEvery = 1; // seconds of the output
const longestStep = 2; // seconds; a longer one between two looks is a jump, not listening

/** One side's audio element: what it plays, and what of it was heard. */
export class SlotPlayer implements Side {
  playing = $state(false);
  position = $state(0);
  heardSeconds = $state(0);
  failed = $state(false);
  buffering = $state(false);
  readonly slot: Slot;
  readonly #heard = new Heard();
  #element: HTMLAudioElement | null = null;
  #seen = 0;
  #ticked = 0;
  #frame = 0;

  constructor(
    readonly output: BattleSlot,
    private readonly listener: SideListener,
  ) {
    this.slot = output.slot;
  }

  get seconds(): number {
    return this.output.seconds ?? 0;
  }

  /** Svelte attachment for the `<audio>` element. */
  attach = (element: HTMLAudioElement) => {
    this.#element = element;
    const on: Partial<Record<keyof HTMLMediaElementEventMap, () => void>> = {
      playing: () => this.#started(),
      pause: () => this.#paused(),
      timeupdate: () => this.#look(),
      ended: () => this.#ended(),
      waiting: () => (this.buffering = true),
      error: () => this.#broke(),
    };
    for (const [name, handler] of Object.entries(on)) element.addEventListener(name, handler);
    return () => {
      cancelAnimationFrame(this.#frame);
      for (const [name, handler] of Object.entries(on)) element.removeEventListener(name, handler);
      this.#element = null;
    };
  };

  async play(): Promise<void> {
    const element = this.#element;
    if (!element) return;
    if (this.failed) this.#reload(element);
    if (element.ended || this.position >= this.seconds - 0.02) this.#jump(0);
    this.listener.started(this);
    // Rejected when paused at once, or refused by the browser; the error event tells the rest.
    await element.play().catch(() => (this.buffering = false));
  }

  pause(): void {
    this.#element?.pause();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else void this.play();
  }

  seek(seconds: number): void {
    const to = Math.min(Math.max(0, seconds), this.seconds);
    if (this.playing) {
      this.#look();
      this.#tick();
    }
    this.#jump(to);
    this.listener.event(this.slot, 'seek', to);
  }

  /** Tells the position now, so that the server's count is not a tick behind. */
  #tick(): void {
    this.#ticked = this.position;
    this.listener.event(this.slot, 'tick', this.position);
  }

  restNow(): void {
    if (!this.playing) this.listener.event(this.slot, 'pause', this.position);
  }

  tickNow(): void {
    if (this.playing) this.#tick();
  }

  #jump(to: number): void {
    if (this.#element) this.#element.currentTime = to;
    this.position = this.#seen = this.#ticked = to;
  }

  #reload(element: HTMLAudioElement): void {
    this.failed = false;
    element.load();
  }

  #started(): void {
    this.buffering = false;
    if (this.playing) return;
    this.playing = true;
    this.#seen = this.#ticked = this.#element?.currentTime ?? 0;
    this.listener.event(this.slot, 'play', this.#seen);
    const step = () => {
      this.#look();
      if (this.playing) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #look(): void {
    const now = this.#element?.currentTime ?? 0;
    if (!this.playing) return;
    if (now > this.#seen && now - this.#seen < longestStep) {
      this.#heard.add(this.#seen, now);
      this.heardSeconds = this.#heard.seconds;
    }
    this.#seen = this.position = now;
    if (now - this.#ticked >= tickEvery) this.#tick();
    this.listener.moved(this);
  }

  #paused(): void {
    if (!this.playing || this.#element?.ended) return;
    this.#look();
    this.playing = false;
    this.listener.event(this.slot, 'pause', this.position);
  }

  #ended(): void {
    this.#look();
    this.#heard.add(this.#seen, this.seconds);
    this.heardSeconds = this.#heard.seconds;
    this.playing = false;
    this.position = this.seconds;
    this.listener.event(this.slot, 'ended', this.seconds);
  }

  #broke(): void {
    this.playing = false;
    this.buffering = false;
    this.failed = true;
  }
}
