import type { BoardHistory } from '../api/types';

export interface HistoryPoint {
  at: number; // milliseconds
  score: number;
  lower?: number | undefined;
  upper?: number | undefined;
}

export interface HistoryLine {
  system: string;
  name: string;
  points: HistoryPoint[];
}

/** The series of a history, each point with its moment. Lines without a point are left out. */
export function historyLines(history: BoardHistory): HistoryLine[] {
  const moments = history.boards.map((b) => Date.parse(b.computed_at));
  return history.systems
    .map((s) => ({
      system: s.system,
      name: s.name,
      points: s.points.map((p) => ({
        at: moments[p.board] ?? 0,
        score: p.score,
        lower: p.lower,
        upper: p.upper,
      })),
    }))
    .filter((line) => line.points.length > 0);
}

/** Moves labels down until none lies on another; they stay in the order of their heights. */
export function spread(heights: readonly number[], least: number): number[] {
  const order = heights.map((_, i) => i).sort((i, j) => (heights[i] ?? 0) - (heights[j] ?? 0));
  const out = [...heights];
  let last = -Infinity;
  for (const i of order) {
    last = Math.max(out[i] ?? 0, last + least);
    out[i] = last;
  }
  return out;
}
