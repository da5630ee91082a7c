import { sql, type Kysely, type Migration } from 'kysely';

/** Keys of other programs: SHA-256 of 256 random bits, a role and scope on one board, or the hub's own figures and nothing else. */
export const keysMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table api_key (
        id uuid primary key,
        name text not null,
        secret text not null unique,
        hint text not null,
        board text references board,
        role text,
        scope jsonb not null,
        may_write boolean not null,
        may_reveal boolean not null,
        metrics boolean not null,
        created timestamptz not null,
        created_by uuid not null references person,
        expires timestamptz,
        last_used timestamptz,
        revoked_at timestamptz,
        check (metrics or (board is not null and role is not null))
      )`.execute(db);
    await sql`create unique index api_key_name on api_key (lower(name)) where revoked_at is null`.execute(db);
  },
};
