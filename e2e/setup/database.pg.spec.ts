import pg from 'pg';
import { expect, test } from 'vitest';
import { freshDatabase } from './database.ts';

test('each test has a database of its own, in a PostgreSQL that keeps what it acknowledged', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
  const [first, second] = [new pg.Pool(one.config), new pg.Pool(two.config)];
  try {
    await first.query('create table seen (id int)');
    const { rows } = await second.query(
      `select to_regclass('seen') as seen, current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync,
              current_setting('TimeZone') as zone`,
    );
    expect(rows).toEqual([{ seen: null, fsync: 'on', sync: 'on', zone: 'UTC' }]);
  } finally {
    await Promise.all([first.end(), second.end()]);
    await Promise.all([one.drop(), two.drop()]);
  }
});

test('two Chinese characters can be searched by trigram and compared by code point', async () => {
  const database = await freshDatabase();
  const pool = new pg.Pool(database.config);
  try {
    await pool.query('create extension if not exists pg_trgm');
    const { rows } = await pool.query<{ n: number }>(`select cardinality(show_trgm('杭州市')) as n`);
    expect(rows[0]?.n).toBeGreaterThan(0);
  } finally {
    await pool.end();
    await database.drop();
  }
});
