import type { Instant } from '../../time/clock.ts';
import { addDays, dayOf, type Day } from '../../time/zone.ts';
import { addTo, daily, on, type Daily } from '../daily.ts';
import type { Fold, Reading } from '../feature.ts';
import { add, first, last, remove, sorted, type Entry, type Sorted } from '../sorted.ts';
import { states, type Enterprise, type Resumption, type SafetyCode } from './record.ts';

const LINES = 6;
const TREND = 14;
const DIFFICULTIES = 5;
/** Fewer days of masks than this are few. */
export const MASKS_LOW = 3;

export interface EnterpriseLine {
  id: string;
  name: string;
  locality: string;
  trade: string;
  state: Resumption;
  stateSince: Instant;
  risk: Enterprise['risk'];
  code: SafetyCode | null;
  codeSince: Instant | null;
  capacity: number | null;
  masksDays: number | null;
  difficulties: string[];
  /** Says how old the line is; null: never reported. */
  reportedDay: Day | null;
  /** Why it is on the list. */
  why: 'redCode' | 'stopped' | 'masksLow' | 'difficulties';
}

interface County {
  total: number;
  resumed: number;
  days: Daily;
}

interface State {
  total: number;
  states: Record<Resumption, number>;
  codes: Record<SafetyCode | 'none', number>;
  risks: Record<'red' | 'orange' | 'yellow' | 'blue' | 'none', number>;
  /** Reports by the day they speak of: how many, capacity in per cent, staff, zero reports, short of masks. */
  days: Daily;
  counties: Record<string, County>;
  /** Enterprises whose newest report names a difficulty. */
  difficulties: Record<string, number>;
  lines: Record<string, Omit<EnterpriseLine, 'why'>>;
  red: Sorted;
  stopped: Sorted;
  short: Sorted;
  /** Those with most difficulties come last. */
  troubled: Sorted;
  newest: Instant | null;
  newestReport: Instant | null;
}

export interface CountyOfEnterprises {
  total: number;
  resumed: number;
  /** Of today. */
  reported: number;
  capacitySum: number;
}

export interface EnterpriseView {
  total: Reading;
  /** Back at work; `reported` of `expected` have spoken today. */
  resumed: Reading;
  /** Mean capacity in per cent over those that reported today; unknown while nobody has. */
  capacity: Reading;
  staff: Reading;
  /** Silent today; not zero, unknown. */
  unreported: Reading;
  zeroReports: Reading;
  /** Masks for fewer than three days, of those that reported today. */
  masksLow: Reading;
  states: Record<Resumption, number>;
  codes: Record<SafetyCode | 'none', number>;
  risks: Record<'red' | 'orange' | 'yellow' | 'blue' | 'none', number>;
  /** By how many enterprises' newest reports name them, most first. */
  difficulties: { code: string; count: number }[];
  counties: Record<string, CountyOfEnterprises>;
  /** Up to 14 days, today last; a day nobody reported for is a gap. */
  trend: { day: Day; reported: number; capacity: number | null; staff: number | null }[];
  lines: EnterpriseLine[];
}

const count = (by: Record<string, number>, key: string, n: number): void => {
  const now = (by[key] ?? 0) + n;
  if (now === 0) delete by[key];
  else by[key] = now;
};

function tally(s: State, id: string, e: Enterprise, n: 1 | -1): void {
  s.total += n;
  s.states[e.state] += n;
  s.codes[e.code ?? 'none'] += n;
  s.risks[e.risk ?? 'none'] += n;
  const county = (s.counties[e.locality.slice(0, 6)] ??= { total: 0, resumed: 0, days: daily(3) });
  county.total += n;
  if (e.state === 'resumed') county.resumed += n;
  for (const x of e.difficulties) count(s.difficulties, x, n);
  const put = n === 1 ? add : remove;
  const troubled = e.difficulties.length > 0;
  if (e.code === 'red') put(s.red, e.codeSince ?? 0, id);
  if (e.state === 'stopped') put(s.stopped, e.stateSince, id);
  if (e.masksDays !== null && e.masksDays < MASKS_LOW) put(s.short, e.masksDays, id);
  if (troubled) put(s.troubled, e.difficulties.length, id);
  if (n === -1) delete s.lines[id];
  else if (e.code === 'red' || e.state === 'stopped' || troubled || (e.masksDays !== null && e.masksDays < MASKS_LOW)) {
    s.lines[id] = {
      id,
      name: e.name,
      locality: e.locality,
      trade: e.trade,
      state: e.state,
      stateSince: e.stateSince,
      risk: e.risk,
      code: e.code,
      codeSince: e.codeSince,
      capacity: e.capacity,
      masksDays: e.masksDays,
      difficulties: e.difficulties,
      reportedDay: e.reportedDay,
    };
  }
}

/** What a report adds to its day. */
const said = (e: Enterprise): Record<string, number> => ({
  reported: 1,
  ...(e.capacity && { capacity: e.capacity }),
  ...(e.staff && { staff: e.staff }),
  ...(e.zero && { zero: 1 }),
  ...(e.masksDays !== null && e.masksDays < MASKS_LOW && { masksLow: 1 }),
});

/** A report stays with its day when the next day's comes: only one of the same day is replaced. */
function report(s: State, before: Enterprise | null, after: Enterprise): void {
  const book = (e: Enterprise, day: Day, n: 1 | -1): void => {
    addTo(s.days, day, said(e), n);
    const county = s.counties[e.locality.slice(0, 6)];
    if (county) addTo(county.days, day, said(e), n);
  };
  if (after.reportedDay === null) return;
  if (before?.reportedDay === after.reportedDay) book(before, after.reportedDay, -1);
  book(after, after.reportedDay, 1);
}

export const fold: Fold<State, EnterpriseView, Enterprise> = {
  version: 2,
  empty: () => ({
    total: 0,
    states: Object.fromEntries(states.map((x) => [x, 0])) as Record<Resumption, number>,
    codes: { red: 0, yellow: 0, green: 0, none: 0 },
    risks: { red: 0, orange: 0, yellow: 0, blue: 0, none: 0 },
    days: daily(TREND + 2),
    counties: {},
    difficulties: {},
    lines: {},
    red: sorted(),
    stopped: sorted(),
    short: sorted(),
    troubled: sorted(),
    newest: null,
    newestReport: null,
  }),
  apply(s, { id, before, after, recorded }) {
    if (before) tally(s, id, before, -1);
    tally(s, id, after, 1);
    report(s, before, after);
    s.newest = Math.max(s.newest ?? 0, recorded);
    if (after.reportedAt !== null) s.newestReport = Math.max(s.newestReport ?? 0, after.reportedAt);
  },
  view(s, now, zone) {
    const today = dayOf(now, zone);
    const of = (name: string): number => on(s.days, today, name);
    const reported = of('reported');
    const coverage = { reported, expected: s.total };
    const asOf = s.newestReport;
    const fromReports = (value: number): Reading => (reported === 0 ? { value: null, asOf, ...coverage, why: 'noReport' } : { value, asOf, ...coverage });
    const lines: EnterpriseLine[] = [];
    const pick = (from: Entry[], why: EnterpriseLine['why']): void => {
      for (const [, id] of from) {
        if (lines.length >= LINES) return;
        const line = s.lines[id];
        if (line && !lines.some((x) => x.id === id)) lines.push({ ...line, why });
      }
    };
    // At most LINES of each can be new, so no more need be looked at.
    pick(first(s.red, LINES), 'redCode');
    pick(first(s.stopped, LINES), 'stopped');
    pick(first(s.short, LINES), 'masksLow');
    pick(last(s.troubled, 2 * LINES), 'difficulties');
    const counties: Record<string, CountyOfEnterprises> = {};
    for (const [county, x] of Object.entries(s.counties)) {
      if (x.total === 0) continue;
      counties[county] = { total: x.total, resumed: x.resumed, reported: on(x.days, today, 'reported'), capacitySum: on(x.days, today, 'capacity') };
    }
    return {
      total: { value: s.total, asOf: s.newest },
      resumed: { value: s.states.resumed, asOf: s.newest, ...coverage },
      capacity: fromReports(of('capacity') / reported),
      staff: fromReports(of('staff')),
      unreported: { value: s.total - reported, asOf: s.newest, ...coverage },
      zeroReports: fromReports(of('zero')),
      masksLow: fromReports(of('masksLow')),
      states: { ...s.states },
      codes: { ...s.codes },
      risks: { ...s.risks },
      difficulties: Object.entries(s.difficulties)
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .slice(0, DIFFICULTIES)
        .map(([code, n]) => ({ code, count: n })),
      counties,
      trend: Array.from({ length: TREND }, (_, i) => {
        const day = addDays(today, i - TREND + 1);
        const n = on(s.days, day, 'reported');
        return { day, reported: n, capacity: n === 0 ? null : on(s.days, day, 'capacity') / n, staff: n === 0 ? null : on(s.days, day, 'staff') };
      }),
      lines,
    };
  },
};
