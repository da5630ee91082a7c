import { sql, type Kysely, type Migration } from 'kysely';

/**
 * Webhooks out. A hook stands at a position of the log and goes on from there, so that nothing is lost while Redis, a hub
 * or the receiver is away; there is no queue. `secret` signs what is sent, so it lies here as it is. `claim`: the hub that
 * writes for it just now, until when; another takes over only after that.
 */
export const webhooksMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table webhook (
        id uuid primary key,
        board text not null references board,
        name text not null,
        url text not null,
        kinds text[] not null,
        secret text not null,
        exercise boolean not null,
        active boolean not null default true,
        stopped text,
        epoch int not null,
        revision bigint not null,
        tries int not null default 0,
        next_try timestamptz,
        claim uuid,
        claimed_until timestamptz,
        created timestamptz not null,
        created_by uuid not null references person
      )`.execute(db);
    await sql`
      create table webhook_receipt (
        hook uuid not null references webhook on delete cascade,
        epoch int not null,
        revision bigint not null,
        id uuid not null,
        command text not null,
        state text not null,
        tries int not null,
        status int,
        error text,
        took int,
        first_try timestamptz not null,
        last_try timestamptz not null,
        primary key (hook, epoch, revision)
      )`.execute(db);
    await sql`create index webhook_receipt_age on webhook_receipt (last_try)`.execute(db);
  },
};
