/** How one attempt went. Of what a receiver says nothing is kept but its status. */
export const sendErrors = ['timeout', 'notReached', 'untrusted', 'redirected', 'refused', 'gone'] as const;
export type SendError = (typeof sendErrors)[number];
export interface Attempt {
  status: number | null;
  error: SendError | null;
  /** Milliseconds. */
  took: number;
  /** Seconds the receiver asks us to wait. */
  retryAfter: number | null;
}

/** Longer than a receiver that only takes down what it is told needs; far below the claim of whoever sends. */
const TIMEOUT = 10_000;

/** A redirect is not followed: where an administrator did not send it, it does not go. What is answered is not read. */
export async function post(url: string, headers: Record<string, string>, body: string, monotonic: () => number, ended?: AbortSignal): Promise<Attempt> {
  const begun = monotonic();
  const took = (): number => Math.round(monotonic() - begun);
  const timeout = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8', 'user-agent': 'situation-board' },
      body,
      signal: ended ? AbortSignal.any([timeout, ended]) : timeout,
    });
    await response.body?.cancel();
    const { status } = response;
    const wait = Number(response.headers.get('retry-after') ?? '');
    return { status, error: errorOf(status), took: took(), retryAfter: Number.isFinite(wait) && wait > 0 ? Math.min(wait, 3_600) : null };
  } catch (cause) {
    return { status: null, error: timeout.aborted ? 'timeout' : reasonOf(cause), took: took(), retryAfter: null };
  }
}

function errorOf(status: number): SendError | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirected' : 'refused';
}

function reasonOf(cause: unknown): SendError {
  const code = String((cause as { cause?: { code?: unknown } }).cause?.code ?? '');
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) ? 'untrusted' : 'notReached';
}
