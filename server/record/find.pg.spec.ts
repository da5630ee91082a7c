import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { within, type Author, type Scope } from '../../shared/access/access.ts';
import { queryMessage, type QueryResult } from '../../shared/protocol/messages.ts';
import { normalise, terms } from '../../shared/text/grams.ts';
import { accepted, author, commandOf, noteDatabase, openHub, quiet, testBoard, type TestHub } from '../testing/cluster.ts';
import { noteFeature, noteFeatures, type Note } from '../testing/noteKind.ts';
import { seeded } from '../testing/seeded.ts';
import { fillFinder } from './finder.ts';

let database: FreshDatabase;
let hub: TestHub;
const op = author('operator');
beforeAll(async () => {
  database = await noteDatabase();
  hub = await openHub({ database: database.config, features: noteFeatures });
  await hub.core.create(testBoard);
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

type Ok = Extract<QueryResult, { ok: true }>;
async function ask(who: Author, q: Record<string, unknown>): Promise<Ok> {
  const result = await hub.core.queries.ask({ author: who, scope: who.scope }, queryMessage.parse({ name: 'list', board: 'test', kind: 'note', ...q }));
  if (!result.ok) throw new Error(result.error.code);
  return result;
}
/** What stands, as this test knows it. */
const notes = new Map<string, { body: Note; who: string | null }>();
async function add(body: { title: string; unit: string; remark?: string; who?: string }): Promise<string> {
  const { result } = accepted(await hub.board().submit(op, commandOf('note.add', body)));
  const id = String(result.id);
  notes.set(id, { body: { number: Number(result.number), title: body.title, unit: body.unit, remark: body.remark ?? '', done: false, due: null, lapsed: false, who: body.who ? 1 : null }, who: body.who ?? null });
  return id;
}
const versions = new Map<string, number>();
async function edit(id: string, changes: Partial<Pick<Note, 'title' | 'unit' | 'done'>> & { who?: string | null }): Promise<void> {
  const note = notes.get(id);
  if (!note) throw new Error(id);
  const given = Object.fromEntries(Object.entries(changes).map(([field, to]) => [field, { from: note.body[field as keyof Note], to }]));
  accepted(await hub.board().submit(op, commandOf('note.edit', { id, changes: given })));
  const { who, ...rest } = changes;
  Object.assign(note.body, rest);
  const version = (versions.get(id) ?? 1) + 1;
  versions.set(id, version);
  if (who !== undefined) {
    note.who = who;
    note.body.who = who === null ? null : version;
  }
}
interface Question {
  q?: string;
  where?: Record<string, string[]>;
  held?: boolean;
  sort?: 'newest' | 'oldest';
  range?: [number | null, number | null];
}
/** The same question, asked of what this test knows, one after another. */
function expected(who: { scope: Scope; reveals: boolean }, { q = '', where = {}, held, sort = 'newest', range = [null, null] }: Question): string[] {
  const found = [...notes].filter(([, { body, who: name }]) => {
    if (!within(who.scope, noteFeature.place(body))) return false;
    if (held !== undefined && noteFeature.held(body) !== held) return false;
    if ((range[0] ?? -Infinity) > body.number || (range[1] ?? Infinity) < body.number) return false;
    for (const [field, values] of Object.entries(where)) {
      const value = String(body[field.replace('!', '') as 'unit']);
      if (values.includes(value) === field.endsWith('!')) return false;
    }
    const own = normalise(noteFeature.words(body).join(' '));
    return terms(q).every((t) => own.includes(t) || (who.reveals && name !== null && normalise(name).includes(t)));
  });
  return found.sort(([, a], [, b]) => (sort === 'newest' ? b.body.number - a.body.number : a.body.number - b.body.number)).map(([id]) => id);
}

describe('[R6 R10 R16] whatever is asked among all records', () => {
  test('is answered with just those that fit, in order, page after page, after any corrections', async () => {
    const chance = seeded(20_200_205);
    const word = (): string => chance.pick(['发热', '口罩', '热门', '罩口', '酒精', '王小明', '明小', '139', '0126', '13900000126', '7', 'N95', 'ab', '湖滨街道', '滨湖', '50%', '_', '！']);
    const text = (n: number): string => Array.from({ length: n }, word).join(chance.pick(['', ' ', '，']));
    const ids: string[] = [];
    for (let i = 0; i < 140; i++) ids.push(await add({ title: `${text(3)} ${i}`, unit: chance.pick(['a', 'b', '']), remark: text(1), ...(chance.oneIn(3) ? {} : { who: text(2) }) }));
    for (let i = 0; i < 120; i++) {
      const id = chance.pick(ids);
      await edit(id, chance.pick<Parameters<typeof edit>[1]>([{ unit: chance.pick(['a', 'b', '']) }, { done: chance.oneIn(2) }, { who: chance.oneIn(4) ? null : text(2) }, { title: `${text(2)} ${i} neu` }]));
    }
    const readers = [
      { who: op, reveals: true },
      { who: author('leader'), reveals: false },
      { who: author('operator', { units: ['a'], localities: null }, 'op-a'), reveals: true },
      { who: author('operator', { units: [], localities: ['3301'] }, 'op-city'), reveals: true },
      { who: author('operator', { units: ['b'], localities: ['33010'] }, 'op-odd'), reveals: true },
    ];
    let hits = 0;
    for (let i = 0; i < 300; i++) {
      const { who, reveals } = chance.pick(readers);
      const low = chance.below(140);
      const question: Question = {
        ...(chance.oneIn(5) ? {} : { q: Array.from({ length: 1 + chance.below(2) }, word).join(' ') }),
        ...(chance.oneIn(3) ? { where: { [chance.pick(['unit', 'unit!', 'done'])]: chance.pick([['a'], ['a', ''], ['true'], ['false']]) } } : {}),
        ...(chance.oneIn(4) ? { held: chance.oneIn(2) } : {}),
        ...(chance.oneIn(4) ? { range: chance.pick<Question['range']>([[low, low + 40], [null, low], [low, null]]) } : {}),
        sort: chance.pick(['newest', 'oldest'] as const),
      };
      const want = expected({ scope: who.scope, reveals }, question);
      hits += want.length;
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await ask(who, { ...question, limit: 50, after });
        expect(page.total, JSON.stringify(question)).toBe(want.length);
        expect(page.over).toBeUndefined();
        seen.push(...(page.records ?? []).map((r) => r.id));
        after = page.next ?? undefined;
      } while (after);
      expect(seen, JSON.stringify({ question, who: who.id })).toEqual(want);
    }
    expect(hits).toBeGreaterThan(1_000);
  });

  test('a page read again between its keys brings what came in between, and no more', async () => {
    const first = await ask(op, { limit: 10 });
    const id = await add({ title: '刚刚登记的一条', unit: 'a' });
    const again = await ask(op, { limit: 50, until: first.next });
    expect(again.records?.map((r) => r.id)).toEqual([id, ...(first.records ?? []).map((r) => r.id)]);
    const next = await ask(op, { limit: 10, after: first.next });
    expect(next.records?.map((r) => r.id)).not.toContain(first.records?.at(-1)?.id);
  });

  test('a telephone number is found however it is written and by its last digits, a number by any four of it', async () => {
    const id = await add({ title: '电话', unit: 'a', who: '13812345678' });
    for (const q of ['13812345678', '138 1234 5678', '+86 138-1234-5678', '０１３８１２３４５６７８'.slice(1), '5678', '2345678']) expect((await ask(op, { q })).records?.map((r) => r.id), q).toEqual([id]);
    expect((await ask(author('leader'), { q: '138 1234 5678' })).records).toEqual([]);
  });
});

describe('[R16] what a personal value is found by', () => {
  const own = async (id: string): Promise<number> => Number((await hub.pool.query<{ n: number }>('select coalesce(cardinality(own), 0) as n from finder where id = $1', [id])).rows[0]?.n);

  test('lies beside the record and goes with the value; masks come with a list only where they are asked for', async () => {
    const id = await add({ title: '会撤回的', unit: 'a', who: '欧阳静 住址' });
    expect(await own(id)).toBeGreaterThan(5);
    expect((await ask(op, { q: '欧阳', masked: ['who'] })).masked).toEqual({ [id]: { who: '欧**' } });
    expect((await ask(op, { q: '欧阳' })).masked).toBeUndefined();
    await edit(id, { unit: 'b' });
    expect((await ask(op, { q: '欧阳静' })).total).toBe(1);
    await edit(id, { who: null });
    expect(await own(id)).toBe(0);
    expect((await ask(op, { q: '欧阳' })).total).toBe(0);
  });

  test('no sample of it is kept for the planner', async () => {
    await hub.pool.query('analyze');
    const { rows } = await hub.pool.query(`select tablename, attname from pg_stats where (tablename, attname) in (('finder', 'own'), ('personal', 'hashes')) or tablename = 'finder_by'`);
    expect(rows).toEqual([]);
  });
});

test('records of an earlier build, and what it wrote beside this one, are found after the next start', async () => {
  const id = await add({ title: '旧版所记', unit: 'a', who: '司马光' });
  await hub.pool.query('delete from finder where id = $1', [id]);
  await hub.pool.query('update personal set hashes = null where id = $1', [id]);
  expect((await ask(op, { q: '司马' })).total).toBe(0);
  await fillFinder(hub.pool, noteFeatures, quiet);
  expect((await ask(op, { q: '司马光' })).total).toBe(1);
  // An older hub wrote the value; this one writes the record: nothing is lost, at the latest with the next start.
  await hub.pool.query('update personal set hashes = null where id = $1', [id]);
  await edit(id, { done: true });
  await edit(id, { done: false });
  expect((await ask(op, { q: '司马' })).total).toBe(1);
  // From then on a start looks at what has changed since the last one, and at nothing else.
  const known = async (): Promise<unknown> => (await hub.pool.query<{ n: string }>(`select revision as n from finder_known where board = 'test'`)).rows[0]?.n;
  const before = await known();
  const later = await add({ title: '其后所记', unit: 'a', who: '欧阳修' });
  await hub.pool.query('delete from finder where id = any($1)', [[id, later]]);
  await fillFinder(hub.pool, noteFeatures, quiet);
  expect([(await ask(op, { q: '欧阳修' })).total, Number(await known()) > Number(before)]).toEqual([1, true]);
  // What nobody wrote since is not looked at, until the board begins another life.
  await hub.pool.query('delete from finder where id = $1', [id]);
  await fillFinder(hub.pool, noteFeatures, quiet);
  expect((await ask(op, { q: '司马' })).total).toBe(0);
  await hub.pool.query(`update finder_known set epoch = epoch - 1 where board = 'test'`);
  await fillFinder(hub.pool, noteFeatures, quiet);
  expect((await ask(op, { q: '司马' })).total).toBe(1);
});
