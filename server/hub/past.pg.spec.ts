import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { partsOf, readCheckpoint, Whole, writeCheckpoint } from '../record/checkpoints.ts';
import { openPool } from '../record/pool.ts';
import { accepted, author, commandOf, noteDatabase, openHub, quiet, testBoard, type TestHub } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { leaveCheckpoint, readPast } from './past.ts';
import { Picture } from './picture.ts';

let database: FreshDatabase;
let hubs: TestHub[];
const clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
beforeEach(async () => {
  database = await noteDatabase();
  hubs = [];
  await (await open()).core.create(testBoard);
});
afterEach(async () => {
  for (const h of hubs) if (!h.closed) await h.close();
  await database.drop();
});
async function open(checkpointEvery?: number): Promise<TestHub> {
  const hub = await openHub({ database: database.config, features: noteFeatures, clock, ...(checkpointEvery === undefined ? {} : { checkpointEvery }) });
  hubs.push(hub);
  return hub;
}
let titles = 0;
const add = async (at: TestHub, unit = 'a'): Promise<void> => void accepted(await at.board().submit(author('operator'), commandOf('note.add', { title: `p${titles++}`, unit })));
const versions = new Picture(noteFeatures, testBoard.zone).versions();
const left = async (hub: TestHub): Promise<number[]> => (await hub.pool.query<{ revision: string }>('select revision from checkpoint order by revision')).rows.map((r) => Number(r.revision));
const partsLeft = async (hub: TestHub): Promise<number> => Number((await hub.pool.query<{ n: string }>('select count(*) as n from checkpoint_part')).rows[0]?.n);
const byUnit = async (hub: TestHub, upTo: number): Promise<unknown> => ((await readPast(hub.pool, noteFeatures, testBoard, 1, upTo)).picture.view('note', clock.now()) as { byUnit: unknown }).byUnit;
const first = (): TestHub => hubs[0] as TestHub;

function sameInParts(json: unknown, few: number, length: number): void {
  const whole = new Whole();
  for (const part of partsOf(json, few, length)) whole.add(part);
  expect(whole.value).toEqual(json);
  // The order of names is kept too: a view may follow it.
  expect(JSON.stringify(whole.value)).toBe(JSON.stringify(json));
}

test('[R3] plain JSON in parts is the same when put together, whatever is long in it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), fc.nat(4), fc.integer({ min: 1, max: 80 }), (value, few, length) => sameInParts(JSON.parse(JSON.stringify(value)), few, length)),
    { numRuns: 500 },
  );
});

test('[R3] a member named as what a map descends from is a member like any other', () => {
  sameInParts(JSON.parse('{"a":1,"__proto__":{"b":2,"c":3}}'), 1, 80);
  expect(Object.hasOwn(Object.prototype, 'b')).toBe(false);
});

test('[R3] a part is no longer than it should be, and there are as many as it takes', () => {
  const state = { lines: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`id-${i}`, { number: i, title: '调度' }])), few: [1, 2] };
  const parts = [...partsOf(state)];
  expect(parts.length).toBeGreaterThan(5);
  expect(Math.max(...parts.map((p) => p.length))).toBeLessThan(66_000);
});

describe('[R3] a checkpoint while the board goes on', () => {
  test('is of the revision it was begun at, whatever comes on the way, and nobody waits for it', async () => {
    const hub = first();
    for (let i = 0; i < 3; i++) await add(hub);
    const { picture } = await readPast(hub.pool, noteFeatures, testBoard, 1, 3);
    // In the middle of it somebody's command is given; it goes on writing until that has been answered.
    let answered = false;
    const parts = (function* (): Generator<string> {
      const [outline = '', ...rest] = picture.parts();
      yield outline;
      void add(hub, 'b').then(() => (answered = true));
      while (!answered) yield '[["folds"],{}]';
      yield* rest;
    })();
    expect(await writeCheckpoint(hub.pool, testBoard.id, { epoch: 1, revision: 3 }, versions, parts)).toBe(true);
    expect(hub.board().at.revision).toBe(4);
    // And of a revision that was passed long ago.
    expect(await leaveCheckpoint(hub.pool, noteFeatures, testBoard, { epoch: 1, revision: 2 }, () => true)).toBe(true);
    expect(await left(hub)).toEqual([2, 3]);
    for (const upTo of [2, 3]) {
      const kept = await readCheckpoint(hub.pool, testBoard.id, 1, versions, upTo);
      expect(kept?.revision).toBe(upTo);
      expect(await byUnit(hub, upTo)).toEqual({ a: upTo });
    }
    expect(await byUnit(hub, 4)).toEqual({ a: 3, b: 1 });
  });

  test('every so many revisions one is left by the hub itself, and the next hub begins there', async () => {
    const hub = await open(4);
    for (let i = 0; i < 4; i++) await add(hub);
    await hub.board().checkpointSettled();
    expect(await left(hub)).toEqual([4]);
    await add(hub, 'b');
    // What the checkpoint says is believed: it really is where the next one begins.
    await hub.pool.query(`update checkpoint_part set part = jsonb_set(part::jsonb, '{1,folds,note,done}', '77')::text where ord = 0`);
    const next = await open();
    expect((await readPast(next.pool, noteFeatures, testBoard, 1, 5)).picture.view('note', clock.now())).toMatchObject({ byUnit: { a: 4, b: 1 }, done: 77 });
  });

  test('one that ends on the way leaves nothing, and the next hub has everything all the same', async () => {
    const hub = first();
    for (let i = 0; i < 5; i++) await add(hub);
    const at = { epoch: 1, revision: 5 };
    expect(await leaveCheckpoint(hub.pool, noteFeatures, testBoard, { epoch: 1, revision: 2 }, () => true)).toBe(true);
    const before = await partsLeft(hub);
    const whole = [...(await readPast(hub.pool, noteFeatures, testBoard, 1, 5)).picture.parts()];
    // As where a hub is killed with -9: its connection is gone between two parts.
    const own = openPool({ ...database.config, max: 1 }, quiet);
    let ended = 0;
    const broken = (function* (): Generator<string> {
      yield* whole;
      for (;;) {
        // Asked for from outside; it goes on until it is cut off.
        if (ended++ === 0) void hub.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dies' and datname = current_database()`);
        yield '[["folds"],{}]';
      }
    })();
    await own.query(`set application_name = 'dies'`);
    await expect(writeCheckpoint(own, testBoard.id, at, versions, broken)).rejects.toThrow();
    await own.end();
    expect(ended).toBeGreaterThan(0);
    expect(await left(hub)).toEqual([2]);
    expect(await partsLeft(hub)).toBe(before);
    const next = await open();
    await next.core.tick();
    expect(next.board().at.revision).toBe(5);
    // And given up by a hub that closes.
    expect(await writeCheckpoint(hub.pool, testBoard.id, at, versions, whole, () => false)).toBe(false);
    expect(await left(hub)).toEqual([2]);
  });

  test('two hubs that leave the same one leave it once; one of other versions in its place is replaced', async () => {
    const hub = first();
    const other = await open();
    for (let i = 0; i < 3; i++) await add(hub);
    const at = { epoch: 1, revision: 3 };
    await hub.pool.query(`insert into checkpoint (board, epoch, revision, versions, state) values ('test', 1, 3, 'older', '{"folds": {}}')`);
    expect(await Promise.all([hub, other].map((h) => leaveCheckpoint(h.pool, noteFeatures, testBoard, at, () => true)))).toEqual([true, true]);
    const parts = [...(await readPast(hub.pool, noteFeatures, testBoard, 1, 3)).picture.parts()];
    expect(await partsLeft(hub)).toBe(parts.length);
    expect(await byUnit(hub, 3)).toEqual({ a: 3 });
  });
});
