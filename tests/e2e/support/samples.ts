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

const release = (partition: string, sealed_at: string, votes: number) => ({
  partition,
  sealed_at,
  votes,
  bytes: votes * 176,
  revision: 0,
  public_key: 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3',
  manifest_sha256: '4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a',
  files: [
    file('CHANGELOG.md', 320),
    file('PRIVACY_REPORT.json', 1_120),
    file('PRIVACY_REPORT.md', 2_918),
    file('README.md', 9_004),
    file('SHA256SUMS', 1_502),
    file('SHA256SUMS.minisig', 330),
    file('codebook.md', 7_330),
    file('data/feedback-00000.parquet', 801_221, 5120),
    file('data/votes-00000.jsonl.zst', 2_400_118, votes),
    file('data/votes-00000.parquet', 1_900_004, votes),
    file('manifest.json', 8_102),
    file('preview.json', 4_511),
  ],
});

export const releases = {
  releases: [
    {
      ...release('2026-10', '2026-11-08T03:00:00Z', 18231),
      revision: 1,
      revised_at: '2026-11-20T03:00:00Z',
    },
    {
      ...release('2026-09', '2026-10-08T03:00:00Z', 12904),
      files: [],
      bytes: 0,
      retracted_at: '2026-10-30T09:00:00Z',
      retraction: 'A name was found in a comment.',
    },
    release('2026-08', '2026-09-08T03:00:00Z', 7511),
  ],
};

export const privacyReport = {
  singling_out: { k_required: 5, k_reached: 41, prosecutor: { highest: 0.02439, average: 0.0003 } },
  finders: { EMAIL_ADDRESS: 112, PERSON: 640, PHONE_NUMBER: 31 },
  counts: { published: true, epsilon: 2.67 },
};

export const preview = {
  feedback: [],
  votes: [
    {
      arena: 'speech',
      day: '2026-10-14',
      language: 'en',
      prompt:
        'Call <PERSON_1> about the train to Kyoto at seven, please, and do not be late again.',
      system_a: 'flite-slt',
      system_b: 'espeak-ng-us',
      winner: 'a',
    },
    {
      arena: 'speech',
      day: '2026-10-02',
      language: null,
      prompt: null,
      system_a: 'festival-kal',
      system_b: 'flite-slt',
      winner: 'tie',
    },
  ],
};

const rated = board.entries.filter((e) => e.status === 'rated') as {
  system: string;
  name: string;
  score: number;
}[];

const card = {
  formula: 'P(a beats b) = σ(θ_a − θ_b)',
  source: 'Bradley & Terry 1952',
  ties: 'half_wins',
  both_bad: 'drop',
  intervals: true,
  ordered: false,
  parameters: [],
};

const languages = ['en', 'de'].map((value) => ({
  segment: `language:${value}`,
  dimension: 'language',
  value,
  version: 3,
  computed_at: board.computed_at,
  votes: 120,
}));

const summary = (method: string) => ({
  method,
  card: { ...card, intervals: method !== 'elo' },
  both_bad: 'drop',
  segment_by: ['language'],
  simultaneous: false,
  version: board.version,
  computed_at: board.computed_at,
  votes: board.votes,
  segments: languages,
});

const about = { arena: 'speech', method: 'bradley_terry', version: 7, votes: 480 };

const days = [3, 2, 1].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString());

const parts: Record<string, object> = {
  pairs: {
    ...about,
    computed_at: board.computed_at,
    systems: board.entries.map((e) => e.system),
    pairs: rated.flatMap((_, a) =>
      rated.slice(a + 1).map((_, i) => ({
        a,
        b: a + 1 + i,
        votes: 80,
        wins_a: 40,
        wins_b: 20,
        ties: 12,
        both_bad: 8,
        observed: 0.64,
        predicted: 0.6,
      })),
    ),
  },
  history: {
    ...about,
    from: days[0],
    to: days[2],
    step_seconds: 86_400,
    boards: days.map((computed_at, i) => ({ version: i + 5, computed_at, votes: 100 * (i + 1) })),
    systems: rated.map((e, at) => ({
      system: e.system,
      name: e.name,
      points: days.map((_, i) => ({
        board: i,
        score: e.score + 12 * Math.sin(i + at),
        lower: e.score - 35,
        upper: e.score + 35,
        votes: 40 * i,
      })),
    })),
  },
  plane: {
    ...about,
    measured_at: board.computed_at,
    entries: rated.map((e, i) => ({
      system: e.system,
      name: e.name,
      score: e.score,
      lower: e.score - 35,
      upper: e.score + 35,
      outputs: 300,
      failures: i,
      generation_seconds: 0.1 * 3 ** ((i * 3) % 4),
      generation_seconds_p90: 0.2 * 3 ** ((i * 3) % 4),
      real_time_factor: 0.04 * 3 ** ((i * 3) % 4),
      front: i % 2 === 0 ? ['generation_seconds', 'real_time_factor'] : [],
    })),
  },
  robustness: {
    ...about,
    margins: rated.slice(1).map((below, i) => ({
      above: rated[i]?.system,
      below: below.system,
      votes: 3 + i * 9,
      share: 0.008 + i * 0.02,
      confirmed: true,
    })),
    unrated: [{ system: 'five', name: 'Fifth voice', status: 'only_wins', votes: 140 }],
  },
  difference: {
    ...about,
    segment: 'language:en',
    entries: rated.map((e, i) => ({
      system: e.system,
      name: e.name,
      difference: 30 - 20 * i,
      lower: 5 - 20 * i,
      upper: 55 - 20 * i,
      votes: 40,
    })),
  },
};

/** A board with its views, and a release, as they look after months, whatever the server has. */
export async function showSamples(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/arenas\/[^/]+\/boards(\/|\?|$)/, (route) => {
    const [, method, part] =
      /\/boards(?:\/([^/?]+))?(?:\/([^/?]+))?/.exec(route.request().url()) ?? [];
    if (!method) {
      const boards = ['bradley_terry', 'elo', 'contextual'].map(summary);
      return route.fulfill({ json: { arena: 'speech', quarantine: false, boards } });
    }
    const segment = new URL(route.request().url()).searchParams.get('segment') ?? undefined;
    if (part) return route.fulfill({ json: { ...parts[part], method, segment } });
    return route.fulfill({ json: { ...board, method } });
  });
  await page.route(/\/api\/v1\/arenas\/[^/]+\/releases/, (route) =>
    route.fulfill({ json: releases }),
  );
  await page.route(/\/releases\/[^/]+\/[^/]+\/PRIVACY_REPORT\.json$/, (route) =>
    route.fulfill({ json: privacyReport }),
  );
  await page.route(/\/releases\/[^/]+\/[^/]+\/preview\.json$/, (route) =>
    route.fulfill({ json: preview }),
  );
}
