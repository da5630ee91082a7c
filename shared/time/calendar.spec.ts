import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockTime, closeOfWorkday, dayState, plainYear, workingTime, yearsAround, type WorkCalendar, type WorkYear } from './calendar.ts';
import { addDays, clockText, dayOf, DAY, HOUR } from './zone.ts';

const ZONE = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const named = { zh: '假', en: 'off' };
const year: WorkYear = {
  ...plainYear,
  off: [
    { from: '2020-01-24', to: '2020-02-02', name: { zh: '春节', en: 'Spring Festival' } },
    { from: '2020-05-01', to: '2020-05-05', name: named },
  ],
  on: ['2020-01-19', '2020-05-09'],
};
const calendar: WorkCalendar = { 2020: year };
const time = workingTime(calendar, ZONE);

describe('days', () => {
  it.each<[string, boolean, boolean]>([
    ['2020-01-17', true, true], // Friday
    ['2020-01-18', false, true],
    ['2020-01-19', true, true], // Sunday, worked
    ['2020-01-23', true, true],
    ['2020-01-24', false, true],
    ['2020-02-01', false, true],
    ['2020-02-03', true, true],
    ['2020-05-09', true, true],
    ['2021-10-01', true, false], // a Friday of a year nobody entered
    ['2021-10-02', false, false],
  ])('%s works: %s', (day, works, known) => {
    expect(dayState(calendar, day)).toMatchObject({ works, known });
  });

  it('a holiday says its name; a worked day within one does not', () => {
    expect(dayState(calendar, '2020-01-25').holiday?.zh).toBe('春节');
    expect(dayState({ 2020: { ...year, on: ['2020-01-25'] } }, '2020-01-25')).toEqual({ works: true, holiday: null, known: true });
  });
});

describe('working time', () => {
  it.each<[string, number, string]>([
    ['2020-01-23T17:00', 30, '2020-01-23T17:30'],
    ['2020-01-23T17:00', 31, '2020-02-03T09:01'],
    ['2020-01-23T18:00', 1, '2020-02-03T09:01'],
    ['2020-01-23T11:30', 60, '2020-01-23T14:00'],
    ['2020-01-25T03:00', 420, '2020-02-03T17:30'],
    ['2020-02-05T22:41', 60, '2020-02-06T10:00'],
    // Backwards.
    ['2020-02-03T09:01', -31, '2020-01-23T17:00'],
    ['2020-01-25T03:00', -420, '2020-01-23T09:00'],
  ])('%s and %d minutes is %s', (from, minutes, to) => {
    expect(time.add(at(from), minutes * 60_000)).toBe(at(to));
  });

  it('five working days over the Spring Festival end at the close of the fifth; the day itself does not count', () => {
    expect(closeOfWorkday(calendar, ZONE, at('2020-01-22T10:00'), 5)).toBe(at('2020-02-06T17:30'));
    expect(closeOfWorkday(calendar, ZONE, at('2020-01-18T10:00'), 1)).toBe(at('2020-01-19T17:30'));
  });

  it('a spell that ends at midnight, and one that begins there', () => {
    const night = workingTime({ 2020: { ...plainYear, week: [0, 1, 2, 3, 4, 5, 6], hours: [{ from: 0, to: 360 }, { from: 1_320, to: 1_440 }] } }, ZONE);
    expect(night.add(at('2020-02-05T23:00'), 2 * HOUR)).toBe(at('2020-02-06T01:00'));
    expect(night.between(at('2020-02-05T00:00'), at('2020-02-06T00:00'))).toBe(8 * HOUR);
  });

  it('where nobody ever works it goes on by the clock instead of never', () => {
    const none = workingTime(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [2015 + i, { ...plainYear, week: [] }])), ZONE);
    expect(none.add(at('2020-02-05T10:00'), HOUR)).toBe(at('2020-02-05T11:00'));
    expect(none.add(at('2020-02-05T10:00'), -HOUR)).toBe(at('2020-02-05T09:00'));
    expect(closeOfWorkday({ ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [2015 + i, { ...plainYear, week: [] }])) }, ZONE, at('2020-02-05T10:00'), 1)).toBe(at('2020-02-06T10:00'));
  });

  it('days of the zone with 23 and 25 hours keep their hours', () => {
    const ny = workingTime({ 2020: { ...plainYear, week: [0, 1, 2, 3, 4, 5, 6], hours: [{ from: 0, to: 1_440 }] } }, 'America/New_York');
    const begin = Date.parse('2020-03-08T00:00:00-05:00');
    expect(ny.between(begin, begin + 23 * HOUR)).toBe(23 * HOUR);
    expect(clockText(ny.add(begin, 23 * HOUR), 'America/New_York')).toBe('00:00');
  });

  it('looks a year back and two ahead', () => {
    expect(yearsAround(Date.UTC(2019, 11, 31, 17), ZONE)).toEqual([2019, 2020, 2021, 2022]);
  });
});

/** Weeks, hours and holidays of any kind. */
const anyYear: fc.Arbitrary<WorkYear> = fc.record({
  week: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  hours: fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 8 }).map((cuts) => {
    const sorted = [...cuts].sort((a, b) => a - b);
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, i) => ({ from: (sorted[2 * i] ?? 0) * 15, to: (sorted[2 * i + 1] ?? 0) * 15 }));
  }),
  off: fc.array(fc.tuple(fc.nat(360), fc.nat(9)).map(([d, n]) => ({ from: addDays('2020-01-01', d), to: addDays('2020-01-01', d + n), name: named })), { maxLength: 6 }),
  on: fc.array(fc.nat(365).map((d) => addDays('2020-01-01', d)), { maxLength: 6 }),
});
const moment = fc.integer({ min: Date.UTC(2020, 0, 3), max: Date.UTC(2020, 10, 1) });

describe.each([ZONE, 'America/New_York'])('whatever the calendar, in %s', (zone) => {
  it('working time between two moments adds up over any third', () => {
    fc.assert(
      fc.property(anyYear, moment, fc.nat(40 * DAY), fc.nat(40 * DAY), (y, a, x, z) => {
        const t = workingTime({ 2020: y }, zone);
        const [b, c] = [a + x, a + x + z];
        expect(t.between(a, b) + t.between(b, c)).toBe(t.between(a, c));
        expect(t.between(b, a)).toBe(0 - t.between(a, b));
        expect(t.between(a, b)).toBeLessThanOrEqual(b - a);
      }),
      { numRuns: 60 },
    );
  });

  it('what is added lies between, within working hours, and not a moment too late', () => {
    fc.assert(
      fc.property(anyYear, moment, fc.integer({ min: 1, max: 30 * HOUR }), (y, a, ms) => {
        const t = workingTime({ 2020: y }, zone);
        const due = t.add(a, ms);
        expect(t.between(a, due)).toBe(ms);
        expect(t.between(a, due - 1)).toBe(ms - 1);
        expect(dayState({ 2020: y }, dayOf(due - 1, zone)).works).toBe(true);
        // And back again: over the same working time, though perhaps to the end of a spell.
        expect(t.between(t.add(due, -ms), due)).toBe(ms);
      }),
      { numRuns: 60 },
    );
  });
});

it('by the clock every moment counts', () => {
  expect([clockTime.add(5, -3), clockTime.between(5, 2)]).toEqual([2, -3]);
});
