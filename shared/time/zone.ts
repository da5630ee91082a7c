import { TZDate } from '@date-fns/tz';
import type { Instant } from './clock.ts';

/** A calendar day of the board's zone, `YYYY-MM-DD`. */
export type Day = string;

const two = (n: number): string => String(n).padStart(2, '0');

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The day last asked for in each zone: nearly all that is asked of the time of records falls on one day. */
const lastDay = new Map<string, { day: Day; from: Instant; to: Instant }>();

/** The day an instant falls on in a zone, whatever the machine's own zone is (rule 14). */
export function dayOf(at: Instant, zone: string): Day {
  const last = lastDay.get(zone);
  if (last && at >= last.from && at < last.to) return last.day;
  const d = new TZDate(at, zone);
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  lastDay.set(zone, { day, from: startOfDay(day, zone), to: startOfDay(addDays(day, 1), zone) });
  return day;
}

/** The instant a day begins in a zone. */
export function startOfDay(day: Day, zone: string): Instant {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  return new TZDate(y, m - 1, d, zone).getTime();
}

export function addDays(day: Day, days: number): Day {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(y, m - 1, d + days)).toISOString().slice(0, 10);
}

/** 0 to 23 in the zone. */
export function hourOf(at: Instant, zone: string): number {
  return new TZDate(at, zone).getHours();
}

/** `22:41`, or `22:41:10` with seconds. */
export function clockText(at: Instant, zone: string, seconds = false): string {
  const d = new TZDate(at, zone);
  const hm = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return seconds ? `${hm}:${two(d.getSeconds())}` : hm;
}

/** Parts of an instant in a zone; weekday 0 is Sunday. */
export function partsOf(at: Instant, zone: string): {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
} {
  const d = new TZDate(at, zone);
  return {
    year: d.getFullYear(),
    month: d.getMonth() + 1,
    day: d.getDate(),
    weekday: d.getDay(),
    hour: d.getHours(),
    minute: d.getMinutes(),
    second: d.getSeconds(),
  };
}

/** Calendar days between two instants in the zone, the first day counted as day 1 ("第 14 天"). */
export function dayCount(since: Instant, now: Instant, zone: string): number {
  const ms = Date.parse(`${dayOf(now, zone)}T00:00:00Z`) - Date.parse(`${dayOf(since, zone)}T00:00:00Z`);
  return Math.round(ms / DAY) + 1;
}
