import { describe, expect, it } from 'vitest';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import type { List } from '../list/record.ts';
import { NIGHT, ZONE, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import type { Call } from './record.ts';
import { fold } from './stats.ts';

const MINUTE = 60_000;
const operator = person('operator');
const leader = person('leader');
const health = person('unit', { scope: { units: ['health'], localities: null } });
const rung = NIGHT - MINUTE;
const started = (): TinyBoard => startedBoard(asPattern);
const logged = (board: TinyBoard, more: Record<string, unknown> = {}): string => {
  const outcome = board.send('call.log', { rung, answered: rung, topic: 'symptoms', locality: '330102003', ...more }, operator);
  if (!outcome.ok) throw new Error(why(outcome));
  return String(outcome.result.id);
};
const body = (board: TinyBoard, id: string): Call => board.get('call', id)?.body as Call;
/** As the hub does: whatever has fallen due, until nothing has. */
function fallDue(board: TinyBoard, id: string): string[] {
  const done: string[] = [];
  for (;;) {
    const due = asPattern.call.dues?.(body(board, id)).find((d) => d.at <= board.now);
    if (!due) return done;
    expect(why(board.send(due.command, { id, ...due.body }, person('system')))).toBe('ok');
    done.push(due.clock);
    if (done.length > 20) throw new Error('it never comes to an end');
  }
}

describe('how long a call may take', () => {
  it('by the limit of its topic, else of its urgency, counted from the ring', () => {
    const board = started();
    expect(body(board, logged(board))).toMatchObject({ due: rung + 30 * MINUTE, clock: { limit: { code: 'call-urgent', version: 1 }, started: rung, allowed: 30 * MINUTE } });
    expect(body(board, logged(board, { topic: 'affectedArea' }))).toMatchObject({ due: rung + HOUR, clock: { limit: { code: 'call-affectedArea' } } });
    expect(body(board, logged(board, { topic: 'supplies' })).due).toBe(rung + 4 * HOUR);
    expect(body(board, logged(board, { topic: 'advice' })).due).toBe(rung + 24 * HOUR);
  });

  it('a limit switched off or meant for something else does not count', () => {
    const board = started();
    board.send('limit.save', { code: 'call-affectedArea', changes: { active: { from: true, to: false } } }, person('admin'));
    expect(body(board, logged(board, { topic: 'affectedArea' })).clock?.limit?.code).toBe('call-urgent');
    for (const code of ['call-urgent', 'call-soon']) board.send('limit.save', { code, changes: { use: { from: 'call', to: 'order' } } }, person('admin'));
    expect(body(board, logged(board))).toMatchObject({ clock: null, due: null });
  });

  it('minutes an older board’s topic names hold until settings have a limit for the topic', () => {
    const board = started();
    const item = (board.get('list', 'topics')?.body as List).items.find((i) => i.code === 'symptoms');
    expect(why(board.send('list.save', { name: 'topics', items: [{ from: item, to: { ...item, minutes: 45 } }] }, person('admin')))).toBe('ok');
    const id = logged(board);
    expect(body(board, id)).toMatchObject({ due: rung + 45 * MINUTE, clock: { limit: null, remindBefore: null, urgeAfter: null } });
    // Answered and taken up again: as long again, whether or not the topic is named.
    for (const named of [{}, { topic: 'symptoms' }]) {
      const again = logged(board);
      board.send('call.move', { id: again, from: 'dispatched', to: 'answered', reply: '已答复' }, operator);
      expect(why(board.send('call.move', { id: again, from: 'answered', to: 'inHand', reason: '不满意', ...named }, operator))).toBe('ok');
      expect(body(board, again).due).toBe(board.now + 45 * MINUTE);
    }
    const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
    expect(why(board.send('limit.save', { code: 'call-symptoms', create: true, changes: { name: set({ zh: '症状', en: 'Symptoms' }), use: set('call'), unit: set('minutes'), amount: set(20) } }, person('admin')))).toBe('ok');
    expect(body(board, logged(board))).toMatchObject({ due: rung + 20 * MINUTE, clock: { limit: { code: 'call-symptoms' } } });
  });

  it('a setting changed later is for clocks begun later; a call taken up again is under what stands then', () => {
    const board = started();
    const id = logged(board);
    board.send('limit.save', { code: 'call-urgent', changes: { amount: { from: 30, to: 40 } } }, person('admin'));
    expect(body(board, id).due).toBe(rung + 30 * MINUTE);
    board.send('call.move', { id, from: 'dispatched', to: 'answered', reply: '已答复' }, operator);
    board.now += HOUR;
    expect(why(board.send('call.move', { id, from: 'answered', to: 'inHand', reason: '不满意', topic: 'advice' }, operator))).toBe('movedOn');
    board.send('call.move', { id, from: 'answered', to: 'inHand', reason: '不满意', topic: 'symptoms' }, operator);
    expect(body(board, id)).toMatchObject({ due: board.now + 40 * MINUTE, reopened: 1, clock: { started: board.now, run: 2, limit: { version: 2 } } });
  });

  it('answered at once there was no time to run out; taken up again there is', () => {
    const board = started();
    const id = logged(board, { reply: '已告知就近发热门诊' });
    expect(body(board, id)).toMatchObject({ due: null, clock: { stopped: board.now } });
    expect(asPattern.call.dues?.(body(board, id))).toEqual([]);
    board.send('call.move', { id, from: 'answered', to: 'inHand', reason: '又来电', topic: 'symptoms' }, operator);
    expect(body(board, id).due).toBe(board.now + 30 * MINUTE);
  });
});

describe('rule 15: what time makes of a call', () => {
  it('reminded, late, urged, passed up: each written once, at its moment', () => {
    const board = started();
    const id = logged(board);
    const facts = (): (number | null)[] => {
      const c = body(board, id).clock;
      return [c?.reminded ?? null, c?.passed ?? null, c?.urged ?? null, c?.escalated ?? null];
    };
    expect(fallDue(board, id)).toEqual([]);
    board.now = rung + 20 * MINUTE;
    expect(fallDue(board, id)).toEqual(['due.1.remind']);
    board.now = rung + 30 * MINUTE;
    fallDue(board, id);
    expect(facts()).toEqual([rung + 20 * MINUTE, rung + 30 * MINUTE, rung + 30 * MINUTE, null]);
    expect(body(board, id).overdueSince).toBe(rung + 30 * MINUTE);
    board.now = rung + 45 * MINUTE;
    fallDue(board, id);
    expect(facts()[3]).toBe(rung + 45 * MINUTE);
    // The leader is told: in the news as an alarm, and in the figures.
    const told = board.changes.filter((x) => x.id === id).map((x) => asPattern.call.headline(x as never)?.code);
    expect(told).toEqual(['callLogged', undefined, 'callOverdue', 'callEscalated']);
    const s = fold.empty();
    for (const change of board.changes) if (change.kind === 'call') fold.apply(s, change as never, ZONE);
    expect(fold.view(s, board.now, ZONE).escalated.value).toBe(1);
    expect(asPattern.call.dues?.(body(board, id))).toEqual([]);
    const before = board.changes.length;
    expect(why(board.send('call.tick', { id, run: 1, step: 'due' }, person('system')))).toBe('ok');
    expect(board.changes).toHaveLength(before);
    expect(why(board.send('call.tick', { id, run: 1, step: 'due' }, leader))).toBe('notAllowed');
  });

  it('nothing falls due once there is an answer', () => {
    const board = started();
    const id = logged(board);
    board.send('call.move', { id, from: 'dispatched', to: 'answered', reply: '已答复' }, health);
    board.now = rung + 5 * HOUR;
    expect(fallDue(board, id)).toEqual([]);
    const before = board.changes.length;
    board.send('call.tick', { id, run: 1, step: 'due' }, person('system'));
    expect(board.changes).toHaveLength(before);
  });

  it('another topic: counted anew from the ring, late at once where it allows less, not late where it allows more', () => {
    const board = started();
    const id = logged(board);
    board.now = rung + HOUR;
    fallDue(board, id);
    expect(body(board, id).overdueSince).toBe(rung + 30 * MINUTE);
    board.send('call.amend', { id, changes: { topic: { from: 'symptoms', to: 'supplies' } } }, operator);
    expect(body(board, id)).toMatchObject({ due: rung + 4 * HOUR, overdueSince: null, clock: { passed: null, escalated: null } });
    board.send('call.amend', { id, changes: { topic: { from: 'supplies', to: 'symptoms' } } }, operator);
    expect(fallDue(board, id).length).toBeGreaterThan(0);
    expect(body(board, id).overdueSince).toBe(rung + 30 * MINUTE);
  });
});

describe('what is done to the clock', () => {
  it('stands still with a reason, and goes on with what was left', () => {
    const board = started();
    const id = logged(board);
    board.now = rung + 10 * MINUTE;
    expect(why(board.send('call.pause', { id, why: 'waitingForPerson' }, health))).toBe('inputRejected reason:required');
    expect(why(board.send('call.pause', { id, why: 'waitingForPerson', reason: '等来电人补材料' }, health))).toBe('ok');
    expect(body(board, id)).toMatchObject({ due: null, clock: { left: 20 * MINUTE, paused: { reason: 'waitingForPerson' } } });
    expect(why(board.send('call.pause', { id, why: 'other', reason: '再停' }, health))).toBe('inputRejected id:notAllowedHere');
    board.now += 2 * HOUR;
    expect(fallDue(board, id)).toEqual([]);
    expect(why(board.send('call.resume', { id }, health))).toBe('ok');
    expect(body(board, id).due).toBe(board.now + 20 * MINUTE);
    expect(why(board.send('call.resume', { id }, health))).toBe('inputRejected id:notAllowedHere');
  });

  it('a topic corrected while it stands still leaves it standing', () => {
    const board = started();
    const id = logged(board);
    board.now = rung + 10 * MINUTE;
    board.send('call.pause', { id, why: 'roadOrWeather', reason: '封路' }, operator);
    board.send('call.amend', { id, changes: { topic: { from: 'symptoms', to: 'affectedArea' } } }, operator);
    expect(body(board, id).clock).toMatchObject({ left: 50 * MINUTE, paused: { at: rung + 10 * MINUTE, reason: 'roadOrWeather' }, due: null });
  });

  it('more time is asked for before it is due, and granted or refused by a leader', () => {
    const board = started();
    const id = logged(board);
    const due = rung + 30 * MINUTE;
    expect(why(board.send('call.ask', { id, until: due, reason: '需上门' }, health))).toBe('inputRejected until:badTime');
    expect(why(board.send('call.ask', { id, until: due + HOUR, reason: '需上门' }, health))).toBe('ok');
    expect(why(board.send('call.extend', { id, granted: true }, operator))).toBe('notAllowed');
    expect(why(board.send('call.extend', { id, granted: false }, leader))).toBe('inputRejected reason:required');
    expect(why(board.send('call.extend', { id, granted: false, reason: '请先电话答复' }, leader))).toBe('ok');
    expect(body(board, id).clock).toMatchObject({ asked: null, due });
    board.send('call.ask', { id, until: due + HOUR, reason: '确需上门' }, health);
    expect(why(board.send('call.extend', { id, granted: true }, leader))).toBe('ok');
    expect(body(board, id)).toMatchObject({ due: due + HOUR, clock: { asked: null, extended: HOUR } });
    board.now = due + 2 * HOUR;
    expect(why(board.send('call.ask', { id, until: board.now + HOUR, reason: '晚了' }, health))).toBe('inputRejected id:notAllowedHere');
    fallDue(board, id);
    expect(body(board, id).overdueSince).toBe(due + HOUR);
    expect(why(board.send('call.extend', { id, granted: true, until: board.now + HOUR }, leader))).toBe('ok');
    expect(body(board, id)).toMatchObject({ overdueSince: null, clock: { passed: null } });
  });

  it.each(['pause', 'resume', 'ask', 'extend'])('call.%s: not where nothing runs, and not by a unit that has sent it back', (name) => {
    const more = { pause: { why: 'other', reason: '因' }, resume: {}, ask: { until: rung + 9 * HOUR, reason: '因' }, extend: { granted: true, until: rung + 9 * HOUR } }[name] ?? {};
    const who = name === 'extend' ? leader : health;
    const board = started();
    const id = logged(board);
    board.send('call.move', { id, from: 'dispatched', to: 'sentBack', reason: '不属本单位' }, health);
    if (name !== 'extend') expect(why(board.send(`call.${name}`, { id, ...more }, who))).toBe('movedOn');
    board.send('call.move', { id, from: 'sentBack', to: 'answered', reply: '已答复' }, operator);
    expect(why(board.send(`call.${name}`, { id, ...more }, who))).toBe('movedOn');
  });
});

describe('催办: the unit that has it is urged', () => {
  const urge = (board: TinyBoard, id: string, seen: number, more: Record<string, unknown> = {}, who = operator): string => why(board.send('call.urge', { id, seen, ...more }, who));

  it('is counted with its moment and its words, and changes neither stage nor clock', () => {
    const board = started();
    const id = logged(board);
    const before = body(board, id);
    board.now += 5 * MINUTE;
    expect(urge(board, id, 0, { note: '来电人问何时上门' })).toBe('ok');
    expect(body(board, id)).toEqual({ ...before, urging: { times: 1, at: board.now, byCallers: 0 }, urgeNote: 2 });
    expect([...board.personal.values()]).toContain('来电人问何时上门');
    board.now += 5 * MINUTE;
    // Without words, what was said the last time does not stand for this one.
    expect(urge(board, id, 1, { caller: true }, leader)).toBe('ok');
    expect(body(board, id)).toEqual({ ...before, urging: { times: 2, at: board.now, byCallers: 1 }, urgeNote: null });
    expect(asPattern.call.dues?.(body(board, id))).toEqual(asPattern.call.dues?.(before));
  });

  it('two who press at once urge once, and the second sees what stands', () => {
    const board = started();
    const id = logged(board);
    expect(urge(board, id, 0)).toBe('ok');
    expect(board.send('call.urge', { id, seen: 0, note: '再催' }, leader)).toMatchObject({ problem: { code: 'movedOn', both: [{ field: 'urging', yours: 0, theirs: 1 }] } });
    expect(body(board, id).urging?.times).toBe(1);
    expect(urge(board, id, 1)).toBe('ok');
  });

  it('begins anew with another unit and when it is taken up again, and not while the same unit has it', () => {
    const board = started();
    const id = logged(board);
    urge(board, id, 0);
    const move = (from: string, to: string, more: Record<string, unknown> = {}): string => why(board.send('call.move', { id, from, to, ...more }, leader));
    move('dispatched', 'urged');
    move('urged', 'inHand');
    expect(body(board, id).urging?.times).toBe(1);
    move('inHand', 'sentBack', { reason: '不属本单位' });
    expect(urge(board, id, 1)).toBe('movedOn');
    expect(move('sentBack', 'dispatched', { unit: 'police' })).toBe('ok');
    expect(body(board, id).urging).toBeNull();
    urge(board, id, 0);
    move('dispatched', 'answered', { reply: '已答复' });
    // How often it had been urged is still told of the answer, and is over with the next round.
    expect(body(board, id).urging?.times).toBe(1);
    expect(urge(board, id, 1)).toBe('movedOn');
    move('answered', 'inHand', { reason: '不满意' });
    expect(body(board, id).urging).toBeNull();
  });

  it('a caller who rings again is written down and urges in one; with nobody to urge, is written down all the same', () => {
    const board = started();
    const id = logged(board);
    const again = (): unknown => {
      const outcome = board.send('call.log', { rung, answered: rung, topic: 'symptoms', locality: '330102003', attachTo: id, urge: true }, operator);
      return outcome.ok ? outcome.result.urged : why(outcome);
    };
    expect(again()).toBe(true);
    expect(body(board, id)).toMatchObject({ callers: 2, stage: 'dispatched', urging: { times: 1, byCallers: 1 } });
    const change = board.changes.filter((x) => x.id === id).at(-1);
    expect(change && asPattern.call.headline(change as never)).toMatchObject({ code: 'callHastened', params: { n: 1 } });
    board.send('call.move', { id, from: 'dispatched', to: 'answered', reply: '已答复' }, operator);
    expect(again()).toBe(false);
    expect(body(board, id)).toMatchObject({ callers: 3, urging: { times: 1 } });
  });
});

describe('rule 17: a call of version 2', () => {
  it('goes on with the time it had', () => {
    const two = { rung, due: rung + 30 * MINUTE, overdueSince: null, stage: 'dispatched' };
    const now = asPattern.call.upgrade(two, 2) as unknown as Call;
    expect(now).toMatchObject({ due: two.due, callers: 1, merged: [], clock: { due: two.due, passed: null, allowed: 30 * MINUTE, limit: null } });
    expect(asPattern.call.dues?.(now as never)).toEqual([{ clock: 'due.1.due', at: two.due, command: 'call.tick', body: { run: 1, step: 'due' } }]);
    expect(asPattern.call.upgrade({ ...two, due: null, overdueSince: null }, 2).clock).toBeNull();
    expect(asPattern.call.dues?.(asPattern.call.upgrade({ ...two, overdueSince: two.due }, 2) as never)).toEqual([]);
  });
});
