import { describe, expect, it } from 'vitest';
import { readQuery, writeQuery } from '../src/lib/board/query';
import { hasSegment, styleOf, tabOf, tabsOf, withStyle } from '../src/lib/board/style';
import type { Method } from '../src/lib/api';

const both: Method[] = ['bradley_terry', 'elo', 'contextual'];

describe('style control', () => {
  it('is a switch on the Bradley–Terry board where there are both', () => {
    expect(styleOf(both, 'bradley_terry')).toBe(false);
    expect(styleOf(both, 'contextual')).toBe(true);
    expect(tabsOf(both)).toEqual(['bradley_terry', 'elo']);
    expect(tabOf(both, 'contextual')).toBe('bradley_terry');
  });

  it('cannot be switched on other boards, or where one of the two is missing', () => {
    expect(styleOf(both, 'elo')).toBeNull();
    expect(styleOf(['bradley_terry', 'elo'], 'bradley_terry')).toBeNull();
    expect(styleOf(['contextual'], 'contextual')).toBeNull();
    expect(tabsOf(['contextual', 'elo'])).toEqual(['contextual', 'elo']);
    expect(tabOf(['contextual', 'elo'], 'contextual')).toBe('contextual');
  });

  it('stays in the address', () => {
    const address = writeQuery({ ...readQuery('?segment=language%3Aen'), method: withStyle(true) });
    expect(readQuery(address)).toMatchObject({ method: 'contextual', segment: 'language:en' });
    expect(styleOf(both, readQuery(address).method)).toBe(true);
  });
});

describe('a segment', () => {
  it('belongs to the boards that are made by its dimension', () => {
    const board = { method: 'contextual' as const, segment_by: ['language' as const] };
    expect(hasSegment(board, '')).toBe(true);
    expect(hasSegment(board, 'language:en')).toBe(true);
    expect(hasSegment(board, 'week:2026-W48')).toBe(false);
    expect(hasSegment(board, 'quarantine:included')).toBe(true);
    expect(hasSegment({ method: 'elo', segment_by: [] }, 'quarantine:included')).toBe(false);
  });
});
