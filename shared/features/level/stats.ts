import type { Instant } from '../../time/clock.ts';
import type { Fold } from '../feature.ts';
import type { Level, LevelName } from './record.ts';

interface State {
  level: LevelName;
  previous: LevelName | null;
  since: Instant | null;
  by: string | null;
  grounds: string | null;
  newest: Instant | null;
}

export interface LevelView {
  level: LevelName;
  previous: LevelName | null;
  /** Null while none was ever declared. */
  since: Instant | null;
  by: string | null;
  grounds: string | null;
  asOf: Instant | null;
}

export const fold: Fold<State, LevelView, Level> = {
  version: 1,
  empty: () => ({ level: 'none', previous: null, since: null, by: null, grounds: null, newest: null }),
  apply(s, { after, recorded }) {
    s.level = after.level;
    s.previous = after.previous;
    s.since = after.since;
    s.by = after.by;
    s.grounds = after.grounds;
    s.newest = recorded;
  },
  view: ({ newest, ...s }) => ({ ...s, asOf: newest }),
};
