import { randomUUID } from 'node:crypto';
import { sql, type Kysely, type Migration } from 'kysely';
import type pg from 'pg';
import { refuse, refuseField } from '../../shared/protocol/errors.ts';
import { MOST_FILTERS, listFilter, type ListFilter, type SavedFilter } from '../../shared/protocol/filters.ts';
import type { Clock } from '../../shared/time/clock.ts';

/** What somebody narrows a list to again and again, under a name of their own. A person's, not the board's: it is in no log. */
export const savedFiltersMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table saved_filter (
        id uuid primary key,
        person uuid not null references person,
        board text not null references board,
        kind text not null,
        name text not null,
        filter jsonb not null,
        made timestamptz not null,
        unique (person, board, kind, name)
      )`.execute(db);
  },
};

export interface Owner {
  person: string;
  board: string;
  kind: string;
}

export class SavedFilters {
  constructor(private readonly parts: { pool: pg.Pool; clock: Clock }) {}

  /** In the order they were made: a key stays with its filter. */
  async of(owner: Owner): Promise<SavedFilter[]> {
    const { rows } = await this.parts.pool.query<{ id: string; name: string; filter: unknown }>(
      'select id, name, filter from saved_filter where person = $1 and board = $2 and kind = $3 order by made, id',
      [owner.person, owner.board, owner.kind],
    );
    // One that a later build wrote in another shape is left alone.
    return rows.flatMap((r) => {
      const filter = listFilter.safeParse(r.filter);
      return filter.success ? [{ id: r.id, name: r.name, filter: filter.data }] : [];
    });
  }

  /** Under a name that is there already it takes that one's place. */
  async save(owner: Owner, name: string, filter: ListFilter): Promise<SavedFilter> {
    const { rows } = await this.parts.pool.query<{ id: string }>(
      `insert into saved_filter (id, person, board, kind, name, filter, made)
         select $1, $2, $3, $4, $5, $6, $7 where exists (select from saved_filter where person = $2 and board = $3 and kind = $4 and name = $5)
           or (select count(*) from saved_filter where person = $2 and board = $3 and kind = $4) < $8
         on conflict (person, board, kind, name) do update set filter = excluded.filter
         returning id`,
      [randomUUID(), owner.person, owner.board, owner.kind, name, JSON.stringify(filter), new Date(this.parts.clock.now()), MOST_FILTERS],
    );
    const made = rows[0];
    if (!made) throw refuseField('name', 'tooBig', { max: MOST_FILTERS });
    return { id: made.id, name, filter };
  }

  async remove(person: string, id: string): Promise<void> {
    const { rowCount } = await this.parts.pool.query('delete from saved_filter where id = $1 and person = $2', [id, person]);
    if (rowCount === 0) throw refuse('notFound');
  }
}
