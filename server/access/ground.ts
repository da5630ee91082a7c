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
}

export async function transact<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
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
    client.release(broken);
  }
}
