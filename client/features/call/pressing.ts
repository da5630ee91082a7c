import { clockRuns } from '../../../shared/features/call/moves.ts';
import type { Call } from '../../../shared/features/call/record.ts';
import { owedSince } from '../../../shared/features/call/owed.ts';
import type { Ring } from '../../../shared/features/ring/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** One open call as the desk's list needs it; or a missed ring that is owed a call-back and was not written down as one yet. */
export type OpenCall = { id: string; call: Call; ring?: undefined } | { id: string; ring: Ring; call?: undefined };

export type Pressure = 'late' | 'running' | 'waiting' | 'missed' | 'callBack' | 'paused' | 'merged';

/**
 * What a call asks of the desk now. `late`: its time has passed. `missed`: nobody answered, and nobody has taken it in hand
 * since; written down from a ring it was by calling back, and nobody is owed that any more. `running`: its clock runs; `paused`: it stands still. `callBack`: finished, the caller is owed a call-back. `merged`: an
 * earlier call is worked for it. `waiting`: open without a clock.
 */
export function pressureOf(call: Call, now: Instant): Pressure {
  if (call.stage === 'finished') return 'callBack';
  if (call.stage === 'merged') return 'merged';
  if (call.due !== null && call.due <= now) return 'late';
  if (call.origin === 'missed' && call.ring === null && call.answered === null && (call.stage === 'accepted' || call.stage === 'dispatched')) return 'missed';
  if (call.due !== null) return 'running';
  return clockRuns(call.stage) && call.clock?.paused ? 'paused' : 'waiting';
}

export const askedBy = (o: OpenCall, now: Instant): Pressure => (o.ring ? 'missed' : pressureOf(o.call, now));

/** When whoever is owed a call began to wait for it; null: nobody is. */
const waitsSince = (o: OpenCall): Instant | null => (o.ring ? o.ring.rung : owedSince(o.call));

/** 待回电: everybody who is to be called, because nobody answered or because their matter is closed; the longest waiting first. */
export function byWaiting(all: readonly OpenCall[]): OpenCall[] {
  const owed = all.flatMap((o) => {
    const at = waitsSince(o);
    return at === null ? [] : [{ o, at }];
  });
  return owed.sort((a, b) => a.at - b.at || (a.o.id < b.o.id ? -1 : 1)).map(({ o }) => o);
}

const rank: Record<Pressure, number> = { late: 0, missed: 1, running: 2, waiting: 3, callBack: 4, paused: 5, merged: 6 };

/** When it became, or becomes, pressing: the earlier, the further up. */
const since = (o: OpenCall, pressure: Pressure): Instant => (o.ring ? o.ring.rung : sinceOf(o.call, pressure));
const sinceOf = (call: Call, pressure: Pressure): Instant =>
  pressure === 'late' || pressure === 'running' ? (call.due ?? call.rung) : pressure === 'missed' ? call.rung : call.stageSince;

const nameOf = (o: OpenCall): string => o.call?.number ?? o.id;

/** Most pressing first: what is late longest, who was missed first, what falls due soonest, then what waits for us. */
export function byPressure(calls: readonly OpenCall[], now: Instant): OpenCall[] {
  const keyed = calls.map((c) => {
    const pressure = askedBy(c, now);
    return { c, rank: rank[pressure], since: since(c, pressure) };
  });
  return keyed.sort((a, b) => a.rank - b.rank || a.since - b.since || (nameOf(a.c) < nameOf(b.c) ? -1 : 1)).map(({ c }) => c);
}

export function counts(calls: readonly OpenCall[], now: Instant): Record<Pressure, number> {
  const out: Record<Pressure, number> = { late: 0, running: 0, waiting: 0, missed: 0, callBack: 0, paused: 0, merged: 0 };
  for (const c of calls) out[askedBy(c, now)]++;
  return out;
}
