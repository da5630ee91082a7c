import { sql, type Kysely, type Migration } from 'kysely';
import { partitionFor } from '../../record/migration.ts';

/** Its partition, and an index for each field its lists are narrowed by. */
export const migration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await partitionFor('enterprise').up(db);
    for (const field of ['state', 'trade', 'code']) {
      await sql`create index ${sql.id(`record_enterprise_${field}`)} on ${sql.id('record_enterprise')} (board, (body ->> ${sql.lit(field)}), ord)`.execute(db);
    }
  },
};
