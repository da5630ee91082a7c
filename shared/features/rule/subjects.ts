import type { z } from 'zod';
import { callFeature } from '../call/call.ts';
import { enterpriseFeature } from '../enterprise/enterprise.ts';
import type { Feature } from '../feature.ts';
import type { RecordDef } from '../fields.ts';
import { levelFeature } from '../level/level.ts';
import { shipmentFeature } from '../shipment/shipment.ts';
import type { Name, Names } from './expression.ts';

/**
 * What rules may look at: the records of these kinds and their figures. A kind is not here by itself, since a rule is read
 * by an administrator in words: `rule.about.<kind>.<field>` says what each name means.
 */
export const subjects: Readonly<Record<string, Feature>> = Object.fromEntries(
  [callFeature, shipmentFeature, enterpriseFeature, levelFeature].map((f) => [f.kind, f as unknown as Feature]),
);

/** Internal bookkeeping nobody would judge a record by. */
const hidden = new Set(['placeWords', 'operatorId', 'reasons', 'track']);

type Def = { type: string; innerType?: z.ZodType; entries?: Record<string, string>; shape?: Record<string, z.ZodType> };
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
    case 'record':
      return { sort: 'map' };
    case 'nullable':
    case 'optional': {
      const inner: Name = def.innerType ? nameOf(def.innerType) : { sort: 'any' };
      return inner.among ? { sort: 'any', among: inner.among } : { sort: 'any' };
    }
    default:
      return { sort: 'any' };
  }
}

function fieldsOf(def: RecordDef): Names {
  return Object.fromEntries(Object.entries(def.fields).flatMap(([name, f]) => (f.mark === 'personal' || hidden.has(name) ? [] : [[name, nameOf(f.schema)]])));
}

/** Figures: what an empty board's view shows they are. A reading is its value, unknown while it has none. */
function figuresOf(): Names {
  // The hour of the board's day, 0 to 23: what must be there by ten.
  const out: Names = { hour: { sort: 'number' } };
  for (const f of Object.values(subjects)) {
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
export function namesFor(rule: { looks: 'records' | 'figures'; kind: string | null; each: string | null }): Names {
  if (rule.looks === 'figures') {
    figures ??= figuresOf();
    if (rule.each === null) return figures;
    return (each ??= { ...figures, key: { sort: 'text' }, value: { sort: 'number' } });
  }
  const kind = rule.kind ?? '';
  let names = byKind.get(kind);
  if (!names) {
    const feature = Object.hasOwn(subjects, kind) ? subjects[kind] : undefined;
    byKind.set(kind, (names = feature ? fieldsOf(feature.record) : {}));
  }
  return names;
}

/** Figures kept one by one for places, units or topics. */
export const eachNames = (): string[] => Object.entries(namesFor({ looks: 'figures', kind: null, each: null })).flatMap(([name, n]) => (n.sort === 'numbers' ? [name] : []));

/** Fields a title may show: public, and of one value. */
export function titleNames(rule: { looks: 'records' | 'figures'; kind: string | null; each: string | null }): string[] {
  if (rule.looks === 'figures') return rule.each === null ? [] : ['key', 'value'];
  const fields = subjects[rule.kind ?? '']?.record.fields ?? {};
  return Object.entries(fields).flatMap(([name, f]) => {
    const { sort } = nameOf(f.schema);
    return f.mark === 'public' && !hidden.has(name) && (sort === 'text' || sort === 'number' || sort === 'any') ? [name] : [];
  });
}

/** Times of a record: numbers that are instants by the way they are written everywhere. */
export function timeFields(kind: string | null): string[] {
  const fields = subjects[kind ?? '']?.record.fields ?? {};
  return Object.entries(fields).flatMap(([name, f]) => {
    if (times.has(name)) return [name];
    // A position or an expected time says when it was or will be.
    const def = defOf(f.schema);
    const inner = def.type === 'nullable' && def.innerType ? defOf(def.innerType) : def;
    return inner.shape && 'at' in inner.shape && (name === 'position' || name === 'eta') ? [`${name}.at`] : [];
  });
}
const times = new Set(['rung', 'answered', 'ended', 'stageSince', 'due', 'overdueSince', 'urgedSince', 'announced', 'departPlanned', 'arrivePlanned', 'stateSince', 'silentSince', 'registered', 'riskSince', 'codeSince', 'reportedAt', 'since']);

/** The value of a field, `position.at` too. */
export function valueAt(body: Record<string, unknown>, path: string): unknown {
  let at: unknown = body;
  for (const part of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return at ?? null;
}
