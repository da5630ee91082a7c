import { describe, expect, it } from 'vitest';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { MERGED, stages, type Call, type Stage } from './record.ts';
import { moveOf } from './moves.ts';

const operator = person('operator');
const leader = person('leader');
const system = person('system');
const ring = { rung: NIGHT - 60_000, answered: NIGHT - 55_000, topic: 'hazard', locality: '330102003' };
const started = (): TinyBoard => startedBoard(asPattern);
const logged = (board: TinyBoard, more: Record<string, unknown> = {}): string => {
  const outcome = board.send('call.log', { ...ring, ...more }, operator);
  if (!outcome.ok) throw new Error(why(outcome));
  return String(outcome.result.id);
};
const body = (board: TinyBoard, id: string): Call => board.get('call', id)?.body as Call;
const move = (board: TinyBoard, id: string, to: Stage, more: Record<string, unknown> = {}): void =>
  expect(why(board.send('call.move', { id, from: body(board, id).stage, to, ...more }, leader))).toBe('ok');
const merge = (board: TinyBoard, id: string, into: string): string => why(board.send('call.merge', { id, into }, operator));
const unmerge = (board: TinyBoard, id: string, into: string): string => why(board.send('call.unmerge', { id, into, reason: '两件不同的事' }, operator));
/** As the hub does, until nothing is owed. */
function follow(board: TinyBoard, id: string): number {
  for (let n = 0; ; n++) {
    const due = asPattern.call.dues?.(body(board, id)).find((d) => d.command === 'call.follow');
    if (!due) return n;
    expect(due.at).toBeLessThanOrEqual(board.now);
    expect(why(board.send(due.command, { id, ...due.body }, system))).toBe('ok');
    if (n > 20) throw new Error('it never comes to an end');
  }
}
const finish = (board: TinyBoard, id: string): void => {
  move(board, id, 'answered', { reply: '已处置' });
  move(board, id, 'finished');
};

describe('merging', () => {
  it('keeps the call and its caller, counts it with the earlier one, and leaves it no clock to fall due', () => {
    const board = started();
    const first = logged(board);
    const second = logged(board, { callerNumber: '19900000126', callerName: '王女士' });
    expect(merge(board, second, first)).toBe('ok');
    expect(body(board, first)).toMatchObject({ callers: 2, merged: [{ id: second, owed: false }], stage: 'dispatched' });
    expect(body(board, second)).toMatchObject({ stage: 'merged', mergedInto: first, mergedFrom: 'dispatched', due: null, callerNumber: 1, callerName: 1, number: '20200205-0002' });
    expect(asPattern.call.dues?.(body(board, second))).toEqual([]);
    expect(asPattern.call.held(body(board, second))).toBe(true);
  });

  it('as it is logged: with its own number, nobody’s to answer but the earlier one’s', () => {
    const board = started();
    const first = logged(board);
    const second = logged(board, { attachTo: first, callerNumber: '19900000127' });
    expect(body(board, second)).toMatchObject({ stage: 'merged', mergedInto: first, mergedFrom: null, unit: null, number: '20200205-0002' });
    expect(body(board, first).callers).toBe(2);
    expect(unmerge(board, second, first)).toBe('ok');
    expect(body(board, second)).toMatchObject({ stage: 'accepted', due: ring.rung + 30 * 60_000 });
  });

  it('once the earlier one is finished each caller is owed a call-back, and stays open until it has been made', () => {
    const board = started();
    const first = logged(board);
    const others = [logged(board, { attachTo: first }), logged(board, { attachTo: first })];
    finish(board, first);
    expect(follow(board, first)).toBe(1);
    expect(others.map((id) => body(board, id).stage)).toEqual(['finished', 'finished']);
    expect(body(board, first).merged.every((m) => m.owed)).toBe(true);
    const [one = '', two = ''] = others;
    move(board, one, 'calledBack');
    expect([one, two, first].map((id) => asPattern.call.held(body(board, id)))).toEqual([false, true, true]);
  });

  it('taken up again, those not called back yet wait with it; those called back have had their answer', () => {
    const board = started();
    const first = logged(board);
    const [one, two] = [logged(board, { attachTo: first }), logged(board, { attachTo: first })];
    finish(board, first);
    follow(board, first);
    move(board, one, 'calledBack');
    board.now += 1;
    move(board, first, 'inHand', { reason: '问题又出现' });
    follow(board, first);
    expect([one, two].map((id) => body(board, id).stage)).toEqual(['calledBack', 'merged']);
    board.now += 1;
    finish(board, first);
    follow(board, first);
    expect([one, two].map((id) => body(board, id).stage)).toEqual(['calledBack', 'finished']);
  });

  it('merged into one that is finished already, the call-back is owed at once', () => {
    const board = started();
    const first = logged(board);
    finish(board, first);
    const second = logged(board);
    expect(merge(board, second, first)).toBe('ok');
    expect(body(board, second).stage).toBe('finished');
    expect(follow(board, first)).toBe(0);
    expect(body(board, logged(board, { attachTo: first })).stage).toBe('finished');
  });

  it('many follow in parts, each a fact of its own', () => {
    const board = started();
    const first = logged(board);
    const others = Array.from({ length: 120 }, () => logged(board, { attachTo: first }));
    finish(board, first);
    expect(follow(board, first)).toBe(3);
    expect(others.every((id) => body(board, id).stage === 'finished')).toBe(true);
  });

  it('what is asked twice, or too late, writes nothing', () => {
    const board = started();
    const first = logged(board);
    const second = logged(board, { attachTo: first });
    finish(board, first);
    const [due] = asPattern.call.dues?.(body(board, first)) ?? [];
    board.now += 1;
    move(board, first, 'inHand', { reason: '又来' });
    const before = board.changes.length;
    board.send('call.follow', { id: first, ...due?.body }, system);
    expect(board.changes).toHaveLength(before);
    expect(body(board, second).stage).toBe('merged');
    expect(why(board.send('call.follow', { id: first, ...due?.body }, leader))).toBe('notAllowed');
  });
});

describe('undone', () => {
  it.each(['accepted', 'dispatched', 'inHand', 'urged', 'sentBack'] as const)('back to %s, its clock gone on', (stage) => {
    const board = started();
    const first = logged(board);
    const second = logged(board, { unit: stage === 'accepted' ? null : 'emergency' });
    for (const to of { accepted: [], dispatched: [], inHand: ['inHand'], urged: ['urged'], sentBack: ['sentBack'] }[stage] as Stage[]) move(board, second, to, { reason: '因' });
    const due = body(board, second).due;
    expect(merge(board, second, first)).toBe('ok');
    // What its clock asked meanwhile came to nothing, under the name it had then.
    board.now = (due ?? 0) + HOUR;
    expect(why(board.send('call.tick', { id: second, run: 1, step: 'due' }, system))).toBe('ok');
    expect(unmerge(board, second, first)).toBe('ok');
    expect(body(board, second)).toMatchObject({ stage, due, mergedInto: null, mergedFrom: null, overdueSince: null });
    expect(body(board, first)).toMatchObject({ callers: 1, merged: [] });
    const [late] = asPattern.call.dues?.(body(board, second)) ?? [];
    expect(late).toMatchObject({ clock: expect.stringMatching(/^due\.2\./) as string });
    board.send(late?.command ?? '', { id: second, ...late?.body }, system);
    expect(body(board, second).overdueSince).toBe(due);
  });

  it('also when the call-back is owed already, and no longer once it has been made', () => {
    const board = started();
    const first = logged(board);
    const [one, two] = [logged(board), logged(board)];
    merge(board, one, first);
    merge(board, two, first);
    finish(board, first);
    follow(board, first);
    expect(unmerge(board, one, first)).toBe('ok');
    expect(body(board, one).stage).toBe('dispatched');
    move(board, two, 'calledBack');
    expect(unmerge(board, two, first)).toBe('movedOn');
  });

  it('needs a reason, and the place it is undone from as it was seen', () => {
    const board = started();
    const [first, other] = [logged(board), logged(board)];
    const second = logged(board, { attachTo: first });
    expect(why(board.send('call.unmerge', { id: second, into: first, reason: ' ' }, operator))).toBe('inputRejected reason:required');
    expect(unmerge(board, second, other)).toBe('movedOn');
  });

  it('a wrong topic corrected while merged counts from the ring when it comes back', () => {
    const board = started();
    const first = logged(board);
    const second = logged(board);
    merge(board, second, first);
    board.send('call.amend', { id: second, changes: { topic: { from: 'hazard', to: 'supplies' } } }, operator);
    expect(body(board, second).due).toBeNull();
    unmerge(board, second, first);
    expect(body(board, second).due).toBe(ring.rung + 4 * HOUR);
  });
});

describe('what is refused', () => {
  it('itself, one that is merged, one that has taken others in, one called back, one out of reach', () => {
    const board = started();
    const [first, second, third] = [logged(board), logged(board), logged(board, { locality: '330212' })];
    expect(merge(board, first, first)).toBe('inputRejected into:notAllowedHere');
    expect(merge(board, first, '00000000-0000-4000-8000-00000000ffff')).toBe('inputRejected into:notInList');
    merge(board, second, first);
    expect(merge(board, third, second)).toBe('inputRejected into:notAllowedHere');
    expect(merge(board, first, third)).toBe('inputRejected id:notAllowedHere');
    const shangcheng = person('operator', { scope: { units: null, localities: ['330102'] } });
    expect(why(board.send('call.log', { ...ring, attachTo: third }, shangcheng))).toBe('inputRejected attachTo:notInList');
    finish(board, first);
    move(board, first, 'calledBack');
    expect(merge(board, third, first)).toBe('inputRejected into:notAllowedHere');
    expect(why(board.send('call.merge', { id: third, into: first }, person('unit', { scope: { units: ['health'], localities: null } })))).toBe('notAllowed');
  });

  it.each(stages)('from %s only where the table says so', (stage) => {
    const board = started();
    const first = logged(board);
    const id = logged(board, { unit: null });
    board.seed('call', id, { ...body(board, id), stage });
    const way = moveOf(stage, 'merged', 'call.merge');
    expect(merge(board, id, first)).toBe(way ? 'ok' : 'movedOn');
  });

  it(`more than ${MERGED} are an incident`, () => {
    const board = started();
    const first = logged(board);
    board.seed('call', first, { ...body(board, first), callers: MERGED + 1, merged: Array.from({ length: MERGED }, (_, i) => ({ id: `c${i}`, owed: false })) });
    expect(merge(board, logged(board), first)).toBe('inputRejected into:tooBig');
  });
});
