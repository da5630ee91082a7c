import { z } from 'zod';
import { refuse, refuseField, type FieldProblem } from '../../protocol/errors.ts';
import { command, type DecideContext, type Needs } from '../feature.ts';
import { same } from '../merge.ts';
import { unit } from '../unit/record.ts';
import { text } from '../values.ts';
import { list, listItem, listNames, type ListItem, type ListName } from './record.ts';

/** What a line of each list may say beyond its name. */
export const listRules: Record<ListName, { may: readonly (keyof ListItem)[]; must: readonly (keyof ListItem)[] }> = {
  topics: { may: ['urgency', 'minutes', 'unit', 'prompts'], must: ['urgency'] },
  items: { may: ['measure', 'hazard'], must: ['measure'] },
  trades: { may: [], must: [] },
  difficulties: { may: ['unit'], must: [] },
  recipients: { may: [], must: [] },
  purposes: { may: [], must: [] },
};

const common: readonly (keyof ListItem)[] = ['code', 'name', 'active'];

const item = listItem.extend({
  name: z.strictObject({ zh: text(40).min(1), en: text(80).min(1) }),
  measure: z.strictObject({ zh: text(10).min(1), en: text(20).min(1) }).optional(),
  prompts: z.array(z.strictObject({ zh: text(20).min(1), en: text(40).min(1) })).max(8).optional(),
  unit: z.string().regex(/^[a-z0-9-]{1,40}$/).optional(),
});

const codes = z.array(listItem.shape.code).max(500);

/**
 * Change lines of a list. Two people at one list disturb each other only where both changed the same field of the same
 * line. A line is never taken out, only switched off: old records still name it. Lines not there yet come at the end.
 */
export const save = command({
  roles: ['admin'],
  body: z.strictObject({
    name: z.enum(listNames),
    items: z
      .array(z.strictObject({ from: listItem.nullable(), to: item }))
      .max(500)
      .default([])
      .refine((all) => new Set(all.map((x) => x.to.code)).size === all.length, { params: { field: 'duplicate' } }),
    /** All codes in their order as seen, and as it is to be. */
    order: z.strictObject({ from: codes, to: codes }).optional(),
  }),
  needs: (b): Needs => ({
    records: [['list', b.name], ...b.items.flatMap((x): [string, string][] => (x.to.unit === undefined ? [] : [['unit', x.to.unit]]))],
  }),
  decide(c, b) {
    const now = c.get(list, b.name)?.body.items ?? [];
    const at = new Map(now.map((x) => [x.code, x]));
    const both: { field: string; yours: unknown; theirs: unknown }[] = [];
    let changed = 0;
    b.items.forEach(({ from, to }, i) => {
      if (from !== null && from.code !== to.code) throw refuseField(`items.${i}.to.code`, 'differs');
      const is = at.get(to.code);
      const merged = is ? mergeItem(is, from, to, both) : to;
      checkItem(c, b.name, merged, `items.${i}.to`);
      if (is && same(is, merged)) return;
      at.set(to.code, merged);
      changed++;
    });
    if (both.length > 0) throw refuse('conflict', { both });
    let items = [...at.values()];
    if (items.length > 500) throw refuseField('items', 'tooLong', { max: 500 });
    const seen = now.map((x) => x.code);
    if (b.order && !same(b.order.to, seen)) {
      if (!same(b.order.from, seen)) throw refuse('conflict', { both: [{ field: 'order', yours: b.order.to, theirs: seen }] });
      const place = new Map(b.order.to.map((code, i) => [code, i]));
      if (place.size !== b.order.to.length || b.order.to.some((code) => !at.has(code)) || seen.some((code) => !place.has(code))) {
        throw refuseField('order.to', 'invalid');
      }
      items = items.sort((x, y) => (place.get(x.code) ?? place.size) - (place.get(y.code) ?? place.size));
      changed++;
    }
    if (changed === 0) return { puts: [], result: { id: b.name } };
    return { puts: [{ kind: 'list', id: b.name, body: { name: b.name, items } }], result: { id: b.name } };
  },
});

/** Field by field, as merge() does for records; a field left out counts as null. */
function mergeItem(is: ListItem, from: ListItem | null, to: ListItem, both: { field: string; yours: unknown; theirs: unknown }[]): ListItem {
  const out: Record<string, unknown> = { ...is };
  const seen = (from ?? {}) as Record<string, unknown>;
  const wish = to as Record<string, unknown>;
  for (const field of new Set([...Object.keys(is), ...Object.keys(seen), ...Object.keys(wish)])) {
    const theirs = out[field] ?? null;
    const yours = wish[field] ?? null;
    const before = seen[field] ?? null;
    if (same(yours, before) || same(yours, theirs)) continue;
    if (!same(before, theirs)) both.push({ field: `${is.code}.${field}`, yours, theirs });
    else if (yours === null) delete out[field];
    else out[field] = yours;
  }
  return out as ListItem;
}

function checkItem(c: DecideContext, name: ListName, x: ListItem, path: string): void {
  const rule = listRules[name];
  const wrong: FieldProblem[] = [];
  for (const field of Object.keys(x) as (keyof ListItem)[]) {
    if (x[field] !== undefined && !common.includes(field) && !rule.may.includes(field)) wrong.push({ path: `${path}.${field}`, code: 'notAllowedHere' });
  }
  for (const field of rule.must) if (x[field] === undefined) wrong.push({ path: `${path}.${field}`, code: 'required' });
  if (wrong.length > 0) throw refuse('inputRejected', { fields: wrong });
  if (x.unit !== undefined) {
    const named = c.get(unit, x.unit);
    if (named !== undefined && !named.body.active && x.active) throw refuseField(`${path}.unit`, 'unknownUnit');
    if (named === undefined && c.get(list, name)?.body.items.find((i) => i.code === x.code)?.unit !== x.unit) throw refuseField(`${path}.unit`, 'unknownUnit');
  }
}
