import type { Instant } from '../../time/clock.ts';
import type { Call } from './record.ts';

/**
 * Since when a caller waits to be called: nobody answered, it was written down by hand and nobody has taken it in hand; or the
 * matter is closed and they were not told (回访). Null: nobody is owed a call. Written down from a missed ring, the caller has
 * been called: the ring's own call-back counts (ring/events.ts).
 */
export function owedSince(c: Pick<Call, 'stage' | 'stageSince' | 'origin' | 'ring' | 'answered' | 'rung'>): Instant | null {
  if (c.stage === 'finished') return c.stageSince;
  const missed = c.origin === 'missed' && c.ring === null && c.answered === null && (c.stage === 'accepted' || c.stage === 'dispatched');
  return missed ? c.rung : null;
}
