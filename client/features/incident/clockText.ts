import { clockNames, type ClockName } from '../../../shared/features/incident/clocks.ts';
import type { Incident } from '../../../shared/features/incident/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import type { Tone } from '../../ui/tone.ts';

/** So little left that it wants someone now. */
export const SOON = 10 * 60_000;

export interface ClockStanding {
  clock: ClockName;
  /** `late`: owed and past its time; `tardy`: it went out after its time. */
  state: 'running' | 'soon' | 'late' | 'inTime' | 'tardy';
  tone: Tone;
  /** When it is or was due. */
  due: Instant;
  /** When it went out, or the clock was stopped. */
  stopped: Instant | null;
}

/** How each report clock stands at a moment: late the second it is due, whether or not that has been written down. */
export function clockStandings(i: Pick<Incident, 'clocks'>, now: Instant): ClockStanding[] {
  return clockNames.flatMap((clock): ClockStanding[] => {
    const c = i.clocks[clock];
    if (c === null) return [];
    const due = c.due ?? c.started + c.allowed;
    if (c.stopped !== null) return [{ clock, state: c.stopped > due ? 'tardy' : 'inTime', tone: c.stopped > due ? 'orange' : 'green', due, stopped: c.stopped }];
    const left = due - now;
    const state = left <= 0 ? 'late' : left <= SOON ? 'soon' : 'running';
    return [{ clock, state, tone: state === 'late' ? 'red' : state === 'soon' ? 'orange' : 'plain', due, stopped: null }];
  });
}

export const owes = (i: Pick<Incident, 'clocks'>): boolean => clockNames.some((n) => i.clocks[n] !== null && i.clocks[n]?.stopped === null);

/** A report is owed and its time has passed. */
export const isLate = (i: Pick<Incident, 'clocks'>, now: Instant): boolean => clockStandings(i, now).some((c) => c.state === 'late');

export const soonestDue = (i: Pick<Incident, 'clocks'>): Instant => Math.min(...clockNames.map((n) => i.clocks[n]?.due ?? Number.MAX_SAFE_INTEGER));
