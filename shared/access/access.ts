import { z } from 'zod';

/** Who sits at a console: `unit` is a unit's own desk (责任单位), which sees its own units' business only. `system` is the board itself, for facts that time alone makes true (rule 15). */
export const roles = ['operator', 'supplies', 'enterprises', 'leader', 'unit', 'admin'] as const;
export type Role = (typeof roles)[number];
export const role = z.enum(roles);

/**
 * What part of the board somebody answers for. `null` is the whole of it.
 * `units`: codes of units. `localities`: GB/T 2260 codes, each standing for all below it.
 */
export const scope = z.object({
  units: z.array(z.string().max(40)).max(50).nullable(),
  localities: z.array(z.string().max(12)).max(200).nullable(),
});
export type Scope = z.infer<typeof scope>;
export const everywhere: Scope = { units: null, localities: null };

/** What a role may be given: a unit's desk names its units and nothing else, or it would see everybody's business. */
export const scopeFits = (of: Role, s: Scope): boolean => of !== 'unit' || (s.units !== null && s.units.length > 0 && (s.localities === null || s.localities.length === 0));

/** Who a command comes from; written on the entry, shown in histories by post and surname. */
export const author = z.object({
  id: z.string(),
  /** `接线员 李`: post and surname, never more. */
  label: z.string(),
  role: z.enum([...roles, 'system']),
  scope,
});
export type Author = z.infer<typeof author>;

/** Who reads: a wall (allow-listed figures only), or a console of a role within a scope (rule 10). */
export type Audience = { type: 'wall' } | { type: 'console'; role: Role; scope: Scope };

/** Two people with the same key see the same records: they share a room and one encoding. */
export function audienceKey(a: Audience): string {
  if (a.type === 'wall') return 'wall';
  const list = (codes: string[] | null): string => (codes === null ? '*' : JSON.stringify([...codes].sort()));
  return `console/${a.role}/${list(a.scope.units)}/${list(a.scope.localities)}`;
}

/** Where a record belongs. A record with no unit or locality of its own belongs to every scope. */
export interface Place {
  units: string[];
  localities: string[];
}

/** `330102` covers `330102001`; `330100` (a city) covers `330102`; `330000` covers the province. */
export function covers(scopeCode: string, locality: string): boolean {
  return locality.startsWith(localityPrefix(scopeCode));
}

export function localityPrefix(code: string): string {
  return code.replace(/^(\d{2})0000$/, '$1').replace(/^(\d{4})00$/, '$1');
}

/** Within either: a unit of mine has it, or it lies in a locality of mine. */
export function within(s: Scope, place: Place): boolean {
  if (s.units === null && s.localities === null) return true;
  if (place.units.length === 0 && place.localities.length === 0) return true;
  const byUnit = s.units !== null && place.units.some((u) => s.units?.includes(u));
  const byLocality = s.localities !== null && place.localities.some((l) => s.localities?.some((c) => covers(c, l)));
  return byUnit || byLocality;
}
