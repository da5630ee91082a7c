import { Kysely, Migrator, PostgresDialect, type Migration } from 'kysely';
import type pg from 'pg';
import { accessMigration } from './access/migration.ts';
import { serverFeatures } from './features/index.ts';
import { epochsMigration } from './record/epochs.ts';
import { spineMigration } from './record/migration.ts';

/** Every migration that ever landed, in order: the spine, the people, then a kind each. */
export function migrations(): Record<string, Migration> {
  const name = (n: number, what: string): string => `${String(n).padStart(4, '0')}_${what}`;
  return {
    [name(1, 'spine')]: spineMigration,
    [name(2, 'access')]: accessMigration,
    [name(3, 'epochs')]: epochsMigration,
    ...Object.fromEntries(Object.entries(serverFeatures).map(([kind, f]) => [name(f.order, kind), f.migration])),
  };
}

/** Brings the database to this build's shape, under a lock that several hubs starting at once respect. */
export async function migrate(pool: pg.Pool): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: { connect: () => pool.connect(), end: async () => undefined } }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations() }, allowUnorderedMigrations: true });
  const { error, results } = await migrator.migrateToLatest();
  await db.destroy();
  if (error === undefined) return;
  const failed = results?.find((r) => r.status === 'Error')?.migrationName;
  throw new Error(`migration ${failed ?? '(none begun)'} failed; the database is as it was`, { cause: error });
}
