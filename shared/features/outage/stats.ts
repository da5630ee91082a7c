import type { Instant } from '../../time/clock.ts';
import { DAY } from '../../time/zone.ts';
import type { Fold } from '../feature.ts';
import type { Cause, Outage } from './record.ts';

/** Spans a trend can look back on. */
const KEEP = 60;
/** Trends of a screen go back so far; longer ones ask for the records. */
const BACK = 35 * DAY;

export interface DarkSpan {
  from: Instant;
  to: Instant | null;
  cause: Cause;
}

interface State {
  spans: Record<string, DarkSpan>;
  newest: Instant | null;
}

export interface OutageView {
  /** Newest last: every trend is a gap there. */
  spans: DarkSpan[];
  /** Since when something is out that nobody has said is back. */
  since: Instant | null;
  asOf: Instant | null;
}

export const fold: Fold<State, OutageView, Outage> = {
  version: 1,
  empty: () => ({ spans: {}, newest: null }),
  apply(s, { id, after, recorded }) {
    s.newest = recorded;
    delete s.spans[id];
    if (after.withdrawn) return;
    s.spans[id] = { from: after.from, to: after.to, cause: after.cause };
    const all = Object.entries(s.spans);
    if (all.length <= KEEP) return;
    const [oldest] = all.sort(([, a], [, b]) => a.from - b.from);
    if (oldest) delete s.spans[oldest[0]];
  },
  view(s, now) {
    const spans = Object.values(s.spans)
      .filter((x) => (x.to ?? now) > now - BACK)
      .sort((a, b) => a.from - b.from);
    return { spans, since: spans.find((x) => x.to === null)?.from ?? null, asOf: s.newest };
  },
};
