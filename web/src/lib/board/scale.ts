/** Round numbers that span `low` to `high`, about `count` of them; at least two. */
export function ticks(low: number, high: number, count: number): number[] {
  if (high - low < 1e-6) {
    const room = Math.max(1, Math.abs(low) / 20); // one score: some room on both sides of it
    return ticks(low - room, high + room, count);
  }
  const span = high - low;
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(9)),
  );
}

/** Maps a value between the ends of a domain to a pixel between `from` and `to`. */
export function scale(domain: readonly [number, number], from: number, to: number) {
  const [low, high] = domain;
  return (value: number) => from + ((value - low) / (high - low || 1)) * (to - from);
}

/** Ranks to mark from 1 to `last`: both ends, and about `count` of them. */
export function rankTicks(last: number, count: number): number[] {
  if (last <= 1) return [1, 2];
  const step = Math.max(1, Math.ceil((last - 1) / Math.max(1, count)));
  const inner = Array.from({ length: Math.ceil((last - 1) / step) }, (_, i) => 1 + i * step);
  const crowded = last - (inner[inner.length - 1] ?? 1) < step / 2 && inner.length > 1;
  return [...(crowded ? inner.slice(0, -1) : inner), last];
}
