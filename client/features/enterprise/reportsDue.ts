import type { Instant } from '../../../shared/time/clock.ts';
import { hourOf } from '../../../shared/time/zone.ts';

/** Hour of the board's day by which a day's reports are expected: they come in between eight and nine. */
const BY = 9;

/** Whether silence is late yet. At midnight nobody has reported, and nobody was to. */
export const reportsDue = (now: Instant, zone: string): boolean => hourOf(now, zone) >= BY;
