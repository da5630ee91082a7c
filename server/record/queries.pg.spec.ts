import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import type { Author, Scope } from '../../shared/access/access.ts';
import { Refused } from '../../shared/protocol/errors.ts';
import { queryMessage, type QueryResult } from '../../shared/protocol/messages.ts';
import { accepted, author, commandOf, noteDatabase, openHub, testBoard, type TestHub } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';

let database: FreshDatabase;
let hub: TestHub;
const ids = new Map<string, string>();
const op = author('operator');
const inA: Scope = { units: ['a'], localities: null };

beforeAll(async () => {
  database = await noteDatabase();
  hub = await openHub({ database: database.config, features: noteFeatures });
  await hub.core.create(testBoard);
  for (const [title, unit, more] of [
    ['发热门诊咨询', 'a', { who: '王小明 13800000126', remark: '西湖区' }],
    ['口罩不足', 'a', {}],
    ['企业复工', 'b', { who: 'ＬＩ　１３９' }],
    ['发烧求助', 'b', { remark: '口罩、酒精 50% 各一' }],
    ['全城消杀', '', {}],
    ['N95 到货_第1批', 'a', {}],
    ['abc-7', 'b', {}],
  ] as const) {
    ids.set(title, String(accepted(await hub.board().submit(op, commandOf('note.add', { title, unit, ...more }))).result.id));
  }
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

type Ok = Extract<QueryResult, { ok: true }>;
async function ask(who: Author, q: Record<string, unknown>): Promise<Ok> {
  const message = queryMessage.parse({ board: 'test', kind: 'note', ...q });
  const result = await hub.core.queries.ask({ author: who, scope: who.scope }, message);
  if (!result.ok) throw new Error(result.error.code);
  return result;
}
const titles = (r: Ok): unknown[] => (r.records ?? []).map((x) => x.body.title);
const find = async (q: string, who = op): Promise<unknown[]> => titles(await ask(who, { name: 'list', q }));
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refused) return error.problem.code;
    throw error;
  }
  return 'none';
};
const edit = (title: string, changes: Record<string, unknown>): ReturnType<ReturnType<TestHub['board']>['submit']> =>
  hub.board().submit(op, commandOf('note.edit', { id: ids.get(title), changes }));

describe('[R6] lists', () => {
  test('are found by two Chinese characters, in the middle of a word too, over all records', async () => {
    expect(await find('发热')).toEqual(['发热门诊咨询']);
    expect(await find('口罩')).toEqual(['发烧求助', '口罩不足']);
    expect(await find('诊咨')).toEqual(['发热门诊咨询']);
    expect(await find('热发')).toEqual([]);
    expect(await find('发')).toEqual(['发烧求助', '发热门诊咨询']);
  });

  test('all terms must be found, full-width is half-width, case does not matter', async () => {
    expect(await find('口罩 酒精')).toEqual(['发烧求助']);
    expect(await find('ｎ９５')).toEqual(['N95 到货_第1批']);
    expect(await find('ABC')).toEqual(['abc-7']);
  });

  test('a number, a single digit and signs that mean something to SQL are taken as they are', async () => {
    // Who may not see personal values finds nothing by the digits of a telephone number.
    const leader = author('leader');
    expect(await find('3', leader)).toEqual(['企业复工']);
    expect(await find('7', leader)).toEqual(['abc-7']);
    expect(await find('c-7', leader)).toEqual(['abc-7']);
    expect(await find('50%', leader)).toEqual(['发烧求助']);
    expect(await find('%', leader)).toEqual(['发烧求助']);
    expect(await find('_', leader)).toEqual(['N95 到货_第1批']);
    expect(await find(`'; drop table record; --`, leader)).toEqual([]);
    expect(await find('\\', leader)).toEqual([]);
  });

  test('come in pages that neither repeat nor miss, with the total and the position they were read at', async () => {
    for (const sort of ['newest', 'oldest'] as const) {
      const seen: unknown[] = [];
      let after: string | undefined;
      do {
        const page = await ask(op, { name: 'list', sort, limit: 3, after });
        expect(page.total).toBe(7);
        expect(page.at).toEqual(hub.board().at);
        seen.push(...titles(page));
        after = page.next ?? undefined;
      } while (after);
      expect(seen).toHaveLength(7);
      expect(new Set(seen).size).toBe(7);
      expect(seen[0]).toBe(sort === 'newest' ? 'abc-7' : '发热门诊咨询');
    }
  });

  test('a page asked for with something made up is refused', async () => {
    expect(await refusal(ask(op, { name: 'list', after: 'x' }))).toBe('inputRejected');
    expect(await refusal(ask(op, { name: 'list', where: { title: ['x'] } }))).toBe('inputRejected');
    expect(await refusal(ask(op, { name: 'list', where: { "unit' or true --": ['x'] } }))).toBe('inputRejected');
  });

  test('are narrowed by the fields a kind names, and by what is in hand', async () => {
    expect(titles(await ask(op, { name: 'list', where: { unit: ['b', ''] } }))).toEqual(['abc-7', '全城消杀', '发烧求助', '企业复工']);
    accepted(await edit('abc-7', { done: { from: false, to: true } }));
    expect(titles(await ask(op, { name: 'list', where: { unit: ['b'] }, held: true }))).toEqual(['发烧求助', '企业复工']);
    expect(titles(await ask(op, { name: 'list', where: { done: ['true'] } }))).toEqual(['abc-7']);
    accepted(await edit('abc-7', { done: { from: true, to: false } }));
  });
});

describe('[R10] scope', () => {
  test('a list, a search and a total hold what lies in the scope and what belongs to everyone, nothing else', async () => {
    const mine = author('operator', inA, 'op-a');
    const all = await ask(mine, { name: 'list' });
    expect(titles(all)).toEqual(['N95 到货_第1批', '全城消杀', '口罩不足', '发热门诊咨询']);
    expect(all.total).toBe(4);
    expect(await find('发', mine)).toEqual(['发热门诊咨询']);
    expect(titles(await ask(mine, { name: 'list', where: { unit: ['b'] } }))).toEqual([]);
    const city = author('operator', { units: null, localities: ['330100'] }, 'op-city');
    expect(titles(await ask(city, { name: 'list' }))).toEqual(['全城消杀']);
    const none = author('operator', { units: [], localities: [] }, 'op-none');
    expect(titles(await ask(none, { name: 'list' }))).toEqual(['全城消杀']);
  });

  test('a record outside it is answered like one that does not exist: page, history and reveal alike', async () => {
    const mine = author('operator', inA, 'op-a');
    for (const name of ['record', 'reveal']) {
      const more = name === 'reveal' ? { purpose: 'handling' } : {};
      expect(await refusal(ask(mine, { name, id: ids.get('企业复工'), ...more }))).toBe('notFound');
      expect(await refusal(ask(mine, { name, id: 'no-such-id', ...more }))).toBe('notFound');
    }
  });

  test('a record that has left it is gone from lists, searches and its page; one that came is there with its history', async () => {
    const mine = author('operator', inA, 'op-a');
    accepted(await edit('口罩不足', { unit: { from: 'a', to: 'b' } }));
    expect(await find('口罩', mine)).toEqual([]);
    expect(await refusal(ask(mine, { name: 'record', id: ids.get('口罩不足') }))).toBe('notFound');
    accepted(await edit('口罩不足', { unit: { from: 'b', to: 'a' } }));
    const page = await ask(mine, { name: 'record', id: ids.get('口罩不足') });
    expect(page.history?.map((h) => h.changes.unit)).toEqual([['b', 'a'], ['a', 'b'], [null, 'a']]);
  });

  test('a role that does not read a kind, and a kind that is none, are refused alike', async () => {
    expect(await refusal(ask(author('supplies'), { name: 'list' }))).toBe('notAllowed');
    expect(await refusal(ask(op, { name: 'list', kind: 'nothing' }))).toBe('notAllowed');
    expect(await refusal(ask(op, { name: 'list', kind: 'constructor' }))).toBe('notAllowed');
    expect(await refusal(ask(op, { name: 'list', board: 'other' }))).toBe('boardUnknown');
  });
});

describe('[R16] personal values', () => {
  const looks = async (): Promise<number> => Number((await hub.pool.query<{ n: string }>('select count(*) as n from personal_look')).rows[0]?.n);

  test('are masked on a record’s page, references only in lists, and looked at by nobody so far', async () => {
    const page = await ask(op, { name: 'record', id: ids.get('发热门诊咨询') });
    expect(page.personal).toEqual({ who: '王**' });
    expect(page.record?.body.who).toBe(1);
    expect(JSON.stringify(await ask(op, { name: 'list' }))).not.toContain('138');
    expect(JSON.stringify(page.history)).not.toContain('138');
    expect(await looks()).toBe(0);
  });

  test('are whole only in the answer to reveal, by a role that may, and who looked and why is kept', async () => {
    const before = await looks();
    expect(await refusal(ask(author('leader'), { name: 'reveal', id: ids.get('发热门诊咨询'), purpose: 'review' }))).toBe('notAllowed');
    expect(await looks()).toBe(before);
    const shown = await ask(op, { name: 'reveal', id: ids.get('发热门诊咨询'), purpose: 'callBack' });
    expect(shown.personal).toEqual({ who: '王小明 13800000126' });
    const { rows } = await hub.pool.query('select kind, id, fields, author_id, author_label, purpose from personal_look');
    expect(rows).toEqual([{ kind: 'note', id: ids.get('发热门诊咨询'), fields: ['who'], author_id: op.id, author_label: op.label, purpose: 'callBack' }]);
  });

  test('find their record for those who may see them, and for nobody else', async () => {
    expect(await find('13800000126')).toEqual(['发热门诊咨询']);
    expect(await find('小明 发热')).toEqual(['发热门诊咨询']);
    expect(await find('li')).toEqual(['企业复工']);
    expect(await find('139')).toEqual(['企业复工']);
    expect(await find('13800000126', author('leader'))).toEqual([]);
    expect(await find('li', author('operator', inA, 'op-a'))).toEqual([]);
  });

  test('that were corrected, withdrawn or erased find nothing any more', async () => {
    accepted(await edit('发热门诊咨询', { who: { from: 1, to: '赵六 13700000001' } }));
    expect(await find('13800000126')).toEqual([]);
    expect(await find('13700000001')).toEqual(['发热门诊咨询']);
    expect((await ask(op, { name: 'reveal', id: ids.get('发热门诊咨询'), purpose: 'handling' })).personal).toEqual({ who: '赵六 13700000001' });
    accepted(await edit('发热门诊咨询', { who: { from: 2, to: null } }));
    expect(await find('13700000001')).toEqual([]);
    expect((await ask(op, { name: 'reveal', id: ids.get('发热门诊咨询'), purpose: 'handling' })).personal).toEqual({});
    await hub.pool.query(`update personal set value = null, erased = now() where id = $1`, [ids.get('企业复工')]);
    expect(await find('139')).toEqual([]);
    const page = await ask(op, { name: 'record', id: ids.get('企业复工') });
    expect(page.personal).toEqual({ who: null });
    expect(page.record?.body.who).toBe(1);
  });
});

test('the history says field by field what was and what became, by whom and when', async () => {
  const page = await ask(op, { name: 'record', id: ids.get('全城消杀') });
  expect(page.history).toMatchObject([
    { revision: 5, command: 'note.add', author: op.label, version: 1, changes: { title: [null, '全城消杀'], done: [null, false] } },
  ]);
  expect(page.history?.[0]?.changes).not.toHaveProperty('who');
});
