/** Peaks (0 to 255) gathered into `count` bars of 0 to 1, the loudest of each group. */
export function bars(peaks: readonly number[], count: number): number[] {
  const top = Math.max(1, ...peaks);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.slice(from, to)) / top;
  });
}

/** An SVG path of upright bars around the middle of a box `count` wide and 100 high. */
export function barPath(heights: readonly number[]): string {
  return heights
    .map((h, i) => {
      const tall = Math.max(4, h * 96);
      return `M${(i + 0.22).toFixed(2)} ${(50 - tall / 2).toFixed(1)}h0.56v${tall.toFixed(1)}h-0.56z`;
    })
    .join('');
}
