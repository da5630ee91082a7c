import { describe, expect, it } from 'vitest';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import { person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { moveOf } from './moves.ts';
import { states, type Enterprise, type Resumption } from './record.ts';

const inspector = person('enterprises');
const leader = person('leader');
const CREDIT = '91330211MA0DEM013F';
const plant = { name: '演练氯碱化工有限公司', creditCode: CREDIT, locality: '330212', trade: 'chemicals', headcount: 420, hazards: ['toxic', 'corrosive', 'toxic'] };
/** 10 February 2020, nine in the morning in Zhejiang. */
const MORNING = Date.UTC(2020, 1, 10, 1);

const started = (): TinyBoard => {
  const board = startedBoard(asPattern);
  board.now = MORNING;
  return board;
};
const registered = (board: TinyBoard, more: Record<string, unknown> = {}): string => {
  const outcome = board.send('enterprise.register', { ...plant, ...more }, inspector);
  if (!outcome.ok) throw new Error(why(outcome));
  return String(outcome.result.id);
};
const body = (board: TinyBoard, id: string): Enterprise => board.get('enterprise', id)?.body as Enterprise;
const judged = { changes: { risk: { from: null, to: 'yellow' }, code: { from: null, to: 'green' } }, reason: '现场检查合格' };

describe('enterprise.register', () => {
  it('keeps one form of the credit code and of the hazards', () => {
    const board = started();
    expect(body(board, registered(board, { creditCode: ' 9133 0211 ma0dem013f ' }))).toMatchObject({ creditCode: CREDIT, hazards: ['corrosive', 'toxic'], state: 'notResumed', capacity: null });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a wrong check character', { creditCode: '91330211MA0DEM013G' }, 'inputRejected creditCode:badCreditCode'],
    ['a locality that has ended', { locality: '330103' }, 'inputRejected locality:unknownLocality'],
    ['a trade not in the list', { trade: 'alchemy' }, 'inputRejected trade:notInList'],
    ['half a worker', { headcount: 1.5 }, 'inputRejected headcount:notANumber'],
    ['a hazard nobody knows', { hazards: ['dragons'] }, 'inputRejected hazards.0:notInList'],
    ['a state it cannot begin with', { state: 'permitted' }, 'inputRejected state:notInList'],
    ['no name', { name: '  ' }, 'inputRejected name:required'],
  ])('refuses %s', (_name, more, expected) => {
    const board = started();
    expect(why(board.send('enterprise.register', { ...plant, ...more }, inspector))).toBe(expected);
  });

  it('one credit code, one enterprise; on amending too', () => {
    const board = started();
    registered(board);
    expect(why(board.send('enterprise.register', plant, inspector))).toBe('alreadyExists creditCode:taken');
    const other = registered(board, { creditCode: '91330102MA0DEM0214' });
    const outcome = board.send('enterprise.amend', { id: other, changes: { creditCode: { from: '91330102MA0DEM0214', to: CREDIT } } }, inspector);
    expect(why(outcome)).toBe('alreadyExists changes.creditCode.to:taken');
  });

  it('amending merges by field', () => {
    const board = started();
    const id = registered(board);
    const amend = (changes: Record<string, unknown>): string => why(board.send('enterprise.amend', { id, changes }, inspector));
    expect(amend({ headcount: { from: 420, to: 430 } })).toBe('ok');
    expect(amend({ contactNumber: { from: null, to: '199 0000 0401' } })).toBe('ok');
    expect(amend({ headcount: { from: 420, to: 400 }, name: { from: plant.name, to: '新名' } })).toBe('conflict');
    expect(body(board, id)).toMatchObject({ headcount: 430, name: plant.name, contactNumber: 3 });
  });
});

describe('the way back to work', () => {
  const waysTo: Record<Resumption, Resumption[]> = {
    notResumed: [],
    applied: ['applied'],
    underReview: ['applied', 'underReview'],
    permitted: ['applied', 'underReview', 'permitted'],
    resumed: ['applied', 'underReview', 'permitted', 'resumed'],
    stopped: ['applied', 'underReview', 'permitted', 'stopped'],
  };
  const at = (board: TinyBoard, state: Resumption): string => {
    const id = registered(board);
    board.send('enterprise.judge', { id, ...judged }, inspector);
    let from: Resumption = 'notResumed';
    for (const to of waysTo[state]) {
      expect(why(board.send('enterprise.resume', { id, from, to, reason: '原因' }, inspector))).toBe('ok');
      from = to;
    }
    return id;
  };

  it.each(states.flatMap((from) => states.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const way = moveOf(from, to);
    for (const author of [inspector, leader]) {
      const board = started();
      const id = at(board, from);
      const answer = why(board.send('enterprise.resume', { id, from, to, reason: '原因' }, author));
      if (!way) expect(answer).toBe('inputRejected to:notAllowedHere');
      else if (!way.roles.some((r) => r === author.role)) expect(answer).toBe('notAllowed');
      else {
        expect(answer).toBe('ok');
        expect(body(board, id)).toMatchObject({ state: to, stateReason: '原因' });
      }
    }
    if (way?.needs.includes('reason')) {
      const board = started();
      expect(why(board.send('enterprise.resume', { id: at(board, from), from, to }, leader))).toBe('inputRejected reason:required');
    }
  });

  it('no restart without its risk judged, none with a red code', () => {
    const board = started();
    const id = registered(board);
    board.send('enterprise.resume', { id, from: 'notResumed', to: 'applied' }, inspector);
    board.send('enterprise.resume', { id, from: 'applied', to: 'underReview' }, inspector);
    const permit = (): string => why(board.send('enterprise.resume', { id, from: 'underReview', to: 'permitted' }, leader));
    expect(permit()).toBe('inputRejected risk:required');
    board.send('enterprise.judge', { id, changes: { risk: { from: null, to: 'red' }, code: { from: null, to: 'red' } }, reason: '储罐超量' }, inspector);
    expect(permit()).toBe('inputRejected code:notAllowedHere');
    expect(why(board.send('enterprise.judge', { id, changes: { code: { from: 'red', to: 'yellow' } }, reason: '' }, inspector))).toBe('inputRejected reason:required');
    board.send('enterprise.judge', { id, changes: { code: { from: 'red', to: 'yellow' } }, reason: '已整改' }, inspector);
    expect(permit()).toBe('ok');
    expect(body(board, id)).toMatchObject({ judgedReason: '已整改', judgedBy: '测试 enterprises' });
  });
});

describe('enterprise.report', () => {
  const day = { day: '2020-02-10', capacity: 80, staff: 260, difficulties: ['hands'], masksDays: 2 };
  const report = (board: TinyBoard, id: string, more: Record<string, unknown> = {}, occurred?: number): string => why(board.send('enterprise.report', { id, ...day, ...more }, inspector, occurred));

  it('a later one of the same day replaces it; the same again changes nothing', () => {
    const board = started();
    const id = registered(board);
    expect(report(board, id)).toBe('ok');
    expect(report(board, id, { capacity: 85 })).toBe('ok');
    expect(body(board, id)).toMatchObject({ capacity: 85, staff: 260, reportedDay: '2020-02-10', reportedBy: '测试 enterprises', zero: false });
  });

  it('a zero report is a report, and says zero', () => {
    const board = started();
    const id = registered(board);
    expect(why(board.send('enterprise.report', { id, day: '2020-02-10', zero: true }, inspector))).toBe('ok');
    expect(body(board, id)).toMatchObject({ zero: true, capacity: 0, staff: 0, reportedDay: '2020-02-10' });
    expect(report(board, id, { zero: true })).toBe('inputRejected capacity:notAllowedHere');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['tomorrow', { day: '2020-02-11' }, 'inputRejected day:timeInFuture'],
    ['yesterday', { day: '2020-02-09' }, 'inputRejected day:timeTooOld'],
    ['a day that is none', { day: '2020-02-30' }, 'inputRejected day:badTime'],
    ['no capacity', { capacity: undefined }, 'inputRejected capacity:required'],
    ['no staff', { staff: undefined }, 'inputRejected staff:required'],
    ['too much capacity', { capacity: 900 }, 'inputRejected capacity:tooBig'],
    ['a difficulty not in the list', { difficulties: ['hands', 'gremlins'] }, 'inputRejected difficulties.1:notInList'],
    ['negative output', { output: [{ product: 'x', quantity: -1, unit: '桶' }] }, 'inputRejected output.0.quantity:tooSmall'],
  ])('refuses %s', (_name, more, expected) => {
    const board = started();
    expect(report(board, registered(board), more)).toBe(expected);
  });

  it('the day is the board’s: half past midnight in Zhejiang is another day than in New York', () => {
    const board = started();
    const id = registered(board);
    board.now = Date.UTC(2020, 1, 10, 16, 30);
    expect(report(board, id, { day: '2020-02-11' })).toBe('ok');
  });

  it('made before midnight without a line, it still counts for its own day, but never over a newer one', () => {
    const board = started();
    const id = registered(board);
    board.now = Date.UTC(2020, 1, 10, 16, 20);
    const before = Date.UTC(2020, 1, 10, 15, 50);
    expect(report(board, id, {}, before)).toBe('ok');
    expect(body(board, id).reportedDay).toBe('2020-02-10');
    expect(report(board, id, { day: '2020-02-11' })).toBe('ok');
    expect(report(board, id, {}, before)).toBe('inputRejected day:timeTooOld');
    board.now += 13 * HOUR;
    expect(report(board, registered(board, { creditCode: '91330102MA0DEM0214' }), {}, before)).toBe('inputRejected day:timeTooOld');
  });
});
