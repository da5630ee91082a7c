import { refuse, refuseField } from '../../protocol/errors.ts';
import { yearsAround, type WorkCalendar } from '../../time/calendar.ts';
import { startClock, stepClock, type ClockStep, type Counting, type DueClock } from '../../time/dueClock.ts';
import { calendar, workYearOf } from '../calendar/record.ts';
import type { DecideContext, NeedsContext } from '../feature.ts';
import { limit } from './record.ts';

/** What a kind whose records carry a clock needs of settings and calendar; the clock itself is shared/time/dueClock.ts. */

/** Records to name in `needs` of a command that starts, moves or reads a clock. */
export const clockNeeds = (x: NeedsContext, code?: string | null): [kind: string, id: string][] => [
  ...yearsAround(x.now, x.zone).map((y): [string, string] => ['calendar', String(y)]),
  ...(code ? [['limit', code] as [string, string]] : []),
];

/** By what time is counted now. */
export function countingOf(c: DecideContext): Counting {
  const years: Record<number, WorkCalendar[number]> = {};
  for (const y of yearsAround(c.now, c.zone)) {
    const found = c.get(calendar, String(y));
    if (found) years[y] = workYearOf(found.body);
  }
  return { calendar: years, zone: c.zone };
}

/** A clock started now under a limit in use; `path` is where the code stands in the command. */
export function startUnder(c: DecideContext, code: string, use: string, path: string, before?: DueClock): DueClock {
  const found = c.get(limit, code);
  if (!found?.body.active || found.body.use !== use) throw refuseField(path, 'unknownLimit');
  return startClock({ ...found.body, version: found.version }, c.now, countingOf(c), before);
}

/** For the command a due time sends: the clock with what has come written, or null where there is nothing to write. */
export function stepped(c: DecideContext, clock: DueClock | null, asked: { run: number; step: ClockStep }): DueClock | null {
  if (clock === null) return null;
  const said = stepClock(clock, asked, c.now, countingOf(c));
  // No outcome is kept of this: the same command is asked again when the moment has come here too.
  if (said.what === 'notYet') throw refuse('notReady', { retryAfter: 1 });
  return said.what === 'written' ? said.clock : null;
}
