import { z } from 'zod';
import type { Instant } from '../../time/clock.ts';
import { DAY, HOUR, addDays, dayOf, hourOf, startOfDay, type Day } from '../../time/zone.ts';
import { darkIn, isDark, type Span } from '../outage/dark.ts';
import { instant } from '../values.ts';
import type { Shares } from './standards.ts';

/** Figures of calls over a chosen time, by hour, topic, county, unit and operator: what a leader's page asks the hub for. */

/** A quarter, and what it takes to answer, are the bound. */
export const LONGEST = 92 * DAY;

/** From and to, the second not included. */
export const figuresBody = z
  .strictObject({ from: instant, to: instant })
  .refine((b) => b.to > b.from && b.to - b.from <= LONGEST, { path: ['to'], params: { field: 'badTime' } });
export type FiguresAsk = z.infer<typeof figuresBody>;

const n = z.int().min(0);
/** Counts of some calls; those of answering leave out what was written down afterwards (`back`). */
export const sums = z.object({
  calls: n,
  back: n,
  /** By telephone, missed ones too, whether or not a call was written down. */
  offered: n,
  connected: n,
  within10: n,
  within15: n,
  within20: n,
  /** Answered calls that went to a unit, and within how long the first time. */
  sent: n,
  dispatched60: n,
  /**
   * Messages of which it is known when they came in, and that were answered or have waited longer than they may; those first
   * answered within 3 min; and those of which nobody said when they came in, which are in neither.
   */
  messages: n,
  replied180: n,
  undated: n,
  /** With a time limit, and those that did not keep it. */
  clocked: n,
  late: n,
  /** Called back, of whom some gave a rating; `stars` is the sum of ratings of 1 to 5. */
  calledBack: n,
  rated: n,
  stars: n,
});
export type Sums = z.infer<typeof sums>;
const named = sums.extend({ key: z.string() });

export const callFigures = z.object({
  from: instant,
  to: instant,
  now: instant,
  /** The first call on record rang then; null: there is none. What lies before is not known. */
  since: instant.nullable(),
  all: sums,
  /** Of all that were offered, missed rings of which no call was written down: in `all` and `hours` alone, and only where the asker's scope is the whole board. */
  missed: n,
  /** Now, whatever time was asked for: open calls of the asker's scope that are late, and those late within half an hour. */
  live: z.object({ late: n, soon: n }),
  /** Hours from `base` on in which something rang, by their number. */
  base: instant,
  hours: z.array(sums.pick({ calls: true, offered: true, connected: true, within15: true }).extend({ slot: z.int() })),
  topics: z.array(named),
  localities: z.array(named),
  /** Key empty: not sent to any. */
  units: z.array(named),
  /** By post and surname; for a leader's eyes, never a wall's. */
  operators: z.array(named.extend({ label: z.string() })),
  /** How many gave 1, 2, 3, 4, 5. */
  ratings: z.array(n).length(5),
  /** In which nothing, or not everything, could be written down. */
  dark: z.array(z.object({ from: instant, to: instant.nullable() })),
});
export type CallFigures = z.infer<typeof callFigures>;

export const noSums: Sums = { calls: 0, back: 0, offered: 0, connected: 0, within10: 0, within15: 0, within20: 0, sent: 0, dispatched60: 0, messages: 0, replied180: 0, undated: 0, clocked: 0, late: 0, calledBack: 0, rated: 0, stars: 0 };

/** As standards look at them. */
export const sharesOf = (s: Sums): Shares => ({
  within10: { n: s.within10, of: s.offered },
  within15: { n: s.within15, of: s.offered },
  within20: { n: s.within20, of: s.offered },
  connected: { n: s.connected, of: s.offered },
  dispatched60: { n: s.dispatched60, of: s.sent },
  message180: { n: s.replied180, of: s.messages },
});

export interface Slice {
  from: Instant;
  to: Instant;
  /** Null: nothing is known of it: dark, before the first call, or not begun yet. */
  calls: number | null;
  within15: number;
  connected: number;
  offered: number;
  /** Dark for some of it, though counted. */
  partly: boolean;
  /** Entered from paper afterwards where it was dark: told in words, and no figure of the trend (R19). */
  entered: number;
}

type Known = Pick<CallFigures, 'from' | 'to' | 'now' | 'since' | 'dark'>;
const unknown = (f: Known, from: Instant, to: Instant): boolean => f.since === null || to <= f.since || from >= f.now || isDark(f.dark, from, Math.min(to, f.now), f.now);

/** A time that is counted back from now was asked for a moment before it was answered. */
const A_MOMENT = 60_000;

/**
 * The chosen time in whole hours where it is two days or less, else in days of the board's zone. `running`: the number of the
 * slice that is not over; -1, all are.
 */
export function trendOf(f: CallFigures, zone: string): { by: 'hour' | 'day'; slices: Slice[]; running: number } {
  const by = f.to - f.from <= 2 * DAY ? 'hour' : 'day';
  const bounds: Instant[] = [];
  if (by === 'hour') for (let at = f.base; at < f.to; at += HOUR) bounds.push(at);
  else for (let day: Day = dayOf(f.from, zone); startOfDay(day, zone) < f.to; day = addDays(day, 1)) bounds.push(startOfDay(day, zone));
  const slices = bounds.map((at, i): Slice => {
    const [from, to] = [Math.max(at, f.from), Math.min(bounds[i + 1] ?? f.to, f.to)];
    return { from, to, calls: unknown(f, from, to) ? null : 0, within15: 0, connected: 0, offered: 0, partly: darkIn(f.dark, from, to, f.now) > 0, entered: 0 };
  });
  for (const h of f.hours) {
    const at = f.base + h.slot * HOUR;
    // Hours and days begin together, in every zone whose clock is off by whole hours or its days begin in one.
    const slice = slices[Math.max(0, bounds.findLastIndex((b) => b <= at))];
    if (!slice) continue;
    if (isDark(f.dark, slice.from, Math.min(slice.to, f.now), f.now)) {
      slice.entered += h.calls;
      continue;
    }
    slice.calls = (slice.calls ?? 0) + h.calls;
    slice.offered += h.offered;
    slice.connected += h.connected;
    slice.within15 += h.within15;
  }
  for (const s of slices) if (s.calls === 0 && unknown(f, s.from, s.to)) s.calls = null;
  const running = f.to < f.now - A_MOMENT ? -1 : slices.findIndex((s) => s.from < f.now && s.to >= Math.min(f.now, f.to));
  return { by, slices, running };
}

export interface HourOfDay {
  hour: number;
  /** Calls in such an hour, on the average of those that are known; null: none is. */
  mean: number | null;
  known: number;
}

/** What the hours of a day are like over the chosen time. */
export function dayShape(f: CallFigures, zone: string): HourOfDay[] {
  const of = Array.from({ length: 24 }, (_, hour) => ({ hour, calls: 0, known: 0 }));
  const calls = new Map(f.hours.map((h) => [h.slot, h.calls]));
  for (let slot = 0, at = f.base; at < f.to; slot++, at += HOUR) {
    // The running hour is not over, and the first of the time chosen may be cut: neither is like the others.
    if (at + HOUR > f.now || at < f.from || unknown(f, at, at + HOUR)) continue;
    const one = of[hourOf(at, zone)];
    if (!one) continue;
    one.known++;
    one.calls += calls.get(slot) ?? 0;
  }
  return of.map(({ hour, calls: sum, known }) => ({ hour, mean: known === 0 ? null : sum / known, known }));
}

/** Milliseconds of the chosen time of which something is known: not dark, not before the first call, not still to come. */
export function seenOf(f: CallFigures): { seen: number; of: number } {
  const to = Math.min(f.to, f.now);
  const from = f.since === null ? to : Math.min(to, Math.max(f.from, f.since));
  return { seen: Math.max(0, to - from - darkIn(f.dark as Span[], from, to, f.now)), of: f.to - f.from };
}
