import { sql, type Kysely, type Migration } from 'kysely';

/**
 * Of messages, in the facts of calls (facts.ts): whether it is known when one came in, and how long until its sender was first
 * answered, which the record itself knows. One that was merged is answered with the earlier one and is not counted beside it.
 */
export const messagesMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table call_fact
      add column message boolean not null default false,
      add column arrived boolean not null default false,
      add column replied int`.execute(db);
    await sql`
      create or replace function call_fact_of(board text, id text, body jsonb, first_sent boolean) returns call_fact language sql stable as $$
        select board, id, x.rung,
          x.origin in ('telephone', 'missed') and not coalesce(x."backEntered", false),
          coalesce(x."backEntered", false),
          case when x.answered is not null then least(x.answered - x.rung, 2000000000)::int end,
          case when first_sent and x.stage in ('dispatched', 'inHand', 'urged') and x.answered is not null and not coalesce(x."backEntered", false)
            then greatest(0, least(x."stageSince" - x.answered, 2000000000))::int end,
          x.due is not null or coalesce(x.clock, 'null'::jsonb) <> 'null'::jsonb,
          x."overdueSince" is not null or x.clock ->> 'passed' is not null,
          x.stage in ('calledBack', 'rated'),
          x.rating, x.topic, x.locality, coalesce(x.unit, ''), x."operatorId", x.operator,
          m.is, m.is and x.received is not null,
          case when m.is and x.stage = 'answered' then greatest(0, least(x."stageSince" - x.received, 2000000000))::int end
        from jsonb_to_record(body) as x(rung bigint, answered bigint, origin text, stage text, "stageSince" bigint, due bigint, "overdueSince" bigint, clock jsonb,
          "backEntered" boolean, rating smallint, topic text, locality text, unit text, "operatorId" text, operator text, received bigint, "mergedInto" text),
          lateral (select x.origin in ('sms', 'web', 'system') and not coalesce(x."backEntered", false) and x."mergedInto" is null as is) m
      $$`.execute(db);
    await sql`
      create or replace function call_fact_keep() returns trigger language plpgsql as $$
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
            topic = excluded.topic, locality = excluded.locality, unit = excluded.unit, operator_id = excluded.operator_id, operator = excluded.operator,
            message = excluded.message, arrived = excluded.arrived, replied = coalesce(f.replied, excluded.replied);
        return null;
      end $$`.execute(db);
    // Nobody has said of those on record when they came in: they are messages, and no more is known.
    await sql`update call_fact f set message = true from record_call r
      where r.board = f.board and r.id = f.id and not f.back and r.body ->> 'origin' in ('sms', 'web', 'system') and r.body ->> 'mergedInto' is null`.execute(db);
  },
};
