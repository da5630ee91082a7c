import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import { within, type Author } from '../../shared/access/access.ts';
import type { Feature, Found } from '../../shared/features/feature.ts';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import type { QueryMessage, QueryResult } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { presentOf } from '../record/present.ts';

/** Named in the answer; the others are counted. */
const NAMED = 50;

export interface SurveyParts {
  pool: pg.Pool;
  board: string;
  zone: string;
  features: Record<string, Feature>;
  at: Position;
  now: Instant;
  viewOf(kind: string): unknown;
}

/** Answers a kind's own question over all that is present, cut to the asker's scope (rule 10), in slices (rule 2). */
export async function survey(parts: SurveyParts, author: Author, q: Extract<QueryMessage, { name: 'survey' }>): Promise<QueryResult> {
  const owner = Object.hasOwn(parts.features, q.kind) ? parts.features[q.kind] : undefined;
  const asked = owner?.surveys && Object.hasOwn(owner.surveys, q.ask) ? owner.surveys[q.ask] : undefined;
  if (!asked || !asked.roles.some((r) => r === author.role)) throw refuse('notAllowed');
  const sift = asked.begin(admit(asked.body, q.body), { now: parts.now, zone: parts.zone });
  const found: Found[] = [];
  let [total, seen, failed] = [0, 0, 0];
  const take = (one: Found): void => {
    total++;
    if (found.length < NAMED) found.push(one);
  };
  const feature = sift.kind === null ? undefined : parts.features[sift.kind];
  if (feature) {
    for await (const slice of presentOf(parts.pool, parts.board, feature)) {
      for (const record of slice) {
        if (!within(author.scope, feature.place(record.body))) continue;
        seen++;
        try {
          const one = sift.record(record);
          if (one) take(one);
        } catch (err) {
          // Told as a number: what cannot be worked out on a record is the answer to a question about it.
          void err;
          failed++;
        }
      }
      await turn();
    }
  } else if (author.scope.units === null && author.scope.localities === null) sift.figures(parts.viewOf).forEach(take);
  else throw refuse('notAllowed');
  return { ok: true, at: parts.at, found, total, seen, failed };
}
