import type { Problem } from './types';

/**
 * Why a call gave no answer: the server said so (`problem`), nothing answered
 * (`network`, `offline`), or it took too long (`timeout`).
 */
export class Failure extends Error {
  readonly kind: 'problem' | 'network' | 'offline' | 'timeout';
  readonly problem: Problem | null;

  constructor(kind: Failure['kind'], problem: Problem | null = null) {
    super(problem?.detail ?? problem?.title ?? kind);
    this.name = 'Failure';
    this.kind = kind;
    this.problem = problem;
  }

  /** The last part of the problem's type, e.g. `gate-not-met`; else the kind. */
  get code(): string {
    return this.problem?.type.split('/').pop() ?? this.kind;
  }

  get status(): number {
    return this.problem?.status ?? 0;
  }

  /** Seconds that the server asks to wait, if it does. */
  get retryAfter(): number | null {
    return this.problem?.retry_after ?? null;
  }

  /** True if the same call may succeed later without anything being changed. */
  get passing(): boolean {
    return this.kind !== 'problem' || [429, 502, 503, 504].includes(this.status);
  }
}

export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('problem', {
    type: '/problems/internal',
    title: error instanceof Error ? error.message : String(error),
    status: 0,
  });
}

/** Reads a refused answer; one without a problem body gets a made-up one from its status. */
export async function failureOf(response: Response): Promise<Failure> {
  const header = Number(response.headers.get('Retry-After'));
  const retryAfter = Number.isFinite(header) && header > 0 ? { retry_after: header } : {};
  let body: Partial<Problem> = {};
  if (response.headers.get('Content-Type')?.includes('json')) {
    body = ((await response.json().catch(() => null)) as Partial<Problem> | null) ?? {};
  }
  return new Failure('problem', {
    type: `/problems/http-${response.status}`,
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    ...retryAfter,
    ...body,
  });
}
