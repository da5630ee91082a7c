import type { EnterpriseView } from '../../../shared/features/enterprise/stats.ts';

/**
 * Points by which the mean capacity of today differs from yesterday's; null: not to be compared, because fewer than half as many
 * have reported so far as did yesterday. The first few of the morning are not the whole.
 */
export function sinceYesterday(trend: EnterpriseView['trend']): number | null {
  const [before, today] = [trend.at(-2), trend.at(-1)];
  if (before?.capacity == null || today?.capacity == null || today.reported * 2 < before.reported) return null;
  return today.capacity - before.capacity;
}
