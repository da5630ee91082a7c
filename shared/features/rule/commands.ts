import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { command, type Needs } from '../feature.ts';
import { merge } from '../merge.ts';
import { change, given, instant, text } from '../values.ts';
import type { Compiled } from './expression.ts';
import { compileClear, compileWhen, titleFlaws } from './judge.ts';
import { alertLevel, flaw, looks, rule, type Rule } from './record.ts';
import { eachNames, subjectOf, timeFields } from './subjects.ts';

export const ruleCode = z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/);
const both = (zh: number, en: number): z.ZodType<{ zh: string; en: string }> => z.strictObject({ zh: text(zh).min(1), en: text(en).min(1) });

/** Make a rule, or change what it says; each change is its next edition. */
export const save = command({
  roles: ['admin'],
  body: z.strictObject({
    code: ruleCode,
    /** True: a new rule, refused when the code is taken. */
    create: z.boolean().default(false),
    changes: z.strictObject({
      name: change(both(80, 160)),
      note: change(text(500)),
      looks: change(z.enum(looks)),
      kind: change(z.string().max(30).nullable()),
      each: change(z.string().max(60).nullable()),
      when: change(text(500)),
      clear: change(text(500).nullable()),
      field: change(z.string().max(60).nullable()),
      minutes: change(z.int().min(-10_080).max(43_200)),
      least: change(z.int().min(0).max(480)),
      level: change(alertLevel),
      title: change(both(80, 160)),
      active: change(z.boolean()),
    }),
  }),
  needs: (b): Needs => ({ records: [['rule', b.code]] }),
  decide(c, b) {
    const now = c.get(rule, b.code)?.body;
    if (b.create && now) throw refuse('alreadyExists', { fields: [{ path: 'code', code: 'taken' }] });
    if (!b.create && !now) throw refuse('notFound');
    const taken = merge(now ?? {}, given(b.changes)) as Partial<Rule>;
    if (now && Object.keys(taken).length === 0) return { puts: [], result: { id: b.code, edition: now.edition } };
    const fresh: Partial<Rule> = { code: b.code, note: '', kind: null, each: null, clear: null, field: null, minutes: 0, least: 0, active: false };
    const body = { ...(now ?? fresh), ...taken, edition: (now?.edition ?? 0) + 1, savedBy: c.author.label, savedAt: c.now, trouble: null } as Rule;
    if (body.clear === '') body.clear = null;
    for (const must of ['name', 'looks', 'when', 'level', 'title'] as const) if (body[must] === undefined) throw refuseField(`changes.${must}`, 'required');
    checkRule(body);
    return { puts: [{ kind: 'rule', id: b.code, body }], result: { id: b.code, edition: body.edition } };
  },
});

function sound(path: string, compiled: Compiled): void {
  if (!compiled.ok) throw refuseField(path, 'badExpression', { flaw: compiled.flaw.code, at: compiled.flaw.at, to: compiled.flaw.to });
}

/** What it looks at is there, its expressions can be read, its title shows nothing that is not public. */
export function checkRule(body: Rule): void {
  if (body.looks === 'records') {
    if (!subjectOf(body.kind)) throw refuseField('changes.kind', 'notInList');
    if (body.each !== null) throw refuseField('changes.each', 'notAllowedHere');
    if (body.field !== null && !timeFields(body.kind).includes(body.field)) throw refuseField('changes.field', 'notInList');
    if (body.field === null && body.minutes !== 0) throw refuseField('changes.minutes', 'notAllowedHere');
  } else {
    if (body.kind !== null) throw refuseField('changes.kind', 'notAllowedHere');
    if (body.field !== null || body.minutes !== 0) throw refuseField('changes.field', 'notAllowedHere');
    if (body.each !== null && !eachNames().includes(body.each)) throw refuseField('changes.each', 'notInList');
  }
  sound('changes.when', compileWhen(body));
  const clear = compileClear(body);
  if (clear) sound('changes.clear', clear);
  for (const language of ['zh', 'en'] as const) {
    const [wrong] = titleFlaws(body, body.title[language]);
    if (wrong !== undefined) throw refuseField(`changes.title.to.${language}`, 'unknownField', { field: wrong.slice(0, 40) });
  }
}

/** It could not be worked out somewhere: said once an edition, so that an administrator sees it. */
export const trouble = command({
  roles: ['system'],
  body: z.strictObject({ code: ruleCode, edition: z.int().min(1), at: instant, flaw, id: z.string().max(200).nullable() }),
  needs: (b): Needs => ({ records: [['rule', b.code]] }),
  decide(c, b) {
    const now = c.get(rule, b.code)?.body;
    if (!now || now.edition !== b.edition || now.trouble !== null) return { puts: [] };
    return { puts: [{ kind: 'rule', id: b.code, body: { ...now, trouble: { at: b.at, flaw: b.flaw, id: b.id } } }] };
  },
});
