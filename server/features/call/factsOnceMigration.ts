import { sql, type Kysely, type Migration } from 'kysely';

/**
 * The facts of a call (facts.ts) are worked out once for each change. `(call_fact_of(…)).*` is written out by PostgreSQL as one
 * call of the function for each of its nineteen columns (PostgreSQL 18, 8.16.5); named in `from` it is one. Before, a
 * hundred calls took 52 ms to write, 49 of them here (figures: e2e/bench/RESULTS.md, commands a second).
 */
export const factsOnceMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create or replace function call_fact_keep() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          delete from call_fact where board = old.board and id = old.id;
          return null;
        end if;
        insert into call_fact as f
          select now.* from call_fact_of(new.board, new.id, new.body, tg_op = 'INSERT' or old.body ->> 'stage' = 'accepted') as now
          on conflict (board, id) do update set
            rung = excluded.rung, offered = excluded.offered, back = excluded.back, wait = excluded.wait, sent = coalesce(f.sent, excluded.sent),
            clocked = f.clocked or excluded.clocked, late = f.late or excluded.late, called_back = excluded.called_back, rating = excluded.rating,
            topic = excluded.topic, locality = excluded.locality, unit = excluded.unit, operator_id = excluded.operator_id, operator = excluded.operator,
            message = excluded.message, arrived = excluded.arrived, replied = coalesce(f.replied, excluded.replied);
        return null;
      end $$`.execute(db);
  },
};
