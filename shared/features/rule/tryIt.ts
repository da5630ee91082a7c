import { z } from 'zod';
import { hourOf } from '../../time/zone.ts';
import { survey, type Found } from '../feature.ts';
import { checkRule } from './commands.ts';
import { eachOf, figures, holdsFrom, lookedAt, titleParams, whenHolds } from './judge.ts';
import { rule, type Rule } from './record.ts';

const f = rule.fields;

/** 试算: what a rule would raise on what is present now, before it is switched on. */
export const tryIt = survey({
  roles: ['admin', 'leader'],
  body: z.strictObject({
    looks: f.looks.schema,
    kind: f.kind.schema,
    each: f.each.schema,
    when: f.when.schema,
    clear: f.clear.schema,
    field: f.field.schema,
    minutes: f.minutes.schema,
    title: f.title.schema,
  }),
  begin(body, { now, zone }) {
    const said = body as Rule;
    checkRule(said);
    return {
      kind: said.looks === 'records' ? said.kind : null,
      record({ kind, id, body: of }): Found | null {
        const values = lookedAt(kind, of);
        const from = holdsFrom(said, values, 0);
        return from !== null && from <= now ? { kind, id, values: titleParams(said, values) } : null;
      },
      figures(viewOf): Found[] {
        const board = figures(said, viewOf, hourOf(now, zone));
        if (said.each === null) return whenHolds(said, board) ? [{ kind: null, id: '', values: titleParams(said, board) }] : [];
        return eachOf(said, viewOf).flatMap(([key, value]) => {
          const values = { ...board, key, value };
          return whenHolds(said, values) ? [{ kind: null, id: key, values: titleParams(said, values) }] : [];
        });
      },
    };
  },
});
