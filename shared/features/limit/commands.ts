import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { command, type Needs } from '../feature.ts';
import { merge } from '../merge.ts';
import { change, code, given, text } from '../values.ts';
import { limit, type Limit } from './record.ts';

const f = limit.fields;

/** Make a limit, or change one: for clocks started from then on. */
export const save = command({
  roles: ['admin'],
  body: z.strictObject({
    code,
    /** True: a new limit, refused when the code is taken. */
    create: z.boolean().default(false),
    changes: z.strictObject({
      name: change(z.strictObject({ zh: text(40).min(1), en: text(80).min(1) })),
      use: change(f.use.schema),
      amount: change(f.amount.schema),
      unit: change(f.unit.schema),
      remindBefore: change(f.remindBefore.schema),
      urgeAfter: change(f.urgeAfter.schema),
      escalateAfter: change(f.escalateAfter.schema),
      active: change(z.boolean()),
    }),
  }),
  needs: (b): Needs => ({ records: [['limit', b.code]] }),
  decide(c, b) {
    const now = c.get(limit, b.code);
    if (b.create && now) throw refuse('alreadyExists', { fields: [{ path: 'code', code: 'taken' }] });
    if (!b.create && !now) throw refuse('notFound');
    const taken = merge(now?.body ?? {}, given(b.changes)) as Partial<Limit>;
    if (now && Object.keys(taken).length === 0) return { puts: [], result: { id: b.code } };
    if (!now) for (const must of ['name', 'use', 'amount', 'unit'] as const) if (taken[must] === undefined) throw refuseField(`changes.${must}`, 'required');
    const fresh = { code: b.code, remindBefore: null, urgeAfter: null, escalateAfter: null, active: true };
    const body = { ...fresh, ...now?.body, ...taken } as Limit;
    // A working day's length is the calendar's, so what comes before or after is compared among minutes only.
    if (body.remindBefore !== null && body.unit !== 'workingDays' && body.remindBefore >= body.amount) throw refuseField('changes.remindBefore', 'tooBig', { max: body.amount - 1 });
    if (body.escalateAfter !== null && body.urgeAfter !== null && body.escalateAfter < body.urgeAfter) throw refuseField('changes.escalateAfter', 'tooSmall', { min: body.urgeAfter });
    return { puts: [{ kind: 'limit', id: b.code, body }], result: { id: b.code } };
  },
});
