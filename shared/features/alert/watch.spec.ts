import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../feature.ts';
import { asPattern } from '../index.ts';
import type { Rule } from '../rule/record.ts';
import { NIGHT, person, startedBoard, type TinyBoard } from '../testing.ts';
import type { Alert } from './record.ts';
import { watch } from './watch.ts';

/** What a watcher notices, beside what is so: a board in memory, a rule with a time, a dead band and a least time, and anything that may happen. */
const system = person('system');
const operator = person('operator');
const inspector = person('enterprises');
const MINUTE = 60_000;
const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });

class Watched {
  readonly board: TinyBoard = startedBoard(asPattern);
  watcher = watch();
  private told = 0;

  constructor() {
    this.anew();
  }

  /** A hub that starts: it goes through what is present. */
  anew(): void {
    this.watcher = watch();
    this.told = this.board.changes.length;
    this.through();
  }

  through(): void {
    for (let kind = this.watcher.wants(); kind !== null; kind = this.watcher.wants()) {
      for (const r of this.board.all(kind)) this.watcher.saw({ kind, id: r.id, revision: r.revision, body: r.body }, this.board.now);
      this.watcher.sawAll(kind);
    }
  }

  /** Tells what happened, and writes what is owed until nothing is. */
  settle(): void {
    for (let round = 0; round < 20; round++) {
      for (const change of this.board.changes.slice(this.told)) this.watcher.change(change as Change<Record<string, unknown>>);
      this.told = this.board.changes.length;
      this.through();
      const due = this.watcher.due(this.board.now, 100, () => false);
      if (due.length === 0) return;
      for (const ask of due) {
        const outcome = this.board.send(ask.command, ask.body, system);
        if (!outcome.ok) throw new Error(`${ask.command}: ${outcome.problem.code}`);
        this.watcher.done(ask.key);
      }
    }
    throw new Error('it never comes to rest');
  }

  rule(more: Record<string, unknown>): void {
    const changes = { name: { zh: '试', en: 'Probe' }, looks: 'records', kind: 'call', when: 'true', level: 'high', title: { zh: '告警', en: 'Alert' }, active: true, ...more };
    const outcome = this.board.send('rule.save', { code: 'probe', create: true, changes: Object.fromEntries(Object.entries(changes).map(([k, v]) => [k, set(v)])) }, person('admin'));
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
    this.settle();
  }

  standing(): Alert[] {
    return this.board.all('alert').map((r) => r.body as Alert).filter((a) => a.rule?.code === 'probe' && a.holds === true);
  }
}

function quietRules(board: TinyBoard): void {
  for (const r of board.all('rule') as unknown as { id: string; body: Rule }[]) {
    if (r.body.active) board.send('rule.save', { code: r.id, changes: { active: { from: true, to: false } } }, person('admin'));
  }
}

describe('a watcher', () => {
  it('has an alert for a record exactly while its rule holds, whatever happens and whenever the hub starts', () => {
    const step = fc.tuple(fc.nat(5), fc.nat(9), fc.nat(25));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
        const w = new Watched();
        quietRules(w.board);
        w.rule({ when: 'due != null', field: 'due', minutes: 10 });
        for (const [action, which, minutes] of steps) {
          const { board } = w;
          board.now += minutes * MINUTE;
          const calls = board.all('call');
          const call = calls[which % Math.max(1, calls.length)];
          if (action === 0) board.send('call.log', { rung: board.now - MINUTE, answered: board.now - MINUTE, topic: which % 2 ? 'symptoms' : 'hazard', locality: '330102' }, operator);
          else if (action === 1 && call) board.send('call.move', { id: call.id, from: call.body.stage, to: 'answered', reply: '已答复' }, operator);
          else if (action === 2 && call) board.send('call.move', { id: call.id, from: call.body.stage, to: 'inHand', reason: '不满意' }, operator);
          else if (action === 3) w.anew();
          w.settle();
          const held = board.all('call').filter((c) => typeof c.body.due === 'number' && c.body.due + 10 * MINUTE <= board.now);
          expect(w.standing().map((a) => a.about?.id).sort()).toEqual(held.map((c) => c.id).sort());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('between its two bounds an alert stays as it is, and never ends before its least time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 30 }), (reports) => {
        const w = new Watched();
        quietRules(w.board);
        w.rule({ kind: 'enterprise', when: 'capacity < 30', clear: 'capacity > 60', least: 8 });
        const made = w.board.send('enterprise.register', { name: '演练', creditCode: '91330211MA0DEM013F', locality: '330212', trade: 'chemicals', headcount: 9, state: 'resumed' }, inspector);
        const id = made.ok ? String(made.result.id) : '';
        let [on, since, wasOver]: [boolean, number, boolean] = [false, 0, false];
        let n = 0;
        for (const [capacity, minutes] of reports) {
          // Time alone may end it: what was over before its least time is over when that has passed.
          w.board.now += minutes * MINUTE;
          if (on && wasOver && w.board.now >= since + 8 * MINUTE) on = false;
          w.settle();
          expect(w.standing().length, 'as time went on').toBe(Number(on));
          w.board.send('enterprise.report', { id, day: '2020-02-05', capacity, staff: n++, masksDays: 3, difficulties: [], output: [] }, inspector);
          w.settle();
          if (!on && capacity < 30) [on, since] = [true, w.board.now];
          wasOver = capacity > 60;
          if (on && wasOver && w.board.now >= since + 8 * MINUTE) on = false;
          expect(w.standing().length, `at ${capacity}`).toBe(Number(on));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('looks at orders: one that is late by so many minutes, until the unit says it is done', () => {
    const w = new Watched();
    quietRules(w.board);
    w.rule({ kind: 'order', when: 'standing in ["given", "accepted", "reported"]', field: 'clock.due', minutes: 30, title: { zh: '{unit}逾期：{title}', en: '{unit} late: {title}' } });
    const given = w.board.send('order.give', { title: '协调夜班人手', text: '夜班缺 12 人', units: ['labour'], limit: 'orderFour' }, person('leader'));
    const id = given.ok ? String(given.result.id) : '';
    w.board.now += (240 + 29) * MINUTE;
    w.settle();
    expect(w.standing()).toEqual([]);
    w.board.now += MINUTE;
    w.settle();
    expect(w.standing()).toMatchObject([{ about: { kind: 'order', id }, params: { unit: 'labour', title: '协调夜班人手' }, units: ['labour'], inputs: { standing: 'given', 'clock.due': NIGHT + 240 * MINUTE } }]);
    expect(JSON.stringify(w.standing())).not.toContain('12 人');
    w.board.send('order.move', { id, from: 'given', to: 'accepted' }, person('leader'));
    w.settle();
    expect(w.standing()).toHaveLength(1);
    w.board.send('order.move', { id, from: 'accepted', to: 'finished', report: '已派人' }, person('leader'));
    w.settle();
    expect(w.standing()).toEqual([]);
  });

  it('looks at incidents: their figures, and a report nearly due', () => {
    const w = new Watched();
    quietRules(w.board);
    w.rule({ kind: 'incident', when: 'figures.dead.value >= 3 || clocks.written.due != null', field: 'clocks.written.due', minutes: -10 });
    const reported = w.board.send('incident.report', { title: '演练厂火情', category: 'accident', locality: '330212', since: w.board.now }, operator);
    const id = reported.ok ? String(reported.result.id) : '';
    w.board.now += 49 * MINUTE;
    w.settle();
    expect(w.standing()).toEqual([]);
    w.board.now += MINUTE;
    w.settle();
    expect(w.standing()).toMatchObject([{ about: { kind: 'incident', id } }]);
    w.board.send('incident.move', { id, from: 'reported', to: 'dismissed', reason: '误报' }, person('leader'));
    w.settle();
    expect(w.standing()).toEqual([]);
  });

  it('what has been told is newer than what is read while records are gone through', () => {
    const w = watch();
    const body = startedBoard(asPattern).get('rule', 'redCode')?.body;
    const change = (active: boolean, revision: number): Change<Record<string, unknown>> => ({ kind: 'rule', id: 'redCode', before: null, after: { ...body, active }, revision, recorded: NIGHT, occurred: NIGHT, command: 'rule.save' });
    w.change(change(false, 9));
    w.saw({ kind: 'rule', id: 'redCode', revision: 5, body: { ...body, active: true } }, NIGHT);
    w.sawAll('rule');
    w.sawAll('alert');
    expect(w.wants()).toBeNull();
  });

  it('of one rule at most so many alerts are raised; the rule says that there were more', () => {
    const w = new Watched();
    quietRules(w.board);
    const alert = asPattern.alert.samples()[0]?.body as unknown as Alert;
    w.rule({ when: 'true' });
    for (let i = 0; i < 500; i++) w.board.seed('alert', `alert-${i}`, { ...alert, number: `A-${i}`, about: { kind: 'call', id: `call-${i}` }, rule: { code: 'probe', edition: 1, name: { zh: '试', en: 'Probe' } } } as unknown as Record<string, unknown>);
    w.board.send('call.log', { rung: w.board.now, answered: w.board.now, topic: 'hazard', locality: '330102' }, operator);
    w.settle();
    expect(w.standing()).toHaveLength(500);
    expect((w.board.get('rule', 'probe')?.body as Rule).trouble).toMatchObject({ flaw: { code: 'tooMany' } });
  });
});
