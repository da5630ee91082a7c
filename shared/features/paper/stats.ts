import type { Instant } from '../../time/clock.ts';
import type { Fold, Reading } from '../feature.ts';
import { add, first, remove, sorted, type Sorted } from '../sorted.ts';
import { unusedOf, type Paper } from './record.ts';

interface State {
  unused: number;
  /** Batches with forms nobody has accounted for, by when they were reserved. */
  open: Sorted;
  newest: Instant | null;
}

export interface PaperView {
  /** Numbers reserved and neither used nor voided, and since when the oldest. */
  unused: Reading;
  oldest: Instant | null;
}

export const fold: Fold<State, PaperView, Paper> = {
  version: 1,
  empty: () => ({ unused: 0, open: sorted(), newest: null }),
  apply(s, { id, before, after, recorded }) {
    const left = before ? unusedOf(before).length : 0;
    if (before && left > 0) remove(s.open, before.reserved, id);
    const now = unusedOf(after).length;
    if (now > 0) add(s.open, after.reserved, id);
    s.unused += now - left;
    s.newest = recorded;
  },
  view: (s) => ({ unused: { value: s.unused, asOf: s.newest }, oldest: first(s.open, 1)[0]?.[0] ?? null }),
};
