import { describe, expect, it } from 'vitest';
import { readQuery, writeQuery } from '../src/lib/board/query';

describe('the address of a board', () => {
  it('is empty for what is shown by default', () => {
    expect(writeQuery(readQuery(''))).toBe('');
  });

  it('holds all that is chosen, and gives it back', () => {
    const search = '?view=pairs&method=davidson&segment=language%3Aen&at=2026-11-25&find=flite';
    expect(writeQuery(readQuery(search))).toBe(search);
  });

  it('leaves out what makes no sense', () => {
    const search = '?view=nothing&method=<b>&segment=en&at=yesterday';
    expect(writeQuery(readQuery(search))).toBe('');
  });
});
