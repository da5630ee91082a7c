import type { Instant } from '../../time/clock.ts';
import type { Fold, Reading } from '../feature.ts';
import type { Rule } from './record.ts';

interface State {
  active: number;
  /** Switched on, but could not be worked out somewhere. */
  troubled: number;
  newest: Instant | null;
}

export interface RuleView {
  active: Reading;
  troubled: Reading;
}

const troubled = (r: Rule | null): number => Number(r !== null && r.active && r.trouble !== null);

export const fold: Fold<State, RuleView, Rule> = {
  version: 1,
  empty: () => ({ active: 0, troubled: 0, newest: null }),
  apply(s, { before, after, recorded }) {
    s.active += Number(after.active) - Number(before?.active ?? false);
    s.troubled += troubled(after) - troubled(before);
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view: (s) => ({ active: { value: s.active, asOf: s.newest }, troubled: { value: s.troubled, asOf: s.newest } }),
};
