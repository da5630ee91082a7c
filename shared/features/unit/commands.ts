import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { command, type Needs } from '../feature.ts';
import { list, listNames } from '../list/record.ts';
import { locality } from '../locality/record.ts';
import { merge } from '../merge.ts';
import { change, given, localityCode, text } from '../values.ts';
import { unit, unitSorts, type Unit } from './record.ts';

const unitCode = z.string().regex(/^[a-z0-9-]{1,40}$/);
const minute = z.int().min(0).max(1440);

/** Make a unit, or change what is known of it. */
export const save = command({
  roles: ['admin'],
  body: z.strictObject({
    code: unitCode,
    /** True: a new unit, refused when the code is taken. */
    create: z.boolean().default(false),
    changes: z.strictObject({
      name: change(z.strictObject({ zh: text(40).min(1), en: text(80).min(1) })),
      sort: change(z.enum(unitSorts)),
      localities: change(z.array(localityCode).max(200)),
      telephones: change(
        z
          .array(
            z.strictObject({
              from: minute,
              to: minute,
              number: text(30).min(1),
            }),
          )
          .max(20),
      ),
      deputies: change(z.array(text(40).min(1)).max(10)),
      /** A retired unit can be taken up again. */
      active: change(z.literal(true)),
    }),
  }),
  needs: (b): Needs => ({
    records: [['unit', b.code], ...(b.changes.localities?.to ?? []).map((l): [string, string] => ['locality', l])],
  }),
  decide(c, b) {
    const now = c.get(unit, b.code);
    if (b.create && now) throw refuse('alreadyExists', { fields: [{ path: 'code', code: 'taken' }] });
    if (!b.create && !now) throw refuse('notFound');
    b.changes.localities?.to.forEach((l, i) => {
      if (!c.get(locality, l)) throw refuseField(`changes.localities.to.${i}`, 'unknownLocality');
    });
    const taken = merge(now?.body ?? {}, given(b.changes)) as Partial<Unit>;
    if (!now) {
      if (!taken.name) throw refuseField('changes.name', 'required');
      if (!taken.sort) throw refuseField('changes.sort', 'required');
    }
    if (now && Object.keys(taken).length === 0) return { puts: [], result: { id: b.code } };
    const fresh = { code: b.code, localities: [], telephones: [], deputies: [], active: true };
    return { puts: [{ kind: 'unit', id: b.code, body: { ...(now?.body ?? fresh), ...taken } }], result: { id: b.code } };
  },
});

/** It takes nothing more; what was sent to it stays with its name. */
export const retire = command({
  roles: ['admin'],
  body: z.strictObject({ code: unitCode }),
  needs: (b): Needs => ({ records: [['unit', b.code], ...listNames.map((n): [string, string] => ['list', n])] }),
  decide(c, b) {
    const now = c.get(unit, b.code);
    if (!now) throw refuse('notFound');
    // New calls would go on being sent to it.
    for (const name of listNames) {
      const line = c.get(list, name)?.body.items.find((i) => i.active && i.unit === b.code);
      if (line) throw refuseField('code', 'inUse', { list: name, line: line.code });
    }
    if (!now.body.active) return { puts: [], result: { id: b.code } };
    return { puts: [{ kind: 'unit', id: b.code, body: { ...now.body, active: false } }], result: { id: b.code } };
  },
});
