import type { Instant } from '../../time/clock.ts';
import type { Fold, Reading } from '../feature.ts';
import type { Exchange } from './record.ts';

interface State {
  states: Record<string, Pick<Exchange, 'state' | 'since'>>;
  newest: Instant | null;
}

export interface ExchangeView {
  connected: Reading;
  lost: Reading;
  /** Since when the longest lost one is. */
  lostSince: Instant | null;
}

export const fold: Fold<State, ExchangeView, Exchange> = {
  version: 1,
  empty: () => ({ states: {}, newest: null }),
  apply(s, { after, recorded }) {
    s.states[after.code] = { state: after.state, since: after.since };
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view(s) {
    const all = Object.values(s.states);
    const lost = all.filter((e) => e.state === 'lost');
    const known = (value: number): Reading => (s.newest === null ? { value: null, asOf: null, why: 'noReport' } : { value, asOf: s.newest });
    return { connected: known(all.length - lost.length), lost: known(lost.length), lostSince: lost.length === 0 ? null : Math.min(...lost.map((e) => e.since)) };
  },
};
