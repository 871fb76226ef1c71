export type Route =
  | { page: 'home' }
  | { page: 'arena' | 'board' | 'data'; arena: string }
  | { page: 'board-first' | 'data-first' }
  | { page: 'about' | 'my-data' }
  | { page: 'nowhere' };

const arenaId = /^[a-z0-9][a-z0-9-]{0,63}$/;

export function match(path: string): Route {
  const [first = '', second, ...more] = path.split('/').filter((part) => part !== '');
  if (more.length > 0) return { page: 'nowhere' };
  if (second === undefined) {
    if (first === '') return { page: 'home' };
    if (first === 'about' || first === 'my-data') return { page: first };
    if (first === 'board') return { page: 'board-first' };
    if (first === 'data') return { page: 'data-first' };
    return { page: 'nowhere' };
  }
  const named = first === 'arena' || first === 'board' || first === 'data';
  return named && arenaId.test(second) ? { page: first, arena: second } : { page: 'nowhere' };
}
