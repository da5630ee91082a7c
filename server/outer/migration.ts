import { sql, type Kysely, type Migration } from 'kysely';

/** Links for strangers' phones: SHA-256 of 256 random bits, what they are for, and whose desk stands behind them. */
export const linksMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table outer_link (
        id uuid primary key,
        secret text not null unique,
        purpose text not null,
        board text not null references board,
        record text not null,
        role text not null,
        scope jsonb not null,
        made_by uuid not null references person,
        made_label text not null,
        created timestamptz not null,
        expires timestamptz,
        last_used timestamptz,
        revoked_at timestamptz
      )`.execute(db);
    // One at a time for each use: making a new one ends the former, and there are never more than records.
    await sql`create unique index outer_link_of on outer_link (board, purpose, record) where revoked_at is null`.execute(db);
  },
};
