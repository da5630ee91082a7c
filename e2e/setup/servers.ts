import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import type { TestProject } from 'vitest/node';
import { CannotStart } from '../../server/embedded/cannotStart.ts';
import type { PrivatePostgres } from '../../server/embedded/postgres.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import type { PrivateRedis } from '../../server/embedded/redis.ts';
import { startRedis } from '../../server/embedded/redis.ts';
import { migrate } from '../../server/migrate.ts';
import { cacheDirectory } from '../paths.ts';

export interface TestServers {
  /** As the role `board`, which may make databases. */
  postgres: { host: string; user: string };
  /** A migrated, empty database that {@link import('./database.ts').freshDatabase} copies. */
  template: string;
  redis: { path: string };
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServers;
  }
}

interface Running {
  users: number;
  started: Promise<{ servers: TestServers; stop(): Promise<void> }>;
}

// Every Vitest project has its own copy of this module; the servers are one set for the whole run.
const shared = globalThis as typeof globalThis & { boardTestServers?: Running };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.boardTestServers ??= { users: 0, started: start() };
  const running = shared.boardTestServers;
  running.users += 1;
  const { servers, stop } = await running.started;
  project.provide('servers', servers);
  return async () => {
    running.users -= 1;
    if (running.users === 0) {
      delete shared.boardTestServers;
      await stop();
    }
  };
}

async function start(): Promise<{ servers: TestServers; stop(): Promise<void> }> {
  const log = pino({ level: process.env.LOG_LEVEL ?? 'warn' });
  const { postgres, redis } = await freeSlot(log);
  const template = 'board_template';
  try {
    await makeTemplate(postgres.connection, template);
  } catch (cause) {
    await Promise.all([postgres.stop(), redis.stop()]);
    throw cause;
  }
  const { host, user } = postgres.connection;
  return {
    servers: { postgres: { host, user }, template, redis: { path: redis.path } },
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

/** Two runs at once take two places; a place keeps its cluster, which saves making one each time. */
async function freeSlot(log: pino.Logger): Promise<{ postgres: PrivatePostgres; redis: PrivateRedis }> {
  for (let slot = 0; slot < 16; slot++) {
    const dir = cacheDirectory('servers', String(slot));
    let postgres: PrivatePostgres;
    try {
      // A worker of autovacuum in a test's database belongs to nobody who may be sent away: dropping it would fail by chance.
      postgres = await startPostgres({ dir: join(dir, 'postgres'), log, settings: { max_connections: '300', autovacuum: 'off' } });
    } catch (cause) {
      if (cause instanceof CannotStart && cause.held) continue;
      throw cause;
    }
    const redis = await startRedis({ dir: join(dir, 'redis'), cache: cacheDirectory('redis'), log, insist: true }).catch(
      async (cause: unknown) => {
        await postgres.stop();
        throw cause;
      },
    );
    if (redis) return { postgres, redis };
    await postgres.stop();
    throw new Error(
      'the tests need a Redis: none is on the PATH and none could be fetched from the distribution (install redis-server or valkey-server)',
    );
  }
  throw new Error('16 test runs at once: too many');
}

async function makeTemplate(connection: { host: string; user: string }, template: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  await client.connect();
  try {
    // What a run that was killed left behind.
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where pg_get_userbyid(datdba) = 'board' and datname <> 'board'`,
    );
    for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`);
    await client.query(`create database ${template}`);
  } finally {
    await client.end();
  }
  const pool = new pg.Pool({ ...connection, database: template, max: 2 });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}
