/**
 * The distinct seconds of one output that were played in this page. Only a forecast for a
 * smooth display: the server counts for itself and its answer is the truth.
 */
export class Heard {
  #stretches: [from: number, to: number][] = [];

  /** Adds a stretch that was played. A jump backwards or of no length adds nothing. */
  add(from: number, to: number): void {
    if (!(to > from)) return;
    const apart = this.#stretches.filter(([f, t]) => t < from || f > to);
    const touching = this.#stretches.filter(([f, t]) => t >= from && f <= to);
    const merged: [number, number] = [
      Math.min(from, ...touching.map(([f]) => f)),
      Math.max(to, ...touching.map(([, t]) => t)),
    ];
    this.#stretches = [...apart, merged].sort((x, y) => x[0] - y[0]);
  }

  get seconds(): number {
    return this.#stretches.reduce((sum, [f, t]) => sum + (t - f), 0);
  }

  get stretches(): readonly (readonly [number, number])[] {
    return this.#stretches;
  }
}

/** How full one side of the gate is, 0 to 1: what the server counted, or the forecast. */
export function fullness(serverHeard: number, forecast: number, required: number): number {
  if (required <= 0) return 1;
  return Math.min(1, Math.max(serverHeard, forecast, 0) / required);
}

/** Seconds that are still to be heard, rounded up to a tenth so that it never shows 0 early. */
export function remaining(serverHeard: number, forecast: number, required: number): number {
  const left = required - Math.max(serverHeard, forecast);
  return left <= 0.005 ? 0 : Math.ceil(left * 10) / 10;
}
