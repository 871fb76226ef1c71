import type { Release } from './api/types';

/** PRIVACY_REPORT.json, as far as the page tells it. */
export interface PrivacyReport {
  singling_out: { k_reached: number; prosecutor: { highest: number } };
  finders: Record<string, number>;
  counts: { published: boolean; epsilon?: number };
}

export type Cell = string | number | boolean | null;
/** preview.json: the first rows by table. */
export type Preview = Record<string, Record<string, Cell>[]>;

export function urlOf(release: Release, path: string): string | undefined {
  return release.files.find((file) => file.path === path)?.url;
}

export async function partOf<T>(release: Release, path: string): Promise<T> {
  const url = urlOf(release, path);
  if (!url) throw new Error(`no ${path}`);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

export interface Growth {
  partition: string;
  votes: number;
  sum: number;
}

/** Oldest first, with what had been published by then. Retracted releases do not count. */
export function growthOf(releases: Release[]): Growth[] {
  let sum = 0;
  return releases
    .filter((release) => !release.retracted_at)
    .sort((a, b) => a.sealed_at.localeCompare(b.sealed_at))
    .map(({ partition, votes }) => ({ partition, votes, sum: (sum += votes) }));
}
