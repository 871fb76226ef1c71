import type { BoardPairs } from '../api/types';

export const pairMeasures = ['observed', 'predicted', 'votes'] as const;
export type PairMeasure = (typeof pairMeasures)[number];

/** How the system of a row did against that of a column. */
export interface PairCell {
  votes: number;
  wins: number; // of the row
  losses: number;
  ties: number;
  bothBad: number;
  observed?: number | undefined; // share won by the row, a tie half
  predicted?: number | undefined;
}

/** Cells by row and column, both in the order of the board; none on the diagonal. */
export function pairCells(pairs: BoardPairs): (PairCell | undefined)[][] {
  const n = pairs.systems.length;
  const cells = Array.from({ length: n }, () => new Array<PairCell | undefined>(n).fill(undefined));
  const other = (share: number | undefined) => (share === undefined ? undefined : 1 - share);
  for (const p of pairs.pairs) {
    const counts = { votes: p.votes, ties: p.ties, bothBad: p.both_bad };
    const row = cells[p.a];
    const column = cells[p.b];
    if (!row || !column) continue;
    row[p.b] = {
      ...counts,
      wins: p.wins_a,
      losses: p.wins_b,
      observed: p.observed,
      predicted: p.predicted,
    };
    column[p.a] = {
      ...counts,
      wins: p.wins_b,
      losses: p.wins_a,
      observed: other(p.observed),
      predicted: other(p.predicted),
    };
  }
  return cells;
}

/** Where a cell stands between the two ends of the colour scale, 0 … 1. */
export function shadeOf(cell: PairCell, measure: PairMeasure, mostVotes: number): number | null {
  if (measure === 'votes') return cell.votes === 0 ? null : Math.sqrt(cell.votes / mostVotes);
  return cell[measure] ?? null;
}
