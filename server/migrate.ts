import { Kysely, Migrator, PostgresDialect, type Migration } from 'kysely';
import type pg from 'pg';
import { keyRateMigration } from './access/keyRateMigration.ts';
import { keysMigration } from './access/keysMigration.ts';
import { accessMigration } from './access/migration.ts';
import { savedFiltersMigration } from './access/savedFilters.ts';
import { screenMigration } from './access/screenMigration.ts';
import { CannotStart } from './embedded/cannotStart.ts';
import { factsMigration } from './features/call/facts.ts';
import { factsOnceMigration } from './features/call/factsOnceMigration.ts';
import { missedMigration } from './features/call/missedMigration.ts';
import { messagesMigration } from './features/call/messagesMigration.ts';
import { similarMigration } from './features/call/similarMigration.ts';
import { serverFeatures } from './features/index.ts';
import { webhooksMigration } from './outward/migration.ts';
import { webhookScopeMigration } from './outward/scopeMigration.ts';
import { linksMigration } from './outer/migration.ts';
import { checkpointPartsMigration } from './record/checkpoints.ts';
import { epochsMigration } from './record/epochs.ts';
import { litMigration } from './hub/lights.ts';
import { finderKnownMigration, finderMigration } from './record/finder.ts';
import { lookWordsMigration } from './record/looks.ts';
import { gramsUnreadMigration, identityMigration, noSamplesMigration, spineMigration } from './record/migration.ts';

const looksAndLit: Migration = {
  async up(db) {
    await lookWordsMigration.up(db);
    await litMigration.up(db);
  },
};

/** Every migration that ever landed, in order: the spine, the people, then a kind each. */
export function migrations(): Record<string, Migration> {
  const name = (n: number, what: string): string => `${String(n).padStart(4, '0')}_${what}`;
  return {
    [name(1, 'spine')]: spineMigration,
    [name(2, 'access')]: accessMigration,
    [name(3, 'epochs')]: epochsMigration,
    [name(4, 'identity')]: identityMigration,
    [name(5, 'keys')]: keysMigration,
    [name(6, 'webhooks')]: webhooksMigration,
    [name(7, 'screen')]: screenMigration,
    [name(9, 'links')]: linksMigration,
    [name(11, 'checkpoint_parts')]: checkpointPartsMigration,
    [name(12, 'webhookScope')]: webhookScopeMigration,
    [name(13, 'keyRate')]: keyRateMigration,
    [name(16, 'noSamples')]: noSamplesMigration,
    [name(17, 'finder')]: finderMigration,
    [name(18, 'gramsUnread')]: gramsUnreadMigration,
    [name(19, 'looksAndLit')]: looksAndLit,
    [name(20, 'finderKnown')]: finderKnownMigration,
    [name(26, 'savedFilters')]: savedFiltersMigration,
    [name(27, 'callFacts')]: factsMigration,
    [name(31, 'callSimilar')]: similarMigration,
    [name(32, 'callMessages')]: messagesMigration,
    [name(35, 'missedRings')]: missedMigration,
    [name(36, 'callFactsOnce')]: factsOnceMigration,
    ...Object.fromEntries(Object.entries(serverFeatures).map(([kind, f]) => [name(f.order, kind), f.migration])),
  };
}

/** A migration that takes away what the build before still needs is named so; it comes a release after the one that made room. */
const CONTRACTS = '_contract';

/**
 * Brings the database to this build's shape, under a lock that several hubs starting at once respect.
 *
 * Rule 17: migrations expand first and contract a release later, so a hub goes on, and starts again, beside a neighbour
 * of the next build; where that one has already taken something away, this build does not begin.
 * @returns names of a newer build's migrations found there. Throws CannotStart where one of them contracts.
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const own = migrations();
  const newer = (await done(pool)).filter((name) => !Object.hasOwn(own, name));
  const gone = newer.find((name) => name.endsWith(CONTRACTS));
  if (gone !== undefined)
    throw new CannotStart(
      `数据库已被更新的版本升级（${gone}），本版本不能再使用它：请启动新版本。`,
      `The database has been changed by a newer build (${gone}) in a way this one cannot work with: start the newer build.`,
    );
  const nothing: Migration = { up: async () => undefined };
  const all = { ...own, ...Object.fromEntries(newer.map((name) => [name, nothing])) };
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: { connect: () => pool.connect(), end: async () => undefined } }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => all }, allowUnorderedMigrations: true });
  const { error, results } = await migrator.migrateToLatest();
  await db.destroy();
  if (error === undefined) return newer;
  const failed = results?.find((r) => r.status === 'Error')?.migrationName;
  throw new Error(`migration ${failed ?? '(none begun)'} failed; the database is as it was`, { cause: error });
}

async function done(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('kysely_migration') is not null as there`);
  if (!rows[0]?.there) return [];
  return (await pool.query<{ name: string }>('select name from kysely_migration order by name')).rows.map((r) => r.name);
}
