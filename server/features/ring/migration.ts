import { sql, type Kysely, type Migration } from 'kysely';
import { partitionFor } from '../../record/migration.ts';

/** Its partition, and an index for each field its lists are narrowed by. */
export const migration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await partitionFor('ring').up(db);
    for (const field of ['stage', 'callBack']) {
      await sql`create index ${sql.id(`record_ring_${field}`)} on ${sql.id('record_ring')} (board, (body ->> ${sql.lit(field)}), ord)`.execute(db);
    }
  },
};
