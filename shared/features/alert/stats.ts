import type { Instant } from '../../time/clock.ts';
import { buckets, bump, sum, type Buckets } from '../buckets.ts';
import type { Fold, Reading } from '../feature.ts';
import { alertLevels, type AlertLevel } from '../rule/record.ts';
import { stands } from './moves.ts';
import type { Alert, AlertState } from './record.ts';

const MINUTE = 60_000;
/** ISA-18.2, EEMUA 191: a flood begins above ten in ten minutes and ends below five. */
export const FLOOD = { begins: 10, ends: 5, within: 10 * MINUTE } as const;
/** How many a wall can name, and how many groups of a flood. */
const LINES = 6;
const GROUPS = 6;

/** What a wall may show of a standing alert. */
export interface AlertLine {
  id: string;
  number: string;
  level: AlertLevel;
  title: Alert['title'];
  params: Alert['params'];
  kind: string | null;
  locality: string | null;
  state: AlertState;
  stateSince: Instant;
  raised: Instant;
  rule: { code: string; name: { zh: string; en: string } } | null;
  whose: string | null;
  rank: number;
  roseAt: Instant | null;
  riseAt: Instant | null;
  by: string | null;
  intends: string | null;
  until: Instant | null;
}

export interface AlertGroup {
  /** Null: raised by people. */
  rule: { code: string; name: { zh: string; en: string } } | null;
  level: AlertLevel;
  count: number;
}

interface State {
  lines: Record<string, AlertLine>;
  raised: Buckets;
  flooding: boolean;
  newest: Instant | null;
}

export interface AlertView {
  /** Nobody has them. */
  fresh: Reading;
  acknowledged: Reading;
  acting: Reading;
  shelved: Reading;
  /** Those nobody has, by level. */
  byLevel: Record<AlertLevel, number>;
  /** The highest level nobody has acknowledged: what is heard. */
  loudest: AlertLevel | null;
  /** Those nobody has, highest first, then oldest; then those acknowledged. */
  lines: AlertLine[];
  /** Raised in the last ten minutes; `groups` only while it is a flood, most first. */
  flood: { on: boolean; count: number; groups: AlertGroup[] };
}

const lineOf = (id: string, a: Alert): AlertLine => ({
  id,
  number: a.number,
  level: a.level,
  title: a.title,
  params: a.params,
  kind: a.about?.kind ?? null,
  locality: a.localities[0] ?? null,
  state: a.state,
  stateSince: a.stateSince,
  raised: a.raised,
  rule: a.rule === null ? null : { code: a.rule.code, name: a.rule.name },
  whose: a.whose,
  rank: a.rank,
  roseAt: a.roseAt,
  riseAt: a.riseAt,
  by: a.by,
  intends: a.intends,
  until: a.until,
});

const states: readonly AlertState[] = ['new', 'acting', 'acknowledged', 'shelved'];

/** What nobody has first, then by level, then by how long it has stood. */
export const byPressing = (a: AlertLine, b: AlertLine): number =>
  Number(a.state !== 'new') - Number(b.state !== 'new') || alertLevels.indexOf(a.level) - alertLevels.indexOf(b.level) || a.raised - b.raised || (a.id < b.id ? -1 : 1);

/** By rule, the highest level of each, most first. */
export function grouped(lines: readonly Pick<AlertLine, 'rule' | 'level'>[]): AlertGroup[] {
  const by = new Map<string, AlertGroup>();
  for (const l of lines) {
    const key = l.rule?.code ?? '';
    const g = by.get(key);
    if (!g) by.set(key, { rule: l.rule, level: l.level, count: 1 });
    else {
      g.count++;
      if (alertLevels.indexOf(l.level) < alertLevels.indexOf(g.level)) g.level = l.level;
    }
  }
  return [...by.values()].sort((a, b) => b.count - a.count || alertLevels.indexOf(a.level) - alertLevels.indexOf(b.level));
}

const recently = (s: State, now: Instant): number => sum(s.raised, now - FLOOD.within, now + MINUTE);

export const fold: Fold<State, AlertView, Alert> = {
  version: 1,
  empty: () => ({ lines: {}, raised: buckets(MINUTE, 30), flooding: false, newest: null }),
  apply(s, { id, before, after, recorded }) {
    if (!before) {
      // Between two entries the count only falls: a flood that ended meanwhile is seen to have ended before this one is counted.
      if (recently(s, recorded) < FLOOD.ends) s.flooding = false;
      bump(s.raised, after.raised);
      if (recently(s, recorded) > FLOOD.begins) s.flooding = true;
    }
    if (stands(after.state)) s.lines[id] = lineOf(id, after);
    else delete s.lines[id];
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view(s, now) {
    const all = Object.values(s.lines);
    const of = (state: AlertState): AlertLine[] => all.filter((l) => l.state === state);
    const known = (value: number): Reading => ({ value, asOf: s.newest });
    const fresh = of('new');
    const byLevel = Object.fromEntries(alertLevels.map((l) => [l, fresh.filter((x) => x.level === l).length])) as Record<AlertLevel, number>;
    const count = recently(s, now);
    const on = s.flooding ? count >= FLOOD.ends : count > FLOOD.begins;
    return {
      fresh: known(fresh.length),
      acknowledged: known(of('acknowledged').length),
      acting: known(of('acting').length),
      shelved: known(of('shelved').length),
      byLevel,
      loudest: alertLevels.find((l) => byLevel[l] > 0) ?? null,
      lines: all
        .filter((l) => l.state !== 'shelved')
        .sort(byPressing)
        .slice(0, LINES),
      flood: { on, count, groups: on ? grouped(fresh).slice(0, GROUPS) : [] },
    };
  },
};

export const standingStates = states;
