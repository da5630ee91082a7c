import type { Instant } from '../../time/clock.ts';
import type { Fold, Reading } from '../feature.ts';
import type { Unit } from './record.ts';

/** More units than a wall could name. */
export const NAMES = 500;

interface State {
  names: Record<string, Unit['name']>;
  active: number;
  newest: Instant | null;
}

export interface UnitView {
  /** Units at work. */
  active: Reading;
  /** What a unit's code is called, retired ones too: old business still names them. */
  names: Record<string, Unit['name']>;
}

export const fold: Fold<State, UnitView, Unit> = {
  version: 1,
  empty: () => ({ names: {}, active: 0, newest: null }),
  apply(s, { before, after, recorded }) {
    s.active += Number(after.active) - Number(before?.active ?? false);
    s.names[after.code] = after.name;
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view: (s) => ({ active: { value: s.active, asOf: s.newest }, names: Object.fromEntries(Object.entries(s.names).slice(0, NAMES)) }),
};
