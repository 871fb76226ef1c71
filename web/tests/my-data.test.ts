import { afterEach, describe, expect, it, vi } from 'vitest';
import { match } from '../src/lib/router/match';
import { keepToken, takeToken, tokenIn } from '../src/lib/my-data';

const token = 'Ab3_'.repeat(10) + 'xyz';

function browser(hash: string, storage: Storage | null = memory()) {
  const replaced: string[] = [];
  vi.stubGlobal('location', { hash, pathname: '/my-data' });
  vi.stubGlobal('history', {
    state: null,
    replaceState: (_: unknown, __: string, to: string) => replaced.push(to),
  });
  if (storage) vi.stubGlobal('sessionStorage', storage);
  else {
    vi.stubGlobal('sessionStorage', {
      getItem: () => {
        throw new Error('refused');
      },
      setItem: () => {
        throw new Error('refused');
      },
    });
  }
  return replaced;
}

function memory(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  } as unknown as Storage;
}

afterEach(() => vi.unstubAllGlobals());

describe('the link to my data', () => {
  it('is a token of 43 characters in the fragment, and nothing else', () => {
    expect(tokenIn(`#${token}`)).toBe(token);
    for (const wrong of ['', '#', token, `#${token}x`, `#${token.slice(1)}`, `#${token} `, '#main'])
      expect(tokenIn(wrong)).toBeNull();
  });

  it('leaves the address bar at once and is remembered by the tab', () => {
    const storage = memory();
    expect(browser(`#${token}`, storage)).toEqual([]);
    const replaced = browser(`#${token}`, storage);
    expect(takeToken()).toBe(token);
    expect(replaced).toEqual(['/my-data']);
    browser('', storage);
    expect(takeToken()).toBe(token);
    keepToken(null);
    expect(takeToken()).toBeNull();
  });

  it('works once where nothing can be remembered', () => {
    browser(`#${token}`, null);
    expect(takeToken()).toBe(token);
    keepToken(null);
  });

  it('has a page', () => {
    expect(match('/my-data')).toEqual({ page: 'my-data' });
    expect(match('/my-data/x')).toEqual({ page: 'nowhere' });
  });
});
