import { sql, type Kysely, type Migration } from 'kysely';

/** Until when a screen shows its test card, and what its page last said of the screen it found itself on. */
export const screenMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table device add column card_until timestamptz, add column found jsonb`.execute(db);
  },
};
