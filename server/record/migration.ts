import { sql, type Kysely, type Migration } from 'kysely';

/**
 * The log and what is kept beside it. Records lie in one table with a partition per kind: the writer reads and writes
 * any mixture of kinds in one statement, while each kind's migration adds its own partition and indexes.
 */
export const spineMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table board (
        id text primary key,
        name jsonb not null,
        zone text not null,
        exercise boolean not null,
        epoch int not null,
        revision bigint not null,
        recorded timestamptz not null,
        clock jsonb
      )`.execute(db);
    await sql`
      create table entry (
        board text not null references board,
        epoch int not null,
        revision bigint not null,
        recorded timestamptz not null,
        occurred timestamptz not null,
        sent timestamptz not null,
        command text not null,
        command_id text not null,
        author_id text not null,
        author_label text not null,
        primary key (board, epoch, revision)
      )`.execute(db);
    await sql`
      create table put (
        board text not null,
        epoch int not null,
        revision bigint not null,
        ord int not null,
        kind text not null,
        id text not null,
        version int not null,
        kind_version int not null,
        body jsonb not null,
        was jsonb,
        primary key (board, epoch, revision, ord),
        foreign key (board, epoch, revision) references entry deferrable initially deferred
      )`.execute(db);
    await sql`create index put_of_record on put (board, kind, id, epoch desc, revision desc)`.execute(db);
    await sql`
      create table outcome (
        board text not null,
        author_id text not null,
        id text not null,
        hash text not null,
        answer jsonb not null,
        kept timestamptz not null,
        primary key (board, author_id, id)
      )`.execute(db);
    await sql`create index outcome_kept on outcome (kept)`.execute(db);
    await sql`
      create table record (
        board text not null,
        kind text not null,
        id text not null,
        version int not null,
        kind_version int not null,
        revision bigint not null,
        held boolean not null,
        units text[] not null,
        localities text[] not null,
        ord double precision not null,
        words text not null,
        grams text[] not null,
        body jsonb not null,
        primary key (board, kind, id)
      ) partition by list (kind)`.execute(db);
    await sql`create index record_held on record (board, kind) where held`.execute(db);
    await sql`create index record_ord on record (board, kind, ord, id)`.execute(db);
    await sql`create index record_grams on record using gin (grams)`.execute(db);
    await sql`
      create table record_key (
        board text not null,
        kind text not null,
        key text not null,
        id text not null,
        primary key (board, kind, key)
      )`.execute(db);
    await sql`create index record_key_of on record_key (board, kind, id)`.execute(db);
    await sql`
      create table counter (
        board text not null,
        name text not null,
        value bigint not null,
        primary key (board, name)
      )`.execute(db);
    await sql`
      create table personal (
        board text not null,
        kind text not null,
        id text not null,
        field text not null,
        version int not null,
        value text,
        grams text[] not null,
        erased timestamptz,
        primary key (board, kind, id, field, version)
      )`.execute(db);
    await sql`create index personal_grams on personal using gin (grams)`.execute(db);
    await sql`
      create table personal_look (
        board text not null,
        kind text not null,
        id text not null,
        fields text[] not null,
        author_id text not null,
        author_label text not null,
        purpose text not null,
        at timestamptz not null
      )`.execute(db);
    await sql`create index personal_look_of on personal_look (board, kind, id, at)`.execute(db);
    await sql`
      create table checkpoint (
        board text not null,
        epoch int not null,
        revision bigint not null,
        versions text not null,
        state jsonb not null,
        primary key (board, epoch, revision)
      )`.execute(db);
  },
};

/** A board is itself and no other of the same name: two centres, or a centre and its rehearsal, may share one Redis. */
export const identityMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table board add column identity uuid not null default gen_random_uuid()`.execute(db);
  },
};

/**
 * PostgreSQL keeps samples of a column's values for its planner, in a catalogue that no erasure reaches until the table is
 * analysed again. Of personal values it keeps none (rule 16); changing the type, to what it is, drops those kept so far.
 */
export const noSamplesMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table personal alter column value set statistics 0, alter column grams set statistics 0`.execute(db);
    await sql`alter table personal alter column value type text, alter column grams type text[]`.execute(db);
  },
};

/**
 * Records are found by their row in `finder`; what they were found by before is read by nothing. Its indexes go, and it need not be
 * written; the columns themselves go a release later (rule 17). What stands in them of personal values ends with those (rule 16).
 */
export const gramsUnreadMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`drop index record_grams, personal_grams`.execute(db);
    await sql`alter table record alter column grams set default '{}'`.execute(db);
    await sql`alter table personal alter column grams set default '{}'`.execute(db);
  },
};

/** What a kind's migration does at least: its own partition. */
export const partitionFor = (kind: string): Migration => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table ${sql.id(`record_${kind}`)} partition of record for values in (${sql.lit(kind)})`.execute(db);
  },
});
