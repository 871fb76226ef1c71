import { Failure, failureOf } from './failure';

const root = '/api/v1';
const deadline = 15_000; // milliseconds; the server answers in far less or refuses

export interface Options {
  body?: unknown;
  /** Idempotency-Key: the same for every try of one intention. */
  key?: string;
  etag?: string | null;
  /** Of a link to one's own data; counts instead of the session. */
  token?: string | null;
  /** Lets the call outlive the page. */
  keepalive?: boolean;
  /** Milliseconds, if it may take longer than the others. */
  deadline?: number;
  signal?: AbortSignal;
}

export interface Answered<T> {
  /** Null if the server said that `etag` is still current. */
  data: T | null;
  etag: string | null;
}

export type Method = 'GET' | 'POST' | 'DELETE';

function headersOf({ body, key, etag, token }: Options): Record<string, string> {
  return {
    Accept: 'application/json, application/problem+json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(key ? { 'Idempotency-Key': key } : {}),
    ...(etag ? { 'If-None-Match': etag } : {}),
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
  };
}

/** One call. Throws a Failure if it is refused or gets no answer. */
export async function request<T>(
  method: Method,
  path: string,
  options: Options = {},
): Promise<Answered<T>> {
  const { body, keepalive = false, signal } = options;
  const late = AbortSignal.timeout(options.deadline ?? deadline);
  let response: Response;
  try {
    response = await fetch(root + path, {
      method,
      headers: headersOf(options),
      body: body === undefined ? null : JSON.stringify(body),
      keepalive,
      credentials: 'same-origin',
      cache: method === 'GET' ? 'no-cache' : 'no-store',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    if (late.aborted) throw new Failure('timeout');
    throw new Failure(navigator.onLine === false ? 'offline' : 'network');
  }
  if (response.status === 304) return { data: null, etag: options.etag ?? null };
  if (!response.ok) throw await failureOf(response);
  const data = (await response.json().catch(() => {
    throw new Failure('network'); // cut off in the middle of the body
  })) as T;
  return { data, etag: response.headers.get('ETag') };
}

async function value<T>(method: Method, path: string, options?: Options): Promise<T> {
  const { data } = await request<T>(method, path, options);
  if (data === null) throw new Failure('network');
  return data;
}

export const get = <T>(path: string, options?: Options) => value<T>('GET', path, options);
export const post = <T>(path: string, options?: Options) => value<T>('POST', path, options);
export const remove = <T>(path: string, options?: Options) => value<T>('DELETE', path, options);
