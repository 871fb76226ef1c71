import { api, asFailure, type ArenaSummary, type Failure } from './api';
import { withRetry } from './api/retry';
import { router } from './router/router.svelte';

let list = $state.raw<ArenaSummary[] | null>(null);
let failure = $state.raw<Failure | null>(null);

/** Every open arena, asked for once per visit. */
export const arenas = {
  get list() {
    return list;
  },
  get failure() {
    return failure;
  },
  /** The arena that the page is about, else the first one. */
  get current(): string | null {
    const { route } = router;
    return 'arena' in route ? route.arena : (list?.[0]?.id ?? null);
  },
  async load(): Promise<void> {
    failure = null;
    try {
      list = await withRetry(() => api.arenas(), { tries: 4 });
    } catch (error) {
      failure = asFailure(error);
    }
  },
};
