import type pg from 'pg';
import type { Scope } from '../../shared/access/access.ts';
import type { Feature, Near, Way } from '../../shared/features/feature.ts';
import { COMPARED } from '../../shared/text/alike.ts';
import { TAIL } from '../../shared/text/telephone.ts';
import { bodyOf, type ReadRow } from './queries.ts';
import { scopeSql } from './scope.ts';

/** A record as it stands, and what of it is compared. */
export interface Known {
  row: ReadRow;
  near: Near;
}

/** Names of kinds and fields are our own declarations; they stand in the statement itself, so that partial indexes are found. */
const name = (of: string): string => {
  if (!/^[a-zA-Z]{1,40}$/.test(of)) throw new Error(`not a name: ${of}`);
  return of;
};

/** So long a record that was compared is remembered as it stood; one that was corrected or erased is another version, and by then is forgotten (rule 16). */
const REMEMBERED = 30_000;

/**
 * What comes near a record that is being written, along the ways its kind names, with those personal values that are
 * compared (as far as they stand). Values stay on the hub: this is the only reader that has several records' at once.
 *
 * While somebody types, the same records come near again and again: each is read once and then known by its version. A kind is
 * handed the same object for the same version, and may keep by it what it made of it.
 */
export class Nearby {
  private readonly known = new Map<string, Known>();
  private forgetting: ReturnType<typeof setTimeout> | undefined;

  async read(client: pg.ClientBase, { board, epoch }: { board: string; epoch: number }, feature: Feature, scope: Scope, ways: readonly Way[]): Promise<Known[]> {
    if (ways.length === 0) return [];
    const near = await readWays(client, board, feature.kind, scope, ways);
    const key = (id: string): string => `${board}\u0000${epoch}\u0000${feature.kind}\u0000${id}`;
    const all = new Map<string, Known>();
    for (const { id, version } of near) {
      const known = this.known.get(key(id));
      if (known?.row.version === version) all.set(id, known);
    }
    const unknown = near.flatMap(({ id }) => (all.has(id) ? [] : [id]));
    if (unknown.length > 0) {
      for (const known of await readRows(client, board, feature, unknown)) {
        all.set(known.near.id, known);
        this.known.set(key(known.near.id), known);
      }
      this.forgetting ??= setTimeout(() => this.forget(), REMEMBERED).unref();
    }
    return [...all.values()];
  }

  private forget(): void {
    this.known.clear();
    this.forgetting = undefined;
  }
}

async function readWays(client: pg.ClientBase, board: string, of: string, scope: Scope, ways: readonly Way[]): Promise<{ id: string; version: number }[]> {
  const params: unknown[] = [board];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const kind = name(of);
  const mine = scopeSql(scope, params);
  const one = (way: Way): string => {
    const limit = `limit ${param(way.limit)}`;
    if ('personal' in way) {
      const field = name(way.personal);
      return `(select r.id, r.version from personal p
          join record r on r.board = p.board and r.kind = '${kind}' and r.id = p.id and (r.body ->> '${field}')::int = p.version
          where p.board = $1 and p.kind = '${kind}' and p.field = '${field}' and p.erased is null
            and right(split_part(p.value, '-', 1), ${TAIL}) = ${param(way.tail)}::text and ${mine}
          order by r.ord desc ${limit})`;
    }
    const is = !('field' in way)
      ? 'true'
      : 'is' in way
        ? `r.body ->> '${name(way.field)}' = ${param(way.is)}::text`
        : `left(r.body ->> '${name(way.field)}', ${way.starts.length}) = ${param(way.starts)}::text`;
    return `(select r.id, r.version from record r where r.board = $1 and r.kind = '${kind}' and ${is} and r.ord >= ${param(way.since)}::double precision and ${mine}
        order by r.ord desc ${limit})`;
  };
  const { rows } = await client.query<{ id: string; version: number }>(ways.map(one).join(' union '), params);
  return rows;
}

async function readRows(client: pg.ClientBase, board: string, feature: Feature, ids: readonly string[]): Promise<Known[]> {
  const kind = name(feature.kind);
  const { rows } = await client.query<ReadRow & { personal: Record<string, string> | null }>(
    `select r.kind, r.id, r.version, r.kind_version, r.revision, r.held, r.ord, r.body,
        (select jsonb_object_agg(p.field, left(p.value, ${COMPARED})) from personal p
          where p.board = r.board and p.kind = r.kind and p.id = r.id and p.erased is null
            and p.field = any($3::text[]) and p.version = (r.body ->> p.field)::int) as personal
      from unnest($2::text[]) as near (id) join record r on r.board = $1 and r.kind = '${kind}' and r.id = near.id`,
    [board, ids, feature.alike?.reads ?? []],
  );
  return rows.map(({ personal, ...row }) => ({ row, near: { id: row.id, body: bodyOf(feature, row), personal: personal ?? {} } }));
}
