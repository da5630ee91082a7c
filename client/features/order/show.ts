import type { Order } from '../../../shared/features/order/record.ts';
import type { DueClock } from '../../../shared/time/dueClock.ts';
import { clockWords } from '../limit/clockWords.ts';
import type { KindShow } from '../parts/show.ts';

/** An order the board gave by itself is called so in each language. */
export const titleOf = (o: Pick<Order, 'title' | 'origin'>, word: (key: string) => string): string => (o.origin === 'person' ? o.title : word(`order.titles.${o.origin}`));

/** `D20200205-003-2` as it is said: `003-2`. */
export const shortNumber = (number: string): string => number.slice(number.indexOf('-') + 1);

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
