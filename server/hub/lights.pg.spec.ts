import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../e2e/setup/database.ts';
import { asPattern } from '../../shared/features/index.ts';
import type { OutageView } from '../../shared/features/outage/stats.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { openHub, quiet, testBoard, type TestHub } from '../testing/cluster.ts';
import { Lights } from './lights.ts';

/** [R19] A hub that comes back has the hours without one written down; once, however many come. */
const MINUTE = 60_000;
let database: FreshDatabase;
const clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
const bus = new MemoryBus();
const open: TestHub[] = [];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  for (const hub of open) if (!hub.closed) await hub.close();
  await database?.drop();
});

async function start(): Promise<{ hub: TestHub; lights: Lights }> {
  const hub = await openHub({ database: database.config, features: asPattern, clock, fanout: bus.connect() });
  open.push(hub);
  await hub.core.tick();
  return { hub, lights: new Lights({ pool: hub.pool, features: asPattern, boards: hub.core.boards, monotonic: () => clock.monotonic(), log: quiet }) };
}
async function spans(hub: TestHub, board = testBoard.id): Promise<[number, number][]> {
  await hub.core.boards.get(board)?.settled();
  const { rows } = await hub.pool.query<{ body: { from: number; to: number } }>(`select body from record where board = $1 and kind = 'outage' order by ord`, [board]);
  return rows.map(({ body }) => [body.from, body.to]);
}

test('from the last moment somebody proved the board to the next one, by whichever hub comes first', async () => {
  const first = await start();
  await first.hub.core.create(testBoard);
  await first.hub.core.create({ ...testBoard, id: 'drill', exercise: true });
  await first.hub.core.tick();
  await first.lights.look();
  expect(await spans(first.hub)).toEqual([]);
  // It goes on, and what it keeps goes with it.
  clock.advance(MINUTE / 4);
  await first.hub.core.tick();
  await first.lights.look();
  const last = clock.now();
  expect(await spans(first.hub)).toEqual([]);
  await first.hub.close();

  clock.advance(95 * MINUTE);
  const [second, third] = [await start(), await start()];
  await Promise.all([second.lights.look(), third.lights.look()]);
  expect(await spans(second.hub)).toEqual([[last, clock.now()]]);
  expect(await spans(second.hub, 'drill')).toEqual([]);
  await second.hub.board().settled();
  await second.lights.look();
  expect(await spans(second.hub)).toHaveLength(1);
  await expect.poll(async () => {
    let view: OutageView | null = null;
    await third.hub.core.tick();
    await third.hub.board().join(null, true, (_, s) => (view = (s.views?.views as { outage: OutageView }).outage));
    return (view as OutageView | null)?.spans;
  }).toEqual([{ from: last, to: last + 95 * MINUTE, cause: 'unknown' }]);
  await Promise.all([second.hub.close(), third.hub.close()]);
});

test('an upgrade that takes a minute loses nobody’s call, and is none', async () => {
  const was = await start();
  clock.advance(MINUTE / 4);
  await was.hub.core.tick();
  await was.lights.look();
  const before = (await spans(was.hub)).length;
  await was.hub.close();
  clock.advance(1.5 * MINUTE);
  const is = await start();
  await is.lights.look();
  expect(await spans(is.hub)).toHaveLength(before);
  await is.hub.close();
});

test('a board that cannot be proved any more is looked at anew when it can', async () => {
  const { hub, lights } = await start();
  await lights.look();
  const before = (await spans(hub)).length;
  const last = clock.now();
  // No proof: nothing is kept, and it is seen that there is none.
  clock.advance(6_000);
  await lights.look();
  clock.advance(10 * MINUTE);
  await hub.core.tick();
  await lights.look();
  expect((await spans(hub)).slice(before)).toEqual([[last, clock.now()]]);
  // A machine that slept.
  const woke = clock.now() + 30 * MINUTE;
  clock.advance(30 * MINUTE);
  await hub.core.tick();
  await lights.look();
  expect((await spans(hub)).slice(before + 1)).toEqual([[woke - 30 * MINUTE, woke]]);
  await hub.close();
});
