import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type {} from './servers.ts';

export interface FreshDatabase {
  /** For `new pg.Pool(config)`. */
  config: pg.PoolConfig;
  /** Takes it away, whoever is still connected. */
  drop(): Promise<void>;
}

/** A database of a test's own, migrated and empty, in the run's real PostgreSQL. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { postgres, template } = inject('servers');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await asOwner((client) => client.query(`create database ${name} template ${template}`));
  return {
    config: { ...postgres, database: name },
    drop: () => asOwner((client) => client.query(`drop database if exists ${name} with (force)`)),
  };

  async function asOwner(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
    const client = new pg.Client({ ...postgres, database: 'postgres' });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}

/** As `DATABASE_URL` says it. */
export function databaseUrl({ config }: FreshDatabase): string {
  return `postgres:///${config.database}?host=${encodeURIComponent(String(config.host))}&user=${String(config.user)}`;
}

/** Connection of the run's real Redis, for `new Redis({ path })`. */
export function redisConnection(): { path: string } {
  return inject('servers').redis;
}
