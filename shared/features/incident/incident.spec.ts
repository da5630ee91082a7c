import { describe, expect, it } from 'vitest';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { moveOf, moves } from './moves.ts';
import { standings, unknownFigures, type Incident, type Standing } from './record.ts';

const operator = person('operator');
const leader = person('leader');
const fire = { title: '镇海区一消毒用品仓库起火', category: 'accident', locality: '330212', since: NIGHT - 10 * 60_000 };
const started = (): TinyBoard => startedBoard(asPattern);
const must = (board: TinyBoard, ...sent: Parameters<TinyBoard['send']>): Record<string, unknown> => {
  const outcome = board.send(...sent);
  if (!outcome.ok) throw new Error(why(outcome));
  return outcome.result;
};
const reported = (board: TinyBoard, more: Record<string, unknown> = {}): string => String(must(board, 'incident.report', { ...fire, ...more }, operator).id);
const called = (board: TinyBoard): string => String(must(board, 'call.log', { rung: NIGHT, answered: NIGHT, topic: 'hazard', locality: '330212' }, operator).id);
const body = (board: TinyBoard, id: string): Incident => board.get('incident', id)?.body as Incident;
const fill = { grade: 'III', lead: 'emergency', reason: '消防已到场' } as const;
const waysTo: Record<Standing, Standing[]> = {
  reported: [],
  confirmed: ['confirmed'],
  inResponse: ['confirmed', 'inResponse'],
  underControl: ['confirmed', 'inResponse', 'underControl'],
  closed: ['confirmed', 'inResponse', 'underControl', 'closed'],
  dismissed: ['dismissed'],
};
const filled = (from: Standing, to: Standing): Partial<typeof fill> => Object.fromEntries((moveOf(from, to)?.needs ?? []).map((n) => [n, fill[n]]));
function at(board: TinyBoard, standing: Standing): string {
  const id = reported(board);
  let from: Standing = 'reported';
  for (const to of waysTo[standing]) {
    must(board, 'incident.move', { id, from, to, ...filled(from, to) }, leader);
    from = to;
  }
  return id;
}

describe('incident.report', () => {
  it('gives a number of the day; nothing is graded, counted or confirmed by being reported', () => {
    const board = started();
    const i = body(board, reported(board, { informant: '周师傅 19900000611', lead: 'emergency', units: ['rescue', 'emergency', 'rescue'] }));
    expect(i).toMatchObject({ number: 'E20200205-001', standing: 'reported', grade: null, knownAt: NIGHT, lead: 'emergency', units: ['rescue'], informant: 1, persons: null });
    expect(i.figures).toEqual(unknownFigures());
    expect(body(board, reported(board)).number).toBe('E20200205-002');
  });

  it('takes the call it came from along, in one action', () => {
    const board = started();
    const call = called(board);
    const i = body(board, reported(board, { records: [{ kind: 'call', id: call }] }));
    expect(i.links).toEqual([{ kind: 'call', id: call, name: '20200205-0001' }]);
    expect(asPattern.incident.words(i)).toContain('20200205-0001');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no title', { title: ' ' }, 'inputRejected title:required'],
    ['a category there is not', { category: 'war' }, 'inputRejected category:notInList'],
    ['what has not happened yet', { since: NIGHT + HOUR }, 'inputRejected since:timeInFuture'],
    ['known before it happened', { knownAt: NIGHT - HOUR }, 'inputRejected knownAt:badTime'],
    ['a unit nobody knows', { lead: 'nobody' }, 'inputRejected units:unknownUnit'],
    ['a locality that has ended', { locality: '330103' }, 'inputRejected locality:unknownLocality'],
    ['a call there is not', { records: [{ kind: 'call', id: 'none' }] }, 'inputRejected records.0:notInList'],
    ['a kind that cannot belong to it', { records: [{ kind: 'level', id: 'current' }] }, 'inputRejected records.0.kind:notInList'],
    ['a grade by an operator', { grade: 'I' }, 'inputRejected grade:unknownField'],
  ])('refuses %s, and takes no number', (_name, more, expected) => {
    const board = started();
    expect(why(board.send('incident.report', { ...fire, ...more }, operator))).toBe(expected);
    expect(body(board, reported(board)).number).toBe('E20200205-001');
  });
});

describe('the table of standings', () => {
  it.each(standings.flatMap((from) => standings.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const way = moveOf(from, to);
    for (const author of [operator, leader]) {
      const board = started();
      const id = at(board, from);
      const outcome = board.send('incident.move', { id, from, to, ...filled(from, to) }, author);
      if (!way) expect(why(outcome)).toBe('inputRejected to:notAllowedHere');
      else if (!way.roles.some((r) => r === author.role)) expect(why(outcome)).toBe('notAllowed');
      else expect([why(outcome), body(board, id).standing]).toEqual(['ok', to]);
    }
    for (const need of way?.needs ?? []) {
      const board = started();
      const id = at(board, from);
      const { [need]: _left, ...rest } = filled(from, to);
      // What stands on the record already need not be said again.
      const there = need !== 'reason' && body(board, id)[need] !== null;
      expect(why(board.send('incident.move', { id, from, to, ...rest }, leader))).toBe(there ? 'ok' : `inputRejected ${need}:required`);
    }
  });

  it('nobody but a leader confirms, dismisses, closes or opens again, and none is a dead end', () => {
    for (const to of ['confirmed', 'dismissed', 'closed', 'reported'] as const) for (const m of moves.filter((x) => x.to === to)) expect(m.roles).toEqual(['leader']);
    for (const s of standings) expect(moves.some((m) => m.from === s)).toBe(true);
  });

  it('one that moved on meanwhile is not moved again: the second sees where it is', () => {
    const board = started();
    const id = at(board, 'inResponse');
    must(board, 'incident.move', { id, from: 'inResponse', to: 'underControl', reason: '明火已灭' }, operator);
    expect(board.send('incident.move', { id, from: 'inResponse', to: 'underControl', reason: '明火已灭' }, leader)).toMatchObject({ problem: { code: 'movedOn', both: [{ theirs: 'underControl' }] } });
  });

  it('a leader grades and regrades with a reason, from the grade that was on the screen', () => {
    const board = started();
    const id = at(board, 'confirmed');
    expect(why(board.send('incident.grade', { id, from: 'III', to: 'II', reason: '又有人失联' }, operator))).toBe('notAllowed');
    expect(why(board.send('incident.grade', { id, from: null, to: 'II', reason: '又有人失联' }, leader))).toBe('conflict');
    must(board, 'incident.grade', { id, from: 'III', to: 'II', reason: '又有人失联' }, leader);
    expect(body(board, id)).toMatchObject({ grade: 'II', gradeReason: '又有人失联', standingReason: null });
  });
});

describe('[R13] figures', () => {
  const count = (board: TinyBoard, id: string, asOf: number, changes: Record<string, unknown>): string => why(board.send('incident.count', { id, asOf, changes }, operator));
  it('each is as of its own moment; unknown is not zero and may come again', () => {
    const board = started();
    const id = reported(board);
    expect(count(board, id, NIGHT - 60_000, { dead: { from: null, to: 0 } })).toBe('ok');
    expect(count(board, id, NIGHT, { lightlyInjured: { from: null, to: 2 }, loss: { from: null, to: 12.5 } })).toBe('ok');
    expect(body(board, id).figures).toMatchObject({ dead: { value: 0, asOf: NIGHT - 60_000 }, lightlyInjured: { value: 2, asOf: NIGHT }, missing: { value: null, asOf: null } });
    expect(count(board, id, NIGHT, { dead: { from: 0, to: null } })).toBe('ok');
    expect(body(board, id).figures.dead).toEqual({ value: null, asOf: NIGHT });
  });
  it('a count of an earlier moment replaces no later one; two who counted see both', () => {
    const board = started();
    const id = reported(board);
    count(board, id, NIGHT, { dead: { from: null, to: 1 } });
    expect(count(board, id, NIGHT - 1, { dead: { from: 1, to: 0 } })).toBe('inputRejected asOf:timeTooOld');
    expect(count(board, id, NIGHT, { dead: { from: null, to: 3 } })).toBe('conflict');
    expect(count(board, id, NIGHT, { dead: { from: 1, to: 1.5 } })).toBe('inputRejected changes.dead.to:notANumber');
    expect(count(board, id, NIGHT, { dead: { from: 1, to: -1 } })).toBe('inputRejected changes.dead.to:tooSmall');
  });
});

describe('what belongs to it', () => {
  it('a call belongs to one incident at a time; taken out, it may go to another', () => {
    const board = started();
    const call = called(board);
    const record = { kind: 'call', id: call };
    const [one, two] = [reported(board), reported(board)];
    must(board, 'incident.attach', { id: one, record }, operator);
    expect(board.send('incident.attach', { id: one, record }, operator)).toMatchObject({ ok: true, puts: [] });
    expect(board.send('incident.attach', { id: two, record }, operator)).toMatchObject({ problem: { code: 'alreadyExists', fields: [{ path: 'record', code: 'inIncident', params: { number: 'E20200205-001' } }] } });
    must(board, 'incident.detach', { id: one, record }, operator);
    expect(body(board, one).links).toEqual([]);
    must(board, 'incident.attach', { id: two, record }, operator);
    expect(asPattern.incident.timeline?.(body(board, two))).toEqual([['call', call]]);
  });

  it('an enterprise may be the place of several; whoever may not read a kind cannot attach it', () => {
    const board = started();
    const plant = String(must(board, 'enterprise.register', { name: '演练消毒用品有限公司', creditCode: '91330211MA0DEM013F', locality: '330212', trade: 'disinfectants', headcount: 20 }, leader).id);
    const record = { kind: 'enterprise', id: plant };
    for (const id of [reported(board), reported(board)]) {
      expect(why(board.send('incident.attach', { id, record }, operator))).toBe('notAllowed');
      must(board, 'incident.attach', { id, record }, leader);
      expect(body(board, id).links[0]?.name).toBe('演练消毒用品有限公司');
    }
  });
});

describe('notes and corrections', () => {
  it('each note is an entry of its own, also when it says the same', () => {
    const board = started();
    const id = reported(board);
    for (const text of ['水罐车到场', '水罐车到场']) must(board, 'incident.note', { id, text }, operator);
    expect(body(board, id).note).toEqual({ n: 2, text: '水罐车到场' });
    expect(board.changes.filter((c) => c.command === 'incident.note')).toHaveLength(2);
  });

  it('fields merge, the same field shows both, and its scope follows', () => {
    const board = started();
    const id = reported(board, { spot: '二号库' });
    must(board, 'incident.amend', { id, changes: { locality: { from: '330212', to: '330782' }, spot: { from: '二号库', to: '' } } }, operator);
    expect(body(board, id)).toMatchObject({ locality: '330782', placeWords: '义乌市 330782', spot: null });
    expect(board.send('incident.amend', { id, changes: { locality: { from: '330212', to: '330102' } } }, leader)).toMatchObject({ problem: { code: 'conflict', both: [{ theirs: '330782' }] } });
    expect(asPattern.incident.place(body(board, id))).toEqual({ units: [], localities: ['330782'] });
  });
});

describe('[R15] report clocks: 30 minutes by telephone, an hour in writing, from when it became known', () => {
  const MIN = 60_000;
  const clocks = (board: TinyBoard, id: string): Incident['clocks'] => body(board, id).clocks;
  /** What the board itself would send now, as often as there is something. */
  function run(board: TinyBoard, id: string): string[] {
    const said: string[] = [];
    for (;;) {
      const due = asPattern.incident.dues?.(body(board, id)).find((d) => d.at <= board.now);
      if (!due) return said;
      must(board, due.command, { id, ...due.body }, person('system'));
      said.push(due.clock);
    }
  }
  const firstReport = (board: TinyBoard, id: string, means: string, at?: number): void => {
    const report = String(must(board, 'upwardReport.draft', { incident: id, sort: 'first', title: '报告', sign: true }, leader).id);
    must(board, 'upwardReport.send', { id: report, incident: id, to: ['provinceGovernment'], means, ...(at && { at }) }, operator);
  };

  it('one after the other, each said once; a second hub or a restart says nothing more', () => {
    const board = started();
    const id = reported(board, { knownAt: NIGHT - 5 * MIN });
    expect([clocks(board, id).telephone?.due, clocks(board, id).written?.due]).toEqual([NIGHT + 25 * MIN, NIGHT + 55 * MIN]);
    const dues = asPattern.incident.dues?.(body(board, id)) ?? [];
    expect(dues.map((d) => d.clock)).toEqual(['telephone.1.remind', 'written.1.remind']);
    board.now = NIGHT + 25 * MIN - 1;
    run(board, id);
    expect(clocks(board, id).telephone?.passed).toBeNull();
    board.now += 1;
    expect(run(board, id)).toEqual(['telephone.1.due']);
    expect(clocks(board, id).telephone?.passed).toBe(NIGHT + 25 * MIN);
    expect(board.send('incident.clock', { id, which: 'telephone', run: 1, step: 'due' }, person('system'))).toMatchObject({ ok: true, puts: [] });
    expect(why(board.send('incident.clock', { id, which: 'written', run: 1, step: 'due' }, leader))).toBe('notAllowed');
    const line = asPattern.incident.headline(board.changes.at(-1) as never);
    expect(line).toMatchObject({ code: 'reportLate', tone: 'alarm', params: { clock: 'telephone' } });
  });

  it('known long ago and written down now: late at once, as of when it was due', () => {
    const board = started();
    const id = reported(board, { since: NIGHT - 3 * HOUR, knownAt: NIGHT - 2 * HOUR });
    run(board, id);
    expect(clocks(board, id).telephone).toMatchObject({ passed: NIGHT - 90 * MIN, reminded: null });
  });

  it('the telephone ends its own, a paper or the system the other; a correction ends none', () => {
    const board = started();
    const [id, other] = [reported(board), reported(board)];
    firstReport(board, id, 'telephone');
    expect([clocks(board, id).telephone?.stopped, clocks(board, id).written?.stopped]).toEqual([NIGHT, null]);
    firstReport(board, other, 'system');
    expect([clocks(board, other).telephone?.stopped, clocks(board, other).written?.stopped]).toEqual([null, NIGHT]);
    expect(asPattern.incident.dues?.(body(board, other)).every((d) => d.clock.startsWith('telephone'))).toBe(true);
  });

  it('in time is what went out in time, though it was written down later', () => {
    const board = started();
    const id = reported(board);
    board.now = NIGHT + 40 * MIN;
    run(board, id);
    firstReport(board, id, 'telephone', NIGHT + 20 * MIN);
    expect(clocks(board, id).telephone).toMatchObject({ stopped: NIGHT + 20 * MIN, passed: NIGHT + 30 * MIN, due: null });
  });

  it('an incident dismissed owes nothing; taken up again, it owes from then', () => {
    const board = started();
    const id = reported(board);
    must(board, 'incident.move', { id, from: 'reported', to: 'dismissed', reason: '误报' }, leader);
    expect(asPattern.incident.dues?.(body(board, id))).toEqual([]);
    expect(asPattern.incident.held(body(board, id))).toBe(false);
    board.now = NIGHT + 2 * HOUR;
    must(board, 'incident.move', { id, from: 'dismissed', to: 'reported', reason: '复核属实' }, leader);
    expect(clocks(board, id).telephone).toMatchObject({ run: 2, due: NIGHT + 2 * HOUR + 30 * MIN, passed: null });
  });

  it('closed without a report it stays in hand, until it is reported or a leader says that it need not be', () => {
    const board = started();
    const id = at(board, 'closed');
    expect(asPattern.incident.held(body(board, id))).toBe(true);
    expect(why(board.send('incident.waive', { id, reason: '一般事件，无需上报' }, operator))).toBe('notAllowed');
    must(board, 'incident.waive', { id, reason: '一般事件，无需上报' }, leader);
    expect(asPattern.incident.held(body(board, id))).toBe(false);
    expect(body(board, id).waived).toMatchObject({ by: '测试 leader', reason: '一般事件，无需上报' });
    expect(why(board.send('incident.waive', { id, reason: '再说一次' }, leader))).toBe('inputRejected id:notAllowedHere');
  });

  it('known earlier than was thought: due earlier; a limit switched off starts no clock, a changed one holds for the next', () => {
    const board = started();
    const id = reported(board);
    must(board, 'incident.amend', { id, changes: { knownAt: { from: NIGHT, to: NIGHT - 10 * MIN } } }, operator);
    expect(clocks(board, id).telephone).toMatchObject({ run: 2, due: NIGHT + 20 * MIN });
    must(board, 'limit.save', { code: 'reportTelephone', changes: { amount: { from: 30, to: 20 } } }, person('admin'));
    must(board, 'limit.save', { code: 'reportWritten', changes: { active: { from: true, to: false } } }, person('admin'));
    expect(clocks(board, id).telephone?.due).toBe(NIGHT + 20 * MIN);
    expect(clocks(board, reported(board))).toMatchObject({ telephone: { due: NIGHT + 20 * MIN, limit: { version: 2 } }, written: null });
  });
});
