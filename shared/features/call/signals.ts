import type { Instant } from '../../time/clock.ts';
import { addDays, dayOf, startOfDay, type Day } from '../../time/zone.ts';
import { daily, addTo, on, type Daily } from '../daily.ts';
import { darkIn, type Span } from '../outage/dark.ts';
import { EARS, REACH, aberration, type Aberration } from './ears.ts';

/** Calls by topic and county a day, against their own past (ears.ts): folded at the cost of one addition a call. */
export interface Cells {
  /** Sums by day under `topic@county`. */
  counts: Daily;
  /** The day of the first call ever: only part of it was seen. */
  first: Day | null;
}

/** A unusual number of calls on one topic from one county on one day. */
export interface Signal extends Omit<Aberration, 'recent' | 'lagged'> {
  topic: string;
  locality: string;
  day: Day;
  count: number;
  /** Of the baseline that has the larger statistic. */
  mean: number;
  sd: number;
  days: number;
}

/** What is looked at each time, with a day to spare on each side: what rang before midnight is written down after it. */
const KEEP = REACH + 3;
/** A day of which more than a tenth was dark is not compared with: too few calls were written down. */
const DARK_SHARE = 0.1;
/** So many at a time: more are no signals but another sort of day. */
export const SIGNALS = 50;

export const cells = (): Cells => ({ counts: daily(KEEP), first: null });

const cellOf = (topic: string, locality: string): string => `${topic}@${locality.slice(0, 6)}`;
/** What an alert is about where a rule looks at signals: `symptoms@330102@2020-02-09`. */
export const signalKey = (s: Pick<Signal, 'topic' | 'locality' | 'day'>): string => `${s.topic}@${s.locality}@${s.day}`;

export function signalOfKey(key: string): Pick<Signal, 'topic' | 'locality' | 'day'> | null {
  const [, topic, locality, day] = /^([\w-]+)@(\d{6})@(\d{4}-\d{2}-\d{2})$/.exec(key) ?? [];
  return topic === undefined || locality === undefined || day === undefined ? null : { topic, locality, day };
}

export function countCell(s: Cells, c: { topic: string; locality: string; rung: Instant }, n: 1 | -1, zone: string): void {
  const day = dayOf(c.rung, zone);
  if (n === 1 && (s.first === null || day < s.first)) s.first = day;
  addTo(s.counts, day, { [cellOf(c.topic, c.locality)]: 1 }, n);
}

/** The signals of yesterday and of today so far, the plainest first. */
export function signalsOf(s: Cells, dark: readonly Span[], now: Instant, zone: string): Signal[] {
  const today = dayOf(now, zone);
  const known = new Map<Day, boolean>();
  const isKnown = (day: Day): boolean => {
    let is = known.get(day);
    if (is === undefined) {
      const [from, to] = [startOfDay(day, zone), startOfDay(addDays(day, 1), zone)];
      // A whole day without one call on the whole board is not a quiet day: nobody wrote anything down.
      is = s.counts.days[day] !== undefined && day >= s.counts.floor && s.first !== null && day > s.first && darkIn(dark, from, to, now) <= (to - from) * DARK_SHARE;
      known.set(day, is);
    }
    return is;
  };
  const out: Signal[] = [];
  for (const day of [today, addDays(today, -1)]) {
    for (const [cell, count] of Object.entries(s.counts.days[day] ?? {})) {
      if (count < EARS.leastCount) continue;
      const past = Array.from({ length: REACH }, (_, i) => addDays(day, i - REACH)).map((d) => (isKnown(d) ? on(s.counts, d, cell) : null));
      const { recent, lagged, ...found } = aberration([...past, count]);
      const base = (found.c2 ?? -Infinity) >= (found.c1 ?? -Infinity) ? lagged : recent;
      if (found.says === 0 || !base) continue;
      const [topic = '', locality = ''] = cell.split('@');
      out.push({ topic, locality, day, count, ...found, ...base });
    }
  }
  const most = (x: Signal): number => Math.max(x.c1 ?? 0, x.c2 ?? 0, x.c3 ?? 0);
  return out.sort((a, b) => b.says - a.says || most(b) - most(a) || (signalKey(a) < signalKey(b) ? -1 : 1)).slice(0, SIGNALS);
}
