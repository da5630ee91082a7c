import type pg from 'pg';
import type { Scope } from '../../shared/access/access.ts';
import type { Feature, Way } from '../../shared/features/feature.ts';
import { COMPARED } from '../../shared/text/alike.ts';
import { TAIL } from '../../shared/text/telephone.ts';
import type { ReadRow } from './queries.ts';
import { scopeSql } from './scope.ts';

export type NearRow = ReadRow & { personal: Record<string, string> | null };

/** Names of kinds and fields are our own declarations; they stand in the statement itself, so that partial indexes are found. */
const name = (of: string): string => {
  if (!/^[a-zA-Z]{1,40}$/.test(of)) throw new Error(`not a name: ${of}`);
  return of;
};

/**
 * What comes near a record that is being written, along the ways its kind names, with those personal values that are
 * compared (as far as they stand). Values stay on the hub: this is the only reader that has several records' at once.
 */
export async function readNear(client: pg.ClientBase, board: string, feature: Feature, scope: Scope, ways: readonly Way[]): Promise<NearRow[]> {
  if (ways.length === 0) return [];
  const params: unknown[] = [board];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const kind = name(feature.kind);
  const mine = scopeSql(scope, params);
  const one = (way: Way): string => {
    const limit = `limit ${param(way.limit)}`;
    if ('personal' in way) {
      const field = name(way.personal);
      return `(select r.id from personal p
          join record r on r.board = p.board and r.kind = '${kind}' and r.id = p.id and (r.body ->> '${field}')::int = p.version
          where p.board = $1 and p.kind = '${kind}' and p.field = '${field}' and p.erased is null
            and right(split_part(p.value, '-', 1), ${TAIL}) = ${param(way.tail)}::text and ${mine}
          order by r.ord desc ${limit})`;
    }
    const field = name(way.field);
    const is = 'is' in way ? `r.body ->> '${field}' = ${param(way.is)}::text` : `left(r.body ->> '${field}', ${way.starts.length}) = ${param(way.starts)}::text`;
    return `(select r.id from record r where r.board = $1 and r.kind = '${kind}' and ${is} and r.ord >= ${param(way.since)}::double precision and ${mine}
        order by r.ord desc ${limit})`;
  };
  const near = ways.map(one).join(' union ');
  const reads = (feature.alike?.reads ?? []).map(name);
  const { rows } = await client.query<NearRow>(
    `with near as materialized (${near})
      select r.kind, r.id, r.version, r.kind_version, r.revision, r.held, r.ord, r.body,
        (select jsonb_object_agg(p.field, left(p.value, ${COMPARED})) from personal p
          where p.board = r.board and p.kind = r.kind and p.id = r.id and p.erased is null
            and p.field = any(${param(reads)}::text[]) and p.version = (r.body ->> p.field)::int) as personal
      from near join record r on r.board = $1 and r.kind = '${kind}' and r.id = near.id`,
    params,
  );
  return rows;
}
