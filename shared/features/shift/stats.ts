import type { Instant } from '../../time/clock.ts';
import type { Fold } from '../feature.ts';
import type { Shift } from './record.ts';

/** Who is on, by post and surname, in the order in which alerts rise. */
export interface OnDuty {
  id: string;
  name: string;
  from: Instant;
  to: Instant;
  duty: string[];
}

interface State {
  shifts: Record<string, OnDuty>;
  newest: Instant | null;
}

export interface ShiftView {
  now: OnDuty | null;
  next: OnDuty | null;
  asOf: Instant | null;
}

/** Shifts that ended this long ago are of no figure any more. */
const PAST = 2 * 24 * 3_600_000;

export const fold: Fold<State, ShiftView, Shift> = {
  version: 1,
  empty: () => ({ shifts: {}, newest: null }),
  apply(s, { id, after, recorded }) {
    if (after.cancelled) delete s.shifts[id];
    else s.shifts[id] = { id, name: after.name, from: after.from, to: after.to, duty: after.duty.map((d) => d.label) };
    s.newest = Math.max(s.newest ?? 0, recorded);
    for (const [old, x] of Object.entries(s.shifts)) if (x.to < recorded - PAST) delete s.shifts[old];
  },
  view(s, now) {
    const inOrder = Object.values(s.shifts).sort((a, b) => a.from - b.from);
    return { now: inOrder.find((x) => x.from <= now && now < x.to) ?? null, next: inOrder.find((x) => x.from > now) ?? null, asOf: s.newest };
  },
};
