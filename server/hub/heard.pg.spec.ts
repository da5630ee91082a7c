import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { freshDatabase } from '../../e2e/setup/database.ts';
import { asPattern, kinds } from '../../shared/features/index.ts';
import { seedReference } from '../dev/seed.ts';
import { entryChannel, publicChannel, revokedChannel, type Fanout } from '../fanout/fanout.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { logEntry, readBoards, readLog, type LogEntry } from '../record/log.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../testing/cluster.ts';
import { readPast } from './past.ts';

/**
 * [R5] Whatever comes over the bus, and [R17] whatever lies in the log: rubbish, entries that are old, repeated, out of
 * order, cut short, too large, of other builds or changed on the way. A hub shows what the log holds, or says that it cannot.
 * Who may speak on the hubs' channel is for the bus to say (server/fanout/accessList.redis.spec.ts): a lie in perfect form is
 * not told from the truth here.
 */
let database: FreshDatabase;
let writing: TestHub;
let listening: TestHub;
let bad: Fanout;
let channel = '';
let sent: LogEntry[] = [];
const leader = author('leader');

beforeAll(async () => {
  database = await freshDatabase();
  writing = await openHub({ database: database.config, features: asPattern, fanout: new MemoryBus().connect() });
  await writing.core.create(testBoard);
  await seedReference(writing.board());
  const bus = new MemoryBus();
  listening = await openHub({ database: database.config, features: asPattern, fanout: bus.connect() });
  bad = bus.connect();
  channel = entryChannel((await readBoards(writing.pool))[0]?.identity ?? '');
});
afterAll(async () => {
  await bad.close();
  await Promise.all([writing.close(), listening.close()]);
  await database.drop();
});

/** Something happens; the hub that listens is not told. */
async function happens(): Promise<LogEntry[]> {
  const from = listening.board().at;
  const raised = accepted(await writing.board().submit(leader, commandOf('alert.raise', { title: '试', level: 'low' })));
  await writing.board().submit(leader, commandOf('alert.move', { id: raised.result.id, from: 'new', to: 'cleared', reason: 'x' }));
  await writing.board().submit(leader, commandOf('order.give', { title: '试', units: ['health'], due: Date.now() + 3_600_000 }));
  return (await readLog(writing.pool, testBoard.id, from, 100)).filter((e) => e.revision > from.revision);
}
async function same(): Promise<void> {
  await listening.core.tick();
  await listening.board().settled();
  expect(listening.board().broken).toBeNull();
  expect(listening.board().at).toEqual(writing.board().at);
  const shown = (h: TestHub): Promise<unknown> =>
    new Promise((done, fail) => void h.board().join(null, true, (_, start) => done(start.views?.views)).catch(fail));
  listening.board().flush(false);
  writing.board().flush(false);
  expect(await shown(listening)).toEqual(await shown(writing));
}

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('', '{', 'null', '[]', '"x"', '\u0000', '{"__proto__":{"polluted":1}}', `{"board":"${testBoard.id}","epoch":1,"revision":9007199254740993,`, '[' .repeat(50_000), `{"board":"${'长'.repeat(1_000_000)}"}`),
);
const spoilt = fc.constantFrom<unknown>(null, undefined, 0, -1, 1.5, '', 'x', [], {}, [[]], { length: { toString: 0 } }, '__proto__', true, 1e308);
/** One thing about a true entry is no longer so, and cannot be. */
const change = fc.oneof(
  fc.tuple(fc.constantFrom('board', 'epoch', 'revision', 'recorded', 'occurred', 'command', 'author', 'puts'), spoilt).map(([name, to]) => (e: LogEntry) => ({ ...e, [name]: to })),
  fc.tuple(fc.constantFrom('kind', 'version', 'kindVersion', 'body', 'was'), spoilt).filter(([name, to]) => !(name === 'was' && to === null) && !(name === 'version' && typeof to === 'number')).map(([name, to]) => (e: LogEntry) => ({ ...e, puts: e.puts.map((p) => ({ ...p, [name]: to })) })),
  fc.constantFrom(-7, 0, 99, 2 ** 31).map((kindVersion) => (e: LogEntry) => ({ ...e, puts: e.puts.map((p) => ({ ...p, kindVersion })) })),
  fc.constantFrom('nothing', 'constructor', '__proto__', 'toString').map((kind) => (e: LogEntry) => ({ ...e, puts: e.puts.map((p) => ({ ...p, kind })) })),
  // A field of the record that is missing, or is what that field never is.
  fc.tuple(fc.nat(60), fc.constantFrom<unknown>(undefined, { a: { b: 1 } }, { toString: 0 })).map(([at, to]) => (e: LogEntry) => ({
    ...e,
    puts: e.puts.map((p) => {
      const names = Object.keys(p.body);
      return { ...p, body: { ...p.body, [names[at % names.length] ?? '']: to } };
    }),
  })),
  fc.constant((e: LogEntry) => ({ ...e, revision: e.revision + 1_000_000 })),
  fc.constant((e: LogEntry) => ({ ...e, epoch: e.epoch + 5 })),
);
const story = fc.array(fc.oneof({ weight: 2, arbitrary: junk }, fc.tuple(fc.nat(5), change), { weight: 3, arbitrary: fc.nat(40) }), { minLength: 1, maxLength: 25 });

describe('over the bus', () => {
  test('the hub that hears it shows what the log holds, whatever was rung', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const next = await happens();
        sent = [...sent, ...next].slice(-40);
        for (const one of told) {
          if (typeof one === 'string') bad.publish(channel, one);
          // True ones: the newest, old ones, again and in any order.
          else if (typeof one === 'number') bad.publish(channel, JSON.stringify(sent[one % sent.length]));
          else {
            const [i, spoil] = one;
            const entry = next[i % next.length];
            if (entry) bad.publish(channel, JSON.stringify(spoil(entry)));
          }
        }
        await new Promise(setImmediate);
        await listening.board().settled();
        await same();
      }),
      { numRuns: 40 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('an entry that claims to be of a newer build is looked up in the log, and stops nothing there (seed 1316068620)', async () => {
    const [entry] = await happens();
    bad.publish(channel, JSON.stringify({ ...entry, puts: entry?.puts.map((p) => ({ ...p, kindVersion: 99 })) }));
    await new Promise(setImmediate);
    await listening.board().settled();
    await same();
  });

  test('a first version that claims something was there before is looked up in the log (seed 1728281596)', async () => {
    const [entry] = await happens();
    bad.publish(channel, JSON.stringify({ ...entry, puts: entry?.puts.map((p) => ({ ...p, was: {} })) }));
    await new Promise(setImmediate);
    await listening.board().settled();
    await same();
  });

  test('what is rung on the other channels moves nothing', async () => {
    const before = listening.board().at;
    for (const text of fc.sample(junk, 60)) for (const name of [publicChannel(testBoard.id), revokedChannel]) bad.publish(name, text);
    await new Promise(setImmediate);
    expect(listening.board().at).toEqual(before);
    await same();
  });
});

describe('in the log', () => {
  test('what no build of ours wrote stops its own board with a reason, or does no harm; the hub goes on with the others', async () => {
    const row = fc.tuple(fc.constantFrom(...kinds), fc.oneof(fc.constantFrom(-1, 0, 1, 99), fc.nat(3)), fc.oneof(fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue(), { maxKeys: 4 }), fc.nat(40)), spoilt);
    let n = 0;
    await fc.assert(
      fc.asyncProperty(row, async ([kind, kindVersion, given, to]) => {
        const id = `odd-${(n += 1)}`;
        const [sample] = asPattern[kind].samples() as { body: Record<string, unknown> }[];
        const whole = sample?.body ?? {};
        const names = Object.keys(whole);
        const body = typeof given === 'number' ? { ...whole, [names[given % names.length] ?? '']: to } : given;
        await writing.pool.query(`insert into board (id, name, zone, exercise, epoch, revision, recorded) values ($1, '{"zh":"x","en":"x"}', 'Asia/Shanghai', false, 1, 1, now())`, [id]);
        await writing.pool.query(
          `with e as (insert into entry (board, epoch, revision, recorded, occurred, sent, command, command_id, author_id, author_label) values ($1, 1, 1, now(), now(), now(), 'odd', 'x', 'x', 'x'))
           insert into put (board, epoch, revision, ord, kind, id, version, kind_version, body, was) values ($1, 1, 1, 0, $2, 'odd', 1, $3, $4, null)`,
          [id, kind, kindVersion, JSON.stringify(body).replaceAll('\\u0000', '')],
        );
        await listening.core.open();
        const board = listening.core.boards.get(id);
        expect(board).toBeDefined();
        await board?.settled();
        board?.flush(true);
        if (board?.broken) {
          expect(board.broken.length).toBeGreaterThan(3);
          expect(await board.submit(leader, { ...commandOf('alert.raise', { title: 'x', level: 'low' }), board: id })).toMatchObject({ ok: false, error: { code: 'notReady' } });
        }
        listening.core.boards.delete(id);
        await board?.close();
        expect(listening.board().broken).toBeNull();
      }),
      { numRuns: 40 },
    );
    await happens();
    await same();
  });
});

test('what this build writes is what the door for entries takes', async () => {
  for (const entry of await readLog(writing.pool, testBoard.id, { epoch: 1, revision: 0 }, 500)) expect(logEntry.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
  expect((await readPast(writing.pool, asPattern, testBoard, 1)).revision).toBeGreaterThanOrEqual(0);
});
