import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { accepted, author, commandOf, noteDatabase, openHub, quiet, testBoard, type TestHub } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { seeded } from '../testing/seeded.ts';
import { readLog, type LogEntry } from '../record/log.ts';
import { Follower } from './follower.ts';

let database: FreshDatabase;
let hub: TestHub;
let pool: pg.Pool;
let applied: string[];
let mono: number;
let written = 0;

beforeEach(async () => {
  database = await noteDatabase();
  hub = await openHub({ database: database.config, features: noteFeatures });
  await hub.core.create(testBoard);
  pool = new pg.Pool({ ...database.config, max: 2, application_name: 'follower' });
  pool.on('error', (err) => quiet.debug({ err }, 'cut by the test'));
  applied = [];
  mono = 0;
});

afterEach(async () => {
  await hub.close();
  await pool.end();
  await database.drop();
});

async function write(count: number): Promise<LogEntry[]> {
  for (let i = 0; i < count; i++) accepted(await hub.board().submit(author('operator'), commandOf('note.add', { title: `t${written++}`, unit: 'x' })));
  return readLog(pool, 'test', { epoch: hub.board().at.epoch, revision: 0 }, 10_000);
}

function follow(newEpoch?: (to: number) => Promise<() => Position>): Follower {
  const follower: Follower = new Follower({
    pool,
    board: 'test',
    start: { epoch: 1, revision: 0 },
    log: quiet,
    monotonic: () => mono,
    apply: (entries) => {
      for (const e of entries) applied.push(`${e.epoch}/${e.revision}`);
      // Where it says it stands is never ahead of what has been handed over.
      expect(applied.at(-1)).toBe(`${follower.at.epoch}/${follower.at.revision}`);
    },
    newEpoch: newEpoch ?? (async (to) => () => ({ epoch: to, revision: 0 })),
  });
  return follower;
}

const upTo = (n: number, epoch = 1): string[] => Array.from({ length: n }, (_, i) => `${epoch}/${i + 1}`);

test('[R5] the next entry is applied, an older one ignored, a later one has the log read', async () => {
  const [one, two, three, four] = (await write(4)) as [LogEntry, LogEntry, LogEntry, LogEntry];
  const f = follow();
  f.receive(one);
  f.receive(one);
  expect(applied).toEqual(upTo(1));
  f.receive(four);
  expect(applied).toEqual(upTo(1));
  await f.settled();
  f.receive(two);
  f.receive(three);
  f.receive(four);
  expect(applied).toEqual(upTo(4));
});

test('[R5] whatever the bus loses, doubles or brings out of order, each entry is applied once and in order', async () => {
  const entries = await write(40);
  for (let seed = 1; seed <= 25; seed++) {
    applied = [];
    const f = follow();
    const chance = seeded(seed);
    for (let n = 0; n < 120; n++) {
      f.receive(chance.pick(entries));
      if (chance.oneIn(8)) await new Promise(setImmediate);
    }
    f.head({ epoch: 1, revision: 40 }, 1);
    await f.settled();
    expect(applied, `seed ${seed}`).toEqual(upTo(40));
  }
});

test('[R5] entries rung while the log is being read follow what was read', async () => {
  const entries = await write(6);
  const f = follow();
  f.receive(entries[2] as LogEntry);
  const more = await write(2);
  for (const e of more.slice(4)) f.receive(e);
  await f.settled();
  expect(applied).toEqual(upTo(8));
});

test('[R5] a log that cannot be read is read with the next beat', async () => {
  await write(3);
  const f = follow();
  await pool.query('select 1');
  await hub.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'follower'`);
  await hub.pool.query('alter table entry rename to entry_away');
  f.head({ epoch: 1, revision: 3 }, 10);
  await f.settled();
  expect(applied).toEqual([]);
  expect(f.proven).toBe(-Infinity);
  await hub.pool.query('alter table entry_away rename to entry');
  f.head({ epoch: 1, revision: 3 }, 20);
  await f.settled();
  expect(applied).toEqual(upTo(3));
  expect(f.proven).toBe(20);
});

test('[R2] a log with a hole in it is not followed past the hole', async () => {
  await write(5);
  await hub.pool.query('delete from put where revision = 3');
  await hub.pool.query('delete from entry where revision = 3');
  const f = follow();
  f.head({ epoch: 1, revision: 5 }, 10);
  await f.settled();
  expect(applied).toEqual([]);
  expect(f.proven).toBe(-Infinity);
});

test('[R7] nothing is proved before PostgreSQL has said where the head is', async () => {
  const entries = await write(2);
  const f = follow();
  expect(f.proven).toBe(-Infinity);
  for (const e of entries) f.receive(e);
  expect(f.proven).toBe(-Infinity);
  mono = 500;
  f.head({ epoch: 1, revision: 2 }, 480);
  expect(f.proven).toBe(480);
});

test('[R7] a hub that is behind at every beat is proved as soon as it has what each beat spoke of', async () => {
  const entries = await write(9);
  const f = follow();
  f.head({ epoch: 1, revision: 3 }, 100);
  f.head({ epoch: 1, revision: 6 }, 200);
  for (const e of entries.slice(0, 4)) f.receive(e);
  expect(f.proven).toBe(100);
  for (const e of entries.slice(4, 6)) f.receive(e);
  expect(f.proven).toBe(200);
  f.head({ epoch: 1, revision: 9 }, 300);
  await f.settled();
  expect(f.proven).toBe(300);
});

test('[R3] a record that goes back without a new epoch is never taken for proof', async () => {
  await write(3);
  const f = follow();
  f.head({ epoch: 1, revision: 3 }, 10);
  await f.settled();
  f.head({ epoch: 1, revision: 2 }, 20);
  expect(f.proven).toBe(10);
});

test('[R3] PostgreSQL alone says that another epoch has begun', async () => {
  const entries = await write(2);
  const f = follow();
  f.receive({ ...(entries[0] as LogEntry), epoch: 9 });
  await f.settled();
  expect(f.at.epoch).toBe(1);
  for (const e of entries) f.receive(e);
  expect(applied).toEqual(upTo(2));
});

test('[R3] while another epoch is being read, and after it, nothing of the old one is applied', async () => {
  const old = await write(5);
  await hub.pool.query('update board set epoch = 2, revision = 0');
  let begun: (() => void) | undefined;
  const waiting = new Promise<void>((done) => (begun = done));
  let reached: (() => void) | undefined;
  const asked = new Promise<void>((done) => (reached = done));
  const f = follow(async (to) => {
    reached?.();
    await waiting;
    return () => ({ epoch: to, revision: 0 });
  });
  f.receive(old[0] as LogEntry);
  f.head({ epoch: 2, revision: 0 }, 50);
  await asked;
  // One that would be next in the old epoch, and one that would wait for it.
  f.receive(old[1] as LogEntry);
  f.receive(old[4] as LogEntry);
  begun?.();
  await f.settled();
  expect(f.at).toEqual({ epoch: 2, revision: 0 });
  expect(f.proven).toBe(50);
  f.receive({ ...(old[0] as LogEntry), epoch: 2 });
  f.receive({ ...(old[1] as LogEntry), epoch: 2, revision: 2 });
  expect(applied.filter((a) => a.startsWith('2/'))).toEqual(upTo(2, 2));
  expect(applied.slice(applied.indexOf('2/1'))).toEqual(upTo(2, 2));
});
