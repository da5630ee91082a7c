import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import type { BoardHub } from '../hub/boardHub.ts';
import { accepted, author, commandOf, noteDatabase, openHub, quiet, testBoard, type TestHub } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { dropOldOutcomes } from './outcomes.ts';
import { Writer } from './writer.ts';

let database: FreshDatabase;
let hub: TestHub;
let pool: pg.Pool;

beforeEach(async () => {
  database = await noteDatabase();
  pool = new pg.Pool(database.config);
  // The last test cuts every connection of the database, this pool's idle ones too.
  pool.on('error', () => undefined);
  hub = await openHub({ database: database.config, features: noteFeatures });
  await hub.core.create(testBoard);
});

afterEach(async () => {
  await hub.close();
  await pool.end();
  await database.drop();
});

const board = (): BoardHub => hub.board();
const op = author('operator');

test('[R1] what is acknowledged is in the record, the log and the outcomes of PostgreSQL', async () => {
  const a = accepted(await board().submit(op, commandOf('note.add', { title: '发热', unit: 'health' })));
  const { rows } = await pool.query(
    `select (select count(*)::int from record) as records, (select count(*)::int from entry) as entries,
            (select count(*)::int from put) as puts, (select count(*)::int from outcome) as outcomes, (select revision::int from board) as revision`,
  );
  expect(rows).toEqual([{ records: 1, entries: 1, puts: 1, outcomes: 1, revision: a.revision }]);
});

test('[R2] commands that come together get revisions without holes, each its own answer; a refused one takes no number', async () => {
  const answers = await Promise.all(
    ['a', 'b', 'a', 'c', '', 'd'].map((title) => board().submit(op, commandOf('note.add', { title, unit: 'x' }))),
  );
  expect(answers.map((a) => (a.ok ? a.revision : a.error.code))).toEqual([1, 2, 'alreadyExists', 3, 'inputRejected', 4]);
  expect(answers.map((a) => (a.ok ? a.result.number : null))).toEqual([1, 2, null, 3, null, 4]);
  const { rows } = await pool.query<{ revision: string }>('select revision from entry order by revision');
  expect(rows.map((r) => Number(r.revision))).toEqual([1, 2, 3, 4]);
});

test('[R2] two hubs writing at once share one row of numbers', async () => {
  const other = await openHub({ database: database.config, features: noteFeatures });
  try {
    const b2 = other.core.boards.get('test');
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => (i % 2 ? board() : b2)?.submit(op, commandOf('note.add', { title: `t${i}`, unit: 'x' }))),
    );
    const revisions = answers.map((a) => (a?.ok ? a.revision : NaN)).sort((x, y) => x - y);
    expect(revisions).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const numbers = answers.map((a) => (a?.ok ? Number(a.result.number) : NaN)).sort((x, y) => x - y);
    expect(numbers).toEqual(revisions);
  } finally {
    await other.close();
  }
});

test('[R4] the same id gives the first outcome, and is stored once; another body under it is refused', async () => {
  const command = commandOf('note.add', { title: 'once', unit: 'x' });
  const first = await board().submit(op, command);
  const [again, together] = await Promise.all([board().submit(op, command), board().submit(op, command)]);
  expect(again).toEqual(first);
  expect(together).toEqual(first);
  const other = await board().submit(op, { ...command, body: { title: 'other', unit: 'x' } });
  expect(other).toMatchObject({ ok: false, error: { code: 'idReused' } });
  const { rows } = await pool.query<{ n: string }>('select count(*) as n from entry');
  expect(Number(rows[0]?.n)).toBe(1);
});

test('[R4] another author’s command under the same id is a command of its own and touches nothing of the first', async () => {
  const command = commandOf('note.add', { title: 'mine', unit: 'x' });
  const mine = accepted(await board().submit(op, command));
  const theirs = accepted(await board().submit(author('operator', undefined, 'operator-2'), { ...command, body: { title: 'theirs', unit: 'x' } }));
  expect(theirs.result.id).not.toBe(mine.result.id);
});

test('[R9] different fields merge; the same field is refused with both values', async () => {
  const { result } = accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x' })));
  const edit = (changes: Record<string, unknown>): ReturnType<ReturnType<typeof board>['submit']> =>
    board().submit(op, commandOf('note.edit', { id: result.id, changes }));
  accepted(await edit({ remark: { from: '', to: '甲' } }));
  accepted(await edit({ title: { from: 'a', to: 'b' } }));
  expect(await edit({ remark: { from: '', to: '乙' } })).toMatchObject({
    ok: false,
    error: { code: 'conflict', both: [{ field: 'remark', yours: '乙', theirs: '甲' }] },
  });
  accepted(await edit({ remark: { from: '', to: '甲' } }));
});

test('[R10] a command on a record outside the author’s scope is refused and stores nothing', async () => {
  const { result } = accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x' })));
  const outsider = author('operator', { units: ['y'], localities: null }, 'operator-3');
  expect(await board().submit(outsider, commandOf('note.edit', { id: result.id, changes: { done: { from: false, to: true } } }))).toMatchObject({
    ok: false,
    error: { code: 'notFound' },
  });
  expect(await board().submit(author('supplies'), commandOf('note.add', { title: 'b', unit: 'x' }))).toMatchObject({
    ok: false,
    error: { code: 'notAllowed' },
  });
});

test('[R14] recorded never goes back along the revisions, even when the hub’s clock does', async () => {
  const clock = hub.clock as import('../../shared/time/clock.ts').ManualClock;
  const one = accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x' })));
  clock.jump(clock.now() - 3_600_000);
  const two = accepted(await board().submit(op, commandOf('note.add', { title: 'b', unit: 'x' })));
  expect(two.recorded).toBeGreaterThanOrEqual(one.recorded);
});

test('[R14] a clock that is set while the hub runs writes nothing, not even before the next look at PostgreSQL’s', async () => {
  const clock = new ManualClock(Date.now());
  const other = await openHub({ database: database.config, features: noteFeatures, clock, clockMayBeApart: 2_000 });
  try {
    await other.core.tick();
    const add = (title: string) => other.board().submit(op, commandOf('note.add', { title, unit: 'x' }));
    const before = accepted(await add('a'));
    // Already waiting when somebody sets the machine's time.
    const waiting = add('b');
    clock.jump(clock.now() + 3_600_000);
    for (const answer of [await waiting, await add('c')]) expect(answer).toMatchObject({ ok: false, error: { code: 'notReady' } });
    clock.jump(clock.now() - 3_600_000);
    const after = accepted(await add('d'));
    expect(after).toMatchObject({ revision: before.revision + 1 });
    // Otherwise everything behind it would be recorded an hour ahead, until the hour has passed.
    expect(after.recorded - before.recorded).toBeLessThan(60_000);
  } finally {
    await other.close();
  }
});

test('[R16] a personal value is beside the log, never in it', async () => {
  const secret = '王某某-13800000000';
  accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x', who: secret })));
  const { rows } = await pool.query<{ text: string }>(
    `select (select string_agg(e::text, ' ') from entry e) || (select string_agg(p::text, ' ') from put p)
         || (select string_agg(r::text, ' ') from record r) || (select string_agg(o::text, ' ') from outcome o) as text`,
  );
  expect(rows[0]?.text).not.toContain(secret);
  const kept = await pool.query('select field, version, value from personal');
  expect(kept.rows).toEqual([{ field: 'who', version: 1, value: secret }]);
});

test('a command of no kind, or of a name every object has, is refused like any unknown one', async () => {
  for (const type of ['nothing.here', 'constructor.name', 'note.constructor', 'toString.call']) {
    expect(await board().submit(op, commandOf(type, {}))).toMatchObject({ ok: false, error: { code: 'unknownCommand' } });
  }
});

test('PostgreSQL gone in the middle: the answer is to ask again, and asking again stores it once', async () => {
  const command = commandOf('note.add', { title: 'a', unit: 'x' });
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`);
  const first = await board().submit(op, command);
  const second = first.ok ? first : await board().submit(op, command);
  accepted(second);
  const { rows } = await pool.query<{ n: string }>('select count(*) as n from entry');
  expect(Number(rows[0]?.n)).toBe(1);
});

const failAll = (pool: pg.Pool): Promise<unknown> =>
  pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`);
const outsider = author('operator', { units: ['y'], localities: null }, 'operator-y');

test('[R2] a value that cannot be stored takes nobody of its batch with it', async () => {
  const titles = ['a', 'b\u0000', 'c', `d\ud800`, 'e'];
  const answers = await Promise.all(titles.map((title) => board().submit(op, commandOf('note.add', { title, unit: 'x' }))));
  expect(answers.map((a) => (a.ok ? a.revision : a.error.code))).toEqual([1, 'inputRejected', 2, 'inputRejected', 3]);
  expect(answers.map((a) => (a.ok ? a.result.number : null))).toEqual([1, null, 2, null, 3]);
});

test('[R2] a command that is sent the moment another is answered is taken, however many turns its answer takes', async () => {
  for (let hops = 0; hops < 12; hops++) {
    accepted(await board().submit(op, commandOf('note.add', { title: `first ${hops}`, unit: 'x' })));
    for (let i = 0; i < hops; i++) await Promise.resolve();
    accepted(await board().submit(op, commandOf('note.add', { title: `second ${hops}`, unit: 'x' })));
  }
});

test('[R9] a natural key another record has is never taken over, also where nobody asked for it before', async () => {
  const { result: a } = accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x' })));
  const { result: b } = accepted(await board().submit(op, commandOf('note.add', { title: 'b', unit: 'x' })));
  const rename = (id: unknown, from: string, to: string): ReturnType<ReturnType<typeof board>['submit']> =>
    board().submit(op, commandOf('note.edit', { id, changes: { title: { from, to } } }));
  expect(await rename(b.id, 'b', 'a')).toMatchObject({ ok: false, error: { code: 'alreadyExists' } });
  // One gives a key up, another takes it, in one batch; a third comes too late.
  const { result: c } = accepted(await board().submit(op, commandOf('note.add', { title: 'c', unit: 'x' })));
  const answers = await Promise.all([rename(a.id, 'a', 'aa'), rename(b.id, 'b', 'a'), rename(c.id, 'c', 'a')]);
  expect(answers.map((x) => (x.ok ? 'ok' : x.error.code))).toEqual(['ok', 'ok', 'alreadyExists']);
  const { rows } = await pool.query('select key, id from record_key order by key');
  expect(rows).toEqual([
    { key: 'title:a', id: b.id },
    { key: 'title:aa', id: a.id },
    { key: 'title:c', id: c.id },
  ]);
});

test('[R10] someone outside a record’s scope learns nothing of its values by guessing at them', async () => {
  const { result } = accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x', remark: 'secret' })));
  const guess = (from: string, to: string): ReturnType<ReturnType<typeof board>['submit']> =>
    board().submit(outsider, commandOf('note.edit', { id: result.id, changes: { remark: { from, to } } }));
  const [wrong, right] = [await guess('?', '??'), await guess('?', 'secret')];
  expect(JSON.stringify([wrong, right])).not.toContain('"theirs":"secret"');
  expect(wrong).toMatchObject({ ok: false, error: { code: 'notFound' } });
  expect(right.ok).toBe(false);
});

test('[R16] what somebody wrote into a personal field is not kept with a refusal either', async () => {
  const { result } = accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x', who: 'first' })));
  const answer = await board().submit(op, commandOf('note.edit', { id: result.id, changes: { who: { from: 9, to: 'PERSON' } } }));
  expect(answer).toMatchObject({ ok: false, error: { code: 'conflict', both: [{ field: 'who', yours: null, theirs: 1 }] } });
  const { rows } = await pool.query<{ text: string }>('select string_agg(answer::text, $1) as text from outcome', [' ']);
  expect(rows[0]?.text).not.toContain('PERSON');
});

test('[R1] a hub that stands still while it holds the board’s row does not hold the board', async () => {
  // A writer whose machine stops while it holds the row: its next statements come when it is too late.
  let frozen = false;
  let locked: (() => void) | undefined;
  const holding = new Promise<void>((done) => (locked = done));
  let wake: (() => void) | undefined;
  const asleep = new Promise<void>((done) => (wake = done));
  const freezing = {
    connect: async () => {
      const client = await pool.connect();
      return new Proxy(client, {
        get: (target, name) => {
          if (name !== 'query') {
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          }
          return async (query: string | pg.QueryConfig) => {
            frozen ||= typeof query === 'object' && query.name === 'write-batch';
            if (frozen) {
              locked?.();
              await asleep;
            }
            return target.query(query as pg.QueryConfig);
          };
        },
      });
    },
  } as unknown as pg.Pool;
  const { features, log } = { features: noteFeatures, log: quiet };
  const writer = new Writer({ pool: freezing, board: 'test', zone: testBoard.zone, clock: hub.clock, features, log, clockIsRight: () => true, committed: () => undefined });
  const late = writer.submit(op, commandOf('note.add', { title: 'late', unit: 'x' }));
  await holding;
  accepted(await board().submit(op, commandOf('note.add', { title: 'a', unit: 'x' })));
  wake?.();
  expect(await late).toMatchObject({ ok: false, error: { code: 'notReady' } });
  const { rows } = await pool.query<{ n: string }>('select count(*) as n from entry');
  expect(Number(rows[0]?.n)).toBe(1);
});

test('[R1] many commands while connections are cut again and again: each acknowledged once, each once in the log', async () => {
  const commands = Array.from({ length: 60 }, (_, i) => commandOf('note.add', { title: `t${i}`, unit: 'x' }));
  let left = commands.length;
  const sending = commands.map(async (command) => {
    for (;;) {
      const answer = await board().submit(op, command);
      if (answer.ok) {
        left -= 1;
        return answer.revision;
      }
      expect(answer.error.code).toBe('notReady');
    }
  });
  for (let i = 0; i < 8 && left > 0; i++) await failAll(pool);
  const revisions = await Promise.all(sending);
  expect([...revisions].sort((a, b) => a - b)).toEqual(commands.map((_, i) => i + 1));
  const { rows } = await pool.query<{ n: string }>('select count(distinct command_id) as n from entry');
  expect(Number(rows[0]?.n)).toBe(60);
});

test('[R4] an outcome is kept for 90 days and no longer', async () => {
  const [old, recent] = [commandOf('note.add', { title: 'old', unit: 'x' }), commandOf('note.add', { title: 'recent', unit: 'x' })];
  accepted(await board().submit(op, old));
  const kept = accepted(await board().submit(op, recent));
  await pool.query(`update outcome set kept = now() - interval '91 days' where id = $1`, [old.id]);
  await pool.query(`update outcome set kept = now() - interval '89 days' where id = $1`, [recent.id]);
  expect(await dropOldOutcomes(pool)).toBe(1);
  expect(await board().submit(op, recent)).toEqual(kept);
  // The record itself still knows: the same command is now one that comes too late.
  expect(await board().submit(op, old)).toMatchObject({ ok: false, error: { code: 'alreadyExists' } });
});
