export type Rgb = readonly [number, number, number];

/** A colour of the design's tokens, as it is now (light or dark). Must be #rrggbb there. */
export function token(name: string): Rgb {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function mix(from: Rgb, to: Rgb, share: number): string {
  const part = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return `rgb(${part(0)} ${part(1)} ${part(2)})`;
}
