import { sql, type Kysely, type Migration } from 'kysely';
import type pg from 'pg';

/**
 * Lives of a board (rule 3). An epoch begins empty (an exercise played again), or carries on with all that stood at some
 * position of an earlier one (a backup restored): its figures then begin with those of that position.
 */
export const epochsMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table epoch (
        board text not null references board,
        epoch int not null,
        carries_epoch int,
        carries_revision bigint,
        begun timestamptz not null default now(),
        primary key (board, epoch)
      )`.execute(db);
  },
};

export interface Begin {
  /** True: nothing is carried on; the board's records, keys, counters and personal values are deleted. The log stays. */
  empty: boolean;
  /** The newest epoch any screen may have seen, where that is newer than what is on record (an older backup). */
  after?: number;
}

/** Begins a board's next epoch and says its number. Hubs follow with their next beat, and their screens join again. */
export async function beginEpoch(pool: pg.Pool, board: string, { empty, after = 0 }: Begin): Promise<number> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const { rows } = await client.query<{ epoch: number; revision: string }>('select epoch, revision from board where id = $1 for update', [board]);
    const now = rows[0];
    if (!now) throw new Error(`there is no board ${board}`);
    const next = Math.max(now.epoch, after) + 1;
    await client.query('insert into epoch (board, epoch, carries_epoch, carries_revision) values ($1, $2, $3, $4)', [
      board,
      next,
      empty ? null : now.epoch,
      empty ? null : now.revision,
    ]);
    if (empty) for (const table of ['record', 'record_key', 'counter', 'personal', 'finder']) await client.query(`delete from ${table} where board = $1`, [board]);
    await client.query('update board set epoch = $2, revision = 0 where id = $1', [board, next]);
    await client.query('commit');
    return next;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A transaction that failed ends with its connection.
    client.release(broken);
  }
}

/** Where an epoch began: null when with nothing. */
export async function carriedBy(pool: pg.Pool, board: string, epoch: number): Promise<{ epoch: number; revision: number } | null> {
  const { rows } = await pool.query<{ epoch: number; revision: string }>(
    'select carries_epoch as epoch, carries_revision as revision from epoch where board = $1 and epoch = $2 and carries_epoch is not null',
    [board, epoch],
  );
  return rows[0] ? { epoch: rows[0].epoch, revision: Number(rows[0].revision) } : null;
}
