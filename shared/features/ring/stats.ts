import type { Instant } from '../../time/clock.ts';
import { dayOf, startOfDay } from '../../time/zone.ts';
import { buckets, bump, sum, type Buckets } from '../buckets.ts';
import type { Fold, Reading } from '../feature.ts';
import { add, first, remove, sorted, type Sorted } from '../sorted.ts';
import { owesCallBack, unlogged } from './events.ts';
import type { Ring } from './record.ts';

const SLICE = 5 * 60_000;
const KEEP = (2 * 24 * 3_600_000) / SLICE;

interface State {
  today: Buckets;
  missed: Buckets;
  /** Ringing now, by when they began to. */
  ringing: Sorted;
  /** Missed and owed a call-back, by when they rang. */
  owed: Sorted;
  talking: number;
  unlogged: number;
  newest: Instant | null;
}

/** Counts and times alone: no number, no line, no name. Before any exchange was ever heard nothing is known, not nothing rang. */
export interface RingView {
  ringing: Reading;
  /** Since when the longest of them rings. */
  ringingSince: Instant | null;
  talking: Reading;
  /** Over, answered and not written down. */
  unlogged: Reading;
  /** Missed, and nobody has reached the caller yet. */
  owed: Reading;
  owedSince: Instant | null;
  /** Of today. */
  rang: Reading;
  missed: Reading;
}

function tally(s: State, id: string, r: Ring, n: 1 | -1): void {
  const put = n === 1 ? add : remove;
  bump(s.today, r.rung, n);
  if (r.stage === 'missed') bump(s.missed, r.rung, n);
  if (r.stage === 'ringing') put(s.ringing, r.rung, id);
  if (r.stage === 'answered') s.talking += n;
  if (unlogged(r)) s.unlogged += n;
  if (owesCallBack(r)) put(s.owed, r.rung, id);
}

export const fold: Fold<State, RingView, Ring> = {
  version: 1,
  empty: () => ({ today: buckets(SLICE, KEEP), missed: buckets(SLICE, KEEP), ringing: sorted(), owed: sorted(), talking: 0, unlogged: 0, newest: null }),
  apply(s, change) {
    if (change.before) tally(s, change.id, change.before, -1);
    tally(s, change.id, change.after, 1);
    s.newest = Math.max(s.newest ?? 0, change.recorded);
  },
  view(s, now, zone) {
    const asOf = s.newest;
    const known = (value: number): Reading => (asOf === null ? { value: null, asOf, why: 'noReport' } : { value, asOf });
    const today = startOfDay(dayOf(now, zone), zone);
    return {
      ringing: known(s.ringing.size),
      ringingSince: first(s.ringing, 1)[0]?.[0] ?? null,
      talking: known(s.talking),
      unlogged: known(s.unlogged),
      owed: known(s.owed.size),
      owedSince: first(s.owed, 1)[0]?.[0] ?? null,
      rang: known(sum(s.today, today, now + SLICE)),
      missed: known(sum(s.missed, today, now + SLICE)),
    };
  },
};
