import { sql, type Kysely, type Migration } from 'kysely';

/**
 * People, screens and what lets them in. Of every secret only a hash lies here: scrypt for passwords, which people choose;
 * SHA-256 for session tokens and device credentials, which are 256 random bits.
 */
export const accessMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table person (
        id uuid primary key,
        user_name text not null unique check (user_name = lower(user_name)),
        name text not null,
        post text not null,
        password text not null,
        must_change boolean not null,
        password_expires timestamptz,
        active boolean not null default true,
        steward boolean not null default false,
        version int not null default 1,
        created timestamptz not null,
        created_by uuid,
        issued timestamptz not null,
        signed_in timestamptz
      )`.execute(db);
    await sql`
      create table grant_ (
        person uuid not null references person,
        board text not null references board,
        role text not null,
        scope jsonb not null,
        primary key (person, board)
      )`.execute(db);
    await sql`
      create table session (
        id text primary key,
        person uuid not null references person,
        created timestamptz not null,
        last_seen timestamptz not null,
        expires timestamptz not null,
        revoked_at timestamptz,
        agent text not null,
        address text not null
      )`.execute(db);
    await sql`create index session_of on session (person) where revoked_at is null`.execute(db);
    await sql`
      create table device (
        id uuid primary key,
        name text not null,
        board text not null references board,
        credential text unique,
        profile jsonb not null,
        created timestamptz not null,
        approved_by uuid not null references person,
        last_seen timestamptz,
        revoked_at timestamptz
      )`.execute(db);
    await sql`
      create table pairing (
        id uuid primary key,
        code text not null unique,
        secret text not null,
        created timestamptz not null,
        expires timestamptz not null,
        device uuid references device
      )`.execute(db);
    await sql`
      create table throttle (
        key text primary key,
        count int not null,
        last timestamptz not null,
        until timestamptz not null
      )`.execute(db);
    await sql`
      create table familiar (
        user_name text not null,
        address text not null,
        at timestamptz not null,
        primary key (user_name, address)
      )`.execute(db);
    await sql`
      create table revocation (
        id uuid primary key,
        what jsonb not null,
        at timestamptz not null default clock_timestamp()
      )`.execute(db);
    await sql`create index revocation_at on revocation (at)`.execute(db);
    await sql`
      create table access_log (
        id bigint generated always as identity primary key,
        at timestamptz not null,
        who uuid,
        label text not null,
        what text not null,
        about jsonb not null,
        address text not null
      )`.execute(db);
    await sql`create index access_log_at on access_log (at)`.execute(db);
  },
};
