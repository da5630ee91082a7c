import type { CallView } from '../../../shared/features/call/stats.ts';
import type { RingView } from '../../../shared/features/ring/stats.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** 待回电: whom nobody answered and whose matter is closed, together: how many, and since when the first of them waits. Null: nobody. */
export function owedOnWall(calls: Pick<CallView, 'owed' | 'owedSince'> | undefined, rings: Pick<RingView, 'owed' | 'owedSince'> | undefined): { count: number; since: Instant } | null {
  const count = (calls?.owed.value ?? 0) + (rings?.owed.value ?? 0);
  const since = [calls?.owedSince, rings?.owedSince].filter((at) => at !== undefined && at !== null);
  return count === 0 || since.length === 0 ? null : { count, since: Math.min(...since) };
}
