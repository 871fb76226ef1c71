import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../src/lib/api/failure';
import type { ExposureEvent, Gate } from '../src/lib/api/types';
import { ExposureQueue, type QueueOptions } from '../src/lib/battle/exposure-queue';

const shut: Gate = { open: false, slots: [] };
const refusal = (status: number, name: string) =>
  new Failure('problem', { type: `/problems/${name}`, title: name, status });

/** A server that keeps what it is sent and fails as told. */
class FakeServer {
  batches: { sequences: number[]; leaving: boolean }[] = [];
  failures: Failure[] = [];
  calls = 0;
  running = 0;
  mostAtOnce = 0;

  send = async (events: ExposureEvent[], leaving: boolean): Promise<Gate> => {
    this.calls += 1;
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await Promise.resolve();
    this.running -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.batches.push({ sequences: events.map((e) => e.sequence), leaving });
    return shut;
  };

  get received(): number[] {
    return this.batches.flatMap((b) => b.sequences);
  }
}

function make(server: FakeServer, more: Partial<QueueOptions> = {}): ExposureQueue {
  return new ExposureQueue({ send: server.send, onGate: () => {}, ...more });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the exposure queue', () => {
  it('sends the events of about a second as one batch, numbered from zero', async () => {
    const server = new FakeServer();
    const queue = make(server);
    queue.record('a', 'play', 0);
    queue.record('a', 'tick', 0.9);
    expect(server.calls).toBe(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.batches).toEqual([{ sequences: [0, 1], leaving: false }]);
  });

  it('sends at once what is urgent', async () => {
    const server = new FakeServer();
    const queue = make(server);
    queue.record('a', 'play', 0);
    queue.record('a', 'ended', 4, true);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.received).toEqual([0, 1]);
  });

  it('sends again after a passing failure, in order and without loss', async () => {
    const server = new FakeServer();
    server.failures = [new Failure('network'), refusal(503, 'overloaded')];
    const queue = make(server);
    queue.record('a', 'play', 0);
    await vi.advanceTimersByTimeAsync(1000);
    queue.record('a', 'tick', 1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.received).toEqual([0, 1]);
    expect(server.calls).toBe(3);
  });

  it('stops at a refusal that repeating cannot mend, and tells it', async () => {
    const server = new FakeServer();
    server.failures = [refusal(410, 'battle-expired')];
    const told: string[] = [];
    const queue = make(server, { onRefused: (f) => void told.push(f.code) });
    queue.record('a', 'play', 0);
    await vi.advanceTimersByTimeAsync(60_000);
    queue.record('a', 'tick', 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.calls).toBe(1);
    expect(told).toEqual(['battle-expired']);
  });

  it('never has two batches under way and splits what is too much for one', async () => {
    const server = new FakeServer();
    const queue = make(server);
    for (let i = 0; i < 450; i++) queue.record('b', 'tick', i);
    await Promise.all([queue.flush(), queue.flush()]);
    expect(server.mostAtOnce).toBe(1);
    expect(server.batches.map((b) => b.sequences.length)).toEqual([200, 200, 50]);
    expect(server.received).toEqual(Array.from({ length: 450 }, (_, i) => i));
  });

  it('takes up the numbering and the unsent events after a reload', async () => {
    const server = new FakeServer();
    const first = make(server);
    first.record('a', 'play', 0);
    const second = make(server, { restored: first.waiting });
    second.record('a', 'tick', 1);
    first.stop();
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.received).toEqual([0, 1]);
  });

  it('throws from flush what went wrong, and keeps the events', async () => {
    const server = new FakeServer();
    server.failures = [new Failure('offline')];
    const queue = make(server);
    queue.record('a', 'play', 0);
    await expect(queue.flush()).rejects.toMatchObject({ kind: 'offline' });
    expect(queue.waiting.events).toHaveLength(1);
  });

  it('makes one last call when the page is left', () => {
    const server = new FakeServer();
    const queue = make(server);
    queue.leave();
    expect(server.calls).toBe(0);
    queue.record('a', 'play', 0);
    queue.leave();
    expect(server.calls).toBe(1);
  });
});
