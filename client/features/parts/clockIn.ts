import { DAY, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { normalise } from '../../../shared/text/grams.ts';

/**
 * A time of day as it is typed: `02:14`, `2:14:36`, `0214`, `021436`, full-width too. It means the last such moment: at
 * 00:05 a typed `23:50` is yesterday's. Null: not a time.
 * @param now the board's time; up to a minute later than it still counts as today.
 */
export function clockIn(text: string, now: Instant, zone: string): Instant | null {
  const typed = normalise(text).replace(/[.时點点分]/g, ':').replace(/[秒\s]/g, '');
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2})?)?$/.exec(typed) ?? /^(\d{2})(\d{2})(\d{2})?$/.exec(typed);
  if (!parts) return null;
  const [h, m, s] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  if (h > 23 || m > 59 || s > 59) return null;
  const ofDay = ((h * 60 + m) * 60 + s) * 1_000;
  const today = startOfDay(dayOf(now, zone), zone) + ofDay;
  return today > now + 60_000 ? startOfDay(dayOf(now - DAY, zone), zone) + ofDay : today;
}
