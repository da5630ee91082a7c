import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { freshDatabase } from '../../e2e/setup/database.ts';
import type { CallView } from '../../shared/features/call/stats.ts';
import { everywhere } from '../../shared/access/access.ts';
import { asPattern } from '../../shared/features/index.ts';
import type { Shipment } from '../../shared/features/shipment/record.ts';
import type { ShipmentView } from '../../shared/features/shipment/stats.ts';
import { queryMessage, type ViewFrame } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { seedReference } from '../dev/seed.ts';
import { idFrom } from '../record/ids.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../testing/cluster.ts';

/** The product's own kinds on the real writer and the real PostgreSQL: what their rules alone cannot show. */
const START = Date.UTC(2020, 1, 5, 14);
let database: FreshDatabase;
let hub: TestHub;
const clock = new ManualClock(START);
const operator = author('operator');
const clerk = author('supplies');
const inspector = author('enterprises');

beforeAll(async () => {
  database = await freshDatabase();
  hub = await openHub({ database: database.config, features: asPattern, clock });
  await hub.core.create(testBoard);
  hub.rooms.enter(hub.board().viewsRoom);
  await seedReference(hub.board());
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

const send = (who: typeof operator, type: string, body: Record<string, unknown>): ReturnType<ReturnType<TestHub['board']>['submit']> => hub.board().submit(who, commandOf(type, body));
const ring = { rung: START - 60_000, answered: START - 50_000, topic: 'symptoms', locality: '330102' };
async function found(who: typeof operator, kind: string, q: string): Promise<string[]> {
  const message = queryMessage.parse({ name: 'list', board: 'test', kind, q });
  const result = await hub.core.queries.ask({ author: who, scope: who.scope }, message);
  if (!result.ok) throw new Error(result.error.code);
  return (result.records ?? []).map((r) => r.id);
}

test('a board that an earlier version set up with other words opens, and keeps them', async () => {
  const old = await freshDatabase();
  const other = await openHub({ database: old.config, features: asPattern, clock });
  try {
    await other.core.create(testBoard);
    const body = { code: 'health', create: true, changes: { name: { from: null, to: { zh: '卫生健康局', en: 'Health, as it was called' } }, sort: { from: null, to: 'department' } } };
    const setup = { id: 'setup', label: '初始设置', role: 'admin', scope: everywhere } as const;
    accepted(await other.board().submit(setup, { ...commandOf('unit.save', body), id: idFrom('seed', 'test', 'unit.save', 'health') }));
    await seedReference(other.board());
    const result = await other.core.queries.ask({ author: setup, scope: everywhere }, queryMessage.parse({ name: 'list', board: 'test', kind: 'unit', q: 'health' }));
    expect(result.ok && result.records?.map((r) => (r.body as { name: unknown }).name)).toEqual([{ zh: '卫生健康局', en: 'Health, as it was called' }]);
  } finally {
    await other.close();
    await old.drop();
  }
});

/** The first figures told to the wall, already or to come, of which something is true. */
const told = <V>(kind: string, met: (view: V) => boolean): Promise<void> =>
  hub.rooms.until((t) => {
    const views = t.event === 'view' ? (t.message as ViewFrame).views : {};
    return kind in views && met(views[kind] as V);
  });

describe('calls on the record', () => {
  test('twenty at once get twenty numbers without a hole', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(operator, 'call.log', ring)));
    const numbers = answers.map((a) => String(accepted(a).result.number)).sort();
    expect(new Set(numbers).size).toBe(20);
    expect(Number(numbers.at(-1)?.slice(-4)) - Number(numbers[0]?.slice(-4))).toBe(19);
  });

  test('NUL, half a surrogate, script and formula in a narrative take no neighbour down', async () => {
    const odd = 'a\u0000b\ud83d =1+1 <script> \u202e😷';
    const answers = await Promise.all([
      send(operator, 'call.log', { ...ring, narrative: odd, callerName: '\u0000' }),
      send(operator, 'call.log', { ...ring, topic: 'x\u0000' }),
      send(operator, 'call.log', { ...ring, locality: '330102\u0000' }),
      send(operator, 'call.log', ring),
    ]);
    expect(answers.map((a) => a.ok)).toEqual([true, false, false, true]);
  });

  test('are found by number, by two characters of the place and of what was said', async () => {
    const answer = accepted(await send(operator, 'call.log', { ...ring, locality: '330212', narrative: '药店排队买不到口罩', callerNumber: '199 0000 0777' }));
    const id = String(answer.result.id);
    expect(await found(operator, 'call', '鄞州')).toEqual([id]);
    expect(await found(operator, 'call', '宁波 买不到')).toEqual([id]);
    expect(await found(operator, 'call', '19900000777')).toEqual([id]);
    expect(await found(operator, 'call', String(answer.result.number))).toEqual([id]);
    expect(await found(operator, 'call', '鄞州 发热')).toEqual([]);
  });

  test('asked again under the same id, one call', async () => {
    const command = commandOf('call.log', { ...ring, narrative: '同一件' });
    const [a, b] = await Promise.all([hub.board().submit(operator, command), hub.board().submit(operator, command)]);
    expect(accepted(a).result).toEqual(accepted(b).result);
  });
});

describe('a load, from its announcement to the store', () => {
  test('is counted by two clerks at once, differs, and is stored; the wall’s figures say so', async () => {
    const announced = accepted(
      await send(clerk, 'shipment.announce', {
        from: { locality: '330782', place: '义乌物流中心' },
        to: { locality: '330212', place: '鄞州应急仓库' },
        lines: [
          { item: 'masks', announced: 400 },
          { item: 'alcohol', announced: 30 },
        ],
        vehicle: '浙B00001',
        driverName: '林师傅',
        driverNumber: '19900000301',
      }),
    );
    const id = String(announced.result.id);
    const step = async (from: string, to: string): Promise<void> => void accepted(await send(clerk, 'shipment.move', { id, from, to }));
    await step('planned', 'departed');
    await step('departed', 'onTheWay');
    accepted(await send(clerk, 'shipment.position', { id, lon: 120.5, lat: 29.6, at: START }));
    await step('onTheWay', 'arrived');
    await step('arrived', 'unloading');
    const [one, two, clash] = await Promise.all([
      send(clerk, 'shipment.count', { id, lines: [{ item: 'masks', from: null, counted: 397, reason: '少三箱' }] }),
      send(author('leader'), 'shipment.count', { id, lines: [{ item: 'alcohol', from: null, counted: 30 }] }),
      send(author('leader'), 'shipment.count', { id, lines: [{ item: 'masks', from: null, counted: 400 }] }),
    ]);
    accepted(one);
    accepted(two);
    expect(clash).toMatchObject({ ok: false, error: { code: 'conflict', both: [{ field: 'lines.masks', yours: 400, theirs: 397 }] } });
    await step('unloading', 'counted');
    accepted(await send(clerk, 'shipment.store', { id }));
    const stored = await hub.core.queries.ask({ author: clerk, scope: clerk.scope }, queryMessage.parse({ name: 'record', board: 'test', kind: 'shipment', id }));
    if (!stored.ok) throw new Error(stored.error.code);
    expect((stored.record?.body as Shipment).state).toBe('stored');
    expect(stored.personal).toEqual({ driverName: '林**', driverNumber: '199****0301' });
    expect(stored.history?.length).toBe(10);
    await told<ShipmentView>('shipment', (v) => v.storedToday.value === 1 && v.differences.length === 1 && v.differences[0]?.counted === 397);
  });
});

describe('enterprises on the record', () => {
  const plant = { name: '演练氯碱化工有限公司', creditCode: '91330211MA0DEM013F', locality: '330211', trade: 'chemicals', headcount: 420 };

  test('two who register the same one at once: one does', async () => {
    const answers = await Promise.all([send(inspector, 'enterprise.register', plant), send(author('enterprises', undefined, 'other'), 'enterprise.register', plant)]);
    expect(answers.filter((a) => a.ok)).toHaveLength(1);
    expect(answers.find((a) => !a.ok)).toMatchObject({ error: { code: 'alreadyExists', fields: [{ path: 'creditCode', code: 'taken' }] } });
    expect(await found(inspector, 'enterprise', '氯碱')).toHaveLength(1);
    expect(await found(inspector, 'enterprise', '镇海 化工')).toHaveLength(1);
  });
});

describe('rule 15: a call not answered in time', () => {
  test('is written once, whoever notices it, and the wall says so', async () => {
    const logged = accepted(await send(operator, 'call.log', ring));
    const due = ring.rung + 30 * 60_000;
    clock.advance(due - clock.now());
    const system = { ...operator, id: 'system', role: 'system' as const };
    // The board's own clock, and two that notice the same.
    hub.board().runDues();
    await Promise.all([1, 2].map(() => send(system, 'call.tick', { id: logged.result.id, run: 1, step: 'due' })));
    await told<CallView>('call', (v) => (v.lateBy['330102'] ?? 0) >= 22);
    const record = await hub.core.queries.ask({ author: operator, scope: operator.scope }, queryMessage.parse({ name: 'record', board: 'test', kind: 'call', id: String(logged.result.id) }));
    if (!record.ok) throw new Error(record.error.code);
    expect(record.history?.map((h) => h.command)).toEqual(['call.tick', 'call.log']);
    expect(record.record?.body.overdueSince).toBe(due);
  });
});
