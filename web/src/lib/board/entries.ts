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

/** A row of a plot: a value, an interval, or both. */
export interface PlotRow {
  key: string;
  name: string;
  value?: number | undefined;
  lower?: number | undefined;
  upper?: number | undefined;
}

export const sortColumns = [
  'rank',
  'system',
  'score',
  'votes',
  'wins',
  'losses',
  'ties',
  'both_bad',
] as const;
export type SortColumn = (typeof sortColumns)[number];

/** By a column of the table; what is not rated stays below in the columns of the rating. */
export function sorted(
  entries: readonly BoardEntry[],
  column: SortColumn,
  falling: boolean,
): BoardEntry[] {
  if (column === 'rank') {
    const byRank = ordered(entries);
    return falling ? [...byRank].reverse() : byRank;
  }
  const turn = falling ? -1 : 1;
  return [...entries].sort((x, y) => {
    if (column === 'system') return turn * x.name.localeCompare(y.name);
    if (column === 'score') {
      const rated = Number(isRated(y)) - Number(isRated(x));
      return rated || turn * ((x.score ?? 0) - (y.score ?? 0));
    }
    return turn * (x[column] - y[column]) || x.name.localeCompare(y.name);
  });
}

/** Those whose name or maker holds the words that are looked for. */
export function found(entries: readonly BoardEntry[], words: string): BoardEntry[] {
  const wanted = words.trim().toLocaleLowerCase();
  if (!wanted) return [...entries];
  return entries.filter((e) => `${e.name} ${e.maker ?? ''}`.toLocaleLowerCase().includes(wanted));
}
