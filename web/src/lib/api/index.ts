import { get, post, remove, request, type Answered } from './request';
import type {
  Answer,
  Arena,
  ArenaSummary,
  Battle,
  BattleRequest,
  Board,
  BoardDifference,
  BoardHistory,
  BoardList,
  BoardPairs,
  BoardPlane,
  BoardRobustness,
  Erasure,
  ExposureEvent,
  Gate,
  Method,
  MyData,
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

export type BoardPart = '' | 'pairs' | 'history' | 'plane' | 'difference' | 'robustness';

/** The path of a board, or of what hangs on it, under the API's root. */
export function boardPath(
  arena: string,
  method: Method,
  part: BoardPart,
  parameters: { segment?: string; at?: string; format?: 'csv' | 'json' } = {},
): string {
  const given = Object.entries(parameters).filter(([, value]) => value) as [string, string][];
  const search = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
  return `${arenaPath(arena)}/boards/${method}${part ? `/${part}` : ''}${search}`;
}

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
  takeBack: (id: string) => post<Receipt>(`${battlePath(id)}/withdrawal`, { body: {} }),

  boards: (arena: string, etag: string | null): Promise<Answered<BoardList>> =>
    request<BoardList>('GET', `${arenaPath(arena)}/boards`, { etag }),
  board: (path: string, etag: string | null) => request<Board>('GET', path, { etag }),
  boardPairs: (path: string, etag: string | null) => request<BoardPairs>('GET', path, { etag }),
  boardHistory: (path: string, etag: string | null) => request<BoardHistory>('GET', path, { etag }),
  boardPlane: (path: string, etag: string | null) => request<BoardPlane>('GET', path, { etag }),
  boardDifference: (path: string, etag: string | null) =>
    request<BoardDifference>('GET', path, { etag }),
  boardRobustness: (path: string, etag: string | null) =>
    request<BoardRobustness>('GET', path, { etag }),
  arenaEvents: (arena: string, segment = '') =>
    `/api/v1${arenaPath(arena)}/events${segment ? `?segment=${encodeURIComponent(segment)}` : ''}`,
  myData: (token: string | null) => get<MyData>('/my-data', { token }),
  myExport: (token: string | null) => get<object>('/my-data/export', { token, deadline: 600_000 }),
  makeLink: (token: string | null) =>
    post<{ link: string; made_at: string }>('/my-data/link', { body: {}, token }),
  revokeLink: (token: string | null) => remove<MyData>('/my-data/link', { token }),
  withdraw: (purposes: Purpose[], token: string | null) =>
    post<MyData>('/my-data/withdrawal', { body: { purposes }, token }),
  erase: (token: string | null) =>
    post<Erasure>('/my-data/erasure', { body: { erase: 'everything' }, token }),

  releases: (arena: string) =>
    get<{ releases: Release[] }>(`${arenaPath(arena)}/releases`).then((r) => r.releases),
};
