import type { Page } from '@playwright/test';

const entry = (system: string, name: string, score: number | null, more: object = {}) => ({
  system,
  name,
  maker: 'A maker with a long name',
  licence: 'GPL-3.0-or-later',
  votes: 140,
  wins: 60,
  losses: 50,
  ties: 20,
  both_bad: 10,
  ...(score === null
    ? { status: 'only_wins' }
    : {
        status: 'rated',
        score,
        lower: score - 35,
        upper: score + 35,
        rank_upper: 1,
        rank_lower: 3,
      }),
  ...more,
});

export const board = {
  arena: 'speech',
  method: 'bradley_terry',
  version: 7,
  computed_at: new Date().toISOString(),
  inputs_sha256: 'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35',
  votes: 480,
  settings: {},
  entries: [
    entry('one', 'First voice', 1130),
    entry('two', 'Second voice', 1090),
    entry('three', 'A third voice with quite a long name', 1010),
    entry('four', 'Fourth voice', 920),
    entry('five', 'Fifth voice', null),
  ],
};

const file = (path: string, bytes: number, rows?: number) => ({
  path,
  url: `/releases/speech/2026-10/${path}`,
  bytes,
  sha256: '4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce',
  ...(rows === undefined ? {} : { rows }),
});

export const releases = {
  releases: [
    {
      partition: '2026-10',
      sealed_at: '2026-11-08T03:00:00Z',
      votes: 18231,
      bytes: 3_212_445,
      manifest_sha256: '4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a',
      files: [
        file('data/votes-00000.jsonl.zst', 2_400_118, 18231),
        file('data/comments-00000.jsonl.zst', 801_221, 5120),
        file('board.json', 8_102),
        file('README.md', 3_004),
      ],
    },
  ],
};

/** A board and a release as they look after months, whatever the server has. */
export async function showSamples(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/arenas\/[^/]+\/board/, (route) => route.fulfill({ json: board }));
  await page.route(/\/api\/v1\/arenas\/[^/]+\/releases/, (route) =>
    route.fulfill({ json: releases }),
  );
}
