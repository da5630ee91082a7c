import type { Instant } from '../../time/clock.ts';
import { DAY, HOUR, addDays, dayOf, startOfDay } from '../../time/zone.ts';
import { clockState, type ClockState } from '../../time/dueClock.ts';
import { add, countBelow, first, remove, sorted, type Sorted } from '../sorted.ts';
import { buckets, bump, sum, type Buckets } from '../buckets.ts';
import type { Change, Fold, Reading } from '../feature.ts';
import { isDark, type Span } from '../outage/dark.ts';
import { missedAlone } from '../ring/events.ts';
import type { Ring } from '../ring/record.ts';
import { REACH } from './ears.ts';
import { clockRuns, isOpen } from './moves.ts';
import { owedSince } from './owed.ts';
import { stages, type Call, type Stage, type Urgency } from './record.ts';
import { cells, countCell, signalKey, signalsOf, type Cells, type Signal } from './signals.ts';

/** What is counted over "the last 24 h" begins with the first whole slice of them. */
export const SLICE = 5 * 60_000;
const KEEP = (3 * DAY) / SLICE;
/** GB/T 33358-2016: answered within 15 s. */
export const ANSWER_WITHIN = 15_000;
/** How many lines of open business a wall can get. */
const LINES = 12;

/** What the wall may show of an open call. */
export interface CallLine {
  id: string;
  number: string;
  topic: string;
  urgency: Urgency;
  locality: string;
  unit: string | null;
  stage: Stage;
  stageSince: Instant;
  rung: Instant;
  due: Instant | null;
  /** Set once it has been written down that it is late. */
  overdueSince: Instant | null;
  urged: boolean;
  /** How its clock stands by what is written; null: no limit, or the caller has an answer. */
  state: ClockState | null;
  /** Callers waiting for the one answer. */
  callers: number;
  /** Taken up again: how often, and since when its clock counts. */
  reopened: number;
  counts: Instant | null;
}

interface State {
  /** When the first call came onto the record: before that nothing is known, not nothing rang. */
  since: Instant | null;
  rung: Buckets;
  /** Calls by telephone: offered, rings that were missed and not written down with them; answered; answered within 15 s. */
  offered: Buckets;
  connected: Buckets;
  prompt: Buckets;
  fromPaper: Buckets;
  lines: Record<string, CallLine>;
  /** Open calls whose clock runs, by when they are due. */
  due: Sorted;
  /** Open calls by when they rang, those merged into another left out. */
  oldest: Sorted;
  /** Waiting for their call-back. */
  callBacks: number;
  /** Callers of open calls who are to be called, by since when they wait. */
  owed: Sorted;
  urged: number;
  escalated: number;
  asked: number;
  paused: number;
  stages: Record<Stage, number>;
  topics: Record<string, number>;
  openBy: Record<string, number>;
  lateBy: Record<string, number>;
  lateUnits: Record<string, number>;
  newest: Instant | null;
  /** By topic and county a day, for early warning. */
  cells: Cells;
  /** Hours in which nothing could be written down, by the record that says so: as far back as warning looks. */
  dark: Record<string, Span>;
}

export interface CallView {
  today: Reading;
  yesterdaySoFar: Reading;
  open: Reading;
  /** When the oldest open call rang. */
  oldest: Instant | null;
  overdue: Reading;
  callBacks: Reading;
  /** Callers who are to be called: missed and written down by hand, or their matter is closed; and since when the first waits. */
  owed: Reading;
  owedSince: Instant | null;
  /** Of calls by telephone in the last 24 h, those missed and not written down with them: answered within 15 s, and answered at all. */
  prompt: Reading;
  connected: Reading;
  /** Calls of the last 24 h entered from paper, which both leave out. */
  fromPaper: number;
  /** Calls rung in each of the last 24 whole hours, the running hour last; `from` is when the first began. */
  /** Null: before anything was on record, which is not a quiet hour. */
  hours: { from: Instant; counts: (number | null)[] };
  /** Most pressing first: those overdue longest, then those due soonest, then those that rang first. */
  lines: CallLine[];
  /** Open calls a leader has urged. */
  urged: Reading;
  /** Passed up to the leader because they stayed late; with more time asked for; with their clock standing still. */
  escalated: Reading;
  asked: Reading;
  paused: Reading;
  /** Open calls by stage; those merged into another are one matter with it and stand here alone. */
  stages: Record<Stage, number>;
  /** Open calls by topic, most first. */
  topics: { topic: string; count: number }[];
  /** Open calls by county, and by street where one is known; a locality not named has none. */
  openBy: Record<string, number>;
  lateBy: Record<string, number>;
  /** Whose the late ones are, most first; unit null: not yet sent to any. */
  lateUnits: { unit: string | null; count: number }[];
  /** Open calls that are late within half an hour unless somebody sees to them. */
  soon: Reading;
  /** Early warning, today and yesterday: how many of EARS' three methods say so, by `topic@county@day`; and how that came out. */
  signals: Record<string, number>;
  unusual: Signal[];
}

const DARK_KEPT = (REACH + 3) * DAY;

/** How far ahead something is about to be late. */
export const SOON = 30 * 60_000;
/** Signals that are shown with how they came out. */
const UNUSUAL = 12;

/** How many topics and units are named. */
const NAMED = 6;

const mostFirst = (by: Record<string, number>): [string, number][] =>
  Object.entries(by)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, NAMED);

/** A street counts for itself and for its county. */
const localities = (code: string): string[] => (code.length > 6 ? [code.slice(0, 6), code] : [code]);

const count = (by: Record<string, number>, key: string, n: number): void => {
  const now = (by[key] ?? 0) + n;
  if (now === 0) delete by[key];
  else by[key] = now;
};

function tally(s: State, id: string, c: Call, n: 1 | -1): void {
  bump(s.rung, c.rung, n);
  // Entered from paper, its times are a hand's and not the exchange's: it says nothing of how fast somebody answered.
  if (c.backEntered) bump(s.fromPaper, c.rung, n);
  else if (c.origin === 'telephone' || c.origin === 'missed') {
    bump(s.offered, c.rung, n);
    if (c.answered !== null) {
      bump(s.connected, c.rung, n);
      if (c.answered - c.rung <= ANSWER_WITHIN) bump(s.prompt, c.rung, n);
    }
  }
  if (!isOpen(c.stage)) return;
  s.stages[c.stage] += n;
  if (c.stage === 'merged') return;
  for (const l of localities(c.locality)) {
    count(s.openBy, l, n);
    if (c.overdueSince !== null) count(s.lateBy, l, n);
  }
  if (c.overdueSince !== null) count(s.lateUnits, c.unit ?? '', n);
  if (c.urgedSince !== null) s.urged += n;
  const clock = clockRuns(c.stage) ? c.clock : null;
  if (clock && clock.paused === null && clock.escalated !== null) s.escalated += n;
  if (clock?.asked) s.asked += n;
  if (clock?.paused) s.paused += n;
  count(s.topics, c.topic, n);
  if (c.stage === 'finished') s.callBacks += n;
  const put = n === 1 ? add : remove;
  const owed = owedSince(c);
  if (owed !== null) put(s.owed, owed, id);
  put(s.oldest, c.rung, id);
  if (c.due !== null) put(s.due, c.due, id);
  if (n === 1) {
    s.lines[id] = {
      id,
      number: c.number,
      topic: c.topic,
      urgency: c.urgency,
      locality: c.locality,
      unit: c.unit,
      stage: c.stage,
      stageSince: c.stageSince,
      rung: c.rung,
      due: c.due,
      overdueSince: c.overdueSince,
      urged: c.urgedSince !== null,
      state: clock && clockState(clock, -Infinity),
      callers: c.callers,
      reopened: c.reopened,
      counts: clock?.started ?? null,
    };
  } else delete s.lines[id];
}

/** What is over and further back than a day is compared with is let go. */
function hearOutage(s: State, { id, after, recorded }: Change<Record<string, unknown>>): void {
  const { from, to, withdrawn } = after as unknown as Span & { withdrawn: boolean };
  if (withdrawn) delete s.dark[id];
  else s.dark[id] = { from, to };
  for (const [old, span] of Object.entries(s.dark)) if (span.to !== null && span.to < recorded - DARK_KEPT) delete s.dark[old];
}

/** A ring nobody answered was offered like any other call, also where nothing of it is written down. */
function hearRing(s: State, { before, after }: Change<Record<string, unknown>>): void {
  for (const [ring, n] of [[before, -1], [after, 1]] as const) {
    const r = ring as Ring | null;
    if (r && missedAlone(r)) bump(s.offered, r.rung, n);
  }
}

export const fold: Fold<State, CallView, Call> = {
  version: 9,
  empty: () => ({
    since: null,
    rung: buckets(SLICE, KEEP),
    offered: buckets(SLICE, KEEP),
    connected: buckets(SLICE, KEEP),
    prompt: buckets(SLICE, KEEP),
    fromPaper: buckets(SLICE, KEEP),
    lines: {},
    due: sorted(),
    oldest: sorted(),
    callBacks: 0,
    owed: sorted(),
    urged: 0,
    escalated: 0,
    asked: 0,
    paused: 0,
    stages: Object.fromEntries(stages.map((x) => [x, 0])) as Record<Stage, number>,
    topics: {},
    openBy: {},
    lateBy: {},
    lateUnits: {},
    newest: null,
    cells: cells(),
    dark: {},
  }),
  apply(s, change, zone) {
    if (change.before) tally(s, change.id, change.before, -1);
    tally(s, change.id, change.after, 1);
    if (change.before) countCell(s.cells, change.before, -1, zone);
    countCell(s.cells, change.after, 1, zone);
    s.since ??= change.recorded;
    s.newest = Math.max(s.newest ?? 0, change.recorded);
  },
  hears: { outage: hearOutage, ring: hearRing },
  view(s, now, zone) {
    const today = startOfDay(dayOf(now, zone), zone);
    const yesterday = startOfDay(addDays(dayOf(now, zone), -1), zone);
    const asOf = s.newest;
    const known = (value: number): Reading => ({ value, asOf });
    const offered = sum(s.offered, now - DAY, now + SLICE);
    const share = (b: Buckets): Reading =>
      offered === 0
        ? { value: null, asOf, why: 'tooFew', reported: 0, expected: 0 }
        : { value: sum(b, now - DAY, now + SLICE) / offered, asOf, reported: sum(b, now - DAY, now + SLICE), expected: offered };
    // Whole hours of the board's zone, which need not be whole hours of UTC.
    const thisHour = today + Math.floor((now - today) / HOUR) * HOUR;
    const from = thisHour - 23 * HOUR;
    // Late the moment it is due, as its clock says.
    const late = countBelow(s.due, now + 1);
    const unusual = signalsOf(s.cells, Object.values(s.dark), now, zone);
    const pressing = new Set<string>();
    for (const [, id] of first(s.due, LINES)) pressing.add(id);
    for (const [, id] of first(s.oldest, LINES)) pressing.add(id);
    return {
      today: known(sum(s.rung, today, now + SLICE)),
      yesterdaySoFar:
        s.since === null || s.since > yesterday
          ? { value: null, asOf, why: 'notYet' }
          : // Half of it dark, it is nothing to compare a day with, whatever was entered of it later (R19).
            isDark(Object.values(s.dark), yesterday, yesterday + (now - today), now)
            ? { value: null, asOf, why: 'dark' }
            : known(sum(s.rung, yesterday, yesterday + (now - today))),
      open: known(s.oldest.size),
      oldest: first(s.oldest, 1)[0]?.[0] ?? null,
      overdue: known(late),
      callBacks: known(s.callBacks),
      owed: known(s.owed.size),
      owedSince: first(s.owed, 1)[0]?.[0] ?? null,
      prompt: share(s.prompt),
      connected: share(s.connected),
      fromPaper: sum(s.fromPaper, now - DAY, now + SLICE),
      hours: {
        from,
        counts: Array.from({ length: 24 }, (_, i) => {
          const [begin, end] = [from + i * HOUR, from + (i + 1) * HOUR];
          const n = sum(s.rung, begin, end);
          return n === 0 && (s.since === null || end <= s.since) ? null : n;
        }),
      },
      lines: [...pressing].slice(0, LINES).flatMap((id) => s.lines[id] ?? []),
      urged: known(s.urged),
      escalated: known(s.escalated),
      asked: known(s.asked),
      paused: known(s.paused),
      stages: { ...s.stages },
      topics: mostFirst(s.topics).map(([topic, n]) => ({ topic, count: n })),
      openBy: { ...s.openBy },
      lateBy: { ...s.lateBy },
      lateUnits: mostFirst(s.lateUnits).map(([unit, n]) => ({ unit: unit === '' ? null : unit, count: n })),
      soon: known(countBelow(s.due, now + SOON + 1) - late),
      signals: Object.fromEntries(unusual.map((x) => [signalKey(x), x.says])),
      unusual: unusual.slice(0, UNUSUAL),
    };
  },
};
