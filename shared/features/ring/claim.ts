import type { Instant } from '../../time/clock.ts';
import { overAt } from './events.ts';
import type { Ring } from './record.ts';

/** Milliseconds in which nobody may take a ring over from a colleague who has just claimed it. */
export const GRACE = 20_000;
/** A claim is stale so long after the call is over and nothing was written down. */
export const STALE_AFTER_END = 3 * 60_000;
/** While the line is open whoever claimed it is speaking; beyond this nobody believes it. */
export const STALE_TALKING = 30 * 60_000;

/**
 * `fresh`: claimed this very moment, a colleague waits. `held`: taken over only by somebody who says so twice.
 * `stale`: amber, free to take.
 */
export type ClaimState = 'free' | 'fresh' | 'held' | 'stale';
type Claim = Pick<Ring, 'claimedById' | 'claimedAt' | 'answered' | 'ended' | 'lapsed'>;

export function staleAt(r: Claim): Instant | null {
  if (r.claimedById === null || r.claimedAt === null) return null;
  const over = overAt(r);
  return over === null ? r.claimedAt + STALE_TALKING : Math.max(over, r.claimedAt) + STALE_AFTER_END;
}

export function claimState(r: Claim, now: Instant): ClaimState {
  const stale = staleAt(r);
  if (stale === null || r.claimedAt === null) return 'free';
  if (now < r.claimedAt + GRACE) return 'fresh';
  return now < stale ? 'held' : 'stale';
}
