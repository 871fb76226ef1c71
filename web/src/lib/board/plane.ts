import type { BoardPlane } from '../api/types';
import { locale } from '../i18n';

export const planeMeasures = ['generation_seconds', 'real_time_factor'] as const;
export type PlaneMeasure = (typeof planeMeasures)[number];

export interface PlaneRow {
  system: string;
  name: string;
  score: number;
  lower?: number | undefined;
  upper?: number | undefined;
  cost: number; // above 0: it is shown on a logarithmic scale
  front: boolean;
}

/** The systems whose speed is known by this measure, the fastest first. */
export function planeRows(plane: BoardPlane, measure: PlaneMeasure): PlaneRow[] {
  return plane.entries
    .flatMap((e) => {
      const cost = e[measure];
      if (cost === undefined) return [];
      const { system, name, score, lower, upper } = e;
      const front = (e.front as string[]).includes(measure);
      return [{ system, name, score, lower, upper, cost: Math.max(cost, 1e-3), front }];
    })
    .sort((p, q) => p.cost - q.cost);
}

/** "0.32 s", or a bare factor. */
export function seconds(value: number, measure: PlaneMeasure): string {
  const text = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(value);
  return measure === 'generation_seconds' ? `${text} s` : `${text}×`;
}
