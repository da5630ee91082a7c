import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { everywhere, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import type { Beat, ViewFrame } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { entryChannel } from '../fanout/fanout.ts';
import { beginEpoch } from '../record/epochs.ts';
import { readBoards } from '../record/log.ts';
import { readPast } from './past.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { accepted, author, commandOf, noteDatabase, openHub, testBoard, type TestHub, type Told } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { Screen } from '../testing/screen.ts';
import { seeded } from '../testing/seeded.ts';

let database: FreshDatabase;
let clock: ManualClock;
let hubs: TestHub[];
let bus: MemoryBus;

beforeEach(async () => {
  database = await noteDatabase();
  clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
  bus = new MemoryBus();
  hubs = [];
  const first = await open();
  await first.core.create(testBoard);
});

afterEach(async () => {
  for (const hub of hubs) if (!hub.closed) await hub.close();
  await database.drop();
});

async function open(more: { features?: Record<string, Feature>; bus?: MemoryBus } = {}): Promise<TestHub> {
  const hub = await openHub({ database: database.config, features: more.features ?? noteFeatures, clock, fanout: (more.bus ?? bus).connect() });
  hubs.push(hub);
  return hub;
}

const hub = (i = 0): TestHub => {
  const found = hubs[i];
  if (!found) throw new Error(`no hub ${i}`);
  return found;
};

let titles = 0;
const add = async (more: Record<string, unknown> = {}, at = hub()): Promise<string> =>
  String(accepted(await at.board().submit(author('operator'), commandOf('note.add', { title: `t${titles++}`, unit: 'a', ...more }))).result.id);

function screen(scope: Scope | null, options: { views?: boolean; id?: string } = {}): Screen & { wrong: string[] } {
  const wrong: string[] = [];
  const s = new Screen({
    name: options.id ?? 'screen',
    who: scope && author('operator', scope),
    views: options.views ?? true,
    chance: seeded(1),
    watch: { wrong: (what) => wrong.push(what), shown: () => undefined },
  });
  return Object.assign(s, { wrong });
}

/** Until a screen has taken everything that was told to it, and has joined if it had to. */
async function drain(...screens: Screen[]): Promise<void> {
  for (const s of screens) {
    do {
      s.pump();
      await s.asked();
    } while (!s.live || s.waiting > 0);
  }
}

const isView = (to: number) => (t: Told): boolean => t.event === 'view' && (t.message as ViewFrame).to >= to;

describe('[R6] joining', () => {
  test('while two hubs write, every screen joins once and misses nothing', async () => {
    await open();
    const scopes: Scope[] = [everywhere, ...['a', 'b', 'c', 'd'].map((u) => ({ units: [u], localities: null })), { units: ['a', 'b'], localities: null }];
    const screens: (Screen & { wrong: string[] })[] = [];
    const writing = Array.from({ length: 240 }, (_, i) => add({ unit: 'abcd'[i % 4] }, hub(i % 2)));
    for (let round = 0; round < 24; round++) {
      await writing[round * 10];
      const s = screen(round % 7 === 6 ? null : (scopes[round % scopes.length] as Scope), { id: `s${round}`, views: round % 2 === 0 || round % 7 === 6 });
      s.attach(hub(round % 2));
      s.pump();
      screens.push(s);
    }
    await Promise.all(writing);
    const head = Math.max(...hubs.map((h) => h.board().at.revision));
    expect(head).toBe(240);
    for (const h of hubs) {
      await h.core.tick();
      await h.board().settled();
      h.board().flush(false);
      await h.core.tick();
    }
    await drain(...screens);
    for (const s of screens) {
      const scope = s.options.who?.scope;
      expect(s.wrong).toEqual([]);
      expect(s.joins, s.describe()).toBe(1);
      if (scope) {
        const { rows } = await hub().pool.query<{ id: string }>('select id from record where $1::text[] is null or units && $1', [scope.units]);
        expect(Object.keys(s.inHand()).sort(), s.describe()).toEqual(rows.map((r) => r.id).sort());
      }
      if (s.options.views) expect(s.views.note).toMatchObject({ byUnit: { a: 60, b: 60, c: 60, d: 60 } });
    }
  });

  test('an audience nobody belongs to any more is forgotten, and read again for whoever comes', async () => {
    const s = screen(everywhere);
    s.attach(hub());
    await drain(s);
    s.detach();
    await hub().core.tick();
    await add();
    await hub().core.tick();
    const told = hub().rooms.told.filter((t) => t.event === 'entry');
    expect(told).toEqual([]);
    s.attach(hub());
    await drain(s);
    expect(Object.keys(s.inHand())).toHaveLength(1);
  });

  test('a frame that never came is noticed with the next beat, and the screen joins again', async () => {
    const s = screen(everywhere);
    s.attach(hub());
    await drain(s);
    s.loses = 1;
    for (let i = 0; i < 4; i++) await add();
    await hub().rooms.until(isView(4));
    s.loses = 0;
    s.pump();
    expect(s.joins).toBe(1);
    await hub().core.tick();
    await drain(s);
    expect(s.joins).toBe(2);
    expect(Object.keys(s.inHand())).toHaveLength(4);
    expect(s.wrong).toEqual([]);
  });
});

describe('[R12] pace', () => {
  test('the first change after a quiet moment goes out at once; those within the gap go together', async () => {
    await add();
    await hub().rooms.until(isView(1));
    // The clock stands still: the next two fall within the gap and wait for its end.
    await add();
    await add();
    await hub().rooms.until(isView(3));
    const frames = hub().rooms.told.filter((t) => t.event === 'view').map((t) => [(t.message as ViewFrame).from, (t.message as ViewFrame).to]);
    expect(frames).toEqual([
      [0, 1],
      [1, 3],
    ]);
  });

  test('the gap grows to 100 ms only while flushing takes more than a quarter of it, and shrinks back to 20', async () => {
    let takes = 30;
    const slow = noteFeatures.note as Feature;
    const h = await open({
      features: {
        note: {
          ...slow,
          fold: {
            ...slow.fold,
            view: (state, now, zone) => {
              clock.advance(takes);
              return slow.fold.view(state, now, zone);
            },
          },
        },
      },
    });
    const paces: number[] = [];
    for (let i = 0; i < 6; i++) {
      h.board().flush(true);
      paces.push(Math.round(h.board().pace));
    }
    takes = 0;
    for (let i = 0; i < 6; i++) {
      h.board().flush(true);
      paces.push(Math.round(h.board().pace));
    }
    expect(paces).toEqual([30, 45, 68, 100, 100, 100, 67, 44, 30, 20, 20, 20]);
  });
});

describe('[R3] checkpoints and epochs', () => {
  test('a hub that opens again begins where its last checkpoint stands', async () => {
    for (let i = 0; i < 5; i++) await add();
    await hub().close();
    const second = await open();
    await add({ unit: 'b' }, second);
    const third = await open();
    await third.core.tick();
    const s = screen(null);
    s.attach(third);
    await drain(s);
    expect(s.views.note).toMatchObject({ byUnit: { a: 5, b: 1 } });
    // It really was the checkpoint: what it says is believed.
    await second.close();
    await third.close();
    await (await open()).pool.query(`update checkpoint_part set part = jsonb_set(part::jsonb, '{1,folds,note,done}', '77')::text where ord = 0`);
    const fourth = await open();
    s.attach(fourth);
    await drain(s);
    expect(s.views.note).toMatchObject({ byUnit: { a: 5, b: 1 }, done: 77 });
  });

  test('a checkpoint made by other versions of the folds is not used', async () => {
    for (let i = 0; i < 5; i++) await add();
    await hub().close();
    const note = noteFeatures.note as Feature;
    const newer = await open({ features: { note: { ...note, fold: { ...note.fold, version: 2 } } } });
    await newer.pool.query(`update checkpoint_part set part = '[[], {}]'`);
    const newest = await open({ features: { note: { ...note, fold: { ...note.fold, version: 3 } } } });
    const s = screen(null);
    s.attach(newest);
    await drain(s);
    expect(s.views.note).toMatchObject({ byUnit: { a: 5 } });
  });

  test('when another epoch begins, every screen joins again and shows it, whatever it listens to', async () => {
    await add();
    const [wall, entriesOnly, both] = [screen(null), screen(everywhere, { views: false }), screen({ units: ['a'], localities: null })];
    for (const s of [wall, entriesOnly, both]) s.attach(hub());
    await drain(wall, entriesOnly, both);
    expect(Object.keys(both.inHand())).toHaveLength(1);
    await hub().pool.query(`delete from record; delete from record_key; update board set epoch = 2, revision = 0`);
    await hub().core.tick();
    await hub().board().settled();
    await drain(wall, entriesOnly, both);
    for (const s of [wall, entriesOnly, both]) {
      expect(s.joins, s.describe()).toBe(2);
      expect(s.inHand()).toEqual({});
    }
    expect(wall.views).toMatchObject({ note: { byUnit: {} }, recent: [] });
    await add({ unit: 'a' });
    await hub().rooms.until((t) => t.event === 'view' && (t.message as ViewFrame).epoch === 2 && (t.message as ViewFrame).to === 1);
    await drain(wall, entriesOnly, both);
    expect(Object.keys(entriesOnly.inHand())).toHaveLength(1);
    expect(wall.views.note).toMatchObject({ byUnit: { a: 1 } });
    expect(wall.sync.views?.at).toEqual({ epoch: 2, revision: 1 });
  });

  test('an epoch that carries on begins with the figures and records that stood, and with no revision of its own', async () => {
    for (let i = 0; i < 4; i++) await add({ unit: i % 2 ? 'a' : 'b' });
    const [wall, desk] = [screen(null), screen(everywhere)];
    for (const s of [wall, desk]) s.attach(hub());
    await drain(wall, desk);
    expect(await beginEpoch(hub().pool, 'test', { empty: false, after: 6 })).toBe(7);
    const late = await open();
    for (const h of [hub(), late]) {
      await h.core.tick();
      await h.board().settled();
    }
    await drain(wall, desk);
    expect(wall.views).toMatchObject({ note: { byUnit: { a: 2, b: 2 } }, recent: [{}, {}, {}, {}] });
    expect(wall.sync.views?.at).toEqual({ epoch: 7, revision: 0 });
    expect(Object.keys(desk.inHand())).toHaveLength(4);
    await add({ unit: 'a' });
    await hub().rooms.until((t) => t.event === 'view' && (t.message as ViewFrame).epoch === 7 && (t.message as ViewFrame).to === 1);
    await drain(wall, desk);
    expect(wall.views.note).toMatchObject({ byUnit: { a: 3, b: 2 } });
    // Again, from an epoch that was itself carried on, by a hub that opens afresh and finds no checkpoint.
    expect(await beginEpoch(hub().pool, 'test', { empty: false })).toBe(8);
    await hub().pool.query('delete from checkpoint');
    const fresh = await open();
    const other = screen(null);
    other.attach(fresh);
    await drain(other);
    expect(other.views.note).toMatchObject({ byUnit: { a: 3, b: 2 } });
    const titlesTaken = await fresh.board().submit(author('operator'), commandOf('note.add', { title: `t${titles - 1}`, unit: 'a' }));
    expect(titlesTaken).toMatchObject({ ok: false, error: { code: 'alreadyExists' } });
  });

  test('an epoch that begins empty has no records, no figures and its numbers from one; the log of the old one stays', async () => {
    for (let i = 0; i < 3; i++) await add({ who: 'someone' });
    await beginEpoch(hub().pool, 'test', { empty: true });
    await hub().core.tick();
    await hub().board().settled();
    const s = screen(everywhere);
    s.attach(hub());
    await drain(s);
    expect(s.inHand()).toEqual({});
    expect(s.views).toMatchObject({ note: { byUnit: {}, done: 0 }, recent: [] });
    const again = accepted(await hub().board().submit(author('operator'), commandOf('note.add', { title: 't0', unit: 'a' })));
    expect(again).toMatchObject({ epoch: 2, revision: 1, result: { number: 1 } });
    const { rows } = await hub().pool.query<{ entries: string; personal: string }>('select (select count(*) from entry) as entries, (select count(*) from personal) as personal');
    expect(rows[0]).toEqual({ entries: '4', personal: '0' });
  });

  test('the figures of any past revision are those that stood at it', async () => {
    const then: Record<number, unknown> = {};
    for (let i = 1; i <= 9; i++) {
      await add({ unit: 'abc'[i % 3] });
      await hub().rooms.until(isView(i));
      then[i] = { ...(hub().rooms.told.filter((t) => t.event === 'view').at(-1)?.message as ViewFrame).views };
      if (i === 5) {
        // One checkpoint on the way.
        await hub().close();
        hubs.splice(0, 1, await open());
        hubs.pop();
      }
    }
    for (let i = 1; i <= 9; i++) {
      const { picture, revision } = await readPast(hub().pool, noteFeatures, testBoard, 1, i);
      expect(revision).toBe(i);
      expect({ note: picture.view('note', clock.now()) }).toMatchObject({ note: (then[i] as { note: unknown }).note });
    }
    await expect(readPast(hub().pool, noteFeatures, testBoard, 1, 10)).rejects.toThrow('ends at 1/9');
  });

  test('who joins while the hub has not followed to the new epoch is asked to come again, and then sees it', async () => {
    await add();
    await hub().pool.query(`delete from record; delete from record_key; update board set epoch = 2, revision = 0`);
    const s = screen(everywhere);
    s.attach(hub());
    await drain(s);
    expect(s.sync.entries?.at.epoch).toBe(2);
    expect(s.inHand()).toEqual({});
    expect(s.wrong).toEqual([]);
  });
});

describe('[R15] due times', () => {
  test('are written once though two hubs notice them, and not before their moment', async () => {
    const other = await open();
    const due = clock.now() + 60_000;
    const id = await add({ due });
    await other.core.tick();
    await other.board().settled();
    const both = async (): Promise<void> => {
      for (const h of hubs) h.board().runDues();
      // The writer takes in order: once this is refused, what fell due has been decided.
      for (const h of hubs) await h.board().submit(author('operator'), commandOf('note.edit', { id: 'none', changes: {} }));
    };
    await both();
    expect(hub().board().at.revision).toBe(1);
    clock.advance(60_000);
    await both();
    await both();
    const { rows } = await hub().pool.query(
      `select e.revision::int, e.author_id, e.recorded >= to_timestamp($1::float / 1000) as after, p.body ->> 'lapsed' as lapsed
         from entry e join put p using (board, epoch, revision) where e.command = 'note.lapse' and p.id = $2`,
      [due, id],
    );
    expect(rows).toEqual([{ revision: 2, author_id: 'system', after: true, lapsed: 'true' }]);
    // Nor again after a restart.
    const third = await open();
    third.board().runDues();
    await third.board().submit(author('operator'), commandOf('note.edit', { id: 'none', changes: {} }));
    expect(third.board().at.revision).toBe(2);
  });

  test('more at one moment than go at once are all written by one look', async () => {
    const due = clock.now() + 60_000;
    const MANY = 450;
    await Promise.all(Array.from({ length: MANY }, () => add({ due })));
    clock.advance(60_000);
    hub().board().runDues();
    await vi.waitUntil(() => hub().board().at.revision >= 2 * MANY, { timeout: 20_000 });
    expect(hub().board().at.revision).toBe(2 * MANY);
  });
});

describe('[R5 R7] the bus, the beat and what is proved', () => {
  test('a hub that hears nothing over the bus is at the head with its next beat', async () => {
    const deaf = await open({ bus: new MemoryBus() });
    await add();
    expect(deaf.board().at.revision).toBe(0);
    await deaf.core.tick();
    await deaf.board().settled();
    expect(deaf.board().at.revision).toBe(1);
    clock.advance(700);
    expect(deaf.board().proven).toBe(700);
  });

  test('the hubs of another centre on the same bus, with a board of the same name, are not heard', async () => {
    const elsewhere = await noteDatabase();
    const theirs = await openHub({ database: elsewhere.config, features: noteFeatures, fanout: bus.connect(), clock });
    await theirs.core.create(testBoard);
    // Their first entry would be our next.
    accepted(await theirs.board().submit(author('operator'), commandOf('note.add', { title: 'theirs', unit: 'a' })));
    await new Promise(setImmediate);
    await hub().board().settled();
    expect(hub().board().at).toEqual({ epoch: 1, revision: 0 });
    await theirs.close();
    await elsewhere.drop();
  });

  test('what is no entry moves nothing, whatever its shape; the log has what it stood for', async () => {
    const other = await open({ bus: new MemoryBus() });
    await add();
    const intruder = bus.connect();
    const [row] = await readBoards(hub().pool);
    const channel = entryChannel(row?.identity ?? '');
    const { board: id } = { board: 'test' };
    const entry = { board: id, epoch: 1, revision: 2, recorded: 0, occurred: 0, command: 'note.add', author: { id: 'x', label: 'x' } };
    for (const junk of ['', '{', 'null', '[]', '{}', '"x"', JSON.stringify(entry), JSON.stringify({ ...entry, puts: [] }), JSON.stringify({ ...entry, puts: [{}] }), JSON.stringify({ ...entry, board: 'else', puts: [] })]) {
      intruder.publish(channel, junk);
    }
    intruder.publish(channel, JSON.stringify({ ...entry, epoch: 7, puts: [{ kind: 'note', id: 'n', version: 1, kindVersion: 1, body: {}, was: null }] }));
    await new Promise(setImmediate);
    await hub().board().settled();
    expect(hub().board().at).toEqual({ epoch: 1, revision: 1 });
    await add({}, other);
    await hub().core.tick();
    await hub().board().settled();
    expect(hub().board().at.revision).toBe(2);
    expect(hub().board().broken).toBeNull();
    await intruder.close();
  });

  test('the beat goes out while PostgreSQL does not answer, and says how old its proof is', async () => {
    await hub().core.tick();
    const told = (): Beat => hub().rooms.told.filter((t) => t.event === 'beat').at(-1)?.message as Beat;
    expect(told().proven).toBe(0);
    await hub().pool.query('alter table board rename to board_away');
    clock.advance(6_000);
    await hub().core.tick();
    expect(told().proven).toBe(6_000);
    expect(hub().core.ready().ready).toBe(false);
    await hub().pool.query('alter table board_away rename to board');
    await hub().core.tick();
    expect(told().proven).toBe(0);
  });

  test('a hub that has just opened a board claims nothing until its first look at the head', async () => {
    const fresh = await open();
    expect(fresh.board().proven).toBeGreaterThan(5_000);
    await fresh.core.tick();
    expect(fresh.board().proven).toBe(0);
  });

  test('boards made at once, by several, are opened once each and served by every hub from its next beat', async () => {
    const other = await open();
    const more = { ...testBoard, id: 'second' };
    const made = await Promise.all([hub().core.create(more), other.core.create(more), hub().core.tick(), other.core.tick()]);
    expect(made.slice(0, 2).filter(Boolean)).toHaveLength(1);
    const board = other.core.boards.get('second');
    await hub().core.open();
    await other.core.open();
    expect(other.core.boards.get('second')).toBe(board);
    accepted(await (hub().core.boards.get('second') as NonNullable<typeof board>).submit(author('operator'), commandOf('note.add', { title: 'x', unit: 'a' }, { board: 'second' })));
    await other.core.tick();
    await board?.settled();
    expect(board?.at.revision).toBe(1);
  });
});

test('[R14] an exercise’s time set anew runs on every hub from its next beat, and screens begin with it', async () => {
  const exercise = { ...testBoard, id: 'exercise', exercise: true };
  const start = Date.UTC(2020, 0, 23, 2);
  await hub().core.create(exercise, { anchor: clock.now(), start, speed: 60 });
  const other = await open();
  const [here, there] = [hub().core.boards.get('exercise'), other.core.boards.get('exercise')];
  clock.advance(1_000);
  expect([here?.clock.now(), there?.clock.now()]).toEqual([start + 60_000, start + 60_000]);
  await hub().core.setTime('exercise', { anchor: clock.now(), start: start + 86_400_000, speed: 10 });
  expect(hub().core.boards.get('exercise')).toBe(here);
  await other.core.tick();
  clock.advance(1_000);
  expect([here?.clock.now(), there?.clock.now()]).toEqual([start + 86_410_000, start + 86_410_000]);
  const told = other.rooms.told.filter((t) => t.room === there?.aloneRoom && t.event === 'beat').map((t) => t.message as Beat);
  expect(told.at(-1)).toMatchObject({ rejoin: true, speed: 10 });
  await other.core.tick();
  expect((other.rooms.told.filter((t) => t.room === there?.aloneRoom && t.event === 'beat').at(-1)?.message as Beat).rejoin).toBeUndefined();
});

describe('[R17] what this build does not know', () => {
  test('an entry of a newer version stops the board, which says so, proves nothing and takes nothing', async () => {
    const note = noteFeatures.note as Feature;
    const newer = await open({ features: { note: { ...note, version: 2 } } });
    await newer.core.tick();
    await add({}, newer);
    await hub().core.tick();
    await hub().board().settled();
    expect(hub().board().broken).toMatch(/note 2/);
    expect(hub().board().proven).toBeGreaterThan(5_000);
    expect(hub().core.ready()).toMatchObject({ ready: false, why: expect.stringContaining('note 2') as string });
    expect(await hub().board().submit(author('operator'), commandOf('note.add', { title: 'y', unit: 'a' }))).toMatchObject({ ok: false, error: { code: 'notReady' } });
    await expect(hub().board().join(null, true, () => undefined)).rejects.toMatchObject({ problem: { code: 'notReady' } });
    // Nor is a checkpoint of it left for others.
    await hub().close();
    const { rows } = await newer.pool.query<{ n: string }>(`select count(*) as n from checkpoint where versions like '%note:1%'`);
    expect(Number(rows[0]?.n)).toBe(0);
  });

  test('a fold that throws stops its board instead of the hub', async () => {
    const note = noteFeatures.note as Feature;
    const bad = await open({
      features: {
        note: {
          ...note,
          fold: {
            ...note.fold,
            apply: () => {
              throw new Error('a fold gone wrong');
            },
          },
        },
      },
    });
    await add({}, hub());
    await bad.core.tick();
    await bad.board().settled();
    expect(bad.board().broken).toBe('a fold gone wrong');
  });
});
