import { sql, type Kysely, type Migration } from 'kysely';

/** What each key has left, counted by all hubs together. Not kept through a crash of PostgreSQL: then all begin anew. */
export const keyRateMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create unlogged table key_rate (key uuid primary key, left_over double precision not null, at timestamptz not null)`.execute(db);
  },
};
