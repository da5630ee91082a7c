import { z } from 'zod';
import { covers, within } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { dayOf } from '../../time/zone.ts';
import { command, type Needs, type Put } from '../feature.ts';
import { merge } from '../merge.ts';
import { change, day, given, localityCode, lonLat, text } from '../values.ts';
import { locality, localityLevels, mapColours, type Locality } from './record.ts';

const name = z.strictObject({ zh: text(40).min(1), en: text(80).min(1) });

/** The level a GB/T 2260 code speaks of. */
export function levelOf(code: string): Locality['level'] {
  if (code.length > 6) return 'street';
  if (code.endsWith('0000')) return 'province';
  return code.endsWith('00') ? 'city' : 'county';
}

/** Make a locality, or change what is known of it. Its colour has a command of its own. */
export const save = command({
  roles: ['admin'],
  body: z.strictObject({
    code: localityCode,
    /** True: a new one, refused when the code is taken. */
    create: z.boolean().default(false),
    changes: z.strictObject({
      name: change(name),
      short: change(name),
      parent: change(localityCode.nullable()),
      level: change(z.enum(localityLevels)),
      validFrom: change(day.nullable()),
      validTo: change(day.nullable()),
      successors: change(z.array(localityCode).max(10)),
      centre: change(lonLat.nullable()),
    }),
  }),
  needs: (b): Needs => ({
    records: [b.code, ...(b.changes.parent?.to ? [b.changes.parent.to] : []), ...(b.changes.successors?.to ?? [])].map((l): [string, string] => [
      'locality',
      l,
    ]),
  }),
  decide(c, b) {
    const now = c.get(locality, b.code);
    if (b.create && now) throw refuse('alreadyExists', { fields: [{ path: 'code', code: 'taken' }] });
    if (!b.create && !now) throw refuse('notFound');
    const taken = merge(now?.body ?? {}, given(b.changes)) as Partial<Locality>;
    if (!now && !taken.name) throw refuseField('changes.name', 'required');
    if (now && Object.keys(taken).length === 0) return { puts: [], result: { id: b.code } };
    const fresh = {
      code: b.code,
      parent: null,
      level: levelOf(b.code),
      validFrom: null,
      validTo: null,
      successors: [],
      centre: null,
      colour: null,
      colourDay: null,
    };
    const body = { ...(now?.body ?? fresh), ...taken } as Locality;
    body.short ??= body.name;
    if (body.level !== levelOf(b.code)) throw refuseField('changes.level', 'differs');
    if (taken.parent) {
      if (taken.parent === b.code || !covers(taken.parent, b.code)) throw refuseField('changes.parent', 'invalid');
      if (!c.get(locality, taken.parent)) throw refuseField('changes.parent', 'unknownLocality');
    }
    taken.successors?.forEach((l, i) => {
      if (l === b.code || !c.get(locality, l)) throw refuseField(`changes.successors.to.${i}`, 'unknownLocality');
    });
    if (body.validFrom !== null && body.validTo !== null && body.validTo < body.validFrom) throw refuseField('changes.validTo', 'badTime');
    return { puts: [{ kind: 'locality', id: b.code, body }], result: { id: b.code } };
  },
});

/**
 * The five-colour map of a day: many localities in one command, all or none. `from` is the colour seen; a colour
 * somebody else set meanwhile is refused with both values, and an older day never overwrites a newer one.
 */
export const colour = command({
  roles: ['leader', 'admin'],
  body: z.strictObject({
    day,
    colours: z
      .array(z.strictObject({ code: localityCode, from: z.enum(mapColours).nullable(), to: z.enum(mapColours).nullable() }))
      .min(1)
      .max(120)
      .refine((all) => new Set(all.map((x) => x.code)).size === all.length, { params: { field: 'duplicate' } }),
  }),
  needs: (b): Needs => ({ records: b.colours.map((x): [string, string] => ['locality', x.code]) }),
  decide(c, b) {
    if (b.day > dayOf(c.now, c.zone)) throw refuseField('day', 'timeInFuture');
    const puts: Put[] = [];
    const both: { field: string; yours: unknown; theirs: unknown }[] = [];
    b.colours.forEach((x, i) => {
      const now = c.get(locality, x.code);
      if (!now || now.body.validTo !== null) throw refuseField(`colours.${i}.code`, 'unknownLocality');
      if (!within(c.author.scope, { units: [], localities: [x.code] })) throw refuse('notAllowed');
      if (now.body.colourDay !== null && b.day < now.body.colourDay) throw refuseField('day', 'timeTooOld', { newest: now.body.colourDay });
      if (now.body.colour === x.to && now.body.colourDay === b.day) return;
      if (now.body.colour !== x.from && now.body.colour !== x.to) both.push({ field: x.code, yours: x.to, theirs: now.body.colour });
      else puts.push({ kind: 'locality', id: x.code, body: { ...now.body, colour: x.to, colourDay: b.day } });
    });
    if (both.length > 0) throw refuse('conflict', { both });
    return { puts, result: { changed: puts.length } };
  },
});
