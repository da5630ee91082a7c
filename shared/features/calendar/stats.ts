import { dayState, type WorkYear } from '../../time/calendar.ts';
import type { Instant } from '../../time/clock.ts';
import { dayOf, type Day } from '../../time/zone.ts';
import type { Fold } from '../feature.ts';
import { workYearOf, type Calendar } from './record.ts';

interface State {
  years: Record<string, WorkYear>;
  newest: Instant | null;
}

export interface CalendarView {
  today: Day;
  works: boolean;
  holiday: { zh: string; en: string } | null;
  /** False: this year has not been entered; only weekends are known to be off. */
  known: boolean;
  asOf: Instant | null;
}

export const fold: Fold<State, CalendarView, Calendar> = {
  version: 1,
  empty: () => ({ years: {}, newest: null }),
  apply(s, { after, recorded }) {
    s.years[after.year] = workYearOf(after);
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view(s, now, zone) {
    const today = dayOf(now, zone);
    return { today, ...dayState(s.years, today), asOf: s.newest };
  },
};
