import { sql, type Kysely, type Migration } from 'kysely';

/**
 * What figures over weeks are counted from: a narrow row a call beside its record, kept by the database itself in the
 * statement that writes the record, so that it is never behind and no hub, of whichever build, forgets it. It holds codes,
 * times and numbers, and nothing personal.
 *
 * `wait`: milliseconds from ringing to answering. `sent`: milliseconds from answering to the first unit, where that is known.
 * `late` stays: a call taken up again begins with a new clock, and was late all the same.
 */
export const factsMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table call_fact (
        board text not null,
        id text not null,
        rung bigint not null,
        offered boolean not null,
        back boolean not null,
        wait int,
        sent int,
        clocked boolean not null,
        late boolean not null,
        called_back boolean not null,
        rating smallint,
        topic text not null,
        locality text not null,
        unit text not null,
        operator_id text not null,
        operator text not null,
        primary key (board, id)
      )`.execute(db);
    await sql`create index call_fact_rung on call_fact (board, rung)`.execute(db);
    // Times lie within what an int holds: a wait of more than three weeks is cut there.
    await sql`
      create function call_fact_of(board text, id text, body jsonb, first_sent boolean) returns call_fact language sql stable as $$
        select board, id, x.rung,
          x.origin in ('telephone', 'missed') and not coalesce(x."backEntered", false),
          coalesce(x."backEntered", false),
          case when x.answered is not null then least(x.answered - x.rung, 2000000000)::int end,
          case when first_sent and x.stage in ('dispatched', 'inHand', 'urged') and x.answered is not null and not coalesce(x."backEntered", false)
            then greatest(0, least(x."stageSince" - x.answered, 2000000000))::int end,
          x.due is not null or coalesce(x.clock, 'null'::jsonb) <> 'null'::jsonb,
          x."overdueSince" is not null or x.clock ->> 'passed' is not null,
          x.stage in ('calledBack', 'rated'),
          x.rating, x.topic, x.locality, coalesce(x.unit, ''), x."operatorId", x.operator
        from jsonb_to_record(body) as x(rung bigint, answered bigint, origin text, stage text, "stageSince" bigint, due bigint, "overdueSince" bigint, clock jsonb,
          "backEntered" boolean, rating smallint, topic text, locality text, unit text, "operatorId" text, operator text)
      $$`.execute(db);
    await sql`
      create function call_fact_keep() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          delete from call_fact where board = old.board and id = old.id;
          return null;
        end if;
        insert into call_fact as f
          select (call_fact_of(new.board, new.id, new.body, tg_op = 'INSERT' or old.body ->> 'stage' = 'accepted')).*
          on conflict (board, id) do update set
            rung = excluded.rung, offered = excluded.offered, back = excluded.back, wait = excluded.wait, sent = coalesce(f.sent, excluded.sent),
            clocked = f.clocked or excluded.clocked, late = f.late or excluded.late, called_back = excluded.called_back, rating = excluded.rating,
            topic = excluded.topic, locality = excluded.locality, unit = excluded.unit, operator_id = excluded.operator_id, operator = excluded.operator;
        return null;
      end $$`.execute(db);
    await sql`create trigger call_fact_keep after insert or update or delete on record_call for each row execute function call_fact_keep()`.execute(db);
    // When the calls on record were first sent is known of those that are there still; of the others it stays unknown.
    await sql`insert into call_fact select (call_fact_of(board, id, body, body ->> 'stage' = 'dispatched')).* from record_call`.execute(db);
  },
};
