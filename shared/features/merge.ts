import { Refused } from '../protocol/errors.ts';

/** What somebody changed, with the value they saw: `{ topic: { from: 'advice', to: 'complaint' } }`. */
export type Changes = Record<string, { from: unknown; to: unknown }>;

/**
 * Rule 9. Fields that nobody else touched are taken; a field somebody else changed meanwhile is not overwritten:
 * the command is refused with both values, unless both wrote the same.
 * @returns the fields to write, by name; empty when there is nothing left to change.
 */
export function merge(current: Record<string, unknown>, changes: Changes): Record<string, unknown> {
  const take: Record<string, unknown> = {};
  const both: { field: string; yours: unknown; theirs: unknown }[] = [];
  for (const [field, { from, to }] of Object.entries(changes)) {
    const now = current[field] ?? null;
    if (same(now, to ?? null)) continue;
    if (same(now, from ?? null)) take[field] = to;
    else both.push({ field, yours: to, theirs: now });
  }
  if (both.length > 0) throw new Refused({ code: 'conflict', both });
  return take;
}

/** Equal by value, whatever the order of keys. */
export function same(a: unknown, b: unknown): boolean {
  // 0 and -0 are one value to JSON, NaN is the same as itself.
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const ka = Object.keys(a);
  const kb = Object.keys(b);
  if (ka.length !== kb.length) return false;
  return ka.every((k) => same((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]));
}
