/**
 * Rounds of a centre under faults (`npm run faults`): SEED is the first round's seed (printed), ROUNDS how many follow on it
 * (200). One JSON line a round; ends with a sum and, when a round failed, with 1. Go on with SEED set to the next one.
 */
import { seeded } from '../../server/testing/seeded.ts';
import { Centre } from './centre.ts';
import { Load } from './load.ts';
import { standInForPage } from './page.ts';
import { Rounds, type Report } from './round.ts';

const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const rounds = Number(process.env.ROUNDS ?? 200);
const print = (of: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(of)}\n`);

standInForPage();
print({ what: 'faults', seed: first, rounds });
const chance = seeded(first);
const centre = await Centre.open(chance);
const reports: Report[] = [];
try {
  const load = new Load(centre.seats.filter((s) => s.person !== null), chance.fork());
  const round = new Rounds(centre, load);
  for (let i = 0; i < rounds; i++) {
    const report = await round.play(first + i);
    print({ ...report });
    reports.push(report);
    // What went wrong may go on being wrong: the rounds behind it would prove nothing.
    if (report.wrong.length > 0) break;
  }
} finally {
  await centre.close();
}
const sum = (of: (r: Report) => number): number => reports.reduce((n, r) => n + of(r), 0);
const failed = reports.filter((r) => r.wrong.length > 0).length;
print({
  what: 'faults, sum',
  seed: first,
  rounds: reports.length,
  failed,
  acknowledged: sum((r) => r.acknowledged),
  refused: sum((r) => r.refused),
  unknown: sum((r) => r.unknown),
  again: sum((r) => r.again),
  stale: sum((r) => r.stale),
  pictures: sum((r) => r.pictures),
  longestStaleUnsaid: Math.max(0, ...reports.map((r) => r.longestStaleUnsaid)),
  seconds: Math.round(sum((r) => r.seconds)),
});
process.exit(failed > 0 ? 1 : 0);
