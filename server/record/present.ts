import type pg from 'pg';
import type { Feature, Present } from '../../shared/features/feature.ts';

/** So many records are read and looked at in one turn of the loop: a few milliseconds (rule 2 allows 20). */
export const SLICE = 200;

/**
 * The present records of a kind, in slices, each read by itself: what is gone through takes as long as it takes and holds
 * nothing up. A record changed meanwhile may be met as it was or as it is; its revision says which.
 */
export async function* presentOf(pool: pg.Pool, board: string, feature: Feature): AsyncGenerator<Present[]> {
  let after = '';
  for (;;) {
    const { rows } = await pool.query<{ id: string; revision: string; kind_version: number; body: Record<string, unknown> }>({
      name: 'present-slice',
      text: `select id, revision, kind_version, body from record where board = $1 and kind = $2 and id > $3 order by id limit ${SLICE}`,
      values: [board, feature.kind, after],
    });
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield rows.map((r) => ({
      kind: feature.kind,
      id: r.id,
      revision: Number(r.revision),
      body: r.kind_version < feature.version ? feature.upgrade(r.body, r.kind_version) : r.body,
    }));
    if (rows.length < SLICE) return;
  }
}
