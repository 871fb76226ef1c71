import { get, post, request, type Answered } from './request';
import type {
  Answer,
  Arena,
  ArenaSummary,
  Battle,
  BattleRequest,
  Board,
  ExposureEvent,
  Gate,
  Method,
  Purpose,
  Receipt,
  Release,
  Session,
} from './types';

export { Failure, asFailure } from './failure';
export type * from './types';

export interface Judgments {
  answers: Answer[];
  shown_at?: string;
  answered_at?: string;
  active_seconds?: number;
}

const arenaPath = (arena: string) => `/arenas/${encodeURIComponent(arena)}`;
const battlePath = (battle: string) => `/battles/${encodeURIComponent(battle)}`;

export const api = {
  arenas: () => get<{ arenas: ArenaSummary[] }>('/arenas').then((a) => a.arenas),
  arena: (id: string) => get<Arena>(arenaPath(id)),
  session: () => get<Session>('/session'),
  randomPrompt: (arena: string) =>
    get<{ prompt: string }>(`${arenaPath(arena)}/prompts/random`).then((p) => p.prompt),
  consent: (arena: string, text_sha256: string, purposes: Purpose[]) =>
    post<Session>(`${arenaPath(arena)}/consent`, { body: { text_sha256, purposes } }),

  createBattle: (
    arena: string,
    body: { prompt: string; prompt_source: 'typed' | 'random'; request?: BattleRequest },
    key: string,
  ) => post<Battle>(`${arenaPath(arena)}/battles`, { body, key }),
  battle: (id: string) => get<Battle>(battlePath(id)),
  battleEvents: (id: string) => `/api/v1${battlePath(id)}/events`,
  exposures: (id: string, events: ExposureEvent[], keepalive = false) =>
    post<Gate>(`${battlePath(id)}/exposures`, { body: { events }, keepalive }),
  judge: (id: string, body: Judgments, key: string) =>
    post<Receipt>(`${battlePath(id)}/judgments`, { body, key }),

  board: (arena: string, method: Method, etag: string | null): Promise<Answered<Board>> =>
    request<Board>('GET', `${arenaPath(arena)}/board?method=${method}`, { etag }),
  arenaEvents: (arena: string) => `/api/v1${arenaPath(arena)}/events`,
  releases: (arena: string) =>
    get<{ releases: Release[] }>(`${arenaPath(arena)}/releases`).then((r) => r.releases),
};
