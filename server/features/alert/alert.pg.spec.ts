import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../../e2e/setup/database.ts';
import { freshDatabase } from '../../../e2e/setup/database.ts';
import type { Alert } from '../../../shared/features/alert/record.ts';
import type { AlertView } from '../../../shared/features/alert/stats.ts';
import { asPattern } from '../../../shared/features/index.ts';
import type { Rule } from '../../../shared/features/rule/record.ts';
import { queryMessage, type QueryResult } from '../../../shared/protocol/messages.ts';
import { ManualClock } from '../../../shared/time/clock.ts';
import { MemoryBus } from '../../fanout/memory.ts';
import { seedReference } from '../../dev/seed.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../../testing/cluster.ts';

/** Rule 15 for alerts: two hubs, a restart and a hub that slept write each of them once, and the record is what decides. */
const START = Date.UTC(2020, 1, 5, 14);
const MINUTE = 60_000;
const admin = author('admin');
const operator = author('operator');
const leader = author('leader');
const system = { ...operator, id: 'system', role: 'system' as const };

let database: FreshDatabase;
let bus: MemoryBus;
let clock: ManualClock;
let hubs: TestHub[];

const open = (): Promise<TestHub> => openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
const first = (): TestHub => hubs[0] as TestHub;

beforeEach(async () => {
  database = await freshDatabase();
  bus = new MemoryBus();
  clock = new ManualClock(START);
  hubs = [await open()];
  await first().core.create(testBoard);
  await seedReference(first().board());
  // Its own rules are switched off: each test says what it looks at.
  for (const r of await records<Rule>('rule')) {
    if (r.body.active) await must(admin, 'rule.save', { code: r.id, changes: { active: { from: true, to: false } } });
  }
  hubs.push(await open());
});
afterEach(async () => {
  for (const hub of hubs) if (!hub.closed) await hub.close();
  await database.drop();
});

const must = async (who: typeof operator, type: string, body: Record<string, unknown>): Promise<string> => String(accepted(await first().board().submit(who, commandOf(type, body))).result.id);
async function ask(who: typeof operator, query: Record<string, unknown>): Promise<Extract<QueryResult, { ok: true }>> {
  const result = await first().core.gate.query({ type: 'person', person: who.id, label: who.label, session: 's', grants: [{ board: 'test', role: who.role as 'leader', scope: who.scope }] } as never, { board: 'test', ...query });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result;
}
async function records<B>(kind: string): Promise<{ id: string; body: B }[]> {
  const result = await first().core.queries.ask({ author: leader, scope: leader.scope }, queryMessage.parse({ name: 'list', board: 'test', kind, limit: 200, sort: 'oldest' }));
  if (!result.ok) throw new Error(result.error.code);
  return (result.records ?? []) as unknown as { id: string; body: B }[];
}
const alerts = async (): Promise<{ id: string; body: Alert }[]> => (await records<Alert>('alert')).sort((a, b) => (a.body.number < b.body.number ? -1 : 1));

/** Every hub has heard everything, gone through what it wanted, and written what it owed. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    for (const hub of hubs) {
      if (hub.closed) continue;
      await hub.core.tick();
      await hub.board().settled();
      await hub.board().watchSettled();
      hub.board().runDues();
      // Commands are decided in the order in which they came: when this is answered, those before it are.
      await hub.board().submit(system, commandOf('rule.trouble', { code: 'nothing', edition: 1, at: 0, flaw: { code: 'failed', at: 0, to: 0 }, id: null }));
      await turn();
    }
  }
}
async function at(ms: number): Promise<void> {
  clock.advance(ms - clock.now());
  await quiet();
}

const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
const rule = (more: Record<string, unknown>): Record<string, unknown> => ({
  code: 'probe',
  create: true,
  changes: Object.fromEntries(
    Object.entries({ name: { zh: '试', en: 'Probe' }, looks: 'records', kind: 'call', when: 'true', level: 'high', title: { zh: '{number}', en: '{number}' }, active: true, ...more }).map(([k, v]) => [k, set(v)]),
  ),
});
const edit = (changes: Record<string, [unknown, unknown]>): Record<string, unknown> => ({ code: 'probe', changes: Object.fromEntries(Object.entries(changes).map(([k, [from, to]]) => [k, { from, to }])) });
const call = (more: Record<string, unknown> = {}): Promise<string> => must(operator, 'call.log', { rung: clock.now() - MINUTE, answered: clock.now() - MINUTE, topic: 'symptoms', locality: '330102', ...more });
const urgentDue = START - MINUTE + 30 * MINUTE;

describe('[R15] a rule', () => {
  test('switched on finds what is present; tried before, it says the same; two hubs and a restart write each once', async () => {
    const [a, b] = [await call(), await call()];
    await call({ topic: 'advice' });
    const says = { looks: 'records', kind: 'call', each: null, when: 'urgency == "urgent"', clear: null, field: null, minutes: 0, title: { zh: '{number}', en: '{number}' } };
    const tried = await ask(admin, { name: 'survey', kind: 'rule', ask: 'rule.try', body: says });
    expect([tried.total, tried.seen, tried.failed]).toEqual([2, 3, 0]);
    expect(tried.found?.map((f) => f.id).sort()).toEqual([a, b].sort());
    expect(await alerts()).toEqual([]);
    await must(admin, 'rule.save', rule({ when: says.when }));
    await quiet();
    const raised = await alerts();
    expect(raised.map((x) => x.body.about?.id).sort()).toEqual([a, b].sort());
    expect(raised[0]?.body).toMatchObject({ state: 'new', level: 'high', rule: { code: 'probe', edition: 1 }, inputs: { urgency: 'urgent' }, holds: true });
    await first().close();
    hubs[0] = await open();
    await quiet();
    expect(await alerts()).toEqual(raised);
  });

  test('with a time: at its moment and not before, once; over when the record says so; a person who cleared it is not asked again until then', async () => {
    await must(admin, 'rule.save', rule({ when: 'due != null', field: 'due', minutes: 10 }));
    const id = await call();
    await at(urgentDue + 10 * MINUTE - 1);
    expect(await alerts()).toEqual([]);
    await at(urgentDue + 10 * MINUTE);
    const [raised] = await alerts();
    expect(raised?.body).toMatchObject({ about: { kind: 'call', id }, raised: urgentDue + 10 * MINUTE, inputs: { due: urgentDue } });
    await must(leader, 'alert.move', { id: raised?.id, from: 'new', to: 'cleared', reason: '已电话告知' });
    await must(operator, 'call.move', { id, from: 'dispatched', to: 'inHand' });
    await quiet();
    expect((await alerts()).map((x) => [x.body.state, x.body.holds])).toEqual([['cleared', true]]);
    await must(operator, 'call.move', { id, from: 'inHand', to: 'answered', reply: '已答复' });
    await quiet();
    expect((await alerts()).map((x) => [x.body.state, x.body.holds])).toEqual([['cleared', false]]);
    await must(operator, 'call.move', { id, from: 'answered', to: 'inHand', reason: '不满意' });
    await at(clock.now() + 40 * MINUTE);
    expect((await alerts()).map((x) => x.body.state)).toEqual(['cleared', 'new']);
  });

  test('a hub that slept through it, and one that starts after it, write it once', async () => {
    await must(admin, 'rule.save', rule({ when: 'due != null', field: 'due', minutes: 10 }));
    await call();
    await first().close();
    await hubs[1]?.close();
    clock.advance(5 * 3_600_000);
    hubs = [await open(), await open()];
    await quiet();
    expect((await alerts()).map((x) => x.body.state)).toEqual(['new']);
  });

  test('stands for its least time, and has a dead band', async () => {
    await must(admin, 'rule.save', rule({ kind: 'enterprise', when: 'capacity < 30', clear: 'capacity > 60', least: 10, title: { zh: '{name}', en: '{name}' } }));
    const id = await must(author('enterprises'), 'enterprise.register', { name: '演练氯碱化工有限公司', creditCode: '91330211MA0DEM013F', locality: '330211', trade: 'chemicals', headcount: 420, state: 'resumed' });
    let n = 0;
    const report = async (capacity: number): Promise<void> => {
      await must(author('enterprises'), 'enterprise.report', { id, day: '2020-02-05', capacity, staff: 10 + n++, masksDays: 3, difficulties: [], output: [] });
      await quiet();
    };
    await report(40);
    expect(await alerts()).toEqual([]);
    await report(20);
    const states = async (): Promise<string[]> => (await alerts()).map((x) => x.body.state);
    expect(await states()).toEqual(['new']);
    await report(50);
    await at(START + 11 * MINUTE);
    expect(await states()).toEqual(['new']);
    await report(70);
    expect(await states()).toEqual(['cleared']);
    await report(20);
    await report(80);
    expect(await states()).toEqual(['cleared', 'new']);
    await at(clock.now() + 10 * MINUTE);
    expect(await states()).toEqual(['cleared', 'cleared']);
  });

  test('over figures, one by one: raised once by two hubs, over below its band', async () => {
    await must(admin, 'rule.save', rule({ looks: 'figures', kind: null, each: 'call.openBy', when: 'size(key) == 6 && value >= 3', clear: 'value < 2', title: { zh: '{key} {value}', en: '{key} {value}' } }));
    const ids = [await call(), await call(), await call(), await call({ locality: '330212' })];
    await at(START + 2_000);
    const [one, ...more] = await alerts();
    expect(more).toEqual([]);
    expect(one?.body).toMatchObject({ key: '330102', localities: ['330102'], params: { key: '330102', value: 3 }, inputs: { key: '330102', value: 3 } });
    for (const id of ids.slice(0, 2)) {
      await must(operator, 'call.move', { id, from: 'dispatched', to: 'answered', reply: '已答复' });
      await must(operator, 'call.move', { id, from: 'answered', to: 'finished' });
      await must(operator, 'call.move', { id, from: 'finished', to: 'calledBack' });
    }
    await at(START + 4_000);
    expect((await alerts()).map((x) => x.body.state)).toEqual(['cleared']);
  });

  test('that cannot be worked out says so on itself, and nothing else stands still', async () => {
    await must(admin, 'rule.save', rule({ kind: 'shipment', when: 'lines[1].announced > 5', title: { zh: '{number}', en: '{number}' } }));
    await must(author('supplies'), 'shipment.announce', { from: { locality: null, place: '外省' }, to: { locality: '330212', place: '仓库' }, lines: [{ item: 'masks', announced: 4 }] });
    await quiet();
    const probe = (await records<Rule>('rule')).find((r) => r.id === 'probe');
    expect(probe?.body).toMatchObject({ edition: 1, active: true, trouble: { flaw: { code: 'failed' } } });
    await must(author('supplies'), 'shipment.announce', { from: { locality: null, place: '外省' }, to: { locality: '330212', place: '仓库' }, lines: [{ item: 'masks', announced: 4 }, { item: 'gloves', announced: 9 }] });
    await quiet();
    expect(await alerts()).toHaveLength(1);
  });

  test('switched off lets go; changed, it is another edition and judges anew', async () => {
    await call();
    await must(admin, 'rule.save', rule({ when: 'urgency == "urgent"' }));
    await quiet();
    await must(admin, 'rule.save', edit({ when: ['urgency == "urgent"', 'urgency == "normal"'] }));
    await quiet();
    expect((await alerts()).map((x) => x.body.state)).toEqual(['cleared']);
    await must(admin, 'rule.save', edit({ when: ['urgency == "normal"', 'urgency != "normal"'] }));
    await quiet();
    await must(admin, 'rule.save', edit({ active: [true, false] }));
    await quiet();
    expect((await alerts()).map((x) => [x.body.state, x.body.rule?.edition])).toEqual([
      ['cleared', 1],
      ['cleared', 3],
    ]);
  });
});

describe('[R15] an alert', () => {
  const roster = (): Promise<string> =>
    must(leader, 'shift.plan', { name: '夜班', from: START, to: START + 12 * 3_600_000, duty: [{ label: '值班员 李' }, { label: '值班长 王' }, { label: '值班领导 陈' }], rise: { critical: 3, high: 5, medium: 15, low: 60 } });
  const raise = (): Promise<string> => must(operator, 'alert.raise', { title: '机房停电', level: 'critical' });
  const now = async (): Promise<Alert | undefined> => (await alerts())[0]?.body;

  test('nobody acknowledges rises along the roster, each step once', async () => {
    await roster();
    await raise();
    expect(await now()).toMatchObject({ whose: '值班员 李', rank: 0, riseAt: START + 3 * MINUTE });
    await at(START + 3 * MINUTE);
    expect(await now()).toMatchObject({ whose: '值班长 王', rank: 1, roseAt: START + 3 * MINUTE, riseAt: START + 6 * MINUTE });
    await at(START + 9 * MINUTE);
    await at(START + 20 * MINUTE);
    expect(await now()).toMatchObject({ whose: '值班领导 陈', rank: 2, riseAt: START + 12 * 60 * MINUTE });
    const [one] = await alerts();
    const history = (await ask(leader, { name: 'record', kind: 'alert', id: one?.id })).history;
    expect(history?.map((h) => h.command)).toEqual(['alert.rise', 'alert.rise', 'alert.raise']);
  });

  const [li, wang, zhao, sun] = ['li', 'wang', 'zhao', 'sun'].map((name) => ({ label: `值班 ${name}`, person: name }));
  const plan = (from: number, to: number, duty: unknown[]): Promise<string> => must(leader, 'shift.plan', { from, to, duty, rise: { critical: 3, high: 5, medium: 15, low: 60 } });

  test('rises to accounts, and when the shift has gone over to the first of those who came on', async () => {
    const change = START + 15 * MINUTE;
    await plan(START, change, [li, { label: '无账号 周' }, wang]);
    await plan(change, change + 12 * 60 * MINUTE, [zhao, sun]);
    await raise();
    expect(await now()).toMatchObject({ whose: li?.label, whosePerson: 'li' });
    await at(START + 3 * MINUTE);
    expect(await now()).toMatchObject({ whose: '无账号 周', whosePerson: null, rank: 1 });
    await at(START + 6 * MINUTE);
    expect(await now()).toMatchObject({ whosePerson: 'wang', rank: 2, riseAt: change });
    // Nobody stood behind her: it was hers until she went home.
    await at(change - 1);
    expect(await now()).toMatchObject({ whosePerson: 'wang' });
    await at(change);
    expect(await now()).toMatchObject({ whosePerson: 'zhao', rank: 0, roseAt: change, riseAt: change + 3 * MINUTE });
    await at(change + 3 * MINUTE);
    expect(await now()).toMatchObject({ whosePerson: 'sun', rank: 1, riseAt: change + 12 * 60 * MINUTE });
    await at(change + 13 * 60 * MINUTE);
    expect(await now()).toMatchObject({ whosePerson: 'sun', riseAt: null });
  });

  test('whoever is on in both shifts keeps the time they had; on a changed roster it goes behind where they stand now', async () => {
    const change = START + 15 * MINUTE;
    await plan(START, change, [li, wang]);
    const day = await plan(change, change + 12 * 60 * MINUTE, [zhao, li, wang]);
    await at(change - MINUTE);
    await raise();
    await at(change);
    expect(await now()).toMatchObject({ whosePerson: 'li', rank: 1, roseAt: null, riseAt: change + 2 * MINUTE });
    await must(leader, 'shift.amend', { id: day, changes: { duty: { from: [zhao, li, wang], to: [li, sun, zhao] } } });
    await at(change + 2 * MINUTE);
    expect(await now()).toMatchObject({ whosePerson: 'sun', rank: 1, roseAt: change + 2 * MINUTE });
    // Taken off the roster altogether: it begins anew.
    await must(leader, 'shift.amend', { id: day, changes: { duty: { from: [li, sun, zhao], to: [zhao, wang] } } });
    await at(change + 5 * MINUTE);
    expect(await now()).toMatchObject({ whosePerson: 'zhao', rank: 0 });
  });

  test('is raised by whoever stands beside what it is about, and not about what they may not read', async () => {
    const about = await call();
    const load = await must(author('supplies'), 'shipment.announce', { from: { locality: null, place: '外省' }, to: { locality: '330212', place: '仓库' }, lines: [{ item: 'masks', announced: 4 }] });
    await must(author('supplies'), 'alert.raise', { title: '车厢进水', level: 'high', about: { kind: 'shipment', id: load } });
    expect(await now()).toMatchObject({ title: { zh: '车厢进水' }, localities: ['330212'], raisedBy: author('supplies').label });
    const refused = await first().board().submit(author('supplies'), commandOf('alert.raise', { title: '来电有误', level: 'high', about: { kind: 'call', id: about } }));
    expect(refused).toMatchObject({ ok: false, error: { code: 'notFound' } });
  });

  test('acknowledged or shelved comes back when that runs out, and is counted all the while', async () => {
    await roster();
    const id = await raise();
    const view = (): AlertView => (first().board() as unknown as { picture: { view(k: string, now: number): AlertView } }).picture.view('alert', clock.now());
    await must(leader, 'alert.move', { id, from: 'new', to: 'shelved', until: START + 60 * MINUTE, reason: '等电工' });
    await at(START + 30 * MINUTE);
    expect([view().shelved.value, view().fresh.value]).toEqual([1, 0]);
    await at(START + 60 * MINUTE);
    expect(await now()).toMatchObject({ state: 'new', back: 1, whose: '值班员 李', riseAt: START + 63 * MINUTE });
    await must(operator, 'alert.move', { id, from: 'new', to: 'acknowledged', intends: '叫电工', until: START + 90 * MINUTE });
    await at(START + 89 * MINUTE);
    expect(await now()).toMatchObject({ state: 'acknowledged', by: 'operator 王', intends: '叫电工', riseAt: null });
    await at(START + 90 * MINUTE);
    expect(await now()).toMatchObject({ state: 'new', back: 2 });
  });
});
