import pg from 'pg';
import type { Log } from '../log.ts';

/**
 * A hub's connections to PostgreSQL. A connection that is lost says so by an event, and one nobody listens to ends the
 * process. The pool listens while it lies idle and whoever took it while it is in use; a connection cut in the very
 * moment it opens is in nobody's hands yet (both come in one read of the socket), so one listener stays for its life.
 * Whoever uses the connection hears of it by the statement that fails.
 *
 * Statements go out as they are given, each with its own answer: whoever knows the next before the last is answered spares
 * the way there and back (record/writer.ts). What waits for each before the next notices nothing.
 */
export function openPool(config: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({ pipeline: true, ...config });
  pool.on('error', (err) => log.warn({ err: err.message }, 'an idle connection to PostgreSQL was lost'));
  pool.on('connect', (client) => client.on('error', (err) => log.debug({ err: err.message }, 'a connection to PostgreSQL was lost')));
  return pool;
}
