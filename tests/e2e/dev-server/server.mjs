// A stand-in for `agon serve` while working on the pages alone: no database, no build of the
// binary. It keeps everything in memory, speaks with espeak-ng and forgets all at its end.
// A development aid; the end-to-end tests run against the real server.
//   node tests/e2e/dev-server/server.mjs [port]
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const port = Number(process.argv[2] ?? 8099);
const dist = fileURLToPath(new URL('../../../web/dist', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'agon-dev-'));
const csp =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.flac': 'audio/flac',
};
const sha = (text) => createHash('sha256').update(text).digest('hex');
const wait = (ms) => new Promise((r) => setTimeout(r, ms));

const voices = ['en', 'en-us', 'en-gb-scotland', 'en-029', 'en+f3', 'en+m3', 'en+whisper'];
const systems = voices.map((voice, i) => ({
  id: `espeak-${i}`,
  name: [
    'eSpeak NG',
    'Flite rms',
    'Flite slt',
    'Festival kal',
    'Flite awb',
    'eSpeak NG female',
    'Festival rab',
  ][i],
  maker: [
    'eSpeak NG project',
    'Carnegie Mellon',
    'Carnegie Mellon',
    'University of Edinburgh',
    'Carnegie Mellon',
    'eSpeak NG project',
    'University of Edinburgh',
  ][i],
  licence: i % 2 ? 'BSD-style' : 'GPL-3.0-or-later',
  url: 'https://github.com/espeak-ng/espeak-ng',
  description: 'A small formant synthesiser that speaks more than a hundred languages.',
  voice,
}));
const card = ({ voice: _, ...rest }) => rest;
const consentText =
  'You listen to two short recordings of your sentence, made by two speech synthesisers, and say which one is better.\n\nWe store your sentence, what you played, your vote and your comments. There is no account; a cookie tells votes of one browser apart.';
const arena = {
  id: 'speech',
  title: 'Speech arena',
  description: 'Type a sentence. Two hidden voices speak it. Which one would you rather listen to?',
  modality: 'audio',
  prompt_label: 'A sentence to be spoken',
  prompt_max: 280,
  languages: [],
  request: { order: [], schema: {} },
  prompts: 3,
  systems: systems.map(card),
  gate: { seconds: 3, fraction: 0.8 },
  consent: {
    title: 'Before you start',
    text: consentText,
    sha256: sha(consentText),
    purposes: [
      { id: 'take_part', label: 'my votes count on the leaderboard.', required: true },
      { id: 'publish_votes', label: 'my votes are published, anonymised.', required: false },
      {
        id: 'publish_text',
        label: 'my sentences and comments are published, anonymised.',
        required: false,
      },
    ],
  },
  protocol: {
    version: 1,
    questions: [
      {
        id: 'overall',
        kind: 'comparison',
        target: 'battle',
        criterion: 'overall',
        label: 'Which one sounds better?',
        required: true,
        allow_tie: true,
        allow_both_bad: true,
      },
      {
        id: 'comment-a',
        kind: 'comment',
        target: 'a',
        criterion: 'overall',
        label: 'What about A?',
        placeholder: 'Clear, robotic, too fast…',
        required: false,
        max_length: 1000,
      },
      {
        id: 'comment-b',
        kind: 'comment',
        target: 'b',
        criterion: 'overall',
        label: 'What about B?',
        placeholder: '',
        required: false,
        max_length: 1000,
      },
      {
        id: 'comment',
        kind: 'comment',
        target: 'battle',
        criterion: 'overall',
        label: 'What decided it?',
        placeholder: '',
        required: false,
        max_length: 1000,
      },
    ],
  },
  release: {
    licence: 'CC-BY-4.0',
    cool_off_hours: 168,
    release_outputs: true,
    k: 5,
    language: 'primary',
    schedule: 'monthly',
    withdrawals: 5,
  },
};
const prompts = [
  'The quick brown fox jumps over the lazy dog.',
  'Could you bring me a glass of water, please?',
  'In 1896, the first modern games opened in Athens before sixty thousand people.',
];

const battles = new Map();
const consents = new Map();
const keys = new Map();
const listeners = new Set();
const seeded = process.env.VOTES === '0' ? 0 : 420;
let version = seeded ? 1 : 0;
let votes = seeded;
let computedAt = new Date();
const stats = systems.map((s, i) => ({
  system: s.id,
  name: s.name,
  maker: s.maker,
  licence: s.licence,
  votes: seeded ? 120 + i * 7 : 0,
  wins: seeded ? 80 - i * 9 : 0,
  losses: seeded ? 20 + i * 10 : 0,
  ties: seeded ? 12 + i : 0,
  both_bad: seeded ? 8 + i * 2 : 0,
}));
if (seeded)
  Object.assign(stats[6], { votes: 3, wins: 3, losses: 0, ties: 0, both_bad: 0, only: true });

function board(method) {
  const entries = stats.map((s) => {
    const { only, ...rest } = s;
    if (s.votes === 0) return { ...rest, status: 'no_votes' };
    if (only) return { ...rest, status: 'only_wins' };
    const score = 1000 + 400 * Math.log10((s.wins + s.ties / 2 + 1) / (s.losses + s.ties / 2 + 1));
    const width = 420 / Math.sqrt(s.votes);
    return {
      ...rest,
      status: 'rated',
      score,
      ...(method === 'elo' ? {} : { lower: score - width, upper: score + width }),
    };
  });
  const rated = entries.filter((e) => e.status === 'rated').sort((x, y) => y.score - x.score);
  for (const e of rated) {
    e.rank_upper = 1 + rated.filter((o) => (o.lower ?? o.score) > (e.upper ?? e.score)).length;
    e.rank_lower =
      rated.length - rated.filter((o) => (o.upper ?? o.score) < (e.lower ?? e.score)).length;
  }
  return {
    arena: 'speech',
    method,
    votes,
    settings: {},
    entries,
    ...(version
      ? { version, computed_at: computedAt.toISOString(), inputs_sha256: sha(`${version}`) }
      : {}),
  };
}

function speak(text, voice) {
  const name = randomUUID();
  const wav = join(folder, `${name}.wav`);
  const flac = join(folder, `${name}.flac`);
  execFileSync('espeak-ng', ['-v', voice, '-s', '140', '-w', wav, '--', text]);
  execFileSync('ffmpeg', [
    '-loglevel',
    'error',
    '-i',
    wav,
    '-ar',
    '24000',
    '-ac',
    '1',
    '-map_metadata',
    '-1',
    flac,
  ]);
  const pcm = execFileSync(
    'ffmpeg',
    ['-loglevel', 'error', '-i', flac, '-f', 's16le', '-ar', '8000', '-ac', '1', '-'],
    { maxBuffer: 1e8 },
  );
  const samples = pcm.length / 2;
  const count = 200;
  const peaks = Array.from({ length: count }, (_, i) => {
    let top = 0;
    for (let k = Math.floor((i * samples) / count); k < ((i + 1) * samples) / count; k++) {
      top = Math.max(top, Math.abs(pcm.readInt16LE(k * 2)));
    }
    return Math.min(255, Math.round(top / 128));
  });
  return { url: `/media/${name}.flac`, seconds: samples / 8000, peaks };
}

function gateOf(b) {
  const slots = b.slots.map(({ slot, seconds }) => {
    const heard = new Set();
    let from = null;
    for (const e of b.events.filter((x) => x.slot === slot)) {
      if (from !== null && e.kind !== 'seek' && e.position > from && e.position - from < 3) {
        for (let t = Math.round(from * 50); t < Math.round(e.position * 50); t++) heard.add(t);
      }
      from =
        e.kind === 'pause' || e.kind === 'ended'
          ? null
          : e.kind === 'seek' && from === null
            ? null
            : e.position;
    }
    const required = Math.min(arena.gate.seconds, arena.gate.fraction * seconds);
    return { slot, heard_seconds: heard.size / 50, required_seconds: required };
  });
  return {
    open: slots.length > 0 && slots.every((s) => s.heard_seconds >= s.required_seconds - 0.05),
    slots,
  };
}

const view = ({ events: _e, pair: _p, ...b }) => ({ ...b, gate: gateOf({ ...b, events: _e }) });

async function make(b) {
  await wait(300);
  b.state = 'generating';
  await wait(Number(process.env.SLOW ?? 1200));
  if (/^fail/i.test(b.prompt)) {
    b.state = 'failed';
    b.failure = 'Both voices fell silent three times in a row.';
    return;
  }
  b.pair = [...systems].sort(() => Math.random() - 0.5).slice(0, 2);
  b.slots = b.pair.map((s, i) => {
    const { url, seconds, peaks } = speak(b.prompt, s.voice);
    return { slot: 'ab'[i], media: { url, type: 'audio/flac' }, seconds, peaks };
  });
  b.state = 'ready';
}

class Refused extends Error {
  constructor(status, name, detail, more = {}) {
    super(detail);
    this.body = {
      type: `/problems/${name}`,
      title: name.replaceAll('-', ' '),
      status,
      detail,
      instance: randomUUID().slice(0, 8),
      ...more,
    };
  }
}

function judge(b, answers) {
  const winner = answers.find((a) => a.question === 'overall')?.value;
  if (winner && b.receipt) throw new Refused(409, 'already-judged', 'You have voted.');
  if (winner && !gateOf(b).open) throw new Refused(422, 'gate-not-met', 'Listen more.');
  b.receipt ??= {
    battle: b.id,
    recorded_at: new Date().toISOString(),
    winner,
    judgments: [],
    systems: b.pair.map((s, i) => ({
      slot: 'ab'[i],
      system: card(s),
      generation_seconds: 0.1 + Math.random(),
    })),
  };
  b.receipt = {
    ...b.receipt,
    judgments: [...new Set([...b.receipt.judgments, ...answers.map((a) => a.question)])],
  };
  b.state = 'revealed';
  if (winner) {
    const [x, y] = b.pair.map((s) => stats.find((e) => e.system === s.id));
    for (const e of [x, y]) e.votes++;
    if (winner === 'a') (x.wins++, y.losses++);
    else if (winner === 'b') (y.wins++, x.losses++);
    else for (const e of [x, y]) e[winner === 'tie' ? 'ties' : 'both_bad']++;
    setTimeout(() => {
      votes++;
      version++;
      computedAt = new Date();
      for (const send of listeners) send();
    }, 400);
  }
  return b.receipt;
}

function releases() {
  if (process.env.RELEASES === '0') return [];
  const file = (path, bytes, rows) => ({
    path,
    url: `/releases/speech/2026-10/${path}`,
    bytes,
    sha256: sha(path),
    ...(rows ? { rows } : {}),
  });
  return [
    {
      partition: '2026-10',
      sealed_at: '2026-11-08T03:00:00Z',
      votes: 18231,
      bytes: 48_211_002,
      revision: 0,
      manifest_sha256: sha('m'),
      files: [
        file('data/votes-00000.jsonl.zst', 2_400_118, 18231),
        file('data/comments-00000.jsonl.zst', 801_221, 5120),
        file('board.json', 8_102),
        file('README.md', 3_004),
      ],
    },
  ];
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : null;
}

function stream(response, start) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  return start((event, data) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
  );
}

async function api(request, response, path, query) {
  const session = /agon=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const answer = (status, data, headers = {}) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(data));
  };
  const once = async (work) => {
    const key = request.headers['idempotency-key'];
    if (keys.has(key)) return answer(200, keys.get(key));
    const data = await work();
    keys.set(key, data);
    return answer(201, data);
  };
  if (path === '/arenas') {
    return answer(200, {
      arenas: [
        {
          id: 'speech',
          title: arena.title,
          description: arena.description,
          modality: 'audio',
          systems: 7,
          votes,
        },
      ],
    });
  }
  if (path === '/session')
    return answer(200, {
      consents: session && consents.has(session) ? [consents.get(session)] : [],
    });
  let m = /^\/arenas\/([^/]+)(\/.*)?$/.exec(path);
  if (m) {
    if (m[1] !== 'speech') throw new Refused(404, 'not-found', 'No such arena.');
    if (!m[2]) return answer(200, arena);
    if (m[2] === '/prompts/random')
      return answer(200, { prompt: prompts[Math.floor(Math.random() * 3)] });
    if (m[2] === '/releases') return answer(200, { releases: releases() });
    if (m[2] === '/board') {
      const method = query.get('method') ?? 'bradley_terry';
      const etag = `"${method}-${version}"`;
      if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
      return answer(200, board(method), { ETag: etag });
    }
    if (m[2] === '/events') {
      return stream(response, (send) => {
        const tell = () =>
          ['bradley_terry', 'elo'].forEach((method) => send('board', { method, version, votes }));
        tell();
        listeners.add(tell);
        request.on('close', () => listeners.delete(tell));
      });
    }
    const body = await bodyOf(request);
    if (m[2] === '/consent') {
      const id = randomUUID();
      const consent = {
        arena: 'speech',
        text_sha256: body.text_sha256,
        purposes: body.purposes,
        current: true,
      };
      consents.set(id, consent);
      return answer(
        200,
        { consents: [consent] },
        { 'Set-Cookie': `agon=${id}; Path=/; HttpOnly; SameSite=Lax` },
      );
    }
    if (m[2] === '/battles') {
      if (!consents.has(session)) throw new Refused(401, 'unauthenticated', 'No session.');
      return once(() => {
        const now = Date.now();
        const b = {
          id: randomUUID(),
          arena: 'speech',
          state: 'admitted',
          prompt: body.prompt,
          slots: [],
          events: [],
          pair: [],
          created_at: new Date(now).toISOString(),
          expires_at: new Date(now + 3.6e6).toISOString(),
        };
        battles.set(b.id, b);
        void make(b);
        return view(b);
      });
    }
  }
  m = /^\/battles\/([^/]+)(\/.*)?$/.exec(path);
  const b = m && battles.get(m[1]);
  if (!b) throw new Refused(404, 'not-found', 'No such thing.');
  if (!m[2]) return answer(200, view(b));
  if (m[2] === '/events') {
    return stream(response, async (send) => {
      for (let state = ''; ; await wait(100)) {
        if (b.state !== state) send('battle', view(b));
        state = b.state;
        if (!['admitted', 'generating'].includes(state)) return response.end();
      }
    });
  }
  const body = await bodyOf(request);
  if (m[2] === '/exposures') {
    for (const e of body.events)
      if (!b.events.some((x) => x.sequence === e.sequence)) b.events.push(e);
    b.events.sort((x, y) => x.sequence - y.sequence);
    return answer(200, gateOf(b));
  }
  if (m[2] === '/judgments') return once(() => judge(b, body.answers));
  throw new Refused(404, 'not-found', 'No such thing.');
}

function file(request, response, path) {
  const total = statSync(path).size;
  const headers = {
    'Content-Type': types[extname(path)] ?? 'application/octet-stream',
    'Content-Security-Policy': csp,
    'Accept-Ranges': 'bytes',
  };
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
  if (!range) {
    response.writeHead(200, { ...headers, 'Content-Length': total });
    return createReadStream(path).pipe(response);
  }
  const start = Number(range[1]);
  const end = range[2] ? Number(range[2]) : total - 1;
  response.writeHead(206, {
    ...headers,
    'Content-Range': `bytes ${start}-${end}/${total}`,
    'Content-Length': end - start + 1,
  });
  createReadStream(path, { start, end }).pipe(response);
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  try {
    if (url.pathname.startsWith('/api/v1')) {
      return await api(request, response, url.pathname.slice(7), url.searchParams);
    }
    if (url.pathname.startsWith('/media/'))
      return file(request, response, join(folder, normalize(url.pathname.slice(7))));
    const path = join(dist, normalize(url.pathname));
    return file(
      request,
      response,
      url.pathname !== '/' && existsSync(path) ? path : join(dist, 'index.html'),
    );
  } catch (error) {
    const body = error.body ?? {
      type: '/problems/internal',
      title: 'internal',
      status: 500,
      detail: String(error),
    };
    if (!error.body) console.error(error);
    response.writeHead(body.status, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify(body));
  }
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
