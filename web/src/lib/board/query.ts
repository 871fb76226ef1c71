import type { Method } from '../api/types';

/** What a board page shows, as its address says it: every view can be linked to. */
export interface BoardQuery {
  method: Method | null; // null: the arena's first board
  segment: string; // '' for all votes
  at: string; // a day, '' for now
  view: BoardView;
  find: string;
}

export const boardViews = ['scores', 'ranks', 'pairs', 'history', 'speed', 'method'] as const;
export type BoardView = (typeof boardViews)[number];

const day = /^\d{4}-\d{2}-\d{2}$/;
const methodName = /^[a-z_]{1,40}$/;
const segmentName = /^[a-z][a-z0-9_.]{0,47}:.{1,200}$/;

const isView = (text: string): text is BoardView =>
  (boardViews as readonly string[]).includes(text);

/** Reads a page's search part. What makes no sense is as if it were not there. */
export function readQuery(search: string): BoardQuery {
  const given = new URLSearchParams(search);
  const of = (name: string, shape: RegExp) => {
    const text = given.get(name) ?? '';
    return shape.test(text) ? text : '';
  };
  const view = given.get('view') ?? '';
  return {
    method: (of('method', methodName) || null) as Method | null,
    segment: of('segment', segmentName),
    at: of('at', day),
    view: isView(view) ? view : 'scores',
    find: (given.get('find') ?? '').slice(0, 80),
  };
}

/** The search part of a page's address, '' for what is shown by default. */
export function writeQuery(query: BoardQuery): string {
  const out = new URLSearchParams();
  if (query.view !== 'scores') out.set('view', query.view);
  if (query.method) out.set('method', query.method);
  if (query.segment) out.set('segment', query.segment);
  if (query.at) out.set('at', query.at);
  if (query.find) out.set('find', query.find);
  const text = out.toString();
  return text ? `?${text}` : '';
}
