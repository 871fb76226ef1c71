import type { BoardSummary, Method } from '../api';

// Style control is the Bradley–Terry board with style and side taken out: a switch on that board,
// not a board of its own, wherever an arena has both.
const plain: Method = 'bradley_terry';
const controlled: Method = 'contextual';

const hasBoth = (methods: Method[]) => methods.includes(plain) && methods.includes(controlled);

/** Whether style is controlled on this board; null where there is nothing to switch. */
export function styleOf(methods: Method[], method: Method | null): boolean | null {
  if (!hasBoth(methods)) return null;
  return method === controlled ? true : method === plain ? false : null;
}

export const withStyle = (on: boolean): Method => (on ? controlled : plain);

/** The boards to choose from. */
export function tabsOf(methods: Method[]): Method[] {
  return hasBoth(methods) ? methods.filter((m) => m !== controlled) : methods;
}

/** The tab under which a board stands. */
export function tabOf(methods: Method[], method: Method): Method {
  return hasBoth(methods) && method === controlled ? plain : method;
}

/** Whether a board has a segment of that kind; all have '' for all votes. */
export function hasSegment(
  board: Pick<BoardSummary, 'method' | 'segment_by'>,
  segment: string,
): boolean {
  if (!segment) return true;
  const dimension = segment.slice(0, segment.indexOf(':'));
  const known: readonly string[] = board.segment_by;
  return known.includes(dimension) || (dimension === 'quarantine' && board.method !== 'elo');
}
