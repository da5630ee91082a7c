import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../e2e/setup/database.ts';
import { everywhere, type Author } from '../../shared/access/access.ts';
import { asPattern } from '../../shared/features/index.ts';
import type { Order } from '../../shared/features/order/record.ts';
import type { OrderView } from '../../shared/features/order/stats.ts';
import { queryMessage, type EntryFrame, type QueryResult, type ViewFrame } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { seedReference } from '../dev/seed.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../testing/cluster.ts';

/** Orders and their clocks on the real writer, two hubs, one database; time is injected. */
const MIN = 60_000;
const START = Date.UTC(2020, 1, 5, 14);
let database: FreshDatabase;
let hubs: TestHub[];
const clock = new ManualClock(START);
const leader = author('leader');
const of = (unit: string): Author => author('unit', { units: [unit], localities: null }, `unit-${unit}`);
const [labour, economy] = [of('labour'), of('economy')];
const [bus] = [new MemoryBus()];

beforeAll(async () => {
  database = await freshDatabase();
  const one = await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
  await one.core.create(testBoard);
  await seedReference(one.board());
  hubs = [one, await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() })];
});
afterAll(async () => {
  await Promise.all(hubs.map((h) => h.close()));
  await database.drop();
});

const hub = (i = 0): TestHub => hubs[i] as TestHub;
const send = async (who: Author, type: string, body: Record<string, unknown>, at = 0) => hub(at).board().submit(who, commandOf(type, body));
const give = async (units: string[], more: Record<string, unknown> = {}): Promise<string> =>
  String(accepted(await send(leader, 'order.give', { title: '协调夜班人手', text: '密级内部', units, limit: 'orderFour', ...more })).result.id);
const ask = async (who: Author, message: Record<string, unknown>): Promise<QueryResult> => {
  try {
    return await hub().core.queries.ask({ author: who, scope: who.scope }, queryMessage.parse({ board: 'test', kind: 'order', ...message }));
  } catch (error) {
    return { ok: false, error: (error as { problem: { code: 'notFound' } }).problem };
  }
};
const found = async (who: Author, message: Record<string, unknown> = {}): Promise<string[]> => {
  const said = await ask(who, { name: 'list', limit: 200, ...message });
  return said.ok ? (said.records ?? []).map((r) => r.id) : [said.error.code];
};
const orderOf = async (id: string): Promise<Order> => {
  const said = await ask(leader, { name: 'record', id });
  if (!said.ok) throw new Error(said.error.code);
  return said.record?.body as Order;
};
/** Both hubs notice at once, as often as asked; resolved when all they asked for has been decided. */
async function notice(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (const h of hubs) h.board().runDues();
    // A writer takes in order: once this is answered, what fell due before has been decided.
    for (const h of hubs) await h.board().submit(leader, commandOf('order.urge', { id: '00000000-0000-4000-8000-000000000000' }));
    for (const h of hubs) await h.core.tick();
    for (const h of hubs) await h.board().settled();
  }
}
const facts = async (id: string): Promise<string[]> => {
  const said = await ask(leader, { name: 'record', id });
  return said.ok ? (said.history ?? []).map((h) => h.command).reverse() : [said.error.code];
};

describe('[R10] a unit sees its own', () => {
  test('in lists, searches, by id, in history and in hand; another’s order is not there, whatever it is asked by', async () => {
    const both = await give(['labour', 'economy'], { title: '两家同办' });
    const [mine, theirs] = [both, both.replace(/-1$/, '-2')];
    for (const [who, own, other] of [
      [labour, mine, theirs],
      [economy, theirs, mine],
    ] as const) {
      expect(await found(who)).toContain(own);
      for (const message of [{}, { q: '两家同办' }, { q: 'D20200205' }, { where: { unit: ['labour', 'economy'] } }, { where: { standing: ['given'] } }, { where: { given: ['D20200205-001'] } }]) {
        expect(await found(who, message)).not.toContain(other);
      }
      expect(await ask(who, { name: 'record', id: other })).toMatchObject({ ok: false, error: { code: 'notFound' } });
      for (const [type, body] of [
        ['order.move', { from: 'given', to: 'accepted' }],
        ['order.move', { from: 'accepted', to: 'finished', report: 'x' }],
        ['order.ask', { until: START + 600 * MIN, reason: 'x' }],
      ] as const) {
        expect(await send(who, type, { id: other, ...body })).toMatchObject({ ok: false, error: { code: 'notFound' } });
      }
      for (const type of ['order.urge', 'order.resume', 'order.give']) expect(await send(who, type, type === 'order.give' ? { title: 'x', units: ['labour'], limit: 'orderFour' } : { id: own })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    }
    for (const role of ['operator', 'supplies', 'enterprises', 'admin'] as const) expect(await found(author(role))).toEqual(['notAllowed']);
  });

  test('what is given to another unit instead is gone from the first one’s hand', async () => {
    const id = await give(['labour']);
    const frames: EntryFrame[] = [];
    await hub().board().join({ type: 'console', role: 'unit', scope: labour.scope }, false, (rooms, start) => {
      expect(start.entries?.records.filter((r) => r.kind === 'order').map((r) => (r.body as Order).unit)).not.toContain('economy');
      for (const room of rooms) hub().rooms.enter(room, (told) => told.event === 'entry' && frames.push(told.message as EntryFrame));
    });
    accepted(await send(labour, 'order.move', { id, from: 'given', to: 'sentBack', reason: '不属本单位' }));
    accepted(await send(leader, 'order.move', { id, from: 'sentBack', to: 'given', reason: '改派', unit: 'economy', limit: 'orderFour' }));
    await hub().rooms.until((t) => t.event === 'entry' && (t.message as EntryFrame).gone.some(([kind, gone]) => kind === 'order' && gone === id));
    expect(frames.flatMap((f) => f.puts).filter((p) => (p.body as Partial<Order>).unit === 'economy')).toEqual([]);
    expect(await found(labour)).not.toContain(id);
    expect(await found(economy)).toContain(id);
  });
});

describe('[R15] its clock, with two hubs', () => {
  test('late is written once, at its moment and not before, and told to every wall', async () => {
    for (const h of hubs) h.rooms.enter(h.board().viewsRoom);
    const id = await give(['health'], { limit: 'orderHour' });
    clock.advance(60 * MIN - 1);
    await notice(2);
    expect(await facts(id)).toEqual(['order.give', 'order.tick']);
    clock.advance(1);
    await notice(3);
    expect(await facts(id)).toEqual(['order.give', 'order.tick', 'order.tick']);
    expect((await orderOf(id)).clock).toMatchObject({ passed: clock.now(), urged: clock.now(), escalated: null });
    for (const h of hubs) await h.rooms.until((t) => t.event === 'view' && ((t.message as ViewFrame).views.order as OrderView | undefined)?.lines.some((l) => l.id === id && l.state !== 'running') === true);
  });

  test('a hub that was away, or one that starts only then, writes what has come in one go', async () => {
    const id = await give(['police'], { limit: 'orderHour' });
    clock.advance(300 * MIN);
    const late = await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
    hubs.push(late);
    await notice(2);
    expect(await facts(id)).toEqual(['order.give', 'order.tick']);
    const { reminded, passed, escalated } = (await orderOf(id)).clock;
    expect({ reminded, passed, escalated }).toMatchObject({ reminded: null, passed: clock.now() - 240 * MIN, escalated: clock.now() - 225 * MIN });
    hubs.pop();
    await late.close();
  });

  test('paused and gone on to the very same moment it still comes; paused beyond it, it does not', async () => {
    const id = await give(['traffic'], { limit: 'orderHour' });
    const due = (await orderOf(id)).clock.due ?? 0;
    accepted(await send(leader, 'order.pause', { id, why: 'other', reason: '核对' }));
    accepted(await send(leader, 'order.resume', { id }, 1));
    expect((await orderOf(id)).clock).toMatchObject({ due, run: 2 });
    clock.advance(due - clock.now());
    await notice(2);
    expect((await orderOf(id)).clock.passed).toBe(due);

    const other = await give(['civil'], { limit: 'orderHour' });
    accepted(await send(leader, 'order.pause', { id: other, why: 'other', reason: '等批示' }));
    clock.advance(200 * MIN);
    await notice(2);
    expect((await orderOf(other)).clock.passed).toBeNull();
    accepted(await send(leader, 'order.resume', { id: other }));
    expect((await orderOf(other)).clock.due).toBe(clock.now() + 60 * MIN);
  });

  test('finished in time, then begun anew under a limit changed meanwhile: the new clock comes, the old one never', async () => {
    const id = await give(['market'], { limit: 'orderHour' });
    accepted(await send(leader, 'order.move', { id, from: 'given', to: 'accepted' }));
    accepted(await send(leader, 'order.move', { id, from: 'accepted', to: 'finished', report: '已办' }));
    accepted(await send({ ...author('admin'), scope: everywhere }, 'limit.save', { code: 'orderHour', changes: { amount: { from: 60, to: 30 } } }));
    clock.advance(90 * MIN);
    await notice(2);
    expect((await orderOf(id)).clock.passed).toBeNull();
    accepted(await send(leader, 'order.move', { id, from: 'finished', to: 'accepted', reason: '未到位', limit: 'orderHour' }));
    const { due, limit } = (await orderOf(id)).clock;
    expect({ due, version: limit?.version }).toEqual({ due: clock.now() + 30 * MIN, version: 2 });
    clock.advance(30 * MIN);
    await notice(2);
    expect((await orderOf(id)).clock.passed).toBe(due);
  });

  test('a hub’s clock put back between noticing and writing loses nothing', async () => {
    const id = await give(['emergency'], { limit: 'orderHour' });
    const run = (await orderOf(id)).clock.run;
    const early = await hub().board().submit({ ...leader, id: 'system', role: 'system' }, commandOf('order.tick', { id, run, step: 'remind' }));
    expect(early).toMatchObject({ ok: false, error: { code: 'notReady' } });
    clock.advance(60 * MIN);
    await notice(2);
    expect((await orderOf(id)).clock.passed).not.toBeNull();
  });
});
