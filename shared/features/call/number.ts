import { dayOf } from '../../time/zone.ts';
import type { DecideContext, NeedsContext } from '../feature.ts';

/** A day's counter of calls: what is reserved on paper is taken from it as well, so that no number is given twice. */
export const counterOf = (x: NeedsContext): string => `call:${dayOf(x.now, x.zone)}`;

/** `20200205-0126`; the counter must be named in `needs`. */
export const nextNumber = (c: DecideContext): string => `${dayOf(c.now, c.zone).replaceAll('-', '')}-${String(c.take(counterOf(c))).padStart(4, '0')}`;
