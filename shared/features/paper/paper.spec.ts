import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../time/zone.ts';
import type { Call } from '../call/record.ts';
import type { CallView } from '../call/stats.ts';
import { asPattern } from '../index.ts';
import { person, startedBoard, why, type Outcome, type TinyBoard } from '../testing.ts';
import type { Paper } from './record.ts';
import type { PaperView } from './stats.ts';

const operator = person('operator');
const reserve = (board: TinyBoard, count = 3): { id: string; first: string; last: string } => {
  const sent = board.send('paper.reserve', { count }, operator);
  if (!sent.ok) throw new Error(why(sent));
  return sent.result as never;
};
const log = (board: TinyBoard, more: object = {}): Outcome =>
  board.send('call.log', { rung: board.now - 5 * HOUR, answered: board.now - 5 * HOUR + 20_000, ended: board.now - 5 * HOUR + 200_000, topic: 'symptoms', locality: '330102', ...more }, operator);
const number = (o: Outcome): string => (o.ok ? String(o.result.number) : why(o));
const view = (board: TinyBoard): PaperView => {
  const state = asPattern.paper.fold.empty();
  for (const c of board.changes) if (c.kind === 'paper') asPattern.paper.fold.apply(state, c, board.zone);
  return asPattern.paper.fold.view(state, board.now, board.zone) as PaperView;
};

describe('numbers on paper', () => {
  it('are reserved from the calls’ own counter, which never gives them again', () => {
    const board = startedBoard(asPattern);
    expect(number(log(board))).toMatch(/-0001$/);
    const batch = reserve(board);
    expect([batch.first.slice(-4), batch.last.slice(-4)]).toEqual(['0002', '0004']);
    expect(number(log(board))).toMatch(/-0005$/);
    expect(reserve(board, 1).first).toMatch(/-0006$/);
    expect(why(board.send('paper.reserve', { count: 0 }, operator))).toBe('inputRejected count:tooSmall');
    expect(why(board.send('paper.reserve', { count: 41 }, operator))).toBe('inputRejected count:tooBig');
    expect(why(board.send('paper.reserve', { count: 1 }, person('supplies')))).toBe('notAllowed');
  });

  it('become the number of the call that is entered from the form, once, also on another day', () => {
    const board = startedBoard(asPattern);
    const batch = reserve(board);
    board.now += DAY;
    const form = { backEntered: true, formNumber: batch.first, writtenBy: '接线员 王' };
    const entered = log(board, form);
    expect(number(entered)).toBe(batch.first);
    const [call] = board.all('call').map((r) => r.body as unknown as Call);
    expect(call).toMatchObject({ backEntered: true, formNumber: batch.first, operator: '接线员 王', operatorId: operator.id, rung: board.now - 5 * HOUR });
    // Its clock runs from when it rang, not from when it was typed in.
    expect(call?.due).toBe(board.now - 5 * HOUR + 30 * 60_000);
    expect(why(log(board, form))).toBe('inputRejected formNumber:taken');
    expect(why(log(board, { ...form, formNumber: '20200205-9999' }))).toBe('inputRejected formNumber:notInList');
    expect(why(log(board, { formNumber: batch.last }))).toBe('inputRejected formNumber:notAllowedHere');
    // From a plain sheet: the next number there is.
    expect(number(log(board, { backEntered: true, writtenBy: '接线员 王' }))).toMatch(/-0001$/);
  });

  it('a reply written on paper stops the clock when it was given, however late it is typed in', () => {
    const board = startedBoard(asPattern);
    log(board, { backEntered: true, reply: '已告知就近发热门诊' });
    log(board, { reply: '已告知就近发热门诊' });
    const [paper, live] = board.all('call').map((r) => r.body as unknown as Call);
    expect(paper?.clock?.left).toBe(30 * 60_000 - 200_000);
    expect(live?.clock?.left).toBeLessThan(0);
  });

  it('are each accounted for: used, voided with a reason, or listed as neither', () => {
    const board = startedBoard(asPattern);
    const { id, first, last } = reserve(board);
    const middle = first.replace(/\d{4}$/, (n) => String(Number(n) + 1).padStart(4, '0'));
    expect(view(board)).toMatchObject({ unused: { value: 3 }, oldest: board.now });
    log(board, { backEntered: true, formNumber: first });
    const voided = (numbers: string[], reason = '污损'): string => why(board.send('paper.void', { id, numbers, reason }, operator));
    expect(voided([first])).toBe('inputRejected numbers.0:taken');
    expect(voided(['20200101-0001'])).toBe('inputRejected numbers.0:notInList');
    expect(voided([middle], '')).toBe('inputRejected reason:required');
    expect(voided([middle])).toBe('ok');
    expect(view(board).unused.value).toBe(1);
    expect((board.get('paper', id)?.body as unknown as Paper).forms.map((f) => f.state)).toEqual(['used', 'voided', 'reserved']);
    // Found with a call on it after all.
    expect(number(log(board, { backEntered: true, formNumber: middle }))).toBe(middle);
    expect(voided([last])).toBe('ok');
    expect(view(board)).toMatchObject({ unused: { value: 0 }, oldest: null });
    expect(asPattern.paper.held(board.get('paper', id)?.body as never)).toBe(false);
  });

  it('say nothing of how fast somebody answered: what was entered from them is left out of it, and counted as left out', () => {
    const board = startedBoard(asPattern);
    const rung = board.now - HOUR;
    log(board, { rung, answered: rung + 5_000, ended: null });
    log(board, { rung, answered: rung + 600_000, ended: null, backEntered: true });
    log(board, { rung, answered: null, ended: null, origin: 'missed', backEntered: true });
    const state = asPattern.call.fold.empty();
    for (const c of board.changes) if (c.kind === 'call') asPattern.call.fold.apply(state, c, board.zone);
    const v = asPattern.call.fold.view(state, board.now, board.zone) as CallView;
    expect(v).toMatchObject({ today: { value: 3 }, prompt: { value: 1, reported: 1, expected: 1 }, connected: { value: 1, expected: 1 }, fromPaper: 2 });
  });
});
