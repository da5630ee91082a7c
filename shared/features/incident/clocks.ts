import { startClock, stopClock, type DueClock } from '../../time/dueClock.ts';
import type { Instant } from '../../time/clock.ts';
import type { DecideContext, NeedsContext } from '../feature.ts';
import { clockNeeds, countingOf } from '../limit/clocks.ts';
import { limit } from '../limit/record.ts';
import type { Incident } from './record.ts';

/**
 * What is owed upwards of an incident, and by when. The General Offices of the Central Committee and of the State Council ask
 * of provinces that what must be reported is told by telephone within 30 minutes and in writing within an hour; the text is
 * not at hand here, and an administrator's limits (`limit`, used for `upwardReport`) say what holds in this centre: one that
 * is switched off starts no clock.
 *
 * A clock begins when the incident became known, not when somebody wrote it down. It ends with the first report that
 * went out by that means, with a leader's word that none is owed, or with the incident's dismissal.
 */
export const clockNames = ['telephone', 'written'] as const;
export type ClockName = (typeof clockNames)[number];
export type Clocks = Record<ClockName, DueClock | null>;
export const limitOf: Record<ClockName, string> = { telephone: 'reportTelephone', written: 'reportWritten' };
/** A report entered into the system of those above stands on their screen as a paper lies on their desk. */
export const endedBy: Record<ClockName, readonly string[]> = { telephone: ['telephone'], written: ['written', 'system'] };

export const reportNeeds = (x: NeedsContext): [kind: string, id: string][] => [...clockNeeds(x), ...clockNames.map((n): [string, string] => ['limit', limitOf[n]])];

/** Clocks as of when it became known; one that stood here and was ended stays ended. */
export function startClocks(c: DecideContext, from: Instant, before?: Clocks): Clocks {
  const by = countingOf(c);
  const start = (name: ClockName): DueClock | null => {
    const was = before?.[name] ?? undefined;
    if (was && was.stopped !== null) return was;
    const found = c.get(limit, limitOf[name]);
    if (!found?.body.active || found.body.use !== 'upwardReport') return was ?? null;
    return startClock({ ...found.body, version: found.version }, from, by, was);
  };
  return { telephone: start('telephone'), written: start('written') };
}

/** Taken up again after a dismissal: what was not reported is owed from now. */
export function restartClocks(c: DecideContext, i: Incident): Clocks {
  const by = countingOf(c);
  const owed = (name: ClockName): DueClock | null => {
    const was = i.clocks[name] ?? undefined;
    const found = c.get(limit, limitOf[name]);
    if (isSent(i, name) || !found?.body.active || found.body.use !== 'upwardReport') return was ?? null;
    return startClock({ ...found.body, version: found.version }, c.now, by, was);
  };
  return { telephone: owed('telephone'), written: owed('written') };
}

export function stopClocks(c: DecideContext, clocks: Clocks, at: Instant, which: readonly ClockName[] = clockNames): Clocks {
  const by = countingOf(c);
  const end = (name: ClockName): DueClock | null => {
    const was = clocks[name];
    return was !== null && was.stopped === null && which.includes(name) ? stopClock(was, Math.max(at, was.started), by) : was;
  };
  return { telephone: end('telephone'), written: end('written') };
}

const isSent = (i: Pick<Incident, 'reports'>, name: ClockName): boolean =>
  i.reports.some((r) => r.sort === 'first' && Object.keys(r.sent).some((means) => endedBy[name].includes(means)));

export const runs = (clocks: Clocks): boolean => clockNames.some((n) => clocks[n] !== null && clocks[n]?.stopped === null);
