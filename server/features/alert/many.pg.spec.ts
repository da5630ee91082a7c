import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FreshDatabase } from '../../../e2e/setup/database.ts';
import { freshDatabase } from '../../../e2e/setup/database.ts';
import type { AlertView } from '../../../shared/features/alert/stats.ts';
import { asPattern } from '../../../shared/features/index.ts';
import type { ViewFrame } from '../../../shared/protocol/messages.ts';
import { systemClock } from '../../../shared/time/clock.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../../testing/cluster.ts';

/**
 * A rule over very many records on a hub that keeps real time: what waits for its moment is told within a second of it, and
 * switching the rule on holds nobody up. `MANY=100000` for the figures of e2e/bench/RESULTS.md; they are printed.
 */
const MANY = Number(process.env.MANY ?? 10_000);
/** So many of them fall due while it is watched, some milliseconds apart. */
const DUE = 20;
const APART = 150;
const admin = author('admin');

let database: FreshDatabase;
/** When the first of them falls due. */
let first: number;
let hub: TestHub;
const timers: NodeJS.Timeout[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  hub = await openHub({ database: database.config, features: asPattern, clock: systemClock });
  await hub.core.create(testBoard);
  const body = asPattern.shipment.samples()[0]?.body;
  const { version, record, order } = asPattern.shipment;
  expect(record.schema.safeParse(body).success).toBe(true);
  first = Date.now() + 4_000 + Math.round(MANY / 3);
  // As if each had been announced: what is measured is what the rule makes of them.
  await hub.pool.query(
    `insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, grams, body)
     select 'test', 'shipment', 'load-' || lpad(i::text, 6, '0'), 1, $2, 0, true, '{}', '{}', $3, '', '{}',
            $1::jsonb || jsonb_build_object('state', 'onTheWay', 'hazards', '[]'::jsonb, 'position', jsonb_build_object('lon', 120, 'lat', 30, 'locality', null, 'at', case when i <= $6::int then $7::bigint + (i - 1) * $8::int else $4::bigint + i end))
       from generate_series(1, $5::int) as i`,
    [JSON.stringify(body), version, order(body as never), Date.now(), MANY, DUE, first - 30 * 60_000, APART],
  );
  await hub.pool.query('analyze record');
  hub.rooms.enter(hub.board().viewsRoom);
  timers.push(
    setInterval(() => hub.core.runDues(), 200),
    setInterval(() => void hub.core.tick(), 1_000),
  );
}, 120_000);
afterAll(async () => {
  timers.forEach(clearInterval);
  await hub?.close();
  await database?.drop();
});

test(`with ${MANY} of them waiting, each is told within a second of its moment, and nobody is held up`, { timeout: 120_000 }, async () => {
  const board = hub.board();
  const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
  const rule = { name: { zh: '试', en: 'Probe' }, looks: 'records', kind: 'shipment', when: 'state == "onTheWay" && size(hazards) == 0', field: 'position.at', minutes: 30, level: 'medium', title: { zh: '{number}', en: '{number}' }, active: true };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begun = performance.now();
  accepted(await board.submit(admin, commandOf('rule.save', { code: 'probe', create: true, changes: Object.fromEntries(Object.entries(rule).map(([k, v]) => [k, set(v)])) })));
  // Meanwhile somebody works.
  const waits: number[] = [];
  let going = true;
  const settled = board.watchSettled().then(() => (going = false));
  while (going) {
    const asked = performance.now();
    accepted(await board.submit(author('leader'), commandOf('alert.raise', { title: '机房停电', level: 'low' })));
    waits.push(performance.now() - asked);
    await new Promise((done) => setTimeout(done, 50));
  }
  await settled;
  const through = performance.now() - begun;
  const stall = delay.max / 1e6;

  expect(Date.now(), 'gone through before the first falls due').toBeLessThan(first);
  const late: number[] = [];
  await new Promise<void>((done) => {
    hub.rooms.enter(board.viewsRoom, (t) => {
      const view = t.event === 'view' ? ((t.message as ViewFrame).views.alert as AlertView | undefined) : undefined;
      const n = (view?.fresh.value ?? 0) - waits.length;
      while (late.length < Math.min(n, DUE)) late.push(Date.now() - (first + late.length * APART));
      if (late.length === DUE) done();
    });
  });
  expect(Math.max(...late)).toBeLessThan(1_000);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  late.sort((x, y) => x - y);
  if (process.env.MANY) console.info(JSON.stringify({ many: MANY, throughMs: Math.round(through), longestTurnMs: Math.round(stall), commandsMeanwhile: waits.length, slowestCommandMs: Math.round(Math.max(...waits)), momentToTold: { n: DUE, p50: late[DUE / 2], max: late.at(-1) } }));
});
