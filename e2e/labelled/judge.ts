import type { Near, Way } from '../../shared/features/feature.ts';
import { similar } from '../../shared/features/call/similar.ts';
import { tailOf } from '../../shared/text/telephone.ts';
import type { LabelledCall } from './world.ts';

/** The first primes from 710,001. Looked at once (e2e/bench/RESULTS.md), after the weights had been fitted to other seeds of other matters in other words (`fit.ts`). */
export const JUDGED = [710_009, 710_023, 710_027, 710_051, 710_053, 710_081, 710_089, 710_119, 710_189, 710_207];

export interface Score {
  calls: number;
  /** Calls about a matter that somebody has called about before; of them, those beside which such a call was offered. */
  duplicates: number;
  offered: number;
  /** Lines that were offered; of them, those about something else. */
  offers: number;
  wrong: number;
}

/** A world's calls as they stand on record, as far as earlier ones are compared. */
export class Desk {
  private readonly on: { call: LabelledCall; near: Near }[] = [];
  private readonly matterOf = new Map<string, number>();

  log(call: LabelledCall, into: string | null): void {
    const { id, number, locality, address, topic, narrative, rung, matter } = call;
    this.matterOf.set(id, matter);
    this.on.unshift({ call, near: { id, body: { locality, topic, rung, mergedInto: into }, personal: { callerNumber: number ?? undefined, address, narrative } } });
  }
  /** Along the ways the hub goes (server/record/near.ts), the newest first. */
  near(ways: readonly Way[]): Near[] {
    const is = (way: Way, { call }: { call: LabelledCall }): boolean => {
      if ('personal' in way) return call.number !== null && tailOf(call.number) === way.tail;
      if (!('field' in way)) return call.rung >= way.since;
      const value = way.field === 'topic' ? call.topic : (call.locality ?? '');
      return call.rung >= way.since && ('is' in way ? value === way.is : value.startsWith(way.starts));
    };
    return [...new Set(ways.flatMap((way) => this.on.filter((c) => is(way, c)).slice(0, way.limit)))].map((c) => c.near);
  }
  about = (id: string): number | undefined => this.matterOf.get(id);
  knows = (matter: number): boolean => [...this.matterOf.values()].includes(matter);
}

export type Asked = Parameters<typeof similar.rank>[0];
/** As the page asks, once so much of the narrative has been typed. */
export const askedOf = ({ number, locality, address, topic, narrative, rung }: LabelledCall, part = 1): Asked => ({ number: number ?? '', locality, address, topic, narrative: narrative.slice(0, Math.ceil(narrative.length * part)), rung });

/**
 * Each call of a world, in the order of ringing, asked about as the desk asks: found along the hub's ways, weighed and cut as they are shown there.
 * `joins`: whoever is offered the call it belongs to joins theirs to it, as one key does, so that a matter is one line from then on, however many
 * have called about it; otherwise every call stays an offer of its own. `part`: how much of the narrative has been typed.
 */
export function judge(world: readonly LabelledCall[], { part = 1, joins = true } = {}): Score {
  const desk = new Desk();
  const score: Score = { calls: world.length, duplicates: 0, offered: 0, offers: 0, wrong: 0 };
  for (const call of world) {
    const asked = askedOf(call, part);
    const near = desk.near(similar.ways(asked, call.rung));
    const offers = similar.rank(asked, near, call.rung).found.filter(({ values }) => values.alike === true);
    const right = offers.filter(({ id }) => desk.about(id) === call.matter);
    score.offers += offers.length;
    score.wrong += offers.length - right.length;
    if (desk.knows(call.matter)) {
      score.duplicates++;
      if (right.length > 0) score.offered++;
    }
    const first = near.find(({ id }) => id === right[0]?.id);
    desk.log(call, joins && first ? ((first.body.mergedInto as string | null) ?? first.id) : null);
  }
  return score;
}
export const percent = (n: number, of: number): number => Math.round((1_000 * n) / of) / 10;
