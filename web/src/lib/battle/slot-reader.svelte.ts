import type { BattleSlot, Slot } from '../api/types';
import type { Side, SideListener } from './side';

const lookEvery = 250; // milliseconds
const tickEvery = 1000; // while the gate is shut; the server lets 5 s pass between two events
const slowTick = 2500;

/** How much of an element must be on the screen for it to count as seen. */
export function isSeen(entry: {
  intersectionRatio: number;
  intersectionRect: { width: number; height: number };
  boundingClientRect: { width: number };
  rootBounds: { height: number } | null;
}): boolean {
  if (entry.intersectionRatio >= 0.5) return true;
  // Something taller than the screen: then it must fill a good part of the screen.
  const tall = entry.intersectionRect.height >= 0.45 * (entry.rootBounds?.height ?? Infinity);
  return tall && entry.intersectionRect.width >= 0.5 * entry.boundingClientRect.width;
}

/** One side's text or picture: for how long it was on the screen, and how far it was scrolled. */
export class SlotReader implements Side {
  heardSeconds = $state(0);
  readonly slot: Slot;
  /** A picture that has not come yet cannot be seen. */
  ready = $state(false);
  failed = $state(false);
  #element: HTMLElement | null = null;
  #onScreen = false;
  #visible = false;
  #since = 0;
  #ticked = 0;
  #deepest = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly output: BattleSlot,
    private readonly listener: SideListener,
    /** True once the gate is open: then there is less to tell. */
    private readonly calm: () => boolean,
  ) {
    this.slot = output.slot;
    this.ready = output.media === undefined;
  }

  /** Svelte attachment for what is to be seen: the part that scrolls, if it does. */
  attach = (element: HTMLElement) => {
    this.#element = element;
    element.tabIndex = 0; // it may scroll, so the keyboard must reach it
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries[entries.length - 1];
        if (!entry) return;
        this.#onScreen = isSeen(entry);
        this.#settle();
      },
      { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1] },
    );
    observer.observe(element);
    const settle = () => this.#settle();
    const scrolled = () => this.#scrolled();
    document.addEventListener('visibilitychange', settle);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      this.#onScreen = false;
      this.#settle();
      observer.disconnect();
      document.removeEventListener('visibilitychange', settle);
      element.removeEventListener('scroll', scrolled);
      this.#element = null;
    };
  };

  /** The picture is there. */
  arrived = () => {
    this.ready = true;
    this.failed = false;
    this.#settle();
  };

  broke = () => {
    this.ready = false;
    this.failed = true;
    this.#settle();
  };

  toggle(): void {
    this.#element?.scrollIntoView({ block: 'nearest', inline: 'center', behavior: 'smooth' });
    this.#element?.focus({ preventScroll: true });
  }

  pause(): void {
    if (this.#visible) this.#tick();
  }

  tickNow(): void {
    if (this.#visible) this.#tick();
  }

  restNow(): void {
    if (!this.#visible) this.listener.event(this.slot, 'hidden', this.#depth());
  }

  #settle(): void {
    const now = this.#onScreen && this.ready && !document.hidden;
    if (now === this.#visible) return;
    this.#count();
    this.#visible = now;
    this.#since = this.#ticked = performance.now();
    clearInterval(this.#timer);
    if (now) this.#timer = setInterval(() => this.#look(), lookEvery);
    this.listener.event(this.slot, now ? 'visible' : 'hidden', this.#depth());
  }

  #look(): void {
    this.#count();
    if (performance.now() - this.#ticked >= (this.calm() ? slowTick : tickEvery)) this.#tick();
    this.listener.moved(this);
  }

  #tick(): void {
    this.#count();
    this.#ticked = performance.now();
    this.listener.event(this.slot, 'tick', this.#depth());
  }

  #scrolled(): void {
    const before = this.#deepest;
    if (!this.#visible || this.#depth() - before < 0.1) return;
    this.#count();
    this.#ticked = performance.now();
    this.listener.event(this.slot, 'scroll', this.#deepest);
  }

  #count(): void {
    if (!this.#visible) return;
    const now = performance.now();
    this.heardSeconds += (now - this.#since) / 1000;
    this.#since = now;
  }

  /** How much of it has been above the lower edge, 0 to 1. */
  #depth(): number {
    const e = this.#element;
    if (e && e.scrollHeight > 0) {
      const at = Math.min(1, (e.scrollTop + e.clientHeight) / e.scrollHeight);
      this.#deepest = Math.max(this.#deepest, at);
    }
    return this.#deepest;
  }
}
