import { localityPrefix, type Scope } from '../../shared/access/access.ts';

/** SQL for "within the scope" of records `r`; a record with neither unit nor locality belongs to everyone. */
export function scopeSql(scope: Scope, params: unknown[]): string {
  if (scope.units === null && scope.localities === null) return 'true';
  const either: string[] = ['(cardinality(r.units) = 0 and cardinality(r.localities) = 0)'];
  if (scope.units !== null) {
    params.push(scope.units);
    either.push(`r.units && $${params.length}::text[]`);
  }
  if (scope.localities !== null) {
    params.push(scope.localities.map((code) => `${localityPrefix(code)}%`));
    either.push(`exists (select 1 from unnest(r.localities) as l where l like any($${params.length}::text[]))`);
  }
  return `(${either.join(' or ')})`;
}
