import { TZDate } from '@date-fns/tz';
import { z } from 'zod';
import type { Instant } from './clock.ts';
import { addDays, dayOf, type Day } from './zone.ts';

/**
 * Working days and working time. What a year's working days are is data (whoever keeps the calendar edits it); in here is
 * only how it is counted. All days and minutes are of the board's zone, whatever the machine's.
 */

const dayText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const minuteOfDay = z.int().min(0).max(1_440);

/** A holiday: its first and its last day, both off. */
export const dayOff = z.object({ from: dayText, to: dayText, name: z.object({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) }) });
export type DayOff = z.infer<typeof dayOff>;
/** Minutes of the day; `to` comes after `from`, 1440 is midnight at its end. */
export const workSpell = z.object({ from: minuteOfDay, to: minuteOfDay });
export type WorkSpell = z.infer<typeof workSpell>;

export const workYear = z.object({
  /** 0 is Sunday. */
  week: z.array(z.int().min(0).max(6)).max(7),
  hours: z.array(workSpell).min(1).max(6),
  off: z.array(dayOff).max(60),
  /** Days worked although the week, or a holiday, says otherwise (调休上班). */
  on: z.array(dayText).max(60),
});
export type WorkYear = z.infer<typeof workYear>;

/** By year. A year nobody has entered is counted by `plainYear`: weekends only. */
export type WorkCalendar = Readonly<Record<number, WorkYear>>;

const hm = (h: number, m = 0): number => h * 60 + m;

export const plainYear: WorkYear = {
  week: [1, 2, 3, 4, 5],
  hours: [
    { from: hm(9), to: hm(12) },
    { from: hm(13, 30), to: hm(17, 30) },
  ],
  off: [],
  on: [],
};

const yearOf = (day: Day): number => Number(day.slice(0, 4));
const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();

export interface DayState {
  works: boolean;
  /** What the holiday is called, where there is one. */
  holiday: DayOff['name'] | null;
  /** False: nobody has entered this year's holidays yet, so only weekends are off. */
  known: boolean;
}

export function dayState(calendar: WorkCalendar, day: Day): DayState {
  const entered = calendar[yearOf(day)];
  const year = entered ?? plainYear;
  const holiday = year.off.find((o) => o.from <= day && day <= o.to);
  const known = entered !== undefined;
  if (year.on.includes(day)) return { works: true, holiday: null, known };
  return { works: holiday === undefined && year.week.includes(weekdayOf(day)), holiday: holiday?.name ?? null, known };
}

/** The instant a minute of a day begins; 1440 is where the next day does. */
function instantOf(day: Day, minute: number, zone: string): Instant {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  return new TZDate(y, m - 1, d, 0, minute, zone).getTime();
}

/** The spells of a day as instants, none on a day off. */
function spellsOf(calendar: WorkCalendar, day: Day, zone: string): [from: Instant, to: Instant][] {
  if (!dayState(calendar, day).works) return [];
  return (calendar[yearOf(day)] ?? plainYear).hours.map((s) => [instantOf(day, s.from, zone), instantOf(day, s.to, zone)]);
}

/** Years without one working minute end a search rather than the hub. */
const FARTHEST = 4 * 366;

/** How time is counted: `add` gives the first moment at which so much of it has passed, `between` how much lies between. */
export interface Reckoning {
  /** @param ms negative: back. */
  add(from: Instant, ms: number): Instant;
  /** Negative when `to` lies before `from`. */
  between(from: Instant, to: Instant): number;
}

export const clockTime: Reckoning = { add: (from, ms) => from + ms, between: (from, to) => to - from };

/** Only the hours of working days count. A due moment lies within them, at their end rather than at the next one's beginning. */
export function workingTime(calendar: WorkCalendar, zone: string): Reckoning {
  const forward = (from: Instant, ms: number): Instant => {
    let left = ms;
    let day = dayOf(from, zone);
    for (let i = 0; i < FARTHEST; i++, day = addDays(day, 1)) {
      for (const [begin, end] of spellsOf(calendar, day, zone)) {
        const start = Math.max(begin, from);
        if (end <= start) continue;
        if (end - start >= left) return start + left;
        left -= end - start;
      }
    }
    // No calendar says so; the clock goes on by clock time rather than never.
    return from + ms;
  };
  const backward = (from: Instant, ms: number): Instant => {
    let left = ms;
    let day = dayOf(from, zone);
    for (let i = 0; i < FARTHEST; i++, day = addDays(day, -1)) {
      for (const [begin, end] of spellsOf(calendar, day, zone).reverse()) {
        const stop = Math.min(end, from);
        if (stop <= begin) continue;
        if (stop - begin >= left) return stop - left;
        left -= stop - begin;
      }
    }
    return from - ms;
  };
  const between = (from: Instant, to: Instant): number => {
    if (to < from) return 0 - between(to, from);
    let sum = 0;
    const last = dayOf(to, zone);
    for (let day = dayOf(from, zone), i = 0; day <= last && i < FARTHEST; i++, day = addDays(day, 1)) {
      for (const [begin, end] of spellsOf(calendar, day, zone)) sum += Math.max(0, Math.min(end, to) - Math.max(begin, from));
    }
    return sum;
  };
  return { add: (from, ms) => (ms === 0 ? from : ms < 0 ? backward(from, -ms) : forward(from, ms)), between };
}

/** The close of the n-th working day after the one `from` falls on, which does not count itself ("5 个工作日内"). */
export function closeOfWorkday(calendar: WorkCalendar, zone: string, from: Instant, days: number): Instant {
  let day = dayOf(from, zone);
  let left = days;
  for (let i = 0; i < FARTHEST; i++) {
    day = addDays(day, 1);
    const last = spellsOf(calendar, day, zone).at(-1);
    if (last && --left <= 0) return last[1];
  }
  return from + days * 24 * 3_600_000;
}

/** The years a clock started, paused or extended at this moment can reach into. */
export const yearsAround = (at: Instant, zone: string): number[] => {
  const year = yearOf(dayOf(at, zone));
  return [year - 1, year, year + 1, year + 2];
};
