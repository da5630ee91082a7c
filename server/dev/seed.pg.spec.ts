import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../e2e/setup/database.ts';
import { asPattern } from '../../shared/features/index.ts';
import type { Answer } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { openHub, testBoard, type TestHub } from '../testing/cluster.ts';
import { localities } from './localities/zhejiang.ts';
import { seedReference } from './seed.ts';

let database: FreshDatabase;
let hub: TestHub;

beforeAll(async () => {
  database = await freshDatabase();
  hub = await openHub({ database: database.config, features: asPattern, clock: new ManualClock(Date.UTC(2020, 1, 5, 14)) });
  await hub.core.create(testBoard);
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

/** The real board, of whose first commands some are answered as when PostgreSQL is away for a moment. */
function away(every: number, until: number): { board: Parameters<typeof seedReference>[0]; refused(): number } {
  const real = hub.board();
  let asked = 0;
  let refused = 0;
  return {
    refused: () => refused,
    board: {
      info: real.info,
      clock: real.clock,
      submit: (author, message): Promise<Answer> => {
        if (asked++ >= until || asked % every !== 0) return real.submit(author, message);
        refused += 1;
        return Promise.resolve({ ok: false, error: { code: 'notReady', retryAfter: 1 } });
      },
    },
  };
}

test('a board is set up whole though the database was away for a moment in the midst of it; an earlier start that was cut short is finished', async () => {
  // Every other: of most places the one they lie in was not written either.
  const { board, refused } = away(2, 300);
  await seedReference(board, 1);
  expect(refused()).toBe(150);
  const { rows } = await hub.pool.query<{ n: number }>(`select count(*)::int as n from record where kind = 'locality'`);
  expect(rows[0]?.n).toBe(localities.length);
  await seedReference(hub.board());
  const { rows: again } = await hub.pool.query<{ n: number }>(`select count(*)::int as n from record where kind = 'locality'`);
  expect(again[0]?.n).toBe(localities.length);
});

test('a database that stays away ends the start, and says why', async () => {
  await expect(seedReference(away(1, Infinity).board, 1)).rejects.toThrow('notReady');
});
