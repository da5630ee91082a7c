import type { DueClock } from '../../../shared/time/dueClock.ts';
import { comma } from '../parts/marks.ts';
import type { ShowBy } from '../parts/show.ts';

/** A clock in a history, whichever record carries it: when it is due and what has been written of it. */
export function clockWords(c: DueClock, by: ShowBy): string {
  const fact = (['escalated', 'urged', 'passed', 'reminded'] as const).find((f) => c[f] !== null);
  const said = [
    c.due === null ? '' : by.times.when(c.due),
    c.paused === null ? '' : `${by.word('limit.states.paused')} ${by.word(`limit.pauses.${c.paused.reason}`)}`,
    c.asked === null ? '' : `${by.word('order.actions.ask')} ${by.times.when(c.asked.until)}`,
    fact === undefined ? '' : by.word(`limit.states.${fact === 'passed' ? 'late' : fact}`),
    c.stopped === null ? '' : by.word('limit.states.stopped'),
  ];
  return said.filter(Boolean).join(by.name(comma));
}
