import type { Kept } from '../api/intent';
import type { Winner } from '../api/types';
import type { Waiting } from './exposure-queue';
import type { FieldValue } from './request-form';

/** What a reload of the page must not lose, per arena and tab. */
export interface KeptBattle {
  prompt: string;
  source: 'typed' | 'random';
  /** Fields of the request that were set. */
  request: Record<string, FieldValue>;
  creation: Kept | null;
  battle: string | null;
  shownAt: string | null;
  activeSeconds: number;
  choice: Winner | null;
  comments: Record<string, string>;
  vote: Kept | null;
  exposures: Waiting | null;
}

export const nothingKept: KeptBattle = {
  prompt: '',
  source: 'typed',
  request: {},
  creation: null,
  battle: null,
  shownAt: null,
  activeSeconds: 0,
  choice: null,
  comments: {},
  vote: null,
  exposures: null,
};

const keyOf = (arena: string) => `agon.battle.${arena}`;

/** Storage may be blocked or full; then a reload starts afresh, and nothing else breaks. */
export function recall(arena: string): KeptBattle {
  try {
    const text = sessionStorage.getItem(keyOf(arena));
    return text ? { ...nothingKept, ...(JSON.parse(text) as Partial<KeptBattle>) } : nothingKept;
  } catch {
    return nothingKept;
  }
}

export function keep(arena: string, kept: KeptBattle): void {
  try {
    sessionStorage.setItem(keyOf(arena), JSON.stringify(kept));
  } catch {
    // See recall().
  }
}
