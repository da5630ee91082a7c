import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { freshDatabase } from '../../e2e/setup/database.ts';
import type { ExchangeView } from '../../shared/features/exchange/stats.ts';
import { asPattern } from '../../shared/features/index.ts';
import type { Ring } from '../../shared/features/ring/record.ts';
import type { RingView } from '../../shared/features/ring/stats.ts';
import { queryMessage, type ViewFrame } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { Asterisk, CallScript } from '../testing/asterisk.ts';
import { author, openHub, testBoard, type TestHub } from '../testing/cluster.ts';
import { listOpenRings } from './openRings.ts';
import { Telephony } from './telephony.ts';

/**
 * The adapter over real TCP sessions and the real record: the sequences an exchange tells, and what becomes of calls while the
 * exchange, the line, PostgreSQL's lock or a hub goes away in the middle of them. Nothing is lost, nothing is doubled.
 */
const START = Date.UTC(2020, 1, 5, 14);
const SECRET = 'h0tline-s3cret';
const NUMBERS = ['19900000126', '19900000127', '19900000128', '19900000129', '19900000130'] as const;
const clock = new ManualClock(START);
let database: FreshDatabase;
let bus: MemoryBus;
let asterisk: Asterisk;
let logged = '';
const hubs: Desk[] = [];

interface Desk {
  hub: TestHub;
  telephony: Telephony;
  /** Resolves when the figures are so, now or later. */
  until(met: (ring: RingView, exchange: ExchangeView) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** One hub that listens; what it logs is kept. */
async function open(secret = SECRET): Promise<Desk> {
  const hub = await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
  if (!hub.core.boards.has('test')) await hub.core.create(testBoard);
  const views: Record<string, unknown> = {};
  const waiting: { met(): boolean; done(): void }[] = [];
  const look = (): void => {
    for (const w of waiting.filter((x) => x.met())) {
      waiting.splice(waiting.indexOf(w), 1);
      w.done();
    }
  };
  hub.rooms.enter(hub.board().viewsRoom, (told) => {
    if (told.event === 'view') Object.assign(views, (told.message as ViewFrame).views);
    look();
  });
  await hub.board().join(null, true, (_rooms, start) => Object.assign(views, start.views?.views));
  const telephony = new Telephony({
    ami: { host: '127.0.0.1', port: asterisk.port, tls: false, user: 'board', secret, incoming: { contexts: ['from-pstn'], trunks: [] } },
    database: database.config,
    board: hub.board(),
    log: pino({ level: 'trace' }, { write: (line: string) => void (logged += line) }),
    openRings: () => listOpenRings(hub.core.queries, 'test'),
    patience: { answer: 2_000, ping: 200, retry: 10, retryMost: 20, lock: 20 },
  });
  let closed = false;
  const desk: Desk = {
    hub,
    telephony,
    until: (met) =>
      new Promise((done) => {
        waiting.push({ met: () => met(views.ring as RingView, views.exchange as ExchangeView), done });
        look();
      }),
    async close() {
      if (closed) return;
      closed = true;
      await telephony.close();
      await hub.close();
    },
  };
  hubs.push(desk);
  return desk;
}

async function rings(desk: Desk): Promise<Record<string, Ring>> {
  const who = author('operator');
  const found = await desk.hub.core.queries.ask({ author: who, scope: who.scope }, queryMessage.parse({ name: 'list', board: 'test', kind: 'ring', limit: 200 }));
  if (!found.ok) throw new Error(found.error.code);
  return Object.fromEntries((found.records ?? []).map((r) => [(r.body as Ring).call, r.body as Ring]));
}
async function writes(desk: Desk): Promise<number> {
  return (await desk.hub.pool.query<{ n: number }>(`select count(*)::int as n from entry where board = 'test'`)).rows[0]?.n ?? 0;
}
const call = (n: number): CallScript => new CallScript(`1580911200.${100 + n}`, NUMBERS[n] ?? '');
const id = (n: number): string => `1580911200.${100 + n}`;
const say = (...parts: Parameters<Asterisk['say']>[]): void => parts.forEach((events) => {
  clock.advance(1_000);
  asterisk.say(...events);
});

beforeEach(async () => {
  database = await freshDatabase();
  bus = new MemoryBus();
  logged = '';
  asterisk = new Asterisk('board', SECRET, () => clock.now());
  await asterisk.start(0);
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((h) => h.close()));
  await asterisk.stop({ calls: true });
  await database.drop();
});

test('answered, queued to two telephones, missed, abandoned, transferred: each is one ring with its own times; no number is logged', async () => {
  const desk = await open();
  await asterisk.listened(1);
  const began = clock.now();
  const all = [0, 1, 2, 3, 4].map(call);
  const [answered, queued, missed, abandoned, moved] = all as [CallScript, CallScript, CallScript, CallScript, CallScript];
  const [a, q1, q2, m, t1, t2] = [answered.dials('801'), queued.dials('801'), queued.dials('802'), missed.dials('801'), moved.dials('801'), moved.dials('803')];
  // A second between any two steps; the calls lie across one another.
  say(answered.rings(), a.begin, queued.rings(), queued.queue(), a.answer, q1.begin, q2.begin, missed.rings(), m.begin, q2.answer, q1.giveUp);
  say(abandoned.rings(), abandoned.queue(), a.leave, answered.hangsUp(), m.giveUp, missed.hangsUp(), moved.rings(), t1.begin, abandoned.abandons(), abandoned.hangsUp());
  say(t1.answer, t2.begin, t1.leave, t2.answer, q2.leave, queued.hangsUp(), t2.leave, moved.hangsUp());
  await desk.until((r) => r.rang.value === 5 && r.talking.value === 0 && r.ringing.value === 0);
  const found = await rings(desk);
  const at = (s: number): number => began + s * 1_000;
  expect(found[id(0)]).toMatchObject({ stage: 'ended', rung: at(2), answered: at(5), ended: at(15), answeredAt: { value: '801' }, estimated: false });
  expect(found[id(1)]).toMatchObject({ stage: 'ended', rung: at(4), answered: at(10), answeredAt: { value: '802' }, extensions: ['801', '802'], line: { value: '057112345' } });
  expect(found[id(2)]).toMatchObject({ stage: 'missed', rung: at(9), ended: at(17), callBack: 'owed' });
  expect(found[id(3)]).toMatchObject({ stage: 'missed', rung: at(13), callBack: 'owed' });
  expect(found[id(4)]).toMatchObject({ stage: 'ended', answeredAt: { value: '801' }, extensions: ['801', '803'] });
  await desk.until((r, x) => r.owed.value === 2 && r.owedSince === at(9) && r.unlogged.value === 3 && x.connected.value === 1);
  const said = logged + JSON.stringify(found);
  for (const n of NUMBERS) expect(said).not.toContain(n);
  expect(logged + asterisk.seen.said.join('')).not.toContain(SECRET);
});

test('of two hubs one listens; when it goes, the other does, and a call under way goes on without being doubled', async () => {
  const [one, two] = [await open(), await open()];
  await asterisk.listened(1);
  expect(asterisk.listeners).toBe(1);
  const c = call(0);
  const leg = c.dials('801');
  say(c.rings(), leg.begin);
  await two.until((r) => r.ringing.value === 1);
  await one.telephony.close();
  await asterisk.listened(2);
  // The same hub or the other: whichever heard it, it was answered once.
  say(leg.answer);
  await one.until((r) => r.talking.value === 1);
  say(leg.leave, c.hangsUp());
  await one.until((r) => r.unlogged.value === 1 && r.talking.value === 0);
  expect(Object.keys(await rings(two))).toEqual([id(0)]);
  expect(asterisk.seen.logins).toBe(2);
});

describe('in the middle of calls', () => {
  test('the connection breaks: what happened meanwhile is found out and marked as reckoned', async () => {
    const desk = await open();
    await asterisk.listened(1);
    const [a, b, c] = [call(0), call(1), call(2)];
    const [legA, legB] = [a.dials('801'), b.dials('802')];
    say(a.rings(), legA.begin, b.rings(), legB.begin);
    await desk.until((r) => r.ringing.value === 2);
    // Nobody hears: one is answered, one gives up, a third comes into the queue.
    asterisk.holdList = true;
    asterisk.cut();
    say(legA.answer, legB.giveUp, b.hangsUp(), c.rings(), c.queue());
    await desk.until((_r, x) => x.lost.value === 1);
    asterisk.holdList = false;
    asterisk.releaseList();
    await asterisk.listened(2);
    await desk.until((r, x) => r.talking.value === 1 && r.owed.value === 1 && r.ringing.value === 1 && x.connected.value === 1);
    const found = await rings(desk);
    expect(found[id(0)]).toMatchObject({ stage: 'answered', answeredAt: { value: '801' }, estimated: true });
    expect(found[id(1)]).toMatchObject({ stage: 'missed', callBack: 'owed', estimated: true });
    expect(found[id(2)]).toMatchObject({ stage: 'ringing', estimated: true });
    say(legA.leave, a.hangsUp(), c.abandons(), c.hangsUp());
    await desk.until((r) => r.talking.value === 0 && r.owed.value === 2);
    expect(Object.keys(await rings(desk))).toHaveLength(3);
  });

  test('what happens while the channels are being listed is heard after them, in its order', async () => {
    asterisk.holdList = true;
    const a = call(0);
    const leg = a.dials('801');
    // Rings before anybody listens; is answered and ends between the question and its answer.
    say(a.rings(), leg.begin);
    const desk = await open();
    await asterisk.listAsked();
    say(leg.answer, leg.leave, a.hangsUp());
    asterisk.holdList = false;
    asterisk.releaseList();
    await desk.until((r) => r.rang.value === 1 && r.unlogged.value === 1 && r.ringing.value === 0);
    expect((await rings(desk))[id(0)]).toMatchObject({ stage: 'ended', answeredAt: { value: '801' } });
  });

  test('the exchange is started anew and its calls are gone: they end, and the next is heard', async () => {
    const desk = await open();
    await asterisk.listened(1);
    const [a, b] = [call(0), call(1)];
    const leg = a.dials('801');
    say(a.rings(), leg.begin, leg.answer, b.rings(), b.queue());
    await desk.until((r) => r.talking.value === 1 && r.ringing.value === 1);
    await asterisk.stop({ calls: true });
    await desk.until((_r, x) => x.lost.value === 1);
    clock.advance(60_000);
    await asterisk.start();
    await desk.until((r, x) => r.talking.value === 0 && r.ringing.value === 0 && r.owed.value === 1 && x.connected.value === 1);
    const c = call(2);
    say(c.rings(), c.queue());
    await desk.until((r) => r.ringing.value === 1);
    expect(Object.keys(await rings(desk))).toHaveLength(3);
  });

  test('the hub is started anew: a call that was answered meanwhile and one that ended are put right; nothing twice', async () => {
    const before = await open();
    await asterisk.listened(1);
    const [a, b] = [call(0), call(1)];
    const [legA, legB] = [a.dials('801'), b.dials('802')];
    say(a.rings(), legA.begin, b.rings(), legB.begin, legB.answer);
    await before.until((r) => r.ringing.value === 1 && r.talking.value === 1);
    await before.close();
    say(legA.answer, legB.leave, b.hangsUp());
    const after = await open();
    await asterisk.listened(2);
    await after.until((r, x) => r.talking.value === 1 && r.ringing.value === 0 && r.unlogged.value === 1 && x.connected.value === 1);
    const found = await rings(after);
    expect(Object.keys(found).sort()).toEqual([id(0), id(1)]);
    expect([found[id(0)]?.stage, found[id(1)]?.stage]).toEqual(['answered', 'ended']);
    const n = await writes(after);
    say(legA.leave, a.hangsUp());
    await after.until((r) => r.talking.value === 0 && r.unlogged.value === 2);
    expect(await writes(after)).toBe(n + 1);
  });
});

test('a wrong secret is refused by the exchange, said, and tried again; nothing of it is logged', async () => {
  const desk = await open('wr0ng-s3cret');
  await desk.until((_r, x) => x.lost.value === 1);
  expect(asterisk.seen.refused).toBeGreaterThan(0);
  expect(logged).toContain('Login was refused');
  expect(logged).not.toContain('s3cret');
});
