import { describe, expect, it } from 'vitest';
import { fullness, Heard, remaining } from '../src/lib/battle/heard';

describe('heard stretches', () => {
  it('count once where they overlap', () => {
    const heard = new Heard();
    heard.add(0, 2);
    heard.add(1, 3);
    heard.add(0.5, 1.5);
    expect(heard.seconds).toBeCloseTo(3);
    expect(heard.stretches).toEqual([[0, 3]]);
  });

  it('stay apart with a gap and grow together when it is filled', () => {
    const heard = new Heard();
    heard.add(4, 5);
    heard.add(0, 1);
    expect(heard.seconds).toBeCloseTo(2);
    heard.add(1, 4);
    expect(heard.stretches).toEqual([[0, 5]]);
  });

  it('ignore jumps backwards and stretches of no length', () => {
    const heard = new Heard();
    heard.add(3, 1);
    heard.add(2, 2);
    heard.add(Number.NaN, 2);
    expect(heard.seconds).toBe(0);
  });
});

describe('the gate as shown', () => {
  it('follows the forecast between two answers of the server and never overfills', () => {
    expect(fullness(1, 1.5, 3)).toBeCloseTo(0.5);
    expect(fullness(2, 0, 4)).toBeCloseTo(0.5);
    expect(fullness(9, 9, 3)).toBe(1);
  });

  it('is full where nothing is required', () => {
    expect(fullness(0, 0, 0)).toBe(1);
    expect(remaining(0, 0, 0)).toBe(0);
  });

  it('rounds what is missing up, so that it shows zero only when nothing is', () => {
    expect(remaining(0, 2.96, 3)).toBeCloseTo(0.1);
    expect(remaining(0, 1, 3)).toBe(2);
    expect(remaining(3, 0, 3)).toBe(0);
  });
});
