import { describe, expect, it } from 'vitest';
import { withPiece } from '../src/lib/battle/writing';

const piece = (from: number, a: string, b: string) => ({
  from,
  to: from + Math.max([...a].length, [...b].length),
  slots: [
    { slot: 'a' as const, text: a },
    { slot: 'b' as const, text: b },
  ],
});

describe('texts that are written', () => {
  it('grow piece by piece, a side that has ended stays', () => {
    const one = withPiece({}, piece(0, 'Hel', 'Hi'));
    expect(withPiece(one, piece(3, 'lo', ''))).toEqual({ a: 'Hello', b: 'Hi' });
  });
  it('take no piece twice, and begin again when the stream does', () => {
    const text = { a: 'Hello', b: 'Hi' };
    expect(withPiece(text, piece(3, 'lo', ''))).toEqual(text);
    expect(withPiece(text, piece(0, 'He', 'Hi'))).toEqual({ a: 'He', b: 'Hi' });
  });
  it('are counted in characters, not in halves of them', () => {
    const one = withPiece({}, piece(0, '😀😀', 'ab'));
    expect(withPiece(one, piece(2, '!', 'c'))).toEqual({ a: '😀😀!', b: 'abc' });
  });
});
