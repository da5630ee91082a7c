import { WITHIN, offersOf, rankAlike } from '../../shared/features/call/alike.ts';
import type { LabelledCall } from './world.ts';

/** How many are shown at most at the desk (shared/features/call/similar.ts). */
const SHOWN = 6;

/** Looked at once (e2e/bench/RESULTS.md), after the weights had been fitted to other seeds of other matters in other words (`fit.ts`). */
export const JUDGED = [610_007, 611_953, 613_007, 614_657, 616_501, 618_361, 620_003, 622_009, 624_007, 626_009];

export interface Score {
  calls: number;
  /** Calls about a matter that somebody has called about before; of them, those beside which such a call was offered. */
  duplicates: number;
  offered: number;
  /** Calls that were offered; of them, those about something else. */
  offers: number;
  wrong: number;
}

/** Each call of a world, in the order of ringing, against all before it. `part`: how much of the narrative has been typed. */
export function judge(world: readonly LabelledCall[], part = 1): Score {
  const score: Score = { calls: world.length, duplicates: 0, offered: 0, offers: 0, wrong: 0 };
  world.forEach((call, i) => {
    const before = world.slice(0, i).filter((c) => call.rung - c.rung <= WITHIN);
    const heard = { ...call, narrative: call.narrative.slice(0, Math.ceil(call.narrative.length * part)) };
    const offers = offersOf(rankAlike(heard, before)).slice(0, SHOWN);
    const matterOf = new Map(before.map((c) => [c.id, c.matter]));
    const right = offers.filter((o) => matterOf.get(o.id) === call.matter).length;
    score.offers += offers.length;
    score.wrong += offers.length - right;
    if (before.some((c) => c.matter === call.matter)) {
      score.duplicates++;
      if (right > 0) score.offered++;
    }
  });
  return score;
}
export const percent = (n: number, of: number): number => Math.round((1_000 * n) / of) / 10;
