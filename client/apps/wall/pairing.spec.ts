import { expect, test } from 'vitest';
import { ManualClock } from '../../../shared/time/clock.ts';
import { startPairing, type PairingState } from './pairing.ts';

type Answer = { status: number; body: unknown } | 'away';

/** A hub that gives one answer after the other, and a wall that waits for nothing but keeps count of its waits. */
async function wall(answers: Answer[], revoked = false): Promise<{ shown: PairingState[]; asked: { method: string; path: string; secret: string | null }[]; joined: number; waits: number[] }> {
  const out = { shown: [] as PairingState[], asked: [] as { method: string; path: string; secret: string | null }[], joined: 0, waits: [] as number[] };
  const clock = new ManualClock(1_000_000);
  await new Promise<void>((done) => {
    const stop = startPairing({
      clock,
      revoked,
      shown: (s) => out.shown.push(s),
      joined: () => {
        out.joined++;
        done();
      },
      wait: (ms) => {
        out.waits.push(ms);
        clock.advance(ms);
        return Promise.resolve();
      },
      fetch: ((path: string, init: RequestInit) => {
        out.asked.push({ method: init.method ?? '', path, secret: new Headers(init.headers).get('x-pairing-secret') });
        const next = answers.shift();
        if (next === undefined) {
          stop();
          done();
          return Promise.reject(new Error('no more answers'));
        }
        if (next === 'away') return Promise.reject(new TypeError('failed to fetch'));
        return Promise.resolve(new Response(JSON.stringify(next.body), { status: next.status }));
      }) as typeof fetch,
    });
  });
  return out;
}

const code = (digits: string): Answer => ({ status: 201, body: { id: 'i', code: digits, secret: 's', expires: 1_000_000 + 600_000 } });
const waiting: Answer = { status: 200, body: { state: 'waiting', expires: 1 } };

test('shows its code, asks with the secret that nobody sees, and goes on by itself once approved', async () => {
  const w = await wall([code('407215'), waiting, { status: 200, body: { state: 'approved', screen: {} } }]);
  expect(w.shown).toEqual([{ name: 'asking' }, { name: 'code', code: '407215', minutes: 10, revoked: false }, { name: 'approved' }]);
  expect(w.asked).toEqual([
    { method: 'POST', path: '/api/v1/pairing', secret: null },
    { method: 'GET', path: '/api/v1/pairing/i', secret: 's' },
    { method: 'GET', path: '/api/v1/pairing/i', secret: 's' },
  ]);
  expect(w.joined).toBe(1);
});

test('a code that ran out, or that the hub has forgotten, is replaced by itself', async () => {
  const w = await wall([code('111111'), { status: 200, body: { state: 'ended' } }, code('222222'), { status: 404, body: { error: { code: 'notFound' } } }, code('333333')], true);
  expect(w.shown.filter((s) => s.name === 'code').map((s) => [s.code, s.revoked])).toEqual([['111111', true], ['222222', true], ['333333', true]]);
});

test('a hub that is away is waited for in words, with how long; the code comes back with it', async () => {
  const w = await wall(['away', 'away', code('407215'), 'away', waiting]);
  expect(w.shown).toEqual([
    { name: 'asking' },
    { name: 'unreachable', since: 0 },
    { name: 'unreachable', since: 3_000 },
    { name: 'code', code: '407215', minutes: 10, revoked: false },
    { name: 'unreachable', since: 0 },
    { name: 'code', code: '407215', minutes: 10, revoked: false },
  ]);
});

test('a proxy’s page in place of an answer is a hub that is away, not a code', async () => {
  const w = await wall([{ status: 502, body: 'Bad gateway' }, { status: 200, body: {} }]);
  expect(w.shown.slice(1).every((s) => s.name === 'unreachable')).toBe(true);
});

test('asked too often: it says for how long it will not ask', async () => {
  const w = await wall([{ status: 429, body: { error: { code: 'tooMany', retryAfter: 2 } } }, code('407215')]);
  expect(w.shown.slice(1, 3)).toEqual([{ name: 'tooMany', seconds: 2 }, { name: 'tooMany', seconds: 1 }]);
  expect(w.shown[3]?.name).toBe('code');
});
