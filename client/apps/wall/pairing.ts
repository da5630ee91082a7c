import type { Clock } from '../../../shared/time/clock.ts';

/** What a wall that holds no credential shows. Always words, never a spinner alone. */
export type PairingState =
  | { name: 'asking' }
  | { name: 'code'; code: string; minutes: number; revoked: boolean }
  | { name: 'unreachable'; since: number }
  | { name: 'tooMany'; seconds: number }
  | { name: 'approved' };

export interface PairingParts {
  clock: Clock;
  fetch: typeof fetch;
  /** Had this wall been joined before: the code then stands there because somebody withdrew its credential. */
  revoked: boolean;
  shown(state: PairingState): void;
  /** The credential is here, in a cookie that only the hub reads. */
  joined(): void;
  wait(ms: number): Promise<void>;
}

interface Code {
  id: string;
  code: string;
  secret: string;
  expires: number;
}

const LOOK_EVERY = 2_000;
const AGAIN_AFTER = 3_000;
const PATH = '/api/v1/pairing';

/**
 * Asks for a code, shows it, and asks how it fares until somebody has approved it; a code that ran out is replaced by
 * itself, a hub that is away is waited for. Ends only by `stop` or when the wall has joined.
 */
export function startPairing(parts: PairingParts): () => void {
  let stopped = false;
  void run();
  return () => {
    stopped = true;
  };

  async function run(): Promise<void> {
    let awaySince: number | null = null;
    let code = null as Code | null;
    parts.shown({ name: 'asking' });
    while (!stopped) {
      const reply: Reply = code === null ? await ask() : await look(code);
      if (stopped) return;
      switch (reply.type) {
        case 'code':
          awaySince = null;
          code = reply.code;
          parts.shown({ name: 'code', code: reply.code.code, minutes: reply.minutes, revoked: parts.revoked });
          break;
        case 'waiting':
          if (awaySince !== null && code) parts.shown({ name: 'code', code: code.code, minutes: reply.minutes, revoked: parts.revoked });
          awaySince = null;
          await parts.wait(LOOK_EVERY);
          break;
        case 'approved':
          parts.shown({ name: 'approved' });
          parts.joined();
          return;
        case 'ended':
          code = null;
          break;
        case 'tooMany':
          for (let left = reply.seconds; left > 0 && !stopped; left--) {
            parts.shown({ name: 'tooMany', seconds: left });
            await parts.wait(1_000);
          }
          break;
        case 'away':
          awaySince ??= parts.clock.monotonic();
          parts.shown({ name: 'unreachable', since: parts.clock.monotonic() - awaySince });
          await parts.wait(AGAIN_AFTER);
      }
    }
  }

  async function ask(): Promise<Reply> {
    const { status, body } = await request('POST', PATH);
    if (status === 429) return { type: 'tooMany', seconds: retryAfter(body) };
    if (status < 200 || status >= 300 || !isCode(body)) return { type: 'away' };
    return { type: 'code', code: body, minutes: minutesLeft(body) };
  }

  async function look(code: Code): Promise<Reply> {
    const { status, body } = await request('GET', `${PATH}/${code.id}`, code.secret);
    if (status === 404 || status === 410) return { type: 'ended' };
    if (status < 200 || status >= 300 || typeof body !== 'object' || body === null || !('state' in body)) return { type: 'away' };
    if (body.state === 'approved') return { type: 'approved' };
    return body.state === 'waiting' ? { type: 'waiting', minutes: minutesLeft(code) } : { type: 'ended' };
  }

  async function request(method: string, path: string, secret?: string): Promise<{ status: number; body: unknown }> {
    try {
      const answer = await parts.fetch(path, {
        method,
        credentials: 'same-origin',
        headers: { accept: 'application/json', ...(secret === undefined ? {} : { 'x-pairing-secret': secret }) },
        signal: AbortSignal.timeout(10_000),
      });
      return { status: answer.status, body: await answer.json() };
    } catch {
      // No hub, or something in between that speaks no JSON: both mean asking again later.
      return { status: 0, body: null };
    }
  }

  function minutesLeft(code: Code): number {
    return Math.max(1, Math.round((code.expires - parts.clock.now()) / 60_000));
  }
}

type Reply =
  | { type: 'code'; code: Code; minutes: number }
  | { type: 'waiting'; minutes: number }
  | { type: 'approved' }
  | { type: 'ended' }
  | { type: 'tooMany'; seconds: number }
  | { type: 'away' };

const isCode = (body: unknown): body is Code =>
  typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string' && 'code' in body && typeof body.code === 'string' && 'secret' in body;

function retryAfter(body: unknown): number {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
  const wait = typeof error === 'object' && error !== null && 'retryAfter' in error ? Number(error.retryAfter) : NaN;
  return Number.isFinite(wait) ? Math.min(600, Math.max(1, Math.ceil(wait))) : 30;
}
