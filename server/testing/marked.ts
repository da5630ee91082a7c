import type { z } from 'zod';
import type { Feature } from '../../shared/features/feature.ts';

/** What a schema's own marks say must not get out, each under a word that stands nowhere else: `隐00042隐`. */
export interface Planted {
  internal: Map<string, string>;
  personal: Map<string, string>;
}

/** A put of a kind by hand: in tests, to have on the record what no command would be made to write. */
export interface Plant {
  kind: string;
  id: string;
  body: Record<string, unknown>;
  personal: Record<string, string>;
}

let made = 0;
const word = (): string => `隐${String((made += 1)).padStart(5, '0')}隐`;

interface Def {
  type: string;
  innerType?: Shaped;
  element?: Shaped;
  items?: Shaped[];
  options?: Shaped[];
  keyType?: Shaped;
  valueType?: Shaped;
  shape?: Record<string, Shaped>;
}
interface Shaped {
  def: Def;
  safeParse(value: unknown): { success: boolean };
}

/** A value the schema takes with a mark in every text it has room for; what has room for none is as `like` has it. */
function marked(schema: Shaped, like: unknown, mark: string, records: readonly { kind: string; id: string }[]): unknown {
  const { def } = schema;
  const held = (value: unknown): unknown => (schema.safeParse(value).success ? value : like);
  if (def.type === 'string') return held(mark);
  if ((def.type === 'nullable' || def.type === 'optional') && def.innerType) return held(marked(def.innerType, like ?? undefined, mark, records));
  if (def.type === 'array' && def.element) {
    const { element } = def;
    const first = Array.isArray(like) ? (like as unknown[])[0] : undefined;
    // What names records names those that are planted, so that whatever follows such names is followed.
    const names = element.def.shape && 'kind' in element.def.shape && 'id' in element.def.shape ? records : [null];
    return held(names.map((name) => { const one = marked(element, first, mark, records); return name ? { ...(one as object), ...name } : one; }));
  }
  if (def.type === 'object' && def.shape) return held(Object.fromEntries(Object.entries(def.shape).map(([name, s]) => [name, marked(s, (like as Record<string, unknown> | null | undefined)?.[name], mark, records)])));
  if (def.type === 'record' && def.valueType) return held({ [mark]: marked(def.valueType, undefined, mark, records) });
  if (def.type === 'union') return held(mark);
  return like ?? [0, 1, false, ...Object.values((def as unknown as { entries?: object }).entries ?? {})].find((v) => schema.safeParse(v).success);
}

/**
 * Records of a kind with a mark in every field its schema calls internal or personal, derived from the schema alone: one
 * for each of the kind's samples, and one for each value of each open field that has a closed list of them (a state, a
 * stage), so that every figure that shows some has them to show.
 */
export function plantsOf(feature: Feature, planted: Planted, records: readonly { kind: string; id: string }[], idOf: (kind: string, n: number) => string): Plant[] {
  const { kind, record } = feature;
  const words = new Map<string, string>();
  for (const [name, { mark }] of Object.entries(record.fields)) {
    if (mark === 'public') continue;
    words.set(name, word());
    planted[mark].set(words.get(name) ?? '', `${kind}.${name}`);
  }
  if (words.size === 0) return [];
  const bodies: Record<string, unknown>[] = [];
  for (const { body } of feature.samples() as { body: Record<string, unknown> }[]) {
    bodies.push(body);
    if (bodies.length > 1) continue;
    for (const [name, { mark, schema }] of Object.entries(record.fields)) {
      let { def } = schema as unknown as Shaped;
      if (def.innerType) ({ def } = def.innerType);
      if (mark !== 'public' || def.type !== 'enum') continue;
      for (const value of Object.values((def as unknown as { entries: Record<string, unknown> }).entries)) bodies.push({ ...body, [name]: value });
    }
  }
  return bodies.map((body, n) => {
    const whole = { ...body };
    const personal: Record<string, string> = {};
    for (const [name, { mark, schema }] of Object.entries(record.fields)) {
      if (mark === 'internal') whole[name] = marked(schema as unknown as Shaped, body[name], words.get(name) ?? '', records);
      if (mark === 'personal') personal[name] = words.get(name) ?? '';
    }
    (record.schema as z.ZodType).parse(whole);
    return { kind, id: idOf(kind, n), body: whole, personal };
  });
}
