import { z } from 'zod';
import { COMPARED } from '../../text/alike.ts';
import { tailOf, telephone } from '../../text/telephone.ts';
import type { Instant } from '../../time/clock.ts';
import { alike, type Near, type Way } from '../feature.ts';
import { instant, localityCode, text, uuid } from '../values.ts';
import { WITHIN, offersOf, rankAlike, type Earlier } from './alike.ts';
import type { Call } from './record.ts';

/** How many are shown: of the same matter, and of the same caller. */
const SHOWN = 6;
const EARLIER = 8;

/** Earlier calls beside one that is being written: asked while it is typed, as far as it has come. */
const heard = z.strictObject({
  /** As typed: what is no whole number yet finds nothing. */
  number: z.string().max(600).default(''),
  locality: localityCode.nullable().default(null),
  address: text(200).default(''),
  topic: z.string().max(40).default(''),
  narrative: text(COMPARED * 2).default(''),
  /** When it rang; left out: now. */
  rung: instant.nullable().default(null),
  /** The call itself, where it is on record already. */
  not: uuid.optional(),
});
export type HeardBody = z.input<typeof heard>;

/** Why one is offered; `alike`: as the same matter, else as the same caller's. */
export interface SimilarValues {
  score: number;
  alike: boolean;
  number: boolean;
  place: boolean;
  text: boolean;
  topic: boolean;
}

/** What of a call is compared. The hub hands over the same object as long as the call stands as it is: it is taken apart once. */
const compared = new WeakMap<Near, Earlier>();
export function earlierOf(near: Near): Earlier {
  const { body, personal } = near;
  const c = body as Call;
  const is = compared.get(near) ?? { id: near.id, into: c.mergedInto, number: personal.callerNumber ?? null, locality: c.locality, address: personal.address ?? '', topic: c.topic, narrative: personal.narrative ?? '', rung: c.rung };
  compared.set(near, is);
  return is;
}

export const similar = alike({
  roles: ['operator', 'leader'],
  body: heard,
  reads: ['callerNumber', 'address', 'narrative'],
  ways(asked, now) {
    const since = (asked.rung ?? now) - WITHIN;
    const recent = (field: string, is: string, limit: number, from: Instant = since): Way => ({ field, is, since: from, limit });
    const number = telephone(asked.number);
    const ways: Way[] = [];
    if (number !== null && number.length >= 7) ways.push({ personal: 'callerNumber', tail: tailOf(number), limit: 60 });
    if (asked.locality !== null) {
      if (asked.locality.length > 6) ways.push(recent('locality', asked.locality, 120));
      ways.push({ field: 'locality', starts: asked.locality.slice(0, 6), since, limit: 150 });
    }
    // Across a border, or where a place was mistaken: the newest of the matter anywhere.
    if (asked.topic !== '' && (asked.locality !== null || asked.narrative !== '')) ways.push(recent('topic', asked.topic, 60));
    // By what others say of the like, other words for one thing are known.
    if (ways.length > 0 && asked.narrative !== '') ways.push({ since, limit: 300 });
    return ways;
  },
  rank(asked, near, now) {
    const calls = near.flatMap((n) => (n.id === asked.not ? [] : [earlierOf(n)]));
    const rung = new Map(calls.map((c) => [c.id, c.rung]));
    const ranked = rankAlike({ ...asked, number: telephone(asked.number), rung: asked.rung ?? now }, calls);
    const out = offersOf(ranked).slice(0, SHOWN);
    const shown = new Set(out.map((r) => r.id));
    const same = ranked.filter((r) => r.sameNumber && !shown.has(r.id)).sort((a, b) => (rung.get(b.id) ?? 0) - (rung.get(a.id) ?? 0));
    const found = [...out, ...same.slice(0, EARLIER)].map(({ id, score, why }) => {
      const has = (w: (typeof why)[number]): boolean => why.includes(w);
      const values: SimilarValues = { score: Math.round(score * 100) / 100, alike: shown.has(id), number: has('number'), place: has('place'), text: has('text'), topic: has('topic') };
      return { id, values: { ...values } };
    });
    // How often this number has called.
    return { found, total: ranked.filter((r) => r.sameNumber).length };
  },
});
