import type { BoardEntry } from '../api/types';

export type Rated = BoardEntry & { score: number };

export const isRated = (entry: BoardEntry): entry is Rated =>
  entry.status === 'rated' && entry.score !== undefined;

/** Rated first, best on top; then by votes and name, so that the order is steady. */
export function ordered(entries: readonly BoardEntry[]): BoardEntry[] {
  return [...entries].sort(
    (x, y) =>
      Number(isRated(y)) - Number(isRated(x)) ||
      (y.score ?? 0) - (x.score ?? 0) ||
      y.votes - x.votes ||
      x.name.localeCompare(y.name),
  );
}

/** "2" or "2–4"; null if the board says no rank. */
export function rankRange(entry: BoardEntry): string | null {
  const { rank_upper: best, rank_lower: worst } = entry;
  if (best === undefined || worst === undefined) return null;
  return best === worst ? `${best}` : `${best}–${worst}`;
}
