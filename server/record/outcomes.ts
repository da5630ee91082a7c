import type pg from 'pg';

const SLICE = 2_000;

/** Rule 4: outcomes are kept for 90 days. In slices, so that no batch of the writer waits for long. */
export async function dropOldOutcomes(pool: pg.Pool): Promise<number> {
  let dropped = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from outcome where ctid = any(array(select ctid from outcome where kept < now() - interval '90 days' limit $1))`,
      [SLICE],
    );
    dropped += rowCount ?? 0;
    if ((rowCount ?? 0) < SLICE) return dropped;
  }
}
