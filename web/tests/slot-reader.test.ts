import { describe, expect, it } from 'vitest';
import { isSeen } from '../src/lib/battle/slot-reader.svelte';

const entry = (ratio: number, height: number, width = 300) => ({
  intersectionRatio: ratio,
  intersectionRect: { width, height },
  boundingClientRect: { width: 300 },
  rootBounds: { height: 800 },
});

describe('what counts as on the screen', () => {
  it('is half of it', () => {
    expect(isSeen(entry(0.5, 100))).toBe(true);
    expect(isSeen(entry(0.49, 100))).toBe(false);
  });
  it('or so much that it fills half the screen', () => {
    expect(isSeen(entry(0.1, 400))).toBe(true);
    expect(isSeen(entry(0.1, 300))).toBe(false);
  });
  it('but not the edge of the text that lies beside it', () => {
    expect(isSeen(entry(0.1, 700, 30))).toBe(false);
  });
});
