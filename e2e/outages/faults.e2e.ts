import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../../server/testing/seeded.ts';
import { Centre } from '../faults/centre.ts';
import { Load } from '../faults/load.ts';
import { standInForPage } from '../faults/page.ts';
import { Rounds } from '../faults/round.ts';

/** The short form of `npm run faults`: other rounds each time; one of them again with `SEED=…`. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
let centre: Centre;
let rounds: Rounds;

beforeAll(async () => {
  standInForPage();
  const chance = seeded(seed);
  centre = await Centre.open(chance);
  rounds = new Rounds(centre, new Load(centre.seats.filter((s) => s.person !== null), chance.fork()));
});

afterAll(() => centre?.close());

test.each([seed, seed + 1])('[R1 R2 R4 R5 R6 R7 R10 R14] two hubs and their servers killed, frozen, cut off and set wrong: nobody was told or shown what is not so (SEED=%i)', async (s) => {
  const report = await rounds.play(s, 200);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report.wrong, `SEED=${s}`).toEqual([]);
  // A round in which nothing happened proves nothing.
  expect(report.acknowledged).toBeGreaterThan(20);
  expect(report.pictures).toBeGreaterThan(7);
});
