import { clockRuns } from '../../../shared/features/call/moves.ts';
import type { Call } from '../../../shared/features/call/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** One open call as the desk's list needs it. */
export interface OpenCall {
  id: string;
  call: Call;
}

export type Pressure = 'late' | 'running' | 'waiting' | 'missed' | 'callBack' | 'paused' | 'merged';

/**
 * What a call asks of the desk now. `late`: its time has passed. `missed`: nobody answered, and nobody has taken it in hand
 * since. `running`: its clock runs; `paused`: it stands still. `callBack`: finished, the caller is owed a call-back. `merged`: an
 * earlier call is worked for it. `waiting`: open without a clock.
 */
export function pressureOf(call: Call, now: Instant): Pressure {
  if (call.stage === 'finished') return 'callBack';
  if (call.stage === 'merged') return 'merged';
  if (call.due !== null && call.due <= now) return 'late';
  if (call.origin === 'missed' && call.answered === null && (call.stage === 'accepted' || call.stage === 'dispatched')) return 'missed';
  if (call.due !== null) return 'running';
  return clockRuns(call.stage) && call.clock?.paused ? 'paused' : 'waiting';
}

const rank: Record<Pressure, number> = { late: 0, missed: 1, running: 2, waiting: 3, callBack: 4, paused: 5, merged: 6 };

/** When it became, or becomes, pressing: the earlier, the further up. */
const since = (call: Call, pressure: Pressure): Instant =>
  pressure === 'late' || pressure === 'running' ? (call.due ?? call.rung) : pressure === 'missed' ? call.rung : call.stageSince;

/** Most pressing first: what is late longest, who was missed first, what falls due soonest, then what waits for us. */
export function byPressure(calls: readonly OpenCall[], now: Instant): OpenCall[] {
  const keyed = calls.map((c) => {
    const pressure = pressureOf(c.call, now);
    return { c, rank: rank[pressure], since: since(c.call, pressure) };
  });
  return keyed.sort((a, b) => a.rank - b.rank || a.since - b.since || (a.c.call.number < b.c.call.number ? -1 : 1)).map(({ c }) => c);
}

export function counts(calls: readonly OpenCall[], now: Instant): Record<Pressure, number> {
  const out: Record<Pressure, number> = { late: 0, running: 0, waiting: 0, missed: 0, callBack: 0, paused: 0, merged: 0 };
  for (const { call } of calls) out[pressureOf(call, now)]++;
  return out;
}
