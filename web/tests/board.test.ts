import { describe, expect, it } from 'vitest';
import type { BoardEntry } from '../src/lib/api/types';
import { barPath, bars } from '../src/lib/battle/bars';
import { ordered, rankRange } from '../src/lib/board/entries';
import { scale, ticks } from '../src/lib/board/scale';

const entry = (name: string, more: Partial<BoardEntry>): BoardEntry => ({
  system: name,
  name,
  votes: 0,
  wins: 0,
  losses: 0,
  ties: 0,
  both_bad: 0,
  status: 'no_votes',
  ...more,
});

describe('the order of a board', () => {
  it('has the rated by score, then the others by votes and name', () => {
    const entries = [
      entry('z', {}),
      entry('only', { status: 'only_wins', votes: 3 }),
      entry('low', { status: 'rated', score: 900 }),
      entry('a', {}),
      entry('high', { status: 'rated', score: 1100 }),
    ];
    expect(ordered(entries).map((e) => e.name)).toEqual(['high', 'low', 'only', 'a', 'z']);
  });

  it('shows a rank as a range only where it is one', () => {
    expect(rankRange(entry('x', {}))).toBeNull();
    expect(rankRange(entry('x', { rank_lower: 2, rank_upper: 2 }))).toBe('2');
    expect(rankRange(entry('x', { rank_upper: 2, rank_lower: 4 }))).toBe('2–4');
  });
});

describe('the axis', () => {
  it('has round marks that span the scores', () => {
    expect(ticks(897, 1242, 5)).toEqual([800, 900, 1000, 1100, 1200, 1300]);
    expect(ticks(0.12, 0.31, 4)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
  });

  it('survives a single score', () => {
    const marks = ticks(1000, 1000, 5);
    expect(marks.length).toBeGreaterThan(1);
    expect(new Set(marks).size).toBe(marks.length);
    const x = scale([1000, 1000], 10, 20);
    expect(x(1000)).toBe(10);
    expect(ticks(1000, 1000, 5)[0]).toBeLessThan(1000);
  });
});

describe('a waveform', () => {
  it('keeps the loudest of each group, the loudest of all at full height', () => {
    expect(bars([0, 100, 50, 25, 200, 0], 3)).toEqual([0.5, 0.25, 1]);
  });

  it('is drawn for silence and for few peaks too', () => {
    expect(bars([0, 0], 4)).toEqual([0, 0, 0, 0]);
    expect(barPath(bars([], 4))).not.toContain('NaN');
  });
});
