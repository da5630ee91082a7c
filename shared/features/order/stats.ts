import type { Instant } from '../../time/clock.ts';
import { clockState, type ClockState } from '../../time/dueClock.ts';
import type { Fold, Reading } from '../feature.ts';
import { add, countBelow, first, remove, sorted, type Sorted } from '../sorted.ts';
import { isOpen, isUnderWay } from './moves.ts';
import { standings, type Order, type Standing } from './record.ts';

/** How many lines of open business a wall can get, and how many units are named. */
const LINES = 12;
const NAMED = 6;

/** What the wall may show of an open order. */
export interface OrderLine {
  id: string;
  number: string;
  title: string;
  origin: Order['origin'];
  about: string | null;
  unit: string;
  locality: string | null;
  standing: Standing;
  state: ClockState;
  givenAt: Instant;
  /** Null while its clock stands still. */
  due: Instant | null;
  urged: boolean;
}

interface State {
  /** `state` by the facts written so far; the view adds what the moment makes of it. */
  lines: Record<string, OrderLine>;
  /** Under way, by when it is due. */
  due: Sorted;
  /** Open, by when it was given. */
  oldest: Sorted;
  standings: Record<Standing, number>;
  lateUnits: Record<string, number>;
  escalated: number;
  urged: number;
  asked: number;
  newest: Instant | null;
}

export interface OrderView {
  /** The unit still has it to do. */
  underWay: Reading;
  late: Reading;
  /** Passed up to the leader because it stayed late. */
  escalated: Reading;
  urged: Reading;
  /** More time is asked for. */
  asked: Reading;
  /** Said to be done, to be looked at. */
  toVerify: Reading;
  /** Given back by the unit. */
  sentBack: Reading;
  standings: Record<Standing, number>;
  /** Most pressing first: late longest, then due soonest. */
  lines: OrderLine[];
  /** Whose the late ones are, most first. */
  lateUnits: { unit: string; count: number }[];
}

const count = (by: Record<string, number>, key: string, n: number): void => {
  const now = (by[key] ?? 0) + n;
  if (now === 0) delete by[key];
  else by[key] = now;
};

function tally(s: State, id: string, o: Order, n: 1 | -1): void {
  s.standings[o.standing] += n;
  if (!isOpen(o.standing)) return;
  const put = n === 1 ? add : remove;
  put(s.oldest, o.givenAt, id);
  const running = isUnderWay(o.standing) && o.clock.due !== null;
  if (running) {
    put(s.due, o.clock.due ?? 0, id);
    if (o.clock.passed !== null) count(s.lateUnits, o.unit, n);
    if (o.clock.escalated !== null) s.escalated += n;
  }
  if (o.urgedSince !== null) s.urged += n;
  if (o.clock.asked !== null) s.asked += n;
  if (n === 1) {
    s.lines[id] = {
      id,
      number: o.number,
      title: o.title,
      origin: o.origin,
      about: o.aboutName,
      unit: o.unit,
      locality: o.locality,
      standing: o.standing,
      givenAt: o.givenAt,
      due: o.clock.due,
      urged: o.urgedSince !== null,
      state: clockState(o.clock, -Infinity),
    };
  } else delete s.lines[id];
}

export const fold: Fold<State, OrderView, Order> = {
  version: 2,
  empty: () => ({
    lines: {},
    due: sorted(),
    oldest: sorted(),
    standings: Object.fromEntries(standings.map((x) => [x, 0])) as Record<Standing, number>,
    lateUnits: {},
    escalated: 0,
    urged: 0,
    asked: 0,
    newest: null,
  }),
  apply(s, change) {
    if (change.before) tally(s, change.id, change.before, -1);
    tally(s, change.id, change.after, 1);
    s.newest = Math.max(s.newest ?? 0, change.recorded);
  },
  view(s, now) {
    const known = (value: number): Reading => ({ value, asOf: s.newest });
    const pressing = new Set<string>();
    for (const [, id] of first(s.due, LINES)) pressing.add(id);
    for (const [, id] of first(s.oldest, LINES)) pressing.add(id);
    return {
      underWay: known(s.standings.given + s.standings.accepted + s.standings.reported),
      late: known(countBelow(s.due, now + 1)),
      escalated: known(s.escalated),
      urged: known(s.urged),
      asked: known(s.asked),
      toVerify: known(s.standings.finished),
      sentBack: known(s.standings.sentBack),
      standings: { ...s.standings },
      lines: [...pressing].slice(0, LINES).flatMap((id) => {
        const line = s.lines[id];
        if (!line) return [];
        const come = line.due !== null && line.due <= now && (line.state === 'running' || line.state === 'reminded');
        return [come ? { ...line, state: 'late' as const } : line];
      }),
      lateUnits: Object.entries(s.lateUnits)
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .slice(0, NAMED)
        .map(([unit, n]) => ({ unit, count: n })),
    };
  },
};
