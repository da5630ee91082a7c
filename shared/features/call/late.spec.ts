import { describe, expect, it } from 'vitest';
import { asPattern } from '../index.ts';
import { ZONE, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { SOON, fold, type CallView } from './stats.ts';
import type { Call } from './record.ts';

const MINUTE = 60_000;
const operator = person('operator');
const leader = person('leader');

/** A call on a topic that has 30 minutes from the ring. */
function logged(board: TinyBoard, more: Record<string, unknown> = {}): string {
  const outcome = board.send('call.log', { rung: board.now, answered: board.now, topic: 'symptoms', locality: '330102003', ...more }, operator);
  if (!outcome.ok) throw new Error(why(outcome));
  return String(outcome.result.id);
}
function viewed(board: TinyBoard, now: number): CallView {
  const s = fold.empty();
  for (const change of board.changes) if (change.kind === 'call') fold.apply(s, change as never, ZONE);
  return fold.view(s, now, ZONE);
}
const lateAndSoon = (board: TinyBoard, now: number): [number | null, number | null] => {
  const v = viewed(board, now);
  return [v.overdue.value, v.soon.value];
};

describe('late, and about to be late', () => {
  it('by the minute it is due: not yet, about to be, late', () => {
    const board = startedBoard(asPattern);
    const due = (board.get('call', logged(board))?.body as Call).due ?? 0;
    expect(due).toBe(board.now + 30 * MINUTE);
    expect(lateAndSoon(board, due - SOON - 1)).toEqual([0, 0]);
    expect(lateAndSoon(board, due - SOON)).toEqual([0, 1]);
    expect(lateAndSoon(board, due - 1)).toEqual([0, 1]);
    // Late the moment it is due, as its clock says: never both, never neither.
    expect(lateAndSoon(board, due)).toEqual([1, 0]);
    expect(lateAndSoon(board, due + 24 * 60 * MINUTE)).toEqual([1, 0]);
  });

  it('not while it stands still, not when more time was given, not once there is an answer', () => {
    const board = startedBoard(asPattern);
    const [paused, extended, answered] = [logged(board), logged(board), logged(board)];
    const due = board.now + 30 * MINUTE;
    expect(lateAndSoon(board, due - MINUTE)).toEqual([0, 3]);
    board.send('call.pause', { id: paused, why: 'waitingForPerson', reason: '等材料' }, operator);
    expect(lateAndSoon(board, due - MINUTE)).toEqual([0, 2]);
    expect(lateAndSoon(board, due + MINUTE)).toEqual([2, 0]);
    board.send('call.extend', { id: extended, granted: true, until: due + 60 * MINUTE }, leader);
    expect(lateAndSoon(board, due + MINUTE)).toEqual([1, 0]);
    expect(lateAndSoon(board, due + 45 * MINUTE)).toEqual([1, 1]);
    board.send('call.move', { id: answered, from: 'dispatched', to: 'answered', reply: '已答复' }, operator);
    expect(lateAndSoon(board, due + MINUTE)).toEqual([0, 0]);
    // Taken up again it is counted again, by its new clock.
    board.now = due + 10 * MINUTE;
    board.send('call.move', { id: answered, from: 'answered', to: 'inHand', reason: '不满意', topic: 'symptoms' }, operator);
    expect(lateAndSoon(board, board.now)).toEqual([0, 1]);
    expect(lateAndSoon(board, board.now + 30 * MINUTE)).toEqual([1, 1]);
  });

  it('one that is worked under an earlier call is not late beside it', () => {
    const board = startedBoard(asPattern);
    const [first, second] = [logged(board), logged(board)];
    const due = board.now + 30 * MINUTE;
    board.send('call.merge', { id: second, into: first }, operator);
    expect(lateAndSoon(board, due)).toEqual([1, 0]);
    expect(lateAndSoon(board, due - MINUTE)).toEqual([0, 1]);
  });

  it('is told by place and by unit once it is written down', () => {
    const board = startedBoard(asPattern);
    const id = logged(board);
    const due = board.now + 30 * MINUTE;
    expect(viewed(board, due).lateBy).toEqual({});
    board.now = due;
    const next = asPattern.call.dues?.(board.get('call', id)?.body as Call).find((d) => d.at <= board.now);
    expect(why(board.send('call.tick', { id, ...next?.body }, person('system')))).toBe('ok');
    expect(viewed(board, due)).toMatchObject({ lateBy: { '330102': 1, '330102003': 1 }, lateUnits: [{ unit: 'health', count: 1 }] });
  });
});
