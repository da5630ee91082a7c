import { z } from 'zod';

/**
 * Rule 16: every field of a record is marked. `public` may reach a wall and the outward channel, `internal` consoles
 * within scope, `personal` nobody without asking by name: its value lies beside the log, and the record holds only
 * the record version at which it was written (a reference), or null. An unmarked field does not compile.
 */
export type Mark = 'public' | 'internal' | 'personal';

export const marksOf = ['public', 'internal', 'personal'] as const satisfies readonly Mark[];

export interface Field<S extends z.ZodType = z.ZodType, M extends Mark = Mark> {
  readonly mark: M;
  readonly schema: S;
}

export type Fields = Record<string, Field>;

export const open = <S extends z.ZodType>(schema: S): Field<S, 'public'> => ({ mark: 'public', schema });
export const internal = <S extends z.ZodType>(schema: S): Field<S, 'internal'> => ({ mark: 'internal', schema });
/** What the record holds of a personal value: the version that wrote it, or null where there is none. */
export const personalRef = z.int().min(1).nullable();
export const personal = (): Field<typeof personalRef, 'personal'> => ({ mark: 'personal', schema: personalRef });

type ShapeOf<F extends Fields> = { [K in keyof F]: F[K]['schema'] };
export type BodyOf<F extends Fields> = z.infer<z.ZodObject<ShapeOf<F>>>;
export type PersonalOf<F extends Fields> = { [K in keyof F]: F[K]['mark'] extends 'personal' ? K : never }[keyof F] & string;

export interface RecordDef<K extends string = string, F extends Fields = Fields> {
  readonly kind: K;
  readonly fields: F;
  readonly schema: z.ZodType<BodyOf<F>>;
  readonly personalFields: readonly string[];
}

export function defineRecord<K extends string, F extends Fields>(kind: K, fields: F): RecordDef<K, F> {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, f.schema])) as ShapeOf<F>;
  return {
    kind,
    fields,
    schema: z.object(shape) as unknown as z.ZodType<BodyOf<F>>,
    personalFields: Object.keys(fields).filter((name) => fields[name]?.mark === 'personal'),
  };
}

export type Body<R> = R extends RecordDef<string, infer F> ? BodyOf<F> : never;

/** The part of a body that carries a mark from the list: what an audience may hold. */
export function only(def: RecordDef, body: Record<string, unknown>, marks: readonly Mark[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(def.fields)) if (marks.includes(field.mark) && name in body) out[name] = body[name];
  return out;
}
