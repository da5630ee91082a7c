import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../../e2e/setup/database.ts';
import { freshDatabase } from '../../../e2e/setup/database.ts';
import type { Scope } from '../../../shared/access/access.ts';
import { asPattern } from '../../../shared/features/index.ts';
import type { IncidentView } from '../../../shared/features/incident/stats.ts';
import type { Answer, QueryResult, TimelineLine, ViewFrame } from '../../../shared/protocol/messages.ts';
import { queryMessage } from '../../../shared/protocol/messages.ts';
import { ManualClock } from '../../../shared/time/clock.ts';
import { MemoryBus } from '../../fanout/memory.ts';
import { seedReference } from '../../dev/seed.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../../testing/cluster.ts';

/** What the rules of incidents alone cannot show: one timeline out of the real log, and keys held by the real PostgreSQL. */
const START = Date.UTC(2020, 1, 5, 14);
let database: FreshDatabase;
let hub: TestHub;
let second: TestHub;
// It stands still: every entry of a test is recorded at one and the same millisecond.
const clock = new ManualClock(START);
const operator = author('operator');
const leader = author('leader');
const zhenhai: Scope = { units: [], localities: ['330211'] };

beforeAll(async () => {
  database = await freshDatabase();
  const bus = new MemoryBus();
  hub = await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
  await hub.core.create(testBoard);
  second = await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
  hub.rooms.enter(hub.board().viewsRoom);
  await seedReference(hub.board());
});
afterAll(async () => {
  await hub.close();
  await second.close();
  await database.drop();
});

const send = (who: typeof operator, type: string, body: Record<string, unknown>): Promise<Answer> => hub.board().submit(who, commandOf(type, body));
const must = async (who: typeof operator, type: string, body: Record<string, unknown>): Promise<string> => String(accepted(await send(who, type, body)).result.id);
const fire = { title: '镇海区一消毒用品仓库起火', category: 'accident', locality: '330211', since: START - 60_000 };
const ring = (locality: string): Record<string, unknown> => ({ rung: START - 60_000, answered: START - 50_000, topic: 'hazard', locality });
async function ask(who: typeof operator, id: string, more: Record<string, unknown> = {}): Promise<Extract<QueryResult, { ok: true }>> {
  const said = await hub.core.queries.ask({ author: who, scope: who.scope }, queryMessage.parse({ name: 'timeline', board: 'test', kind: 'incident', id, ...more }));
  if (!said.ok) throw new Error(said.error.code);
  return said;
}
const told = (lines: readonly TimelineLine[] | undefined): string[] => (lines ?? []).map((l) => `${l.command}: ${l.puts.map((p) => p.kind).join(' ')}`);

describe('one timeline', () => {
  test('its own changes, its records’ and its reports’, in the order of the log though all have one time; paged without a crack', async () => {
    const call = await must(operator, 'call.log', ring('330211'));
    const id = await must(operator, 'incident.report', { ...fire, records: [{ kind: 'call', id: call }] });
    await must(operator, 'call.move', { id: call, from: 'dispatched', to: 'inHand' });
    await must(leader, 'incident.move', { id, from: 'reported', to: 'confirmed', grade: 'IV' });
    const report = await must(leader, 'upwardReport.draft', { incident: id, sort: 'first', title: '报告', sign: true });
    await must(leader, 'upwardReport.send', { id: report, incident: id, to: ['provinceGovernment'], means: 'telephone' });
    for (let i = 0; i < 7; i++) await must(operator, 'incident.note', { id, text: `第 ${i} 次记事` });
    await must(operator, 'call.log', ring('330211'));

    const whole = await ask(operator, id);
    const notes = Array.from({ length: 7 }, () => 'incident.note: incident');
    // What changed several of them is one line.
    const expected = [...notes, 'upwardReport.send: upwardReport incident', 'upwardReport.draft: upwardReport incident', 'incident.move: incident', 'call.move: call', 'incident.report: incident', 'call.log: call'];
    expect(told(whole.timeline)).toEqual(expected);
    expect(new Set(whole.timeline?.map((l) => l.recorded)).size).toBe(1);
    expect(whole.timeline?.[0]?.puts[0]?.changes.note).toEqual([{ n: 6, text: '第 5 次记事' }, { n: 7, text: '第 6 次记事' }]);
    expect(whole.next).toBeNull();

    const paged: TimelineLine[] = [];
    let after: string | undefined;
    do {
      const page = await ask(operator, id, { limit: 4, ...(after && { after }) });
      paged.push(...(page.timeline ?? []));
      after = page.next ?? undefined;
      // Somebody writes between two pages: what is older is told all the same, once.
      if (after) await must(operator, 'incident.note', { id, text: '其间又记一笔' });
    } while (after);
    expect(paged).toEqual(whole.timeline);
  });

  test('[R10] a reader is told of what they may see: by role, by scope, and nothing of an incident beyond it', async () => {
    const here = await must(operator, 'call.log', ring('330211'));
    const there = await must(operator, 'call.log', ring('330102'));
    const load = await must(author('supplies'), 'shipment.announce', {
      from: { locality: '330782', place: '义乌货场' },
      to: { locality: '330211', place: '镇海应急仓库' },
      lines: [{ item: 'masks', announced: 10 }],
    });
    const id = await must(operator, 'incident.report', fire);
    for (const record of [{ kind: 'call', id: here }, { kind: 'call', id: there }, { kind: 'shipment', id: load }]) await must(leader, 'incident.attach', { id, record });
    const kinds = async (who: typeof operator): Promise<string[]> => ((await ask(who, id)).timeline ?? []).flatMap((l) => l.puts.filter((p) => p.kind !== 'incident').map((p) => `${p.kind} ${p.id}`)).sort();
    expect(await kinds(leader)).toEqual([`call ${here}`, `call ${there}`, `shipment ${load}`].sort());
    expect(await kinds(operator)).toEqual([`call ${here}`, `call ${there}`].sort());
    expect(await kinds(author('operator', zhenhai))).toEqual([`call ${here}`]);
    await expect(ask(author('operator', { units: [], localities: ['330102'] }), id)).rejects.toThrow('notFound');
    await expect(ask(author('supplies'), id)).rejects.toThrow('notAllowed');
    await must(leader, 'incident.detach', { id, record: { kind: 'call', id: here } });
    expect(await kinds(author('operator', zhenhai))).toEqual([]);
  });
});

test('[R10] a unit reads the incidents it is part of, with nothing personal in them and only its own orders; nothing of another’s', async () => {
  const id = await must(operator, 'incident.report', { ...fire, lead: 'emergency', units: ['health'], persons: '伤者王某' });
  const [own, other] = await Promise.all(['health', 'emergency'].map((unit) => must(leader, 'order.give', { title: '增援', units: [unit], due: START + 3_600_000, about: { kind: 'incident', id } })));
  const unit = (code: string): typeof operator => author('unit', { units: [code], localities: null });
  const orders = async (code: string): Promise<string[]> => [...new Set(((await ask(unit(code), id)).timeline ?? []).flatMap((l) => l.puts.filter((p) => p.kind === 'order').map((p) => p.id)))];
  const seen = await ask(unit('health'), id);
  expect(JSON.stringify(seen)).toContain(fire.title);
  expect(JSON.stringify(seen)).not.toContain('王某');
  expect(await orders('health')).toEqual([own]);
  expect(await orders('emergency')).toEqual([other]);
  await expect(ask(unit('market'), id)).rejects.toThrow('notFound');
  for (const [code, there] of [['health', true], ['market', false]] as const) {
    const who = unit(code);
    const said = await hub.core.queries.ask({ author: who, scope: who.scope }, queryMessage.parse({ name: 'list', board: 'test', kind: 'incident' }));
    expect((said.ok ? (said.records ?? []) : []).some((r) => r.id === id), code).toBe(there);
  }
});

test('two who put one call into two incidents at once: it belongs to one', async () => {
  const call = await must(operator, 'call.log', ring('330211'));
  const both = await Promise.all([must(operator, 'incident.report', fire), must(operator, 'incident.report', fire)]);
  const answers = await Promise.all(both.map((id) => send(operator, 'incident.attach', { id, record: { kind: 'call', id: call } })));
  expect(answers.filter((a) => a.ok)).toHaveLength(1);
  expect(answers.find((a) => !a.ok)).toMatchObject({ error: { code: 'alreadyExists', fields: [{ code: 'inIncident' }] } });
});

test('is found by the number of a call in it, by place and by title; what is personal only by who may ask for it', async () => {
  const call = accepted(await send(operator, 'call.log', ring('330211')));
  const id = await must(operator, 'incident.report', { ...fire, title: '演练路危化品泄漏', informant: '周师傅', records: [{ kind: 'call', id: call.result.id }] });
  const found = async (q: string): Promise<string[]> => {
    const said = await hub.core.queries.ask({ author: operator, scope: operator.scope }, queryMessage.parse({ name: 'list', board: 'test', kind: 'incident', q }));
    return said.ok ? (said.records ?? []).map((r) => r.id) : [said.error.code];
  };
  expect(await found(String(call.result.number))).toEqual([id]);
  expect(await found('镇海 泄漏')).toEqual([id]);
  expect(await found('周师傅')).toEqual([id]);
  await must(leader, 'incident.erase', { id });
  expect(await found('周师傅')).toEqual([]);
});

test('[R15] a report that is owed is late on the wall at its very moment, and two hubs that notice write it once', async () => {
  const id = await must(operator, 'incident.report', { ...fire, title: '演练路道路塌陷', knownAt: START });
  const told = (met: (view: IncidentView) => boolean): Promise<void> =>
    hub.rooms.until((t) => {
      const views = t.event === 'view' ? (t.message as ViewFrame).views : {};
      return 'incident' in views && met(views.incident as IncidentView);
    });
  const owed = (view: IncidentView): IncidentView['owed'][number] | undefined => view.owed.find((o) => o.id === id && o.clock === 'telephone');
  const due = START + 30 * 60_000;
  clock.advance(due - 1 - clock.now());
  hub.board().flush(true);
  const before = hub.rooms.told.filter((t) => t.event === 'view').map((t) => (t.message as ViewFrame).views.incident as IncidentView | undefined).filter((v) => v !== undefined).at(-1);
  expect(before?.lateReports.value).toBe(0);
  clock.advance(1);
  // What time alone changes needs nobody to write it: the next look, a second later at most, has it.
  hub.board().flush(true);
  await told((v) => (v.lateReports.value ?? 0) > 0 && owed(v)?.passed === false);
  for (let i = 0; i < 3; i++) for (const h of [hub, second]) h.board().runDues();
  await told((v) => owed(v)?.passed === true);
  const lines = (await ask(operator, id)).timeline ?? [];
  const late = lines.filter((l) => l.command === 'incident.clock' && (l.puts[0]?.changes.clocks?.[1] as { telephone: { passed: number | null } } | undefined)?.telephone.passed === due);
  expect(late.map((l) => l.author)).toHaveLength(1);
});
