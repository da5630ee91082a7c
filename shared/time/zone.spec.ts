import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock, scaledClock } from './clock.ts';
import { DAY, HOUR, addDays, clockText, dayCount, dayOf, hourOf, partsOf, startOfDay } from './zone.ts';

const zones = ['Asia/Shanghai', 'America/New_York', 'UTC', 'Asia/Kolkata', 'Pacific/Apia'];
const at = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2031, 0, 1) });

describe('rule 14: days and hours are the board’s, whatever the machine’s', () => {
  it('midnight in Shanghai', () => {
    const midnight = Date.UTC(2020, 1, 4, 16);
    expect(dayOf(midnight - 1, 'Asia/Shanghai')).toBe('2020-02-04');
    expect(dayOf(midnight, 'Asia/Shanghai')).toBe('2020-02-05');
    expect(startOfDay('2020-02-05', 'Asia/Shanghai')).toBe(midnight);
    expect(clockText(midnight + 2 * HOUR + 41 * 60_000 + 10_000, 'Asia/Shanghai', true)).toBe('02:41:10');
    expect(hourOf(midnight - 1, 'Asia/Shanghai')).toBe(23);
    expect(partsOf(midnight, 'Asia/Shanghai')).toEqual({ year: 2020, month: 2, day: 5, weekday: 3, hour: 0, minute: 0, second: 0 });
  });

  it('days with 23 and 25 hours in New York', () => {
    const length = (day: string): number => startOfDay(addDays(day, 1), 'America/New_York') - startOfDay(day, 'America/New_York');
    expect(length('2020-03-08')).toBe(23 * HOUR);
    expect(length('2020-11-01')).toBe(25 * HOUR);
    expect(length('2020-07-01')).toBe(DAY);
  });

  it.each(zones)('%s: agrees with Intl, and a day begins where the day before ends', (zone) => {
    const intl = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    fc.assert(
      fc.property(at, (t) => {
        const day = dayOf(t, zone);
        expect(day).toBe(intl.format(t));
        expect(startOfDay(day, zone)).toBeLessThanOrEqual(t);
        expect(startOfDay(addDays(day, 1), zone)).toBeGreaterThan(t);
        expect(dayOf(startOfDay(day, zone), zone)).toBe(day);
      }),
      { numRuns: 60 },
    );
  });

  it('counts days, the first as day 1', () => {
    const since = Date.UTC(2020, 0, 23, 10);
    expect(dayCount(since, since, 'Asia/Shanghai')).toBe(1);
    expect(dayCount(since, Date.UTC(2020, 1, 4, 15, 59), 'Asia/Shanghai')).toBe(13);
    expect(dayCount(since, Date.UTC(2020, 1, 4, 16), 'Asia/Shanghai')).toBe(14);
  });

  it('months and years turn', () => {
    expect(addDays('2020-02-28', 1)).toBe('2020-02-29');
    expect(addDays('2020-12-31', 1)).toBe('2021-01-01');
    expect(addDays('2020-03-01', -1)).toBe('2020-02-29');
  });
});

describe('clocks', () => {
  it('a scaled clock runs faster from where it was set', () => {
    const base = new ManualClock(1_000_000);
    const board = scaledClock(base, 1_000_000, 5_000_000, 60);
    expect(board.now()).toBe(5_000_000);
    base.advance(1_000);
    expect(board.now()).toBe(5_060_000);
    expect(board.monotonic()).toBe(1_000);
  });

  it('setting the clock by hand does not move the monotonic one', () => {
    const clock = new ManualClock(0);
    clock.advance(5);
    clock.jump(0);
    expect([clock.now(), clock.monotonic()]).toEqual([0, 5]);
  });
});
