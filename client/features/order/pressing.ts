import { isUnderWay } from '../../../shared/features/order/moves.ts';
import type { Order } from '../../../shared/features/order/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** What an order asks for now, and of whom: `late`, `given` and `underWay` of the unit, `verify` and `decide` of the leader. */
export type Pressure = 'late' | 'decide' | 'verify' | 'given' | 'underWay' | 'closed';

export const isLate = (o: Order, now: Instant): boolean => isUnderWay(o.standing) && o.clock.due !== null && o.clock.due <= now;

export function pressureOf(o: Order, now: Instant): Pressure {
  if (o.standing === 'sentBack' || (isUnderWay(o.standing) && o.clock.asked !== null)) return 'decide';
  if (o.standing === 'finished') return 'verify';
  if (!isUnderWay(o.standing)) return 'closed';
  if (isLate(o, now)) return 'late';
  return o.standing === 'given' ? 'given' : 'underWay';
}

const rank: Record<Pressure, number> = { late: 0, decide: 1, verify: 2, given: 3, underWay: 3, closed: 4 };

/** Late longest first, then what waits for a decision, then what is due soonest; what stands still comes last. */
export function byPressing<T extends { body: Order }>(orders: readonly T[], now: Instant): T[] {
  const key = (o: Order): [number, number] => [isLate(o, now) ? 0 : rank[pressureOf(o, now)], o.clock.due ?? Number.MAX_SAFE_INTEGER];
  return orders
    .map((x) => ({ x, k: key(x.body) }))
    .sort((a, b) => a.k[0] - b.k[0] || a.k[1] - b.k[1] || a.x.body.givenAt - b.x.body.givenAt)
    .map(({ x }) => x);
}
