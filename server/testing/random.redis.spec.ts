import { expect, test } from 'vitest';
import { redisConnection } from '../../e2e/setup/database.ts';
import { cutRedis } from './badBus.ts';
import { runRandom } from './random.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

test(`[R5] the same over a real Redis whose connections are cut and come back (SEED=${seed})`, async () => {
  const report = await runRandom({ seed, steps: 400, bus: () => cutRedis(redisConnection().path) });
  process.stdout.write(`SEED=${seed} over Redis ${JSON.stringify({ ...report, wrong: report.wrong.length })}\n`);
  expect(report.wrong, `SEED=${seed}`).toEqual([]);
  expect(report.revisions).toBeGreaterThan(50);
});
