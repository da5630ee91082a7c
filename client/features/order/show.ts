import type { Order } from '../../../shared/features/order/record.ts';
import type { DueClock } from '../../../shared/time/dueClock.ts';
import { comma } from '../parts/marks.ts';
import type { KindShow, ShowBy } from '../parts/show.ts';

/** An order the board gave by itself is called so in each language. */
export const titleOf = (o: Pick<Order, 'title' | 'origin'>, word: (key: string) => string): string => (o.origin === 'person' ? o.title : word(`order.titles.${o.origin}`));

/** `D20200205-003-2` as it is said: `003-2`. */
export const shortNumber = (number: string): string => number.slice(number.indexOf('-') + 1);

/** A clock in a history: when it is due and what has been written of it. */
function clockWords(c: DueClock, by: ShowBy): string {
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

export const showOrder: KindShow = {
  kind: 'order',
  fields: {
    title: 'text',
    unit: 'unit',
    standing: { words: 'standings' },
    text: 'text',
    clock: (v, by) => clockWords(v as DueClock, by),
    report: 'text',
    reason: 'text',
    urges: 'number',
    aboutName: 'text',
    locality: 'locality',
    by: 'text',
    number: 'text',
  },
  headline(line, { word }) {
    const change = line.changes.standing;
    if (line.command !== 'order.move' || !change) return null;
    return { words: `${word(`order.standings.${String(change[0])}`)} → ${word(`order.standings.${String(change[1])}`)}`, covers: ['standing'] };
  },
};
