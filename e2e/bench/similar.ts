/**
 * Earlier calls beside the one being typed, with 200,000 calls on record: asked at the hub's gate as an operator's page asks, on the
 * real PostgreSQL; alone, then by twelve desks at once while calls are logged. Every call is one of a labelled world (e2e/labelled), 3,400
 * a day in eight counties.
 * Run: `npm run bench -- similar` (`CALLS=200000`; `JUDGE=1`: how well it finds, in ten worlds that were not tuned by). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import { everywhere } from '../../shared/access/access.ts';
import type { Call } from '../../shared/features/call/record.ts';
import { asPattern } from '../../shared/features/index.ts';
import { systemClock } from '../../shared/time/clock.ts';
import { DAY } from '../../shared/time/zone.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { MemoryBus } from '../../server/fanout/memory.ts';
import type { Delivery } from '../../server/hub/boardHub.ts';
import { Core } from '../../server/hub/core.ts';
import { migrate } from '../../server/migrate.ts';
import { openPool } from '../../server/record/pool.ts';
import { seedReference } from '../../server/dev/seed.ts';
import { JUDGED, judge, percent, type Score } from '../labelled/judge.ts';
import { judging } from '../labelled/judged.ts';
import { tuning } from '../labelled/matters.ts';
import { labelledWorld } from '../labelled/world.ts';
import { dataDirectory } from '../setup/hub.ts';
import { print, spread } from './measure.ts';

/** `JUDGE=1`: nothing else than how well it finds, in ten worlds that were not tuned by. */
if (process.env.JUDGE === '1') {
  for (const seed of JUDGED) {
    const world = labelledWorld(seed, judging);
    const [whole, half, apart] = [judge(world), judge(world, { part: 0.5 }), judge(world, { joins: false })] as [Score, Score, Score];
    const of = (s: Score): object => ({ offeredPercent: percent(s.offered, s.duplicates), wrongPercent: percent(s.wrong, s.offers), offers: s.offers, wrong: s.wrong, offered: s.offered });
    print('judged', { seed, calls: whole.calls, duplicates: whole.duplicates, ...of(whole), halfTyped: of(half), neverJoined: of(apart) });
  }
  process.exit(0);
}

const CALLS = Number(process.env.CALLS ?? 200_000);
const A_DAY = 3_400;
const DESKS = 12;
const board = { id: 'bench', name: { zh: '压测', en: 'Bench' }, zone: 'Asia/Shanghai', exercise: false };
const operator = { type: 'person', person: 'o', label: '接线员', session: 's', grants: [{ board: board.id, role: 'operator', scope: everywhere }] } as never;
const author = { id: 'o', label: '接线员', role: 'operator', scope: everywhere } as const;
const nobody: Delivery = { entry: () => undefined, view: () => undefined, beat: () => undefined, occupied: () => false };
const log = pino({ level: 'error' });

const dir = dataDirectory();
const postgres = await startPostgres({ dir, log });
const pool = openPool({ ...postgres.connection, max: 8 }, log);
try {
  await migrate(pool);
  const core = new Core({ pool, features: asPattern, clock: systemClock, fanout: new MemoryBus().connect(), delivery: nobody, log, checkpointEvery: Infinity });
  await core.create(board);
  const hub = core.boards.get(board.id);
  if (!hub) throw new Error('no board');
  await seedReference(hub);
  const [sample] = asPattern.call.samples();
  const now = Date.now();

  let made = 0;
  let narrative = 0;
  const first = labelledWorld(1, tuning)[0]?.rung ?? 0;
  for (let seed = 1; made < CALLS; seed++) {
    const ago = ((CALLS - made) / A_DAY) * DAY;
    const rows: { record: Record<string, unknown>; personal: Record<string, unknown>[] }[] = [];
    for (const c of labelledWorld(seed, tuning).slice(0, CALLS - made)) {
      const id = randomUUID();
      // The newest world ends now.
      const rung = Math.min(now, Math.round(c.rung - first + now - 1.6 * DAY - ago));
      const personal = Object.entries({ callerNumber: c.number, address: c.address, narrative: c.narrative }).flatMap(([field, value]) => (value ? [{ kind: 'call', id, field, version: 1, value }] : []));
      const body = { ...sample?.body, number: `20200101-${made++}`, rung, answered: rung, ended: null, topic: c.topic, locality: c.locality, placeWords: '杭州市 上城区', stage: 'rated', callerName: null, callerNumber: c.number ? 1 : null, address: c.address ? 1 : null, narrative: 1 } as unknown as Call;
      narrative += c.narrative.length;
      const words = asPattern.call.words(body).join(' ').toLowerCase();
      const place = asPattern.call.place(body);
      rows.push({ record: { id, ...place, ord: rung, words, body }, personal });
    }
    await pool.query(
      `insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, body)
        select $1, 'call', x.id, 1, $2, 1, false, x.units, x.localities, x.ord, x.words, x.body
          from jsonb_to_recordset($3) as x(id text, units text[], localities text[], ord double precision, words text, body jsonb)`,
      [board.id, asPattern.call.version, JSON.stringify(rows.map((r) => r.record))],
    );
    await pool.query(
      `insert into personal (board, kind, id, field, version, value) select $1, x.kind, x.id, x.field, x.version, x.value
        from jsonb_to_recordset($2) as x(kind text, id text, field text, version int, value text)`,
      [board.id, JSON.stringify(rows.flatMap((r) => r.personal))],
    );
  }
  await pool.query('vacuum analyze record_call');
  await pool.query('vacuum analyze personal');
  print('on record', { calls: made, narrativeCharacters: Math.round(narrative / made) });

  /** A call as it is typed: number; place; topic; the narrative a few signs at a time. */
  const typed = (seed: number): Record<string, unknown>[] =>
    labelledWorld(seed, tuning).slice(-40).flatMap((c) => {
      const one = { number: c.number ?? '', locality: null as string | null, address: '', topic: '', narrative: '' };
      const steps: Record<string, unknown>[] = c.number ? [{ ...one }] : [];
      one.locality = c.locality;
      steps.push({ ...one });
      Object.assign(one, { address: c.address, topic: c.topic });
      for (let n = 8; n < c.narrative.length + 8; n += 8) steps.push({ ...one, narrative: c.narrative.slice(0, n) });
      return steps;
    });
  let found = 0;
  async function ask(body: Record<string, unknown>): Promise<number> {
    const begun = performance.now();
    const answer = await core.gate.query(operator, { name: 'alike', board: board.id, kind: 'call', body });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    found += answer.found?.length ?? 0;
    return performance.now() - begun;
  }
  await core.tick();
  for (const body of typed(900).slice(0, 60)) await ask(body);

  const alone: number[] = [];
  for (const body of typed(901)) alone.push(await ask(body));
  // Questions that come near nothing would measure nothing.
  if (found === 0) throw new Error('nothing is near what is asked');
  print('one desk', { calls: made, ms: spread(alone), foundEach: Math.round((10 * found) / alone.length) / 10 });

  // Each desk asks at most every 200 ms, as the page does when the typing rests; ten calls a second are logged beside.
  const ten: number[] = [];
  const writes: number[] = [];
  let typing = true;
  const writing = (async () => {
    for (let i = 0; typing; i++) {
      const begun = performance.now();
      const at = Date.now();
      const answer = await hub.submit(author, { id: randomUUID(), board: board.id, type: 'call.log', sent: at, body: { rung: at, answered: at, topic: 'supplies', locality: '330102', callerNumber: `1990000${String(i % 10_000).padStart(4, '0')}`, narrative: '小区门岗口罩只够一天' } });
      if (!answer.ok) throw new Error(JSON.stringify(answer));
      writes.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done, Math.max(0, 100 - (performance.now() - begun))));
    }
  })();
  await Promise.all(
    Array.from({ length: DESKS }, async (_, desk) => {
      await new Promise((done) => setTimeout(done, desk * 17));
      for (const body of typed(910 + desk).slice(0, 100)) {
        const took = await ask(body);
        ten.push(took);
        await new Promise((done) => setTimeout(done, Math.max(0, 200 - took)));
      }
    }),
  );
  typing = false;
  await writing;
  print('desks at once', { calls: made, desks: DESKS, ms: spread(ten), callLogMs: spread(writes) });
  await core.close();
} finally {
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
