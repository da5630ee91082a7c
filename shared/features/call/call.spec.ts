import { describe, expect, it } from 'vitest';
import { everywhere, roles } from '../../access/access.ts';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { actNames, acts, clockRuns, isOpen, isSettled, isUnitsTurn, mayAct, moveOf, moves, type Act } from './moves.ts';
import { stages, type Call, type Stage } from './record.ts';

const operator = person('operator');
const leader = person('leader');
const health = person('unit', { scope: { units: ['health'], localities: null } });
const ring = { rung: NIGHT - 60_000, answered: NIGHT - 55_000, topic: 'symptoms', locality: '330102003' };

const started = (): TinyBoard => startedBoard(asPattern);
const logged = (board: TinyBoard, more: Record<string, unknown> = {}): string => {
  const outcome = board.send('call.log', { ...ring, ...more }, operator);
  if (!outcome.ok) throw new Error(why(outcome));
  return String(outcome.result.id);
};
const body = (board: TinyBoard, id: string): Call => board.get('call', id)?.body as Call;

/** A call at a stage, reached by the table itself. */
const waysTo: Record<Exclude<Stage, 'merged'>, Stage[]> = {
  accepted: [],
  dispatched: ['dispatched'],
  inHand: ['dispatched', 'inHand'],
  urged: ['dispatched', 'urged'],
  sentBack: ['dispatched', 'sentBack'],
  answered: ['answered'],
  finished: ['answered', 'finished'],
  calledBack: ['answered', 'finished', 'calledBack'],
  rated: ['answered', 'finished', 'calledBack', 'rated'],
};
const fill = { unit: 'health', reply: '已告知', reason: '不属本单位', rating: 4 } as const;
const filled = (from: Stage, to: Stage): Partial<typeof fill> => Object.fromEntries((moveOf(from, to)?.needs ?? []).flatMap((n) => (n === 'into' ? [] : [[n, fill[n]]])));
function at(board: TinyBoard, stage: Stage): string {
  const id = logged(board, { topic: 'advice' });
  if (stage === 'merged') {
    expect(why(board.send('call.merge', { id, into: logged(board) }, operator))).toBe('ok');
    return id;
  }
  let from: Stage = 'accepted';
  for (const to of waysTo[stage]) {
    expect(why(board.send('call.move', { id, from, to, ...filled(from, to) }, leader))).toBe('ok');
    from = to;
  }
  expect(body(board, id).stage).toBe(stage);
  return id;
}

describe('call.log', () => {
  it('gives a number of the day, and the topic decides urgency, unit and time', () => {
    const board = started();
    const call = body(board, logged(board, { callerNumber: '+86 199 0000 0126', callerName: ' 王女士 ' }));
    expect(call).toMatchObject({ number: '20200205-0001', urgency: 'urgent', unit: 'health', stage: 'dispatched', due: ring.rung + 30 * 60_000, operator: '测试 operator' });
    expect(body(board, logged(board)).number).toBe('20200205-0002');
    expect([call.callerName, call.callerNumber, call.address]).toEqual([1, 1, null]);
    expect([...board.personal.values()]).toEqual(['王女士', '19900000126']);
  });

  it('the counter begins again at midnight of the board', () => {
    const board = started();
    board.now = Date.UTC(2020, 1, 5, 15, 59, 59);
    expect(body(board, logged(board)).number).toBe('20200205-0001');
    board.now += 1_000;
    expect(body(board, logged(board)).number).toBe('20200206-0001');
  });

  it('a message came in when its channel says so, and its time runs from there', () => {
    const board = started();
    const came = NIGHT - 20 * 60_000;
    const call = body(board, logged(board, { origin: 'sms', answered: null, rung: NIGHT, received: came }));
    expect(call).toMatchObject({ rung: came, received: came, due: came + 30 * 60_000 });
    expect(body(board, logged(board, { origin: 'sms', answered: null, rung: NIGHT }))).toMatchObject({ rung: NIGHT, received: null });
  });

  it('answered at once: no clock, no unit need be sent', () => {
    const board = started();
    const call = body(board, logged(board, { reply: '已告知就近发热门诊' }));
    expect(call).toMatchObject({ stage: 'answered', due: null, reply: 1 });
    expect(isOpen(call.stage)).toBe(true);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a topic not in the list', { topic: 'ufo' }, 'inputRejected topic:unknownTopic'],
    ['a locality that has ended', { locality: '330103' }, 'inputRejected locality:unknownLocality'],
    ['a locality that is no code', { locality: "330102'; --" }, 'inputRejected locality:unknownLocality'],
    ['a unit nobody knows', { unit: 'nobody' }, 'inputRejected unit:unknownUnit'],
    ['a time in the future', { rung: NIGHT + 120_000, answered: null }, 'inputRejected rung:timeInFuture'],
    ['a time long ago', { rung: NIGHT - 8 * 24 * HOUR, answered: null }, 'inputRejected rung:timeTooOld'],
    ['answered before it rang', { answered: ring.rung - 1 }, 'inputRejected answered:badTime'],
    ['ended before it was answered', { ended: ring.rung }, 'inputRejected ended:badTime'],
    ['a missed call that was answered', { origin: 'missed' }, 'inputRejected answered:notAllowedHere'],
    ['a telephone number that is none', { callerNumber: '王女士' }, 'inputRejected callerNumber:badTelephone'],
    ['a text too long', { narrative: '长'.repeat(10_001) }, 'inputRejected narrative:tooLong'],
    ['a field it does not know', { vip: true }, 'inputRejected vip:unknownField'],
    ['a time of arrival of what rang', { received: ring.rung }, 'inputRejected received:notAllowedHere'],
    ['a message that arrives tomorrow', { origin: 'web', answered: null, received: NIGHT + 24 * HOUR }, 'inputRejected rung:timeInFuture'],
    ['urging nobody', { urge: true }, 'inputRejected urge:notAllowedHere'],
    ['half a time', { rung: 1.5 }, 'inputRejected rung:notANumber'],
  ])('refuses %s, and stores nothing', (_name, more, expected) => {
    const board = started();
    const before = board.changes.length;
    expect(why(board.send('call.log', { ...ring, ...more }, operator))).toBe(expected);
    expect(board.changes).toHaveLength(before);
    expect(body(board, logged(board)).number).toBe('20200205-0001');
  });

  it('stores emoji, right-to-left, script and formula text as they are; NUL and broken pairs never reach the database', () => {
    const board = started();
    const odd = '😷 مرحبا <script>alert(1)</script> =HYPERLINK("x") \u0000\ud800 行一\r\n行二';
    logged(board, { narrative: odd });
    const kept = [...board.personal.values()].at(-1) ?? '';
    expect(kept).toBe('😷 مرحبا <script>alert(1)</script> =HYPERLINK("x") \ufffd 行一\n行二');
  });

  it('nobody logs what lies outside their scope', () => {
    const board = started();
    const district = person('operator', { scope: { units: null, localities: ['330212'] } });
    expect(why(board.send('call.log', ring, district))).toBe('inputRejected locality:notAllowedHere');
    expect(why(board.send('call.log', ring, person('supplies')))).toBe('notAllowed');
    expect(why(board.send('call.log', ring, person('operator', { scope: everywhere })))).toBe('ok');
  });
});

describe('search by place', () => {
  it('finds a call by street, district and city, in both languages, after a correction too', () => {
    const board = started();
    const id = logged(board);
    expect(asPattern.call.words(body(board, id)).join(' ')).toBe('20200205-0001 杭州市 上城区 湖滨街道 330100 330102 330102003');
    board.send('call.amend', { id, changes: { locality: { from: '330102003', to: '330782' } } }, operator);
    expect(body(board, id).placeWords).toBe('义乌市 330782');
  });
});

describe('the table of stages', () => {
  const pairs = stages.flatMap((from) => stages.map((to) => [from, to] as const));

  it.each(pairs)('%s to %s', (from, to) => {
    const way = moveOf(from, to);
    for (const role of roles) {
      const tried = started();
      const there = at(tried, from);
      const outcome = tried.send('call.move', { id: there, from, to, ...filled(from, to) }, role === 'unit' ? health : person(role));
      if (!['operator', 'leader', 'unit'].includes(role)) expect(why(outcome)).toBe('notAllowed');
      else if (!way) expect(why(outcome)).toBe('inputRejected to:notAllowedHere');
      else if (!way.roles.includes(role)) expect(why(outcome)).toBe('notAllowed');
      else {
        expect(why(outcome)).toBe('ok');
        expect(body(tried, there).stage).toBe(to);
      }
    }
    const board = started();
    const id = at(board, from);
    for (const need of way?.needs ?? []) {
      const rest: Record<string, unknown> = { ...filled(from, to) };
      delete rest[need];
      const outcome = board.send('call.move', { id, from, to, ...rest }, leader);
      if (need === 'unit' && body(board, id).unit !== null) continue;
      expect(why(outcome)).toBe(`inputRejected ${need}:required`);
    }
  });

  it('every stage leads somewhere, and none is a dead end for the desk', () => {
    for (const stage of stages) expect(moves.some((m) => m.from === stage && m.roles.includes('operator')), stage).toBe(true);
  });

  it('a call is closed by its call-back and by nothing else', () => {
    for (const stage of stages) expect(isOpen(stage), stage).toBe(stage !== 'calledBack' && stage !== 'rated');
    for (const m of moves) if (!isOpen(m.to) && isOpen(m.from)) expect([m.from, m.to]).toEqual(['finished', 'calledBack']);
    for (const m of moves) if (isSettled(m.to) && !isSettled(m.from)) expect(m.from === 'answered' || m.by === 'call.follow').toBe(true);
  });

  it('a unit works what it has and nothing else: not what it sent back, not what it answered', () => {
    for (const m of moves) if (m.roles.includes('unit')) expect(['dispatched', 'inHand', 'urged']).toContain(m.from);
  });

  it('the clock stops with the answer and begins anew when the call is taken up again', () => {
    const board = started();
    const id = logged(board, { topic: 'advice', unit: 'health' });
    board.send('call.move', { id, from: 'dispatched', to: 'answered', reply: '已答复' }, operator);
    expect(body(board, id)).toMatchObject({ due: null, overdueSince: null, clock: { stopped: board.now } });
    board.now += HOUR;
    board.send('call.move', { id, from: 'answered', to: 'inHand', reason: '来电人不满意' }, operator);
    // By the topic's urgency as for the first time, counted from now on.
    expect(body(board, id)).toMatchObject({ due: board.now + 24 * HOUR, reopened: 1, clock: { run: 2, started: board.now, stopped: null } });
    expect(clockRuns('inHand')).toBe(true);
  });

  it('the answer and the reason are kept apart', () => {
    const board = started();
    const id = logged(board);
    board.send('call.move', { id, from: 'dispatched', to: 'answered', reply: '答复' }, operator);
    board.send('call.move', { id, from: 'answered', to: 'inHand', reason: '原因' }, operator);
    expect(body(board, id)).toMatchObject({ reply: 2, reason: 3 });
  });

  it('urged stays urged until there is an answer', () => {
    const board = started();
    const id = logged(board);
    expect(why(board.send('call.move', { id, from: 'dispatched', to: 'urged' }, operator))).toBe('notAllowed');
    board.send('call.move', { id, from: 'dispatched', to: 'urged' }, leader);
    board.send('call.move', { id, from: 'urged', to: 'inHand' }, operator);
    expect(body(board, id).urgedSince).toBe(NIGHT);
    board.send('call.move', { id, from: 'inHand', to: 'answered', reply: '已答复' }, operator);
    expect(body(board, id).urgedSince).toBeNull();
  });

  it('a call that moved on meanwhile is not moved again: the second sees where it is', () => {
    const board = started();
    const id = logged(board);
    board.send('call.move', { id, from: 'dispatched', to: 'inHand' }, operator);
    const second = board.send('call.move', { id, from: 'dispatched', to: 'sentBack', reason: '退' }, operator);
    expect(second).toMatchObject({ ok: false, problem: { code: 'movedOn', both: [{ field: 'stage', yours: 'sentBack', theirs: 'inHand' }] } });
  });

  it.each(['rating', 'reply', 'unit'] as const)('%s is not slipped in where the table does not ask for it', (field) => {
    const board = started();
    const id = logged(board);
    expect(why(board.send('call.move', { id, from: 'dispatched', to: 'inHand', [field]: fill[field] }, operator))).toBe(`inputRejected ${field}:notAllowedHere`);
  });
});

describe('the table of acts', () => {
  const pairs = actNames.flatMap((act) => stages.map((stage) => [act, stage] as const));
  const given: Record<Act, Record<string, unknown>> = {
    urge: { seen: 0, note: '请尽快答复' },
    pause: { why: 'waitingForPerson', reason: '等材料' },
    resume: {},
    ask: { until: ring.rung + 30 * HOUR, reason: '需上门' },
    extend: { granted: true, until: ring.rung + 30 * HOUR },
  };

  it.each(pairs)('%s while %s: by whom it names, and it leads nowhere', (act, stage) => {
    for (const role of [...roles, 'system' as const]) {
      const board = started();
      const id = at(board, stage);
      if (act === 'resume') board.send('call.pause', { id, ...given.pause }, leader);
      const outcome = board.send(`call.${act}`, { id, ...given[act] }, role === 'unit' ? health : person(role));
      expect(why(outcome) === 'ok', `${role}: ${why(outcome)}`).toBe(mayAct(act, role, stage));
      expect(body(board, id).stage).toBe(stage);
    }
  });

  it('nothing is done to a call whose caller has an answer, and nobody is urged where no unit has it', () => {
    for (const act of actNames) for (const role of roles) for (const stage of stages) if (mayAct(act, role, stage)) expect(clockRuns(stage), `${act} ${stage}`).toBe(true);
    for (const of of Object.values(acts.urge)) for (const stage of of) expect(isUnitsTurn(stage)).toBe(true);
    expect(Object.keys(acts.urge)).not.toContain('unit');
  });
});

describe('call.amend', () => {
  it('different fields merge, the same field shows both', () => {
    const board = started();
    const id = logged(board);
    const amend = (changes: Record<string, unknown>): string => why(board.send('call.amend', { id, changes }, operator));
    expect(amend({ locality: { from: '330102003', to: '330102' } })).toBe('ok');
    expect(amend({ topic: { from: 'symptoms', to: 'supplies' } })).toBe('ok');
    const outcome = board.send('call.amend', { id, changes: { locality: { from: '330102003', to: '330212' } } }, operator);
    expect(outcome).toMatchObject({ problem: { code: 'conflict', both: [{ field: 'locality', yours: '330212', theirs: '330102' }] } });
    expect(body(board, id)).toMatchObject({ locality: '330102', topic: 'supplies', urgency: 'soon', due: ring.rung + 240 * 60_000, clock: { limit: { code: 'call-soon' }, started: ring.rung } });
  });

  it('personal fields compare by the version seen', () => {
    const board = started();
    const id = logged(board, { callerName: '王女士' });
    expect(why(board.send('call.amend', { id, changes: { callerName: { from: 1, to: '汪女士' } } }, operator))).toBe('ok');
    expect(body(board, id).callerName).toBe(2);
    expect(board.send('call.amend', { id, changes: { callerName: { from: 1, to: '黄女士' } } }, operator)).toMatchObject({ problem: { code: 'conflict' } });
    expect(why(board.send('call.amend', { id, changes: { callerName: { from: 2, to: '' } } }, operator))).toBe('ok');
    expect(body(board, id).callerName).toBeNull();
  });
});
