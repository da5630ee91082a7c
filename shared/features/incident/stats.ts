import type { Instant } from '../../time/clock.ts';
import { dayOf } from '../../time/zone.ts';
import { addTo, daily, on, type Daily } from '../daily.ts';
import type { Fold, Reading } from '../feature.ts';
import { add, countBelow, first, remove, sorted, type Sorted } from '../sorted.ts';
import { clockNames, type ClockName } from './clocks.ts';
import { isOpen } from './moves.ts';
import { standings, type Category, type Figures, type Grade, type Incident, type Standing } from './record.ts';

/** How many open incidents a wall can get. */
const LINES = 8;

/** A report that is owed and when it is due. */
export interface OwedView {
  id: string;
  title: string;
  clock: ClockName;
  due: Instant;
  /** It has been written down that it is late. */
  passed: boolean;
  lead: string | null;
}

/** What the wall may show of an open incident. */
export interface IncidentLineView {
  id: string;
  number: string;
  title: string;
  category: Category;
  grade: Grade | null;
  locality: string;
  standing: Standing;
  standingSince: Instant;
  since: Instant;
  lead: string | null;
  dead: Reading;
  missing: Reading;
  gravelyInjured: Reading;
}

interface State {
  lines: Record<string, IncidentLineView>;
  /** Open ones, gravest first, within a grade the newest first. */
  open: Sorted;
  standings: Record<Standing, number>;
  openBy: Record<string, number>;
  /** Reports that are owed, by when they are due. */
  owed: Sorted;
  owedOf: Record<string, OwedView>;
  /** By the day they became known; what was dismissed is not counted. */
  days: Daily;
  newest: Instant | null;
}

export interface IncidentView {
  open: Reading;
  /** Reported and not yet confirmed or dismissed. */
  unconfirmed: Reading;
  today: Reading;
  standings: Record<Standing, number>;
  lines: IncidentLineView[];
  /** Reports owed that are late; and all that are owed, the soonest due first. */
  lateReports: Reading;
  owed: OwedView[];
  /** Open ones by county; one not named has none. */
  openBy: Record<string, number>;
  /** The gravest grade open in a county, of all that are open; a hub of an earlier version does not say it. */
  gravestBy?: Record<string, Grade | 'none'>;
}

/** What nobody has graded yet comes after what is known to be one: how many wait to be confirmed is a figure of its own. */
const rank: Record<Grade | 'none', number> = { I: 0, II: 1, III: 2, IV: 3, none: 4 };
const STEP = 1e14;
export const weight = (i: Pick<Incident, 'grade' | 'since'>): number => rank[i.grade ?? 'none'] * STEP + (STEP - i.since);

function gravest(open: readonly IncidentLineView[]): Record<string, Grade | 'none'> {
  const by: Record<string, Grade | 'none'> = {};
  for (const { locality, grade } of open) {
    const county = locality.slice(0, 6);
    const was = by[county];
    const now: Grade | 'none' = grade ?? 'none';
    if (was === undefined || rank[now] < rank[was]) by[county] = now;
  }
  return by;
}

const reading = (f: Figures[keyof Figures]): Reading => ({ value: f.value, asOf: f.asOf, ...(f.value === null && { why: 'noReport' as const }) });

function tally(s: State, id: string, i: Incident, n: 1 | -1, zone: string): void {
  s.standings[i.standing] += n;
  if (i.standing !== 'dismissed') addTo(s.days, dayOf(i.knownAt, zone), { known: 1 }, n);
  for (const clock of clockNames) {
    const running = i.clocks[clock];
    if (running === null || running.due === null || running.stopped !== null) continue;
    const key = `${id}/${clock}`;
    (n === 1 ? add : remove)(s.owed, running.due, key);
    if (n === -1) delete s.owedOf[key];
    else s.owedOf[key] = { id, title: i.title, clock, due: running.due, passed: running.passed !== null, lead: i.lead };
  }
  if (!isOpen(i.standing)) return;
  (n === 1 ? add : remove)(s.open, weight(i), id);
  const county = i.locality.slice(0, 6);
  const there = (s.openBy[county] ?? 0) + n;
  if (there === 0) delete s.openBy[county];
  else s.openBy[county] = there;
  if (n === -1) delete s.lines[id];
  else {
    const { number, title, category, grade, locality, standing, standingSince, since, lead, figures } = i;
    s.lines[id] = {
      ...{ id, number, title, category, grade, locality, standing, standingSince, since, lead },
      dead: reading(figures.dead),
      missing: reading(figures.missing),
      gravelyInjured: reading(figures.gravelyInjured),
    };
  }
}

export const fold: Fold<State, IncidentView, Incident> = {
  version: 2,
  empty: () => ({
    lines: {},
    open: sorted(),
    standings: Object.fromEntries(standings.map((x) => [x, 0])) as Record<Standing, number>,
    openBy: {},
    owed: sorted(),
    owedOf: {},
    days: daily(14),
    newest: null,
  }),
  apply(s, { id, before, after, recorded }, zone) {
    if (before) tally(s, id, before, -1, zone);
    tally(s, id, after, 1, zone);
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view(s, now, zone) {
    const known = (value: number): Reading => ({ value, asOf: s.newest });
    return {
      open: known(s.open.size),
      unconfirmed: known(s.standings.reported),
      today: known(on(s.days, dayOf(now, zone), 'known')),
      standings: { ...s.standings },
      lines: first(s.open, LINES).flatMap(([, id]) => s.lines[id] ?? []),
      lateReports: known(countBelow(s.owed, now + 1)),
      owed: first(s.owed, LINES).flatMap(([, key]) => s.owedOf[key] ?? []),
      openBy: { ...s.openBy },
      gravestBy: gravest(Object.values(s.lines)),
    };
  },
};
