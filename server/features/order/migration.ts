import { sql, type Kysely, type Migration } from 'kysely';
import { partitionFor } from '../../record/migration.ts';

/** Its partition, and an index for each field its lists are narrowed by. */
export const migration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await partitionFor('order').up(db);
    for (const field of ['standing', 'unit', 'aboutId', 'given']) {
      await sql`create index ${sql.id(`record_order_${field}`)} on ${sql.id('record_order')} (board, (body ->> ${sql.lit(field)}), ord)`.execute(db);
    }
  },
};
