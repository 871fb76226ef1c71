import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure, failureOf } from '../src/lib/api/failure';
import { Intent } from '../src/lib/api/intent';
import { delayBefore, withRetry, type Wait } from '../src/lib/api/retry';

const busy = (retry_after?: number) =>
  new Failure('problem', {
    type: '/problems/overloaded',
    title: 'Busy',
    status: 503,
    ...(retry_after === undefined ? {} : { retry_after }),
  });
const refused = new Failure('problem', { type: '/problems/x', title: 'No', status: 422 });

function failing(failures: Failure[]) {
  let calls = 0;
  const call = async () => {
    calls += 1;
    const failure = failures.shift();
    if (failure) throw failure;
    return 'done';
  };
  return { call, calls: () => calls };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('retrying', () => {
  it('repeats after passing failures until there is an answer', async () => {
    const { call, calls } = failing([new Failure('network'), busy()]);
    const answer = withRetry(call, { random: () => 0.5 });
    await vi.runAllTimersAsync();
    expect(await answer).toBe('done');
    expect(calls()).toBe(3);
  });

  it('does not repeat what was refused for good', async () => {
    const { call, calls } = failing([refused]);
    await expect(withRetry(call)).rejects.toBe(refused);
    expect(calls()).toBe(1);
  });

  it('waits as long as the server says and tells until when', async () => {
    const { call, calls } = failing([busy(7)]);
    const waits: (Wait | null)[] = [];
    const start = Date.now();
    const answer = withRetry(call, { onWait: (w) => waits.push(w) });
    await vi.advanceTimersByTimeAsync(6900);
    expect(calls()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    await answer;
    expect(calls()).toBe(2);
    expect(waits[0]?.until).toBe(start + 7000);
    expect(waits[1]).toBeNull();
  });

  it('starts the next try at once when asked to', async () => {
    const { call, calls } = failing([busy(50)]);
    const answer = withRetry(call, { onWait: (w) => w?.skip() });
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toBe('done');
    expect(calls()).toBe(2);
  });

  it('hands a wait of more than a minute to the person', async () => {
    const { call, calls } = failing([busy(3600)]);
    await expect(withRetry(call)).rejects.toMatchObject({ retryAfter: 3600 });
    expect(calls()).toBe(1);
  });

  it('waits for the network without counting tries, however long it is away', async () => {
    const { call, calls } = failing(Array.from({ length: 9 }, () => new Failure('offline')));
    const answer = withRetry(call, { tries: 2 });
    await vi.runAllTimersAsync();
    expect(await answer).toBe('done');
    expect(calls()).toBe(10);
  });

  it('gives up after the last try, and when the page is gone', async () => {
    const { call } = failing(Array.from({ length: 9 }, () => busy(1)));
    const answer = withRetry(call, { tries: 3 });
    const settled = expect(answer).rejects.toMatchObject({ status: 503 });
    await vi.runAllTimersAsync();
    await settled;

    const life = new AbortController();
    const gone = failing([busy(30), busy(30)]);
    const second = expect(withRetry(gone.call, { signal: life.signal })).rejects.toBeDefined();
    await vi.advanceTimersByTimeAsync(10);
    life.abort();
    await second;
    expect(gone.calls()).toBe(1);
  });

  it('doubles its pauses with some jitter, up to a bound', () => {
    const plain = new Failure('network');
    expect(delayBefore(1, plain, () => 0.5)).toBeCloseTo(0.5);
    expect(delayBefore(3, plain, () => 0.5)).toBeCloseTo(2);
    expect(delayBefore(20, plain, () => 1)).toBeCloseTo(10);
  });
});

describe('an intention', () => {
  it('keeps key and body over retries, times included', () => {
    const intent = new Intent<{ vote: string; at: number }>();
    let time = 0;
    const first = intent.of({ vote: 'a' }, () => ({ at: ++time }));
    const second = intent.of({ vote: 'a' }, () => ({ at: ++time }));
    expect(second).toEqual(first);
    expect(first.key).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  });

  it('gets a new key when it changes', () => {
    const intent = new Intent<{ vote: string }>();
    const first = intent.of({ vote: 'a' });
    expect(intent.of({ vote: 'b' }).key).not.toBe(first.key);
  });

  it('outlives a reload', () => {
    const intent = new Intent<{ vote: string }>();
    const first = intent.of({ vote: 'tie' });
    expect(new Intent<{ vote: string }>(intent.kept).of({ vote: 'tie' })).toEqual(first);
  });
});

describe('a refused answer', () => {
  it('is read as the problem that it carries', async () => {
    const body = JSON.stringify({ type: '/problems/gate-not-met', title: 'Listen', status: 422 });
    const headers = { 'Content-Type': 'application/problem+json' };
    const failure = await failureOf(new Response(body, { status: 422, headers }));
    expect(failure.code).toBe('gate-not-met');
    expect(failure.passing).toBe(false);
  });

  it('without a body is known by its status, and its Retry-After counts', async () => {
    const headers = { 'Retry-After': '3' };
    const failure = await failureOf(new Response('<h1>', { status: 503, headers }));
    expect(failure.code).toBe('http-503');
    expect(failure.passing).toBe(true);
    expect(failure.retryAfter).toBe(3);
  });
});
