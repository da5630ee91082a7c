import type { Day } from '../time/zone.ts';

/**
 * Sums by calendar day of the board's zone, for a bounded number of days: what "today" is answered from when the day
 * turns without any entry (rule 15). Days before the oldest kept one are let go for good, so that a correction to one
 * of them cannot leave half a figure behind.
 */
export interface Daily {
  keep: number;
  /** Nothing before it is counted any more; empty while nothing has been let go. */
  floor: Day;
  days: Record<Day, Record<string, number>>;
}

export const daily = (keep: number): Daily => ({ keep, floor: '', days: {} });

/** Adds to named sums of a day; a sum that comes back to nothing is forgotten. */
export function addTo(d: Daily, day: Day, sums: Record<string, number>, n: 1 | -1 = 1): void {
  if (day < d.floor || Object.keys(sums).length === 0) return;
  const at = (d.days[day] ??= {});
  let gone = false;
  for (const [name, by] of Object.entries(sums)) {
    const is = (at[name] ?? 0) + n * by;
    // Sums of decimals do not always come back to exactly nothing.
    if (Math.abs(is) < 1e-9) {
      delete at[name];
      gone = true;
    } else at[name] = is;
  }
  // Asked only where something went: a day may hold a sum for each of many places (rule 12).
  if (gone && Object.keys(at).length === 0) delete d.days[day];
  const days = Object.keys(d.days);
  if (days.length <= d.keep) return;
  for (const old of days.sort().slice(0, days.length - d.keep)) delete d.days[old];
  d.floor = Object.keys(d.days).sort()[0] ?? d.floor;
}

export const on = (d: Daily, day: Day, name: string): number => d.days[day]?.[name] ?? 0;
