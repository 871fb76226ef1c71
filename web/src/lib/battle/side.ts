import type { BattleSlot, ExposureKind, Slot } from '../api/types';

/** One side's output as the page presents it: played, read or looked at. */
export interface Side {
  readonly slot: Slot;
  readonly output: BattleSlot;
  /** Seconds of it that were taken in, by this page's count. */
  readonly heardSeconds: number;
  /** What its key does: plays or pauses a recording, goes to a text or a picture. */
  toggle(): void;
  pause(): void;
  /** Tells the state now, so that the server's count is not a tick behind. */
  tickNow(): void;
  /** Tells that it rests, if it does: nothing new, but the server counts anew. */
  restNow(): void;
}

export interface SideListener {
  started(side: Side): void;
  event(slot: Slot, kind: ExposureKind, position: number): void;
  /** Called several times a second while it is taken in. */
  moved(side: Side): void;
}
