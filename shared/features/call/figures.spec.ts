import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../time/zone.ts';
import { LONGEST, dayShape, figuresBody, noSums, seenOf, sharesOf, trendOf, type CallFigures } from './figures.ts';
import { judged, standards } from './standards.ts';

const ZONE = 'Asia/Shanghai';
/** 9 February 2020, midnight in Shanghai. */
const MIDNIGHT = Date.UTC(2020, 1, 8, 16);
const figures = (more: Partial<CallFigures>): CallFigures => ({
  from: MIDNIGHT,
  to: MIDNIGHT + 6 * HOUR,
  now: MIDNIGHT + 6 * HOUR,
  since: MIDNIGHT - DAY,
  all: noSums,
  live: { late: 0, soon: 0 },
  base: MIDNIGHT,
  missed: 0,
  hours: [],
  topics: [],
  localities: [],
  units: [],
  operators: [],
  ratings: [0, 0, 0, 0, 0],
  dark: [],
  ...more,
});
const hour = (slot: number, calls: number): CallFigures['hours'][number] => ({ slot, calls, offered: calls, connected: calls, within15: calls });

describe('standards', () => {
  it.each([
    ['of none nothing is known', 0, 0, 'unknown'],
    ['95 of 100 is 95 %', 95, 100, 'met'],
    ['94 of 100 is not', 94, 100, 'missed'],
    ['19 of 20 is 95 %', 19, 20, 'met'],
    ['18 of 19 is not', 18, 19, 'missed'],
  ] as const)('%s', (_name, n, of, verdict) => {
    const [target] = standards.gb.targets;
    expect(target && judged(target, { n, of })).toBe(verdict);
  });

  it('are those of GB/T 33358-2016, NENA and NFPA 1225', () => {
    const said = Object.fromEntries(Object.entries(standards).map(([code, s]) => [code, s.targets.map((t) => `${t.measure} ${t.share}`)]));
    expect(said).toEqual({ gb: ['within15 0.95', 'connected 0.95', 'message180 0.95'], nena: ['within15 0.9', 'within20 0.95'], nfpa: ['within10 0.9', 'dispatched60 0.9'] });
  });

  it('are asked of calls offered, and of those sent to a unit', () => {
    expect(sharesOf({ ...noSums, calls: 9, offered: 7, within10: 2, connected: 6, sent: 4, dispatched60: 3, messages: 5, replied180: 4 })).toMatchObject({ within10: { n: 2, of: 7 }, connected: { n: 6, of: 7 }, dispatched60: { n: 3, of: 4 }, message180: { n: 4, of: 5 } });
  });
});

describe('a trend', () => {
  const calls = (f: CallFigures): (number | null)[] => trendOf(f, ZONE).slices.map((s) => s.calls);

  it('has a nought where nobody rang, and a gap where nobody could have been written down', () => {
    const dark = [{ from: MIDNIGHT + 2 * HOUR, to: MIDNIGHT + 4 * HOUR + 10 * 60_000 }];
    const f = figures({ hours: [hour(0, 3), hour(5, 2)], dark });
    expect(calls(f)).toEqual([3, 0, null, null, 0, 2]);
    expect(trendOf(f, ZONE).slices.map((s) => s.partly)).toEqual([false, false, true, true, true, false]);
  });

  it('[R19] is a gap in the dark whatever was entered of it afterwards, which is said beside it', () => {
    const f = figures({ hours: [hour(2, 2)], dark: [{ from: MIDNIGHT + 2 * HOUR, to: MIDNIGHT + 3 * HOUR }] });
    expect(trendOf(f, ZONE).slices[2]).toMatchObject({ calls: null, offered: 0, entered: 2 });
  });

  it('knows nothing before the first call, nor of what is to come', () => {
    expect(calls(figures({ since: MIDNIGHT + 2 * HOUR + 1, now: MIDNIGHT + 4 * HOUR, hours: [hour(2, 1)] }))).toEqual([null, null, 1, 0, null, null]);
    expect(calls(figures({ since: null }))).toEqual([null, null, null, null, null, null]);
  });

  it('goes by days of the board’s zone over longer times, the first and the last cut where the time is', () => {
    const f = figures({ from: MIDNIGHT - 5 * HOUR, base: MIDNIGHT - 5 * HOUR, to: MIDNIGHT + 2 * DAY + HOUR, now: MIDNIGHT + 3 * DAY, hours: [hour(0, 1), hour(4, 1), hour(5, 4), hour(29, 8)] });
    expect(trendOf(f, ZONE).by).toBe('day');
    expect(trendOf(f, ZONE).slices.map((s) => [s.from - MIDNIGHT, s.calls])).toEqual([
      [-5 * HOUR, 2],
      [0, 4],
      [DAY, 8],
      [2 * DAY, 0],
    ]);
  });

  it('says which part is not over, also when it was asked for a moment before it was answered', () => {
    expect(trendOf(figures({ now: MIDNIGHT + 6 * HOUR + 300 }), ZONE).running).toBe(5);
    expect(trendOf(figures({ now: MIDNIGHT + 2.5 * HOUR }), ZONE).running).toBe(2);
    expect(trendOf(figures({ now: MIDNIGHT + 7 * HOUR }), ZONE).running).toBe(-1);
  });

  it('a whole dark day is a gap', () => {
    const f = figures({ to: MIDNIGHT + 3 * DAY, now: MIDNIGHT + 3 * DAY, hours: [hour(1, 5), hour(50, 6)], dark: [{ from: MIDNIGHT + DAY, to: MIDNIGHT + 2 * DAY }] });
    expect(calls(f)).toEqual([5, null, 6]);
  });
});

describe('what the hours of a day are like', () => {
  it('is the average of the hours that are known', () => {
    // Two days; 1 o'clock rang 4 and 6 times; 2 o'clock rang 9 times and was dark the other day; 3 o'clock never rang.
    const f = figures({
      to: MIDNIGHT + 2 * DAY,
      now: MIDNIGHT + 2 * DAY,
      hours: [hour(1, 4), hour(2, 9), hour(25, 6)],
      dark: [{ from: MIDNIGHT + 26 * HOUR, to: MIDNIGHT + 27 * HOUR }],
    });
    const shape = dayShape(f, ZONE);
    expect(shape[1]).toEqual({ hour: 1, mean: 5, known: 2 });
    expect(shape[2]).toEqual({ hour: 2, mean: 9, known: 1 });
    expect(shape[3]).toEqual({ hour: 3, mean: 0, known: 2 });
  });

  it('leaves out the running hour', () => {
    const shape = dayShape(figures({ now: MIDNIGHT + HOUR / 2, hours: [hour(0, 1)] }), ZONE);
    expect(shape[0]).toEqual({ hour: 0, mean: null, known: 0 });
  });
});

it('says how much of the time it has seen', () => {
  expect(seenOf(figures({}))).toEqual({ seen: 6 * HOUR, of: 6 * HOUR });
  expect(seenOf(figures({ dark: [{ from: MIDNIGHT + HOUR, to: MIDNIGHT + 2 * HOUR }], since: MIDNIGHT + HOUR / 2, now: MIDNIGHT + 4 * HOUR }))).toEqual({ seen: 2.5 * HOUR, of: 6 * HOUR });
  expect(seenOf(figures({ since: null }))).toEqual({ seen: 0, of: 6 * HOUR });
});

it('a time is asked for that is neither turned round nor without bound', () => {
  const ok = (from: number, to: number): boolean => figuresBody.safeParse({ from, to }).success;
  expect([ok(1, 1), ok(2, 1), ok(0, LONGEST), ok(0, LONGEST + 1)]).toEqual([false, false, true, false]);
});
