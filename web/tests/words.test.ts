import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('navigator', { languages: ['en-GB'], language: 'en-GB', onLine: true });
vi.stubGlobal('document', { documentElement: {} });

const { fill } = await import('../src/lib/i18n/translate');
const format = await import('../src/lib/format');
const { match } = await import('../src/lib/router/match');
const { loadLines, verifyLine } = await import('../src/lib/release-lines');

describe('messages', () => {
  it('fill in values and leave what has none', () => {
    expect(fill('{a} and {b}', { a: 'x' }, 'en')).toBe('x and {b}');
  });

  it('choose by number', () => {
    const message = '{n, plural, one {# vote} other {# votes}}.';
    expect(fill(message, { n: 1 }, 'en')).toBe('1 vote.');
    expect(fill(message, { n: 1234 }, 'en')).toBe('1,234 votes.');
  });

  it('do not read braces in values as more to fill', () => {
    expect(fill('«{name}»', { name: '{other}', other: 'no' }, 'en')).toBe('«{other}»');
  });
});

describe('formats', () => {
  it('show positions as a clock', () => {
    expect(format.clock(0)).toBe('0:00');
    expect(format.clock(59.9995)).toBe('1:00');
    expect(format.clock(125)).toBe('2:05');
  });

  it('show sizes in the unit that reads best', () => {
    expect(format.bytes(0)).toBe('0 B');
    expect(format.bytes(999)).toBe('999 B');
    expect(format.bytes(1500)).toBe('1.5 kB');
    expect(format.bytes(999_600)).toBe('1.0 MB');
    expect(format.bytes(48_211_002)).toBe('48.2 MB');
  });

  it('tell how long ago something was, and never that it is in the future', () => {
    const now = Date.parse('2026-11-24T12:00:00Z');
    expect(format.ago(now - 3000, now)).toBe('3 seconds ago');
    expect(format.ago(now - 90_000, now)).toBe('1 minute ago');
    expect(format.ago(now + 5000, now)).toBe('0 seconds ago');
  });
});

describe('addresses', () => {
  it('are told apart', () => {
    expect(match('/')).toEqual({ page: 'home' });
    expect(match('/board/speech')).toEqual({ page: 'board', arena: 'speech' });
    expect(match('/board/')).toEqual({ page: 'board-first' });
    expect(match('/data/speech/2026-11/votes.zst')).toEqual({ page: 'nowhere' });
    expect(match('/arena/../etc')).toEqual({ page: 'nowhere' });
    expect(match('/arena/Speech')).toEqual({ page: 'nowhere' });
  });
});

describe('the lines to load a release', () => {
  const file = (path: string) => ({
    path,
    url: `/data/speech/2026-11/${path}`,
    bytes: 1,
    sha256: '0',
  });
  const release = {
    partition: '2026-11',
    sealed_at: '2026-12-08T00:00:00Z',
    votes: 1,
    bytes: 2,
    manifest_sha256: '0',
    files: [file('data/battles-00000.jsonl.zst'), file('data/votes-00000.jsonl.zst')],
  };

  it('name the votes by their full address', () => {
    const url = 'https://agon.test/data/speech/2026-11/data/votes-00000.jsonl.zst';
    for (const line of loadLines(release, 'https://agon.test')) expect(line.text).toContain(url);
  });

  it('load Parquet where there is some', () => {
    const files = [
      ...release.files,
      file('data/boards-00000.parquet'),
      file('data/votes-00000.parquet'),
    ];
    for (const line of loadLines({ ...release, files }, 'https://agon.test'))
      expect(line.text).toContain('https://agon.test/data/speech/2026-11/data/votes-00000.parquet');
  });

  it('are none for a release without tables', () => {
    expect(loadLines({ ...release, files: [] }, 'https://agon.test')).toEqual([]);
  });

  it('fetch every file before they are verified', () => {
    const line = verifyLine(release, 'https://agon.test');
    for (const f of release.files) expect(line).toContain(f.url);
    expect(line).toMatch(/agon verify 2026-11$/);
  });
});
