import type { Instant } from '../../time/clock.ts';
import type { Fold } from '../feature.ts';
import type { Limit } from './record.ts';

interface State {
  names: Record<string, Limit['name']>;
  newest: Instant | null;
}

/** What a limit's code is called, those no longer in use too. */
export interface LimitView {
  names: Record<string, Limit['name']>;
  asOf: Instant | null;
}

/** More limits than anybody could keep apart. */
const NAMES = 200;

export const fold: Fold<State, LimitView, Limit> = {
  version: 1,
  empty: () => ({ names: {}, newest: null }),
  apply(s, { after, recorded }) {
    s.names[after.code] = after.name;
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view: (s) => ({ names: Object.fromEntries(Object.entries(s.names).slice(0, NAMES)), asOf: s.newest }),
};
