import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainYear, workingTime, type WorkCalendar } from './calendar.ts';
import {
  againClock,
  askExtension,
  carryOnClock,
  clockState,
  dueClock,
  duesOf,
  extendClock,
  nextStep,
  pauseClock,
  refuseExtension,
  resumeClock,
  startClock,
  startUntil,
  stepClock,
  stopClock,
  timeLeft,
  timeUsed,
  type Counting,
  type DueClock,
  type LimitSetting,
} from './dueClock.ts';
import { HOUR } from './zone.ts';

const MIN = 60_000;
const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const calendar: WorkCalendar = { 2020: { ...plainYear, off: [{ from: '2020-01-24', to: '2020-01-30', name: { zh: '春节', en: 'x' } }], on: ['2020-02-01'] } };
const by: Counting = { calendar, zone: 'Asia/Shanghai' };
const limit = (more: Partial<LimitSetting> = {}): LimitSetting & { code: string; version: number } => ({
  code: 'order',
  version: 3,
  amount: 240,
  unit: 'minutes',
  remindBefore: 60,
  urgeAfter: 30,
  escalateAfter: 120,
  ...more,
});
const T = at('2020-02-05T22:00');
const written = (c: DueClock, now: number, using = by): DueClock => {
  const next = nextStep(c);
  if (!next) throw new Error('nothing is to come');
  const s = stepClock(c, { run: c.run, step: next.step }, now, using);
  if (s.what !== 'written') throw new Error(s.what);
  return dueClock.parse(s.clock);
};
const facts = (c: DueClock): (number | null)[] => [c.reminded, c.passed, c.urged, c.escalated];

describe('one way through', () => {
  it('reminded, late, urged, escalated: each at its moment and once', () => {
    let c = startClock(limit(), T, by);
    expect(dueClock.parse(c)).toEqual(c);
    expect(c).toMatchObject({ limit: { code: 'order', version: 3 }, due: T + 240 * MIN, run: 1 });
    const seen: [string, number][] = [];
    for (let now = T; now <= T + 500 * MIN; now += MIN) {
      const [due] = duesOf(c, 'answer', 'order.clock');
      if (!due || due.at > now) continue;
      c = written(c, now);
      seen.push([due.clock, due.at - T]);
    }
    expect(seen).toEqual([
      ['answer.1.remind', 180 * MIN],
      ['answer.1.due', 240 * MIN],
      ['answer.1.urge', 270 * MIN],
      ['answer.1.escalate', 360 * MIN],
    ]);
    expect(duesOf(c, 'answer', 'x')).toEqual([]);
    expect(['reminded', 'passed', 'urged', 'escalated'].map((f) => c[f as 'reminded'])).toEqual([180, 240, 270, 360].map((m) => T + m * MIN));
  });

  it('its state by the moment, also before it is written down', () => {
    let c = startClock(limit(), T, by);
    expect([0, 239, 240].map((m) => clockState(c, T + m * MIN))).toEqual(['running', 'running', 'late']);
    c = written(c, T + 180 * MIN);
    expect(clockState(c, T + 181 * MIN)).toBe('reminded');
    c = written(c, T + 240 * MIN);
    c = written(c, T + 270 * MIN);
    expect(clockState(c, T + 271 * MIN)).toBe('urged');
    expect(clockState(written(c, T + 360 * MIN), T)).toBe('escalated');
    expect(clockState(pauseClock(c, 'other', T + 300 * MIN, by), T + 301 * MIN)).toBe('paused');
    expect(clockState(stopClock(c, T + 300 * MIN, by), T + 301 * MIN)).toBe('stopped');
  });

  it('a hub that slept writes all that has come in one go, and reminds of nothing that is late', () => {
    const c = written(startClock(limit(), T, by), T + 300 * MIN);
    expect(facts(c)).toEqual([null, T + 240 * MIN, T + 270 * MIN, null]);
    expect(duesOf(c, 'a', 'x')).toMatchObject([{ clock: 'a.1.escalate', at: T + 360 * MIN }]);
  });

  it('a hub whose clock went back is told to ask again; another run or a fact that stands is nothing', () => {
    const c = startClock(limit({ remindBefore: null }), T, by);
    expect(stepClock(c, { run: 1, step: 'due' }, T + 239 * MIN, by)).toEqual({ what: 'notYet' });
    expect(stepClock(c, { run: 2, step: 'due' }, T + 300 * MIN, by)).toEqual({ what: 'nothing' });
    const late = written(c, T + 240 * MIN);
    expect(stepClock(late, { run: 1, step: 'due' }, T + 241 * MIN, by)).toEqual({ what: 'nothing' });
    expect(stepClock(stopClock(c, T, by), { run: 1, step: 'due' }, T + 241 * MIN, by)).toEqual({ what: 'nothing' });
  });

  it('no reminder where the whole limit is shorter than it; none of what is not set', () => {
    const c = startClock(limit({ amount: 30, urgeAfter: null, escalateAfter: null }), T, by);
    expect(duesOf(c, 'a', 'x').map((d) => d.body)).toEqual([{ run: 1, step: 'due' }]);
    expect(duesOf(written(c, T + 30 * MIN), 'a', 'x')).toEqual([]);
    expect(duesOf(null, 'a', 'x')).toEqual([]);
  });

  it('towards a chosen moment', () => {
    const c = startUntil(T + HOUR, { remindBefore: 15, urgeAfter: 0, escalateAfter: null }, T, by);
    expect(c).toMatchObject({ limit: null, due: T + HOUR, remindAt: T + 45 * MIN, urgeAt: T + HOUR, escalateAt: null, allowed: HOUR });
    expect(facts(written(c, T + HOUR))).toEqual([null, T + HOUR, T + HOUR, null]);
  });
});

describe('pause, extension, reopening', () => {
  it('what comes back to the same due moment is another fact', () => {
    const c = startClock(limit({ remindBefore: null }), T, by);
    const paused = pauseClock(c, 'waitingForUnit', T + 5 * MIN, by);
    expect(duesOf(paused, 'a', 'x')).toEqual([]);
    expect(paused).toMatchObject({ due: null, left: 235 * MIN, paused: { reason: 'waitingForUnit' } });
    const on = resumeClock(paused, T + 5 * MIN, by);
    expect(on.due).toBe(c.due);
    expect(duesOf(on, 'a', 'x')[0]?.clock).not.toBe(duesOf(c, 'a', 'x')[0]?.clock);
    // And taken up again after it was done.
    const again = startClock(limit(), T, by, stopClock(on, T + HOUR, by));
    expect(again).toMatchObject({ run: 3, stopped: null, passed: null, started: T });
  });

  it('pausing twice, resuming twice or stopping twice changes nothing the second time', () => {
    const c = startClock(limit(), T, by);
    const p = pauseClock(c, 'other', T + MIN, by);
    expect(pauseClock(p, 'other', T + 2 * MIN, by)).toBe(p);
    const r = resumeClock(p, T + 3 * MIN, by);
    expect(resumeClock(r, T + 4 * MIN, by)).toBe(r);
    expect(r.pausedFor).toBe(2 * MIN);
    const s = stopClock(p, T + 5 * MIN, by);
    expect(s).toMatchObject({ stopped: T + 5 * MIN, pausedFor: 4 * MIN, left: 239 * MIN });
    expect(stopClock(s, T + 9 * MIN, by)).toBe(s);
  });

  it('late when it was paused is late when it goes on, by as much; it is not said to be late twice', () => {
    const late = written(startClock(limit({ remindBefore: null, urgeAfter: 60 }), T, by), T + 250 * MIN);
    const paused = pauseClock(late, 'other', T + 250 * MIN, by);
    expect(paused.left).toBe(-10 * MIN);
    const on = resumeClock(paused, T + 400 * MIN, by);
    expect(on).toMatchObject({ due: T + 390 * MIN, passed: T + 240 * MIN, urgeAt: T + 450 * MIN });
    expect(nextStep(on)).toEqual({ step: 'urge', at: T + 450 * MIN });
  });

  it('begins anew as long as it was given at first, under the same setting and another run', () => {
    const c = startClock(limit(), T, by);
    const longer = extendClock(c, T + 10 * HOUR, T, by);
    const again = againClock(stopClock(longer, T + HOUR, by), T + 5 * HOUR, by);
    expect(again).toMatchObject({ limit: c.limit, allowed: 4 * HOUR, extended: 0, started: T + 5 * HOUR, due: T + 9 * HOUR, remindAt: T + 8 * HOUR, stopped: null, run: longer.run + 1 });
  });

  it('carried on: the same moments, asked for under another name', () => {
    const c = startClock(limit(), T, by);
    const on = carryOnClock(c);
    expect({ ...on, run: c.run }).toEqual(c);
    expect(duesOf(on, 'due', 'x')[0]?.clock).toBe('due.2.remind');
  });

  it('extended: due later, no longer late, reminded and urged anew', () => {
    const late = written(startClock(limit(), T, by), T + 300 * MIN);
    const asked = askExtension(late, T + 600 * MIN, T + 310 * MIN);
    expect(asked.asked).toEqual({ at: T + 310 * MIN, until: T + 600 * MIN });
    expect(refuseExtension(asked).asked).toBeNull();
    const more = extendClock(asked, T + 600 * MIN, T + 320 * MIN, by);
    expect(more).toMatchObject({ due: T + 600 * MIN, allowed: 600 * MIN, extended: 360 * MIN, asked: null, remindAt: T + 540 * MIN, run: 2 });
    expect(facts(more)).toEqual([null, null, null, null]);
    expect(timeUsed(more, T + 330 * MIN, by)).toBe(330 * MIN);
    const paused = pauseClock(more, 'other', T + 330 * MIN, by);
    expect(extendClock(paused, T + 900 * MIN, T + 331 * MIN, by)).toBe(paused);
  });
});

describe('working time', () => {
  const days = limit({ amount: 3, unit: 'workingDays', remindBefore: 210, urgeAfter: 0, escalateAfter: 420 });

  it('three working days across a holiday', () => {
    const c = startClock(days, at('2020-01-22T10:00'), by);
    // 23 January, then 31 January (a Friday), then 1 February (made up for).
    expect(c).toMatchObject({ due: at('2020-02-01T17:30'), remindAt: at('2020-02-01T14:00'), escalateAt: at('2020-02-03T17:30'), working: true });
    expect(timeLeft(c, at('2020-01-26T12:00'), by)).toBe(14 * HOUR);
  });

  it('a holiday made longer while it ran: due later by its own working days, and never earlier', () => {
    const c = startClock(days, at('2020-01-22T10:00'), by);
    const longer: Counting = { ...by, calendar: { 2020: { ...plainYear, off: [{ from: '2020-01-24', to: '2020-02-02', name: { zh: '春节', en: 'x' } }], on: [] } } };
    const next = written(c, at('2020-02-01T14:00'), longer);
    expect(next).toMatchObject({ reminded: at('2020-02-01T14:00'), passed: null, run: 1 });
    const moved = written(next, at('2020-02-01T17:30'), longer);
    expect(moved).toMatchObject({ due: at('2020-02-04T17:30'), passed: null, run: 2, reminded: at('2020-02-01T14:00') });
    expect(duesOf(moved, 'a', 'x')).toMatchObject([{ at: at('2020-02-04T17:30'), clock: 'a.2.due' }]);
    expect(written(moved, at('2020-02-04T17:30'), longer).passed).toBe(at('2020-02-04T17:30'));
    const shorter: Counting = { ...by, calendar: { 2020: plainYear } };
    expect(written(c, at('2020-02-01T17:30'), shorter).passed).toBe(at('2020-02-01T17:30'));
    // A hub that slept until long after the new moment says that one.
    expect(written(next, at('2020-02-10T12:00'), longer)).toMatchObject({ passed: at('2020-02-04T17:30'), urged: at('2020-02-04T17:30'), escalated: at('2020-02-05T17:30') });
  });

  const anyLimit = fc.record({
    amount: fc.integer({ min: 1, max: 2_000 }),
    unit: fc.constantFrom('minutes' as const, 'workingMinutes' as const),
    remindBefore: fc.option(fc.integer({ min: 1, max: 600 })),
    urgeAfter: fc.option(fc.integer({ min: 0, max: 600 })),
    escalateAfter: fc.constant(null),
  });
  const moment = fc.integer({ min: at('2020-01-02T00:00'), max: at('2020-03-01T00:00') });

  it('pausing for a while moves the due moment by the working time of the pause', () => {
    fc.assert(
      fc.property(anyLimit, moment, fc.nat(3_000), fc.nat(6_000), (l, now, x, y) => {
        const c = startClock({ code: 'a', version: 1, ...l }, now, by);
        const p = now + x * MIN;
        const r = p + y * MIN;
        const on = resumeClock(pauseClock(c, 'other', p, by), r, by);
        const count = l.unit === 'minutes' ? (a: number, b: number) => b - a : workingTime(calendar, by.zone).between;
        expect(count(c.due ?? 0, on.due ?? 0)).toBe(count(p, r));
        expect(timeLeft(on, r, by)).toBe(timeLeft(c, p, by));
        expect(timeUsed(on, r, by) + timeLeft(on, r, by)).toBe(on.allowed);
      }),
      { numRuns: 150 },
    );
  });

  it('whatever happens to it: one due at most, in no past run, its facts in order, and nothing left to do when done', () => {
    fc.assert(
      fc.property(anyLimit, moment, fc.array(fc.tuple(fc.nat(6), fc.nat(700)), { maxLength: 40 }), (l, start, acts) => {
        let now = start;
        let c = startClock({ code: 'a', version: 1, ...l }, now, by);
        const said = new Set<string>();
        for (const [act, minutes] of acts) {
          now += minutes * MIN;
          const [due] = duesOf(c, 'a', 'x');
          if (due && due.at <= now) {
            // Once said, never asked for again.
            expect(said.has(`${due.clock}@${due.at}`)).toBe(false);
            said.add(`${due.clock}@${due.at}`);
            c = written(c, now);
          }
          if (act === 1) c = pauseClock(c, 'other', now, by);
          if (act === 2) c = resumeClock(c, now, by);
          if (act === 3 && c.stopped === null) c = extendClock(c, now + (minutes + 1) * MIN, now, by);
          if (act === 4) c = stopClock(c, now, by);
          if (act === 5 && c.stopped !== null) c = startClock({ code: 'a', version: 2, ...l }, now, by, c);
          if (act === 6) c = c.stopped === null ? carryOnClock(c) : againClock(c, now, by);
          expect(dueClock.parse(c)).toEqual(c);
          expect(duesOf(c, 'a', 'x').length).toBeLessThanOrEqual(1);
          if (c.stopped !== null || c.paused !== null) expect(duesOf(c, 'a', 'x')).toEqual([]);
          expect(c.urged === null || c.passed !== null).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
