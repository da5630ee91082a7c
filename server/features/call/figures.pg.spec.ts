import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../e2e/setup/database.ts';
import { everywhere, type Scope } from '../../../shared/access/access.ts';
import { callFigures as shape, noSums, type CallFigures } from '../../../shared/features/call/figures.ts';
import { EARS } from '../../../shared/features/call/ears.ts';
import { signalKey } from '../../../shared/features/call/signals.ts';
import type { CallView } from '../../../shared/features/call/stats.ts';
import { asPattern } from '../../../shared/features/index.ts';
import type { Alert } from '../../../shared/features/alert/record.ts';
import { queryMessage, type QueryResult, type ViewFrame } from '../../../shared/protocol/messages.ts';
import { ManualClock } from '../../../shared/time/clock.ts';
import { DAY, HOUR, dayOf } from '../../../shared/time/zone.ts';
import { seedReference } from '../../dev/seed.ts';
import { Queries } from '../../record/queries.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../../testing/cluster.ts';
import { figureQueries } from '../index.ts';

/** 5 February 2020, 22:00 in Shanghai. */
const START = Date.UTC(2020, 1, 5, 14);
const ZONE = 'Asia/Shanghai';
let database: FreshDatabase;
let hub: TestHub;
let queries: Queries;
const clock = new ManualClock(START);
const operator = author('operator');
const leader = author('leader');

beforeAll(async () => {
  database = await freshDatabase();
  hub = await openHub({ database: database.config, features: asPattern, clock });
  await hub.core.create(testBoard);
  hub.rooms.enter(hub.board().viewsRoom);
  await seedReference(hub.board());
  queries = new Queries(hub.pool, asPattern, () => clock.now(), figureQueries);
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const send = async (type: string, body: Record<string, unknown>, who = operator): Promise<Record<string, unknown>> => accepted(await hub.board().submit(who, commandOf(type, body))).result;
const log = async (more: Record<string, unknown> = {}, who = operator): Promise<string> =>
  String((await send('call.log', { rung: clock.now() - 60_000, answered: clock.now() - 50_000, topic: 'symptoms', locality: '330102', ...more }, who)).id);
const ask = (from: number, to: number, who = leader, scope: Scope = everywhere): Promise<QueryResult> =>
  queries.ask({ author: who, scope }, queryMessage.parse({ name: 'figures', board: 'test', kind: 'call', body: { from, to } }));
async function figures(from: number, to: number, scope?: Scope): Promise<CallFigures> {
  const answer = await ask(from, to, leader, scope);
  if (!answer.ok) throw new Error(answer.error.code);
  return shape.parse(answer.figures);
}

describe('figures of calls over a chosen time', () => {
  test('count what is on record, each of so many, and follow every change of it', async () => {
    const t = clock.now();
    // Five rang: answered after 10, 15, 18 and 40 s, and one not at all. One more came by text, one from paper.
    const first = await log({ rung: t - HOUR, answered: t - HOUR + 10_000 });
    await log({ rung: t - HOUR, answered: t - HOUR + 15_000, topic: 'supplies', locality: '330102003' });
    await log({ rung: t - 2 * HOUR, answered: t - 2 * HOUR + 18_000, topic: 'supplies', locality: '330212' }, author('operator', everywhere, 'operator-2'));
    await log({ rung: t - 2 * HOUR, answered: t - 2 * HOUR + 40_000, topic: 'advice' });
    await log({ origin: 'missed', rung: t - 3 * HOUR, answered: null, topic: 'other' });
    await log({ origin: 'sms', rung: t - 3 * HOUR, answered: null, topic: 'advice' });
    await log({ rung: t - 3 * HOUR, answered: t - 3 * HOUR + 5_000, backEntered: true, topic: 'advice' });
    const f = await figures(t - DAY, t + 1);
    expect(f.all).toMatchObject({ calls: 7, back: 1, offered: 5, connected: 4, within10: 1, within15: 2, within20: 3, calledBack: 0, rated: 0 });
    expect(f.topics.map((x) => [x.key, x.calls])).toEqual(expect.arrayContaining([['advice', 3], ['supplies', 2], ['symptoms', 1], ['other', 1]]));
    expect(Object.fromEntries(f.localities.map((x) => [x.key, x.calls]))).toEqual({ '330102': 6, '330212': 1 });
    expect(f.units.find((x) => x.key === 'health')?.calls).toBe(1);
    expect(f.operators.map((x) => [x.key, x.label, x.calls])).toEqual([['operator-1', 'operator 王', 6], ['operator-2', 'operator 王', 1]]);
    expect(f.hours.map((h) => [f.base + h.slot * HOUR, h.calls])).toEqual([[t - 3 * HOUR, 3], [t - 2 * HOUR, 2], [t - HOUR, 2]]);
    // Those with a topic that names a unit were sent as they were written down, an hour and more after they were answered.
    expect(f.all).toMatchObject({ sent: 3, dispatched60: 0 });

    const move = (from: string, to: string, more: Record<string, unknown> = {}): Promise<unknown> => send('call.move', { id: first, from, to, ...more });
    await move('dispatched', 'inHand');
    await move('inHand', 'answered', { reply: '已安排' });
    await move('answered', 'finished');
    await move('finished', 'calledBack');
    expect((await figures(t - DAY, t + 1)).all).toMatchObject({ calledBack: 1, rated: 0 });
    await move('calledBack', 'rated', { rating: 4 });
    const after = await figures(t - DAY, t + 1);
    expect(after.all).toMatchObject({ calls: 7, calledBack: 1, rated: 1, stars: 4 });
    expect(after.ratings).toEqual([0, 0, 0, 1, 0]);
  });

  test('a call sent on at once is; late once is late for good, though it was answered since', async () => {
    clock.advance(DAY);
    const t = clock.now();
    const id = await log({ rung: t - 40_000, answered: t - 30_000 });
    expect((await figures(t - HOUR, t + 1)).all).toMatchObject({ sent: 1, dispatched60: 1, clocked: 1, late: 0 });
    clock.advance(HOUR);
    hub.board().runDues();
    await hub.rooms.until((told) => told.event === 'view' && ((told.message as ViewFrame).views.call as CallView | undefined)?.lateBy['330102'] !== undefined);
    await send('call.move', { id, from: 'dispatched', to: 'answered', reply: '已答' });
    expect((await figures(t - HOUR, t + 1)).all).toMatchObject({ clocked: 1, late: 1 });
  });

  test('late and about to be late now are the asker’s own, whatever time is asked about', async () => {
    const t = clock.now();
    const live = async (scope?: Scope): Promise<CallFigures['live']> => (await figures(t - 80 * DAY, t - 79 * DAY, scope)).live;
    const [ningbo, police] = [{ units: null, localities: ['330212'] }, { units: ['police'], localities: null }];
    const before = await live();
    expect(await live(ningbo)).toEqual({ late: 1, soon: 0 });
    // Symptoms have 30 minutes from the ring: one a minute past it, one due in 20, one with all its time but a minute; and one in another city.
    const late = await log({ rung: t - 31 * 60_000, answered: t - 31 * 60_000 });
    await log({ rung: t - 10 * 60_000, answered: t - 10 * 60_000 });
    await log({ rung: t - 60_000, answered: t - 60_000, locality: '330212', unit: 'police' });
    await log({ rung: t - 60_000, answered: t - 60_000, locality: '330212', unit: 'police', topic: 'advice' });
    expect(await live()).toEqual({ late: before.late + 1, soon: before.soon + 2 });
    expect(await live(ningbo)).toEqual({ late: 1, soon: 1 });
    expect(await live(police)).toEqual({ late: 0, soon: 1 });
    await send('call.pause', { id: late, why: 'waitingForPerson', reason: '等材料' });
    expect(await live()).toEqual({ late: before.late, soon: before.soon + 2 });
  });

  test('messages are answered within three minutes of coming in, where it is known when they did', async () => {
    const t = clock.now();
    const message = (came: number, more: Record<string, unknown> = {}): Promise<string> => log({ origin: 'web', rung: t, answered: null, topic: 'advice', received: t - came, ...more });
    const of = async (): Promise<unknown> => {
      const { messages, replied180, undated } = (await figures(t - HOUR, t + HOUR)).all;
      return { messages, replied180, undated };
    };
    expect(await of()).toEqual({ messages: 0, replied180: 0, undated: 0 });
    // Answered as it was written down, two minutes after it came; the next after four.
    await message(120_000, { reply: '已答复' });
    await message(240_000, { reply: '已答复' });
    expect(await of()).toEqual({ messages: 2, replied180: 1, undated: 0 });
    // A third came a minute ago: it may still be answered in time, and is not counted until then.
    const third = await message(60_000);
    // Nobody said when these came in, or they were written down from paper: neither is in it.
    await message(0, { received: null, reply: '已答复' });
    await message(0, { received: null, backEntered: true });
    expect(await of()).toEqual({ messages: 2, replied180: 1, undated: 1 });
    clock.advance(119_000);
    const moved = await send('call.move', { id: third, from: 'accepted', to: 'answered', reply: '已答复' });
    expect(moved.id).toBe(third);
    expect(await of()).toEqual({ messages: 3, replied180: 2, undated: 1 });
    // Taken up again and answered anew: it is the first answer that counts.
    const fourth = await message(0, { received: clock.now() - 100_000 });
    clock.advance(81_000);
    expect(await of()).toEqual({ messages: 4, replied180: 2, undated: 1 });
    await send('call.move', { id: fourth, from: 'accepted', to: 'answered', reply: '已答复' });
    expect(await of()).toEqual({ messages: 4, replied180: 2, undated: 1 });
    await send('call.move', { id: third, from: 'answered', to: 'inHand', reason: '不满意' });
    clock.advance(HOUR / 4);
    await send('call.move', { id: third, from: 'inHand', to: 'answered', reply: '再答复' });
    expect(await of()).toEqual({ messages: 4, replied180: 2, undated: 1 });
  });

  test('rings that were missed were offered too, until a call is written down from one, which is counted in its stead', async () => {
    clock.advance(3 * DAY);
    const t = clock.now();
    const tell = async (call: string, event: string, at: number): Promise<string> => String((await send('ring.report', { exchange: 'pbx', call, event, at })).id);
    const of = async (scope?: Scope): Promise<unknown> => {
      const f = await figures(t - 5 * HOUR, t + 1, scope);
      return { offered: f.all.offered, connected: f.all.connected, missed: f.missed, calls: f.all.calls, byHour: f.hours.map((h) => [h.offered, h.calls]) };
    };
    await log({ rung: t - 2 * HOUR, answered: t - 2 * HOUR + 10_000 });
    // One rings still, one was answered and is not written down: of the first nothing is known yet, the second may stand on record by hand.
    await tell('a', 'ringing', t - HOUR);
    await tell('b', 'ringing', t - HOUR);
    await tell('b', 'answered', t - HOUR + 5_000);
    expect(await of()).toEqual({ offered: 1, connected: 1, missed: 0, calls: 1, byHour: [[1, 1]] });
    await tell('a', 'missed', t - HOUR + 30_000);
    const c = await tell('c', 'missed', t - 3 * HOUR);
    expect(await of()).toEqual({ offered: 3, connected: 1, missed: 2, calls: 1, byHour: [[1, 0], [1, 1], [1, 0]] });
    // Nobody knows whose they would have been.
    expect(await of({ units: null, localities: ['330102'] })).toMatchObject({ offered: 1, missed: 0 });
    await log({ origin: 'missed', ring: c, rung: t - 3 * HOUR, answered: null, topic: 'other' });
    expect(await of()).toMatchObject({ offered: 3, connected: 1, missed: 1, calls: 2 });
    // The wall's own figure, out of the same log.
    await hub.rooms.until((told) => told.event === 'view' && ((told.message as ViewFrame).views.call as CallView | undefined)?.connected.expected === 3);
  });

  test('are cut to the asker’s scope, and are a leader’s alone', async () => {
    const all = await figures(START - DAY, START + 1, { units: null, localities: ['330212'] });
    expect(all.all).toMatchObject({ calls: 1, offered: 1 });
    expect((await figures(START - DAY, START + 1, { units: ['health'], localities: null })).topics.map((x) => x.key)).toEqual(['symptoms']);
    for (const role of ['operator', 'admin', 'unit'] as const) await expect(ask(0, 1, author(role))).rejects.toMatchObject({ problem: { code: 'notAllowed' } });
    await expect(ask(5, 4)).rejects.toMatchObject({ problem: { code: 'inputRejected' } });
  });

  test('say what lies before anything was on record', async () => {
    expect(await figures(START - 90 * DAY, START - 80 * DAY)).toMatchObject({ all: noSums, hours: [], since: START - 3 * HOUR });
  });

  test('know what was dark, until somebody says it was not', async () => {
    const t = clock.now();
    await send('outage.record', { from: t - 5 * HOUR, to: t - 4 * HOUR, cause: 'power' }, leader);
    const wrong = await send('outage.record', { from: t - 4 * HOUR, to: t - 3 * HOUR, cause: 'power' }, leader);
    expect((await figures(t - 6 * HOUR, t)).dark).toEqual([{ from: t - 5 * HOUR, to: t - 4 * HOUR }, { from: t - 4 * HOUR, to: t - 3 * HOUR }]);
    await send('outage.withdraw', { id: wrong.id, reason: '记错' }, leader);
    expect((await figures(t - 6 * HOUR, t)).dark).toEqual([{ from: t - 5 * HOUR, to: t - 4 * HOUR }]);
    expect((await figures(t - 3 * HOUR, t)).dark).toEqual([]);
    // One that goes on is dark to the end of what is asked for.
    const open = await send('outage.record', { from: t - HOUR, cause: 'telephone' }, leader);
    expect((await figures(t - 3 * HOUR, t)).dark).toEqual([{ from: t - HOUR, to: null }]);
    await send('outage.withdraw', { id: open.id, reason: '记错' }, leader);
  });

  test('what is no longer on record counts nowhere', async () => {
    const { rows } = await hub.pool.query<{ kept: number; facts: number }>(`select (select count(*)::int from record where kind = 'call') as kept, (select count(*)::int from call_fact) as facts`);
    expect(rows[0]?.facts).toBe(rows[0]?.kept);
    const client = await hub.pool.connect();
    try {
      await client.query('begin');
      await client.query(`delete from record where kind = 'call'`);
      expect((await client.query('select 1 from call_fact')).rowCount).toBe(0);
      await client.query('rollback');
    } finally {
      client.release();
    }
  });
});

describe('early warning', () => {
  test('an unusual number raises one alert by the board’s own rule, about that topic, place and day', async () => {
    // Eleven days on which two to four rang on this topic, and others on another, so that every day is known.
    for (let day = 0; day < 11; day++) {
      clock.advance(DAY);
      for (let i = 0; i < 2 + (day % 3); i++) await log({ topic: 'other', locality: '330106' });
      await log({ topic: 'advice', locality: '330109' });
    }
    clock.advance(DAY);
    const day = dayOf(clock.now(), ZONE);
    const key = signalKey({ topic: 'other', locality: '330106', day });
    for (let i = 0; i < 4 * EARS.leastCount; i++) await log({ topic: 'other', locality: '330106' });
    const told = (met: (v: CallView) => boolean): Promise<void> => hub.rooms.until((t) => t.event === 'view' && 'call' in (t.message as ViewFrame).views && met((t.message as ViewFrame).views.call as CallView));
    await told((v) => (v.signals[key] ?? 0) === 3 && v.unusual[0]?.topic === 'other');
    await hub.board().watchSettled();
    await hub.core.tick();
    hub.board().runDues();
    const alerts = async (): Promise<Alert[]> => {
      const answer = await queries.ask({ author: leader, scope: everywhere }, queryMessage.parse({ name: 'list', board: 'test', kind: 'alert' }));
      return answer.ok ? (answer.records ?? []).map((r) => r.body as Alert).filter((a) => a.rule?.code === 'callSignal') : [];
    };
    await hub.rooms.until((t) => t.event === 'view' && JSON.stringify((t.message as ViewFrame).views.alert ?? '').includes(key));
    const [raised, ...more] = await alerts();
    expect(more).toEqual([]);
    expect(raised).toMatchObject({ key, localities: ['330106'], holds: true, params: { key } });

    // The list behind it: that topic, that county, that day, and nothing else.
    const begin = Date.parse(`${day}T00:00:00+08:00`);
    const list = await queries.ask({ author: leader, scope: everywhere }, queryMessage.parse({ name: 'list', board: 'test', kind: 'call', where: { topic: ['other'], locality: ['330106'] }, range: [begin, begin + DAY - 1] }));
    expect(list.ok && list.total).toBe(4 * EARS.leastCount);

    // Three days of its past turn out to have been dark: too little is known to say so any more, and the alert does not hold.
    const before = hub.rooms.told.length;
    await send('outage.record', { from: begin - 6 * DAY, to: begin - 3 * DAY, cause: 'network' }, leader);
    await hub.rooms.until((t) => hub.rooms.told.indexOf(t) >= before && t.event === 'view' && 'call' in (t.message as ViewFrame).views && ((t.message as ViewFrame).views.call as CallView).signals[key] === undefined);
  });
});
