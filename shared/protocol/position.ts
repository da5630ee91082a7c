import { z } from 'zod';

/** Where a screen stands: the counter orders, the epoch says whether two counters may be compared (rule 3). */
export const position = z.object({ epoch: z.int().min(1), revision: z.int().min(0) });
export type Position = z.infer<typeof position>;

export type Step = 'apply' | 'ignore' | 'behind' | 'otherEpoch';

/**
 * The one rule of hub and screen (rules 5 and 6): what to do with something that leads from one revision to another.
 * A frame may cover several revisions; one that begins before where we stand and ends after it cannot be applied in
 * part, so it is asked for again like a hole. A view that time alone changed leads from a revision to itself.
 */
export function step(at: Position, next: { epoch: number; from: number; to: number }): Step {
  if (next.epoch !== at.epoch) return next.epoch < at.epoch ? 'ignore' : 'otherEpoch';
  if (next.from === at.revision) return 'apply';
  return next.to <= at.revision ? 'ignore' : 'behind';
}
