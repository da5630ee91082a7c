import type pg from 'pg';
import type { Clock } from '../../shared/time/clock.ts';
import type { Journal } from './journal.ts';
import type { Revocations } from './revocations.ts';
import type { Throttle } from './throttle.ts';

/** What the parts of access stand on. */
export interface Ground {
  pool: pg.Pool;
  clock: Clock;
  journal: Journal;
  throttle: Throttle;
  revocations: Revocations;
}

export type Db = pg.Pool | pg.ClientBase;

/** Who asked for something to be done about people or screens; written down with it. */
export interface By {
  person: string;
  label: string;
  address: string;
  /** Boards it administers: nothing is seen or changed beyond them. Left out: the hub itself, for all of them. */
  boards?: readonly string[];
}

/** For SQL: null where nothing is left out. */
export const boardsOf = (by: By | null): readonly string[] | null => by?.boards ?? null;

/** What concerns every board at once (the log of who was let in, its first administrator) is for who administers all of them. */
export async function reachesAll(db: Db, by: By | null): Promise<boolean> {
  const boards = boardsOf(by);
  if (boards === null) return true;
  const { rows } = await db.query<{ all: boolean }>('select not exists (select 1 from board where id <> all($1::text[])) as all', [boards]);
  return rows[0]?.all ?? false;
}

export async function transact<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Lost between two statements, a connection says so by an event, which nobody else hears while it is out of the pool.
  const lost = (err: Error): void => {
    broken = err;
  };
  client.on('error', lost);
  try {
    await client.query('begin');
    const out = await work(client);
    await client.query('commit');
    return out;
  } catch (error) {
    // A connection that cannot even roll back is not given to the next one.
    await client.query('rollback').catch((cause: unknown) => (broken = cause instanceof Error ? cause : new Error(String(cause))));
    throw error;
  } finally {
    client.removeListener('error', lost);
    client.release(broken);
  }
}
