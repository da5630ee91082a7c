import type { z } from 'zod';
import type { Feature, Subject } from '../feature.ts';
import type { Mark } from '../fields.ts';
import { asPattern } from '../index.ts';
import type { Name, Names } from './expression.ts';

/**
 * What rules may look at: the records and the figures of every kind that declares a `subject`. The list of kinds is read when
 * it is asked for and not before, since the kind of rules stands in it too.
 */
interface Looked {
  feature: Feature;
  subject: Subject;
  /** Marks of what is offered: an alert shows what its rule looked at to everybody who reads alerts. */
  marks: readonly Mark[];
}

export type Of = { looks: 'records' | 'figures'; kind: string | null; each: string | null };

let found: Record<string, Looked> | undefined;
function looked(): Record<string, Looked> {
  return (found ??= Object.fromEntries(
    Object.values(asPattern as Record<string, Feature>).flatMap((feature): [string, Looked][] => {
      if (!feature.subject) return [];
      const all = asPattern.alert.readers.every((r) => feature.readers.includes(r));
      return [[feature.kind, { feature, subject: feature.subject, marks: all ? ['public', 'internal'] : ['public'] }]];
    }),
  ));
}
const lookedOf = (kind: string | null): Looked | undefined => (kind !== null && Object.hasOwn(looked(), kind) ? looked()[kind] : undefined);

/** The kinds rules may look at, in the order of the list of kinds. */
export const subjectKinds = (): string[] => Object.keys(looked());
/** Undefined: rules look at no such kind. */
export const subjectOf = (kind: string | null): Feature | undefined => lookedOf(kind)?.feature;

type Def = { type: string; innerType?: z.ZodType; entries?: Record<string, string>; shape?: Record<string, z.ZodType>; valueType?: z.ZodType };
const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def;

function nameOf(schema: z.ZodType): Name {
  const def = defOf(schema);
  switch (def.type) {
    case 'string':
      return { sort: 'text' };
    case 'enum':
      return { sort: 'text', among: Object.values(def.entries ?? {}) };
    case 'number':
      return { sort: 'number' };
    case 'boolean':
      return { sort: 'yesNo' };
    case 'array':
    case 'tuple':
      return { sort: 'list' };
    case 'object':
      return { sort: 'map', parts: Object.fromEntries(Object.entries(def.shape ?? {}).map(([part, s]) => [part, nameOf(s)])) };
    case 'record':
      return { sort: 'map' };
    case 'nullable':
    case 'optional': {
      const inner: Name = def.innerType ? nameOf(def.innerType) : { sort: 'any' };
      // Empty or of the one sort: what it is compared with is held to that sort all the same.
      return { ...inner, sort: 'any', ...(inner.sort !== 'any' && { whole: inner.sort }) };
    }
    default:
      return { sort: 'any' };
  }
}

function fieldsOf(kind: string | null): Names {
  const of = lookedOf(kind);
  if (!of) return {};
  return Object.fromEntries(Object.entries(of.feature.record.fields).flatMap(([name, f]) => (of.marks.includes(f.mark) && !of.subject.hides.includes(name) ? [[name, nameOf(f.schema)]] : [])));
}

/** Figures: what an empty board's view shows they are. A reading is its value, unknown while it has none. */
function figuresOf(): Names {
  // The hour of the board's day, 0 to 23: what must be there by ten.
  const out: Names = { hour: { sort: 'number' } };
  for (const { feature: f } of Object.values(looked())) {
    for (const [name, value] of Object.entries(f.fold.view(f.fold.empty(), 0, 'UTC') as Record<string, unknown>)) {
      const sort = figureSort(value);
      if (sort) out[`${f.kind}.${name}`] = { sort };
    }
  }
  return out;
}

function figureSort(value: unknown): Name['sort'] | null {
  if (isReading(value) || typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'text';
  if (value === null) return 'any';
  // Empty on an empty board, or counts by a name: numbers either way. Lists are made for a wall's eyes.
  if (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every((v) => typeof v === 'number')) return 'numbers';
  return null;
}

const isReading = (value: unknown): value is { value: number | null } => typeof value === 'object' && value !== null && 'value' in value && 'asOf' in value;

/** A figure as an expression reads it: null while it is unknown. */
export const figureValue = (value: unknown): unknown => (isReading(value) ? value.value : value);

const byKind = new Map<string, Names>();
let figures: Names | undefined;
let each: Names | undefined;

/** The names a rule may use; the same object every time, so that they are prepared once. */
export function namesFor(rule: Of): Names {
  if (rule.looks === 'figures') {
    figures ??= figuresOf();
    if (rule.each === null) return figures;
    return (each ??= { ...figures, key: { sort: 'text' }, value: { sort: 'number' } });
  }
  const kind = rule.kind ?? '';
  let names = byKind.get(kind);
  if (!names) byKind.set(kind, (names = fieldsOf(kind)));
  return names;
}

/** What stands behind a name or a part of one (`clock.due`); null: there is no such part. */
export function partOf(names: Names, path: string): Name | null {
  const [root = '', ...parts] = path.split('.');
  let at: Name | undefined = Object.hasOwn(names, root) ? names[root] : undefined;
  for (const part of parts) at = at?.parts && Object.hasOwn(at.parts, part) ? at.parts[part] : undefined;
  return at ?? null;
}

/** As they are offered to whoever writes a rule: the names, and the parts a kind has words for in place of their fields. */
export function offered(rule: Of): [path: string, name: Name][] {
  const names = namesFor(rule);
  const parts = rule.looks === 'records' ? (lookedOf(rule.kind)?.subject.parts ?? []) : [];
  return Object.entries(names).flatMap(([name, is]): [string, Name][] => {
    const own = parts.flatMap((p): [string, Name][] => {
      const part = p.startsWith(`${name}.`) ? partOf(names, p) : null;
      return part ? [[p, part]] : [];
    });
    return own.length > 0 && is.sort === 'map' ? own : [[name, is], ...own];
  });
}

/** Figures kept one by one for places, units or topics. */
export const eachNames = (): string[] => Object.entries(namesFor({ looks: 'figures', kind: null, each: null })).flatMap(([name, n]) => (n.sort === 'numbers' ? [name] : []));

/** Fields a title may show: public, and of one value. */
export function titleNames(rule: Of): string[] {
  if (rule.looks === 'figures') return rule.each === null ? [] : ['key', 'value'];
  const fields = subjectOf(rule.kind)?.record.fields ?? {};
  return Object.entries(namesFor(rule)).flatMap(([name, is]) => {
    const sort = is.whole ?? is.sort;
    return fields[name]?.mark === 'public' && (sort === 'text' || sort === 'number' || sort === 'any') ? [name] : [];
  });
}

/** Times of a record that minutes can be counted from. */
export const timeFields = (kind: string | null): readonly string[] => lookedOf(kind)?.subject.times ?? [];

/** The value of a field, `position.at` too. */
export function valueAt(body: Record<string, unknown>, path: string): unknown {
  let at: unknown = body;
  for (const part of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return at ?? null;
}
