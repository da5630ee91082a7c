import { sql, type Kysely, type Migration } from 'kysely';

/** What part of the board a hook is for; the secret before the newest, until when it still signs beside it; how its last test went. */
export const webhookScopeMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      alter table webhook
        add column scope jsonb not null default '{"units":null,"localities":null}',
        add column former_secret text,
        add column former_until timestamptz,
        add column last_test jsonb`.execute(db);
  },
};
