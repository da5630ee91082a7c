import type { Instant } from '../../../shared/time/clock.ts';
import { dayOf } from '../../../shared/time/zone.ts';

/** What a desk says of a number: `0126` of today's, `0204-0126` of another day's, since each day counts from one. */
export function shortNumber(number: string, now: Instant, zone: string): string {
  const [day = '', counter = number] = number.split('-');
  return day === dayOf(now, zone).replaceAll('-', '') ? counter : `${day.slice(4)}-${counter}`;
}
