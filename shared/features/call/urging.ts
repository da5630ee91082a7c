import type { Instant } from '../../time/clock.ts';
import type { Call } from './record.ts';

/** 催办 once more: counted, with its moment; whatever else the call is stays as it is. */
export const urgedAgain = (c: Call, now: Instant, caller: boolean): Call => ({
  ...c,
  urging: { times: (c.urging?.times ?? 0) + 1, at: now, byCallers: (c.urging?.byCallers ?? 0) + (caller ? 1 : 0) },
});
