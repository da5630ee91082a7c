import { problem as problemSchema, type Problem } from '../../shared/protocol/errors.ts';

export type Reply = { ok: true; status: number; data: unknown } | { ok: false; status: number; error: Problem };

/** One request to the hub's HTTP door. Never throws: what went wrong is a problem, `notReady` where no hub answered. */
export async function api(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Reply> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    text = await response.text();
  } catch {
    // The network or the hub is away: the same to whoever asked.
    return { ok: false, status: 0, error: { code: 'notReady' } };
  }
  let data: unknown = null;
  try {
    data = text === '' ? null : JSON.parse(text);
  } catch {
    // A page of a proxy in place of our JSON.
    return { ok: false, status: response.status, error: { code: 'notReady' } };
  }
  if (response.ok) return { ok: true, status: response.status, data };
  const wrapped = typeof data === 'object' && data !== null && 'error' in data ? data.error : data;
  const said = problemSchema.safeParse(wrapped);
  if (said.success) return { ok: false, status: response.status, error: said.data };
  return { ok: false, status: response.status, error: { code: response.status === 401 ? 'notSignedIn' : 'internal' } };
}
