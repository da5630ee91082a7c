import { sql, type Kysely, type Migration } from 'kysely';

/**
 * Rings nobody answered and nobody has written down as a call: offered to the centre all the same, and counted with the facts of
 * calls (facts.ts), else a night of missed calls would be one in which every call was answered. A row a ring, kept by the database
 * itself; it goes when a call is written down from it, which is counted in its stead. Nobody knows whose a missed call would have
 * been, so it stands in no topic, place, unit or operator.
 */
export const missedMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table missed_ring (board text not null, id text not null, rung bigint not null, primary key (board, id))`.execute(db);
    await sql`create index missed_ring_rung on missed_ring (board, rung)`.execute(db);
    await sql`
      create function missed_ring_keep() returns trigger language plpgsql as $$
      begin
        if tg_op <> 'INSERT' then
          delete from missed_ring where board = old.board and id = old.id;
        end if;
        if tg_op <> 'DELETE' and new.body ->> 'stage' = 'missed' and new.body ->> 'log' is null then
          insert into missed_ring values (new.board, new.id, (new.body ->> 'rung')::bigint);
        end if;
        return null;
      end $$`.execute(db);
    await sql`create trigger missed_ring_keep after insert or update or delete on record_ring for each row execute function missed_ring_keep()`.execute(db);
    await sql`insert into missed_ring select board, id, (body ->> 'rung')::bigint from record_ring where body ->> 'stage' = 'missed' and body ->> 'log' is null`.execute(db);
  },
};
