import type { Instant } from '../../time/clock.ts';
import { dayOf } from '../../time/zone.ts';
import { addTo, daily, on, type Daily } from '../daily.ts';
import type { Fold, Reading } from '../feature.ts';
import type { UpwardReport } from './record.ts';

interface State {
  toSign: number;
  toSend: number;
  /** By the day they first went out. */
  days: Daily;
  newest: Instant | null;
}

export interface UpwardReportView {
  /** Drafts that wait for a leader's signature, and signed ones that have not gone out. */
  toSign: Reading;
  toSend: Reading;
  sentToday: Reading;
}

function tally(s: State, r: UpwardReport, n: 1 | -1, zone: string): void {
  if (r.state === 'draft') s.toSign += n;
  if (r.state === 'signed') s.toSend += n;
  if (r.state === 'sent') addTo(s.days, dayOf(r.stateSince, zone), { sent: 1 }, n);
}

export const fold: Fold<State, UpwardReportView, UpwardReport> = {
  version: 1,
  empty: () => ({ toSign: 0, toSend: 0, days: daily(14), newest: null }),
  apply(s, { before, after, recorded }, zone) {
    if (before) tally(s, before, -1, zone);
    tally(s, after, 1, zone);
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view(s, now, zone) {
    const known = (value: number): Reading => ({ value, asOf: s.newest });
    return { toSign: known(s.toSign), toSend: known(s.toSend), sentToday: known(on(s.days, dayOf(now, zone), 'sent')) };
  },
};
