import { describe, expect, it } from 'vitest';
import { asPattern } from '../index.ts';
import type { Shipment } from '../shipment/record.ts';
import { NIGHT, person, startedBoard, why, type Outcome, type TinyBoard } from '../testing.ts';
import { moves } from './moves.ts';
import { standings, type Order } from './record.ts';

const MIN = 60_000;
const leader = person('leader');
const labour = person('unit', { scope: { units: ['labour'], localities: null } });
const system = person('system');
const give = (board: TinyBoard, more: Record<string, unknown> = {}): Outcome => board.send('order.give', { title: '协调夜班人手', text: '夜班缺 12 人', units: ['labour'], limit: 'orderFour', ...more }, leader);
const started = (more: Record<string, unknown> = {}): { board: TinyBoard; id: string } => {
  const board = startedBoard(asPattern);
  const given = give(board, more);
  if (!given.ok) throw new Error(why(given));
  return { board, id: String(given.result.id) };
};
const orderOf = (board: TinyBoard, id: string): Order => board.get('order', id)?.body as Order;
/** Everything due by now, as the board itself would write it. */
function tick(board: TinyBoard): void {
  for (const { id, body } of board.all('order')) {
    for (const due of asPattern.order.dues?.(body) ?? []) if (due.at <= board.now) board.send(due.command, { id, ...due.body }, system);
  }
}
const move = (board: TinyBoard, id: string, to: string, more: Record<string, unknown> = {}, by = labour): string => why(board.send('order.move', { id, from: orderOf(board, id).standing, to, ...more }, by));

describe('giving', () => {
  it('one order a unit, each with its own number, clock and standing', () => {
    const { board, id } = started({ units: ['labour', 'economy', 'health'] });
    const all = board.all('order');
    expect(all.map((o) => [o.id, o.body.number, o.body.unit])).toEqual([
      [id, 'D20200205-001-1', 'labour'],
      [id.replace(/-1$/, '-2'), 'D20200205-001-2', 'economy'],
      [id.replace(/-1$/, '-3'), 'D20200205-001-3', 'health'],
    ]);
    expect(orderOf(board, id)).toMatchObject({ given: 'D20200205-001', units: 3, standing: 'given', by: '测试 leader', clock: { limit: { code: 'orderFour', version: 1 }, due: NIGHT + 240 * MIN } });
    expect(move(board, id, 'accepted')).toBe('ok');
    expect(all.slice(1).map((o) => orderOf(board, o.id).standing)).toEqual(['given', 'given']);
    // The next number of the day, and no tail where one unit was told.
    expect(give(board)).toMatchObject({ result: { number: 'D20200205-002' } });
  });

  it('about a record: its name and place go along, and nothing of what was said', () => {
    const board = startedBoard(asPattern);
    const call = board.send('call.log', { rung: NIGHT, answered: NIGHT, topic: 'symptoms', locality: '330102003', callerName: '王某', narrative: '发热' }, person('operator'));
    const id = call.ok ? String(call.result.id) : '';
    const given = give(board, { about: { kind: 'call', id } });
    expect(orderOf(board, given.ok ? String(given.result.id) : '')).toMatchObject({ aboutKind: 'call', aboutId: id, aboutName: '20200205-0001', locality: '330102003' });
    expect(why(give(board, { about: { kind: 'call', id: 'none' } }))).toBe('notFound');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a unit nobody knows', { units: ['nobody'] }, 'inputRejected units.0:unknownUnit'],
    ['nobody', { units: [] }, 'inputRejected units:tooShort'],
    ['the same unit twice', { units: ['labour', 'labour'] }, 'inputRejected units:duplicate'],
    ['no matter', { title: ' ' }, 'inputRejected title:required'],
    ['no limit', { limit: null }, 'inputRejected limit:required'],
    ['a limit and a moment', { due: NIGHT + 1_000 }, 'inputRejected due:notAllowedHere'],
    ['a limit there is not', { limit: 'never' }, 'inputRejected limit:unknownLimit'],
    ['a moment gone by', { limit: null, due: NIGHT }, 'inputRejected due:badTime'],
    ['a moment years ahead', { limit: null, due: NIGHT * 2 }, 'inputRejected due:badTime'],
  ])('refuses %s', (_name, more, expected) => {
    expect(why(give(startedBoard(asPattern), more))).toBe(expected);
  });

  it('a leader of one place orders about what lies there', () => {
    const board = startedBoard(asPattern);
    const ningbo = person('leader', { scope: { units: null, localities: ['330200'] } });
    expect(why(board.send('order.give', { title: 'x', units: ['labour'], limit: 'orderFour' }, ningbo))).toBe('inputRejected units.0:notAllowedHere');
    const plant = board.send('enterprise.register', { name: '演练厂', creditCode: '91330211MA0DEM013F', locality: '330212', trade: 'chemicals', headcount: 3 }, person('enterprises'));
    expect(why(board.send('order.give', { title: 'x', units: ['labour'], limit: 'orderFour', about: { kind: 'enterprise', id: plant.ok ? plant.result.id : '' } }, ningbo))).toBe('ok');
    expect(why(board.send('order.give', { title: 'x', units: ['labour'], limit: 'orderFour' }, labour))).toBe('notAllowed');
  });
});

describe('put right by whoever gave it', () => {
  const amend = (board: TinyBoard, id: string, changes: Record<string, unknown>, by = leader): string => why(board.send('order.amend', { id, changes }, by));

  it('what is to be done, and by when: later and earlier, with what stood there before in the entry', () => {
    const { board, id } = started();
    expect(move(board, id, 'accepted')).toBe('ok');
    expect(amend(board, id, { text: { from: '夜班缺 12 人', to: '夜班缺 15 人' }, due: { from: NIGHT + 240 * MIN, to: NIGHT + 300 * MIN } })).toBe('ok');
    expect(orderOf(board, id)).toMatchObject({ standing: 'accepted', text: '夜班缺 15 人', clock: { due: NIGHT + 300 * MIN, extended: 60 * MIN } });
    expect(board.changes.at(-1)).toMatchObject({ command: 'order.amend', before: { text: '夜班缺 12 人' }, after: { text: '夜班缺 15 人' } });
    expect(asPattern.order.headline(board.changes.at(-1) as never)).toMatchObject({ code: 'orderAmended' });
    expect(amend(board, id, { due: { from: NIGHT + 300 * MIN, to: NIGHT + 60 * MIN } })).toBe('ok');
    expect(orderOf(board, id).clock.due).toBe(NIGHT + 60 * MIN);
    board.now = NIGHT + 60 * MIN;
    tick(board);
    expect(orderOf(board, id).clock.passed).toBe(NIGHT + 60 * MIN);
    expect(amend(board, id, { due: { from: NIGHT + 60 * MIN, to: NIGHT } })).toBe('inputRejected changes.due.to:badTime');
  });

  it('another unit begins as if it were told now, and hears nothing of what the earlier one said', () => {
    const { board, id } = started();
    move(board, id, 'accepted');
    move(board, id, 'reported', { report: '已到 6 人' });
    expect(amend(board, id, { unit: { from: 'labour', to: 'economy' } })).toBe('ok');
    expect(orderOf(board, id)).toMatchObject({ unit: 'economy', standing: 'given', report: null, reportedAt: null });
    expect(asPattern.order.place(orderOf(board, id) as never).units).toEqual(['economy']);
    expect(amend(board, id, { unit: { from: 'economy', to: 'nobody' } })).toBe('inputRejected changes.unit.to:unknownUnit');
  });

  it('by nobody else, and not once it is done; the same thing written twice is told as both values', () => {
    const { board, id } = started();
    const other = { ...leader, id: 'another' };
    expect(amend(board, id, { text: { from: '夜班缺 12 人', to: 'x' } }, other)).toBe('notAllowed');
    expect(amend(board, id, { text: { from: '夜班缺 12 人', to: 'x' } }, labour)).toBe('notAllowed');
    expect(amend(board, id, { text: { from: '从前的话', to: 'x' } })).toBe('conflict');
    expect(amend(board, id, { due: { from: NIGHT, to: NIGHT + 9 * MIN } })).toBe('conflict');
    const before = board.changes.length;
    expect(amend(board, id, { text: { from: '夜班缺 12 人', to: '夜班缺 12 人' } })).toBe('ok');
    expect(board.changes).toHaveLength(before);
    move(board, id, 'accepted');
    move(board, id, 'finished', { report: '到岗' });
    expect(amend(board, id, { text: { from: '夜班缺 12 人', to: 'x' } })).toBe('movedOn');
  });
});

describe('what it is about', () => {
  it('an incident has it among its records and on its timeline from the moment it is given, each unit’s', () => {
    const board = startedBoard(asPattern);
    const reported = board.send('incident.report', { title: '演练厂火情', category: 'accident', locality: '330212', since: NIGHT }, person('operator'));
    const incident = reported.ok ? String(reported.result.id) : '';
    const given = give(board, { units: ['labour', 'health'], about: { kind: 'incident', id: incident } });
    const id = given.ok ? String(given.result.id) : '';
    const body = board.get('incident', incident)?.body as never;
    expect(asPattern.incident.timeline?.(body)).toEqual([['order', id], ['order', id.replace(/-1$/, '-2')]]);
  });

  it('an alert: its number and place', () => {
    const board = startedBoard(asPattern);
    const raised = board.send('alert.raise', { title: '机房停电', level: 'low', locality: '330102' }, leader);
    const alert = raised.ok ? String(raised.result.id) : '';
    const given = give(board, { about: { kind: 'alert', id: alert } });
    expect(orderOf(board, given.ok ? String(given.result.id) : '')).toMatchObject({ aboutKind: 'alert', aboutId: alert, aboutName: 'A20200205-001', locality: '330102' });
  });
});

describe('its way', () => {
  it('accepted, reported on, finished, not good enough, done again, verified', () => {
    const { board, id } = started();
    expect(move(board, id, 'accepted')).toBe('ok');
    expect(move(board, id, 'reported')).toBe('inputRejected report:required');
    expect(move(board, id, 'reported', { report: '已到 6 人' })).toBe('ok');
    expect(move(board, id, 'reported', { report: '已到 9 人' })).toBe('ok');
    board.now += 100 * MIN;
    expect(move(board, id, 'finished', { report: '12 人到岗' })).toBe('ok');
    expect(orderOf(board, id)).toMatchObject({ report: '12 人到岗', clock: { stopped: board.now, left: 140 * MIN, due: null } });
    expect(move(board, id, 'verified')).toBe('notAllowed');
    expect(move(board, id, 'accepted', { reason: '只到 8 人' }, leader)).toBe('inputRejected limit:required');
    board.now += 200 * MIN;
    expect(move(board, id, 'accepted', { reason: '只到 8 人', limit: 'orderHour' }, leader)).toBe('ok');
    expect(orderOf(board, id)).toMatchObject({ standing: 'accepted', clock: { limit: { code: 'orderHour' }, run: 2, due: board.now + 60 * MIN, passed: null } });
    expect(move(board, id, 'finished', { report: '补齐' })).toBe('ok');
    expect(move(board, id, 'verified', {}, leader)).toBe('ok');
    expect(asPattern.order.held(orderOf(board, id))).toBe(false);
  });

  it('given back as not ours, then given to another with a clock of its own', () => {
    const { board, id } = started();
    expect(move(board, id, 'sentBack')).toBe('inputRejected reason:required');
    expect(move(board, id, 'sentBack', { reason: '不属本单位' })).toBe('ok');
    expect(orderOf(board, id).clock).toMatchObject({ paused: { reason: 'waitingForDecision' }, due: null });
    board.now += 600 * MIN;
    tick(board);
    expect(orderOf(board, id).clock.passed).toBeNull();
    expect(move(board, id, 'given', { reason: '改派', limit: 'orderFour', unit: 'nobody' }, leader)).toBe('inputRejected unit:unknownUnit');
    expect(move(board, id, 'given', { reason: '改派', limit: 'orderFour', unit: 'economy' }, leader)).toBe('ok');
    expect(orderOf(board, id)).toMatchObject({ unit: 'economy', standing: 'given', clock: { due: board.now + 240 * MIN, paused: null } });
    expect(move(board, id, 'cancelled', {}, leader)).toBe('inputRejected reason:required');
    expect(move(board, id, 'cancelled', { reason: '已另行解决' }, leader)).toBe('ok');
    expect(asPattern.order.dues?.(orderOf(board, id) as never)).toEqual([]);
  });

  it('given back after it was accepted its clock stands still as well; each urging is counted', () => {
    const { board, id } = started();
    move(board, id, 'accepted');
    for (const n of [1, 2]) {
      expect(why(board.send('order.urge', { id }, leader))).toBe('ok');
      expect(orderOf(board, id)).toMatchObject({ urges: n, urgedSince: NIGHT });
      expect(asPattern.order.headline(board.changes.at(-1) as never)).toMatchObject({ code: 'orderUrged' });
    }
    expect(move(board, id, 'sentBack', { reason: '不属本单位' })).toBe('ok');
    expect(orderOf(board, id).clock).toMatchObject({ paused: { at: NIGHT, reason: 'waitingForDecision' }, due: null });
  });

  it('two who act at once: the second sees where it stands', () => {
    const { board, id } = started();
    move(board, id, 'accepted');
    expect(board.send('order.move', { id, from: 'given', to: 'sentBack', reason: 'x' }, labour)).toMatchObject({ problem: { code: 'movedOn', both: [{ field: 'standing', theirs: 'accepted' }] } });
  });

  it('the table: every standing can be reached, open ones can be left, and a unit never does a leader’s part', () => {
    for (const s of standings) if (s !== 'given') expect(moves.some((m) => m.to === s), s).toBe(true);
    for (const m of moves) {
      if (['verified', 'cancelled', 'given'].includes(m.to) || m.clock === 'anew') expect(m.roles, `${m.from} ${m.to}`).toEqual(['leader']);
      if (m.clock === 'anew' || m.to === 'cancelled' || m.to === 'sentBack') expect(m.needs).toContain('reason');
    }
    for (const s of ['given', 'accepted', 'reported', 'finished', 'sentBack'] as const) expect(moves.some((m) => m.from === s && m.to !== s), s).toBe(true);
  });
});

describe('its clock', () => {
  it('reminds, is late, is passed up; each written once, each a headline', () => {
    const { board, id } = started();
    const said: string[] = [];
    for (let m = 0; m < 400; m += 10) {
      board.now = NIGHT + m * MIN;
      const before = board.changes.length;
      tick(board);
      for (const c of board.changes.slice(before)) said.push(`${m} ${asPattern.order.headline(c)?.code ?? 'none'}`);
    }
    expect(said).toEqual(['180 none', '240 orderLate', '300 orderEscalated']);
    expect(orderOf(board, id).clock).toMatchObject({ reminded: NIGHT + 180 * MIN, passed: NIGHT + 240 * MIN, urged: NIGHT + 240 * MIN, escalated: NIGHT + 300 * MIN });
  });

  it('paused it is not late; going on it has what it had; a step of the run before does nothing', () => {
    const { board, id } = started();
    board.now += 200 * MIN;
    expect(why(board.send('order.pause', { id, why: 'waitingForUnit', reason: '等卫健局名单' }, leader))).toBe('ok');
    expect(why(board.send('order.pause', { id, why: 'other', reason: 'x' }, leader))).toBe('inputRejected id:notAllowedHere');
    board.now += 500 * MIN;
    expect(board.send('order.tick', { id, run: 1, step: 'due' }, system)).toMatchObject({ ok: true, puts: [] });
    expect(why(board.send('order.resume', { id }, leader))).toBe('ok');
    expect(orderOf(board, id).clock.due).toBe(board.now + 40 * MIN);
    expect(why(board.send('order.resume', { id }, leader))).toBe('inputRejected id:notAllowedHere');
  });

  it('a step asked for before its moment is no answer: the hub asks again', () => {
    const { board, id } = started({ limit: 'orderHour' });
    expect(board.send('order.tick', { id, run: 1, step: 'remind' }, system)).toMatchObject({ problem: { code: 'notReady' } });
  });

  it('more time: asked for by the unit, granted or not by the leader', () => {
    const { board, id } = started();
    const due = orderOf(board, id).clock.due ?? 0;
    const ask = (until: number): string => why(board.send('order.ask', { id, until, reason: '人手在路上' }, labour));
    const answer = (more: Record<string, unknown>): string => why(board.send('order.extend', { id, ...more }, leader));
    expect(ask(due)).toBe('inputRejected until:badTime');
    expect(answer({ granted: false, reason: 'x' })).toBe('inputRejected id:notAllowedHere');
    expect(ask(due + 120 * MIN)).toBe('ok');
    expect(answer({ granted: false })).toBe('inputRejected reason:required');
    expect(answer({ granted: false, reason: '不行' })).toBe('ok');
    expect(orderOf(board, id).clock).toMatchObject({ asked: null, due });
    ask(due + 120 * MIN);
    board.now = due + 10 * MIN;
    tick(board);
    expect(orderOf(board, id).clock.passed).toBe(due);
    expect(answer({ granted: true, until: due + 60 * MIN })).toBe('ok');
    expect(orderOf(board, id).clock).toMatchObject({ due: due + 60 * MIN, passed: null, asked: null, extended: 60 * MIN });
    expect(why(board.send('order.extend', { id, granted: true }, labour))).toBe('notAllowed');
  });

  it('keeps the limit it was started under; a clock begun afterwards takes the new one', () => {
    const { board, id } = started({ limit: 'orderDay' });
    const due = orderOf(board, id).clock.due;
    expect(why(board.send('limit.save', { code: 'orderDay', changes: { amount: { from: 1_440, to: 600 } } }, person('admin')))).toBe('ok');
    board.now += 10 * MIN;
    board.send('order.pause', { id, why: 'other', reason: 'x' }, leader);
    board.send('order.resume', { id }, leader);
    expect(orderOf(board, id).clock).toMatchObject({ due, limit: { code: 'orderDay', version: 1 } });
    move(board, id, 'accepted');
    move(board, id, 'finished', { report: 'x' });
    expect(move(board, id, 'accepted', { reason: 'x', limit: 'orderDay' }, leader)).toBe('ok');
    expect(orderOf(board, id).clock).toMatchObject({ due: board.now + 600 * MIN, limit: { version: 2 } });
    board.send('limit.save', { code: 'orderDay', changes: { active: { from: true, to: false } } }, person('admin'));
    expect(why(give(board, { limit: 'orderDay' }))).toBe('inputRejected limit:unknownLimit');
  });

  it('working days: given on Wednesday night, due on Monday at the close', () => {
    const { board, id } = started({ limit: 'orderThreeDays' });
    expect(new Date(orderOf(board, id).clock.due ?? 0).toISOString()).toBe('2020-02-10T09:30:00.000Z');
    expect(board.get('calendar', '2020')).toBeDefined();
  });
});

describe('a count that differs opens an order by itself', () => {
  const clerk = person('supplies');
  function unloaded(unit: string | null = 'health'): { board: TinyBoard; id: string } {
    const board = startedBoard(asPattern);
    const announced = board.send('shipment.announce', { from: { locality: '330782', place: '义乌货场' }, to: { locality: '330212', place: '鄞州库' }, unit, lines: [{ item: 'masks', announced: 240_000 }, { item: 'gloves', announced: 12_000 }], vehicle: '浙B00001' }, clerk);
    const id = announced.ok ? String(announced.result.id) : '';
    for (const [from, to] of [['planned', 'departed'], ['departed', 'onTheWay'], ['onTheWay', 'arrived'], ['arrived', 'unloading']]) board.send('shipment.move', { id, from, to }, clerk);
    return { board, id };
  }
  const count = (board: TinyBoard, id: string, masks: number, from: number | null = null): string =>
    why(board.send('shipment.count', { id, done: true, lines: [{ item: 'masks', from, counted: masks, reason: '少 3 箱' }, { item: 'gloves', from: from === null ? null : 12_000, counted: 12_000 }] }, clerk));

  it('to the unit it is for, with what is missing, in the same entry; once, whatever is counted again', () => {
    const { board, id } = unloaded();
    expect(count(board, id, 234_000)).toBe('ok');
    const [made] = board.all('order');
    expect(made?.body).toMatchObject({ origin: 'difference', unit: 'health', aboutKind: 'shipment', aboutId: id, locality: '330212', by: '', clock: { limit: { code: 'orderDay' } } });
    expect(made?.body.text).toBe('一次性医用口罩：应到 240000，实点 234000 只（少 3 箱）');
    expect(asPattern.order.headline(board.changes.at(-1) as never)?.code).toBe('orderOpened');
    expect(why(board.send('shipment.move', { id, from: 'counted', to: 'unloading', reason: '重点' }, clerk))).toBe('ok');
    expect(count(board, id, 237_000, 234_000)).toBe('ok');
    expect(board.all('order')).toHaveLength(1);
  });

  it('none where it is as announced; also by the move alone; the supplies group where no unit is named', () => {
    const even = unloaded();
    expect(count(even.board, even.id, 240_000)).toBe('ok');
    expect(even.board.all('order')).toEqual([]);
    const { board, id } = unloaded(null);
    board.send('shipment.count', { id, lines: [{ item: 'masks', from: null, counted: 1, reason: 'x' }, { item: 'gloves', from: null, counted: 12_000 }] }, clerk);
    expect(board.all('order')).toEqual([]);
    expect(why(board.send('shipment.move', { id, from: 'unloading', to: 'counted' }, clerk))).toBe('ok');
    expect(board.all('order')[0]?.body.unit).toBe('supplies');
    expect((board.get('shipment', id)?.body as Shipment).state).toBe('counted');
  });

  it('also on a board that has no such limit any more: a day', () => {
    const { board, id } = unloaded();
    board.send('limit.save', { code: 'orderDay', changes: { active: { from: true, to: false } } }, person('admin'));
    expect(count(board, id, 1)).toBe('ok');
    expect(board.all('order')[0]?.body.clock).toMatchObject({ limit: null, due: board.now + 1_440 * MIN });
  });
});
