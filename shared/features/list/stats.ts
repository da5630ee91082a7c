import type { Instant } from '../../time/clock.ts';
import type { Fold } from '../feature.ts';
import { listNames, type List, type ListItem, type ListName } from './record.ts';

/** What a code of a list is called, and what goes with it. */
export type ListWord = Pick<ListItem, 'name' | 'measure' | 'hazard' | 'urgency'>;

interface State {
  lists: Record<ListName, Record<string, ListWord>>;
  newest: Instant | null;
}

/** Words for the codes that other kinds' figures carry; switched-off lines too, as old records name them. */
export interface ListView {
  lists: Record<ListName, Record<string, ListWord>>;
  asOf: Instant | null;
}

export const fold: Fold<State, ListView, List> = {
  version: 1,
  empty: () => ({ lists: Object.fromEntries(listNames.map((n) => [n, {}])) as State['lists'], newest: null }),
  apply(s, { after, recorded }) {
    s.lists[after.name] = Object.fromEntries(
      after.items.map(({ code, name, measure, hazard, urgency }): [string, ListWord] => [
        code,
        { name, ...(measure && { measure }), ...(hazard && { hazard }), ...(urgency && { urgency }) },
      ]),
    );
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view: (s) => ({ lists: { ...s.lists }, asOf: s.newest }),
};
