import { sql, type Kysely, type Migration } from 'kysely';
import { TAIL } from '../../../shared/text/telephone.ts';

/**
 * What earlier calls are found along while another is typed: by place and time, and by the end of the caller's number, however it
 * was written. Of the numbers no sample is kept for the planner (rule 16).
 */
export const similarMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index record_call_locality on record_call (board, (body ->> 'locality'), ord)`.execute(db);
    await sql`create index record_call_county on record_call (board, left(body ->> 'locality', 6), ord)`.execute(db);
    await sql`create index personal_call_number on personal (board, right(split_part(value, '-', 1), ${sql.lit(TAIL)}))
      where kind = 'call' and field = 'callerNumber' and erased is null`.execute(db);
    await sql`alter index personal_call_number alter column 2 set statistics 0`.execute(db);
  },
};
