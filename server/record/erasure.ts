import type pg from 'pg';
import type { Instant } from '../../shared/time/clock.ts';

/**
 * Records that are no longer in hand, have not changed since `before`, and still have personal values that stand beside
 * them (rule 16). A record an earlier epoch wrote counts from the newest entry of its revision: later, never earlier.
 */
export async function termEnded(pool: pg.Pool, board: string, kind: string, before: Instant, limit: number): Promise<{ id: string; version: number }[]> {
  const { rows } = await pool.query<{ id: string; version: number }>(
    `select r.id, r.version from record r
      where r.board = $1 and r.kind = $2 and not r.held
        and exists (select 1 from personal p where p.board = r.board and p.kind = r.kind and p.id = r.id and p.erased is null)
        and (select max(e.recorded) from entry e where e.board = r.board and e.revision = r.revision) < $3
      limit $4`,
    [board, kind, new Date(before), limit],
  );
  return rows;
}
