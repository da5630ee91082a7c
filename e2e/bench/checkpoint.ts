/**
 * A checkpoint with 100,000 clocks, left by a hub at work on the real PostgreSQL: the longest turn of the loop and the
 * slowest command meanwhile, beside writing and taking up the figures at once, as it was done before.
 * Run: `npm run bench -- checkpoint` (`CLOCKS=100000`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { everywhere } from '../../shared/access/access.ts';
import { asPattern } from '../../shared/features/index.ts';
import { systemClock } from '../../shared/time/clock.ts';
import { startUntil } from '../../shared/time/dueClock.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { MemoryBus } from '../../server/fanout/memory.ts';
import type { Delivery } from '../../server/hub/boardHub.ts';
import { Core } from '../../server/hub/core.ts';
import { leaveCheckpoint, readPast } from '../../server/hub/past.ts';
import { Picture } from '../../server/hub/picture.ts';
import { migrate } from '../../server/migrate.ts';
import { writeCheckpoint } from '../../server/record/checkpoints.ts';
import { openPool } from '../../server/record/pool.ts';
import { dataDirectory } from '../setup/hub.ts';
import { print, spread } from './measure.ts';

const CLOCKS = Number(process.env.CLOCKS ?? 100_000);
const board = { id: 'bench', name: { zh: '压测', en: 'Bench' }, zone: 'Asia/Shanghai', exercise: false };
const leader = { id: 'l', label: '值班员', role: 'leader', scope: everywhere } as const;
const log = pino({ level: 'error' });
const nobody: Delivery = { entry: () => undefined, view: () => undefined, beat: () => undefined, occupied: () => false };

/** What somebody at work meets while `what` goes on, or for so long where it is over at once. */
async function meanwhile(core: Core, name: string, what: () => Promise<Record<string, unknown>>, least = 3_000): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const waits: Promise<number>[] = [];
  const raise = async (): Promise<number> => {
    const begun = performance.now();
    const answer = await core.boards.get(board.id)?.submit(leader, { id: randomUUID(), board: board.id, type: 'alert.raise', sent: Date.now(), body: { title: '压测', level: 'low' } });
    if (!answer?.ok) throw new Error(JSON.stringify(answer));
    return performance.now() - begun;
  };
  delay.enable();
  const timer = setInterval(() => waits.push(raise()), 20);
  // Both are at work before it begins: what holds the loop at once would otherwise be over before anybody looked.
  await pause(300);
  const begun = performance.now();
  const said = await what();
  const took = performance.now() - begun;
  await pause(Math.max(100, least - took));
  clearInterval(timer);
  delay.disable();
  print(name, { clocks: CLOCKS, tookMs: Math.round(took), longestTurnMs: Math.round(delay.max / 1e6), commandMs: spread(await Promise.all(waits)), ...said });
}

const dir = dataDirectory();
const postgres = await startPostgres({ dir, log });
const pool = openPool({ ...postgres.connection, max: 8 }, log);
try {
  await migrate(pool);
  const core = new Core({ pool, features: asPattern, clock: systemClock, fanout: new MemoryBus().connect(), delivery: nobody, log, checkpointEvery: Infinity });
  const [sample] = asPattern.order.samples();
  const now = Date.now();
  const picture = new Picture(asPattern, board.zone);
  for (let i = 1; i <= CLOCKS; i++) {
    const clock = startUntil(now + 36_000_000 + ((i * 7_919) % 86_400_000), { remindBefore: null, urgeAfter: 0, escalateAfter: 60 }, now, { calendar: {}, zone: board.zone });
    const puts = [{ kind: 'order', id: randomUUID(), version: 1, kindVersion: asPattern.order.version, body: { ...sample?.body, number: `D-${i}`, standing: 'given', clock }, was: null }];
    picture.apply({ board: board.id, epoch: 1, revision: i, recorded: now, occurred: now, command: 'order.give', author: { id: 'l', label: 'l' }, puts });
  }
  await core.create(board);
  await core.close();
  await pool.query('update board set revision = $1', [CLOCKS]);
  await writeCheckpoint(pool, board.id, { epoch: 1, revision: CLOCKS }, picture.versions(), picture.parts());
  const parts = [...picture.parts()];
  print('size', { clocks: CLOCKS, MB: Math.round(parts.reduce((n, p) => n + p.length, 0) / 104_857.6) / 10, parts: parts.length, longestPartKB: Math.round(Math.max(...parts.map((p) => p.length)) / 1_024) });

  const begun = performance.now();
  const hub = new Core({ pool, features: asPattern, clock: systemClock, fanout: new MemoryBus().connect(), delivery: nobody, log, checkpointEvery: Infinity });
  await hub.open();
  print('opened', { clocks: CLOCKS, ms: Math.round(performance.now() - begun) });
  await hub.tick();
  await meanwhile(hub, 'nothing', async () => ({}));
  for (let round = 0; round < 2; round++) {
    await meanwhile(hub, 'at once', async () => {
      const text = picture.save();
      const saved = performance.now();
      new Picture(asPattern, board.zone).load(JSON.parse(text));
      return { loadMs: Math.round(performance.now() - saved) };
    });
    const at = hub.boards.get(board.id)?.at ?? { epoch: 1, revision: 0 };
    await meanwhile(hub, 'in parts', async () => ({ left: await leaveCheckpoint(pool, asPattern, board, at, () => true) }));
  }
  const held = performance.now();
  const { revision } = await readPast(pool, asPattern, board, 1);
  print('taken up', { clocks: CLOCKS, revision, ms: Math.round(performance.now() - held) });
  await hub.close();
} finally {
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
