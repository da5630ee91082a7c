import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../e2e/setup/database.ts';
import { everywhere, type Author, type Scope } from '../../../shared/access/access.ts';
import { asPattern } from '../../../shared/features/index.ts';
import type { SimilarValues } from '../../../shared/features/call/similar.ts';
import { queryMessage, type QueryResult } from '../../../shared/protocol/messages.ts';
import { ManualClock } from '../../../shared/time/clock.ts';
import { HOUR } from '../../../shared/time/zone.ts';
import { MemoryBus } from '../../fanout/memory.ts';
import { seedReference } from '../../dev/seed.ts';
import { accepted, author, commandOf, openHub, testBoard, type TestHub } from '../../testing/cluster.ts';

/** Earlier calls beside the one being written: found by the hub, within scope, and nobody's words on the way. */
const START = Date.UTC(2020, 1, 5, 14);
const operator = author('operator');

let database: FreshDatabase;
let hub: TestHub;
let clock: ManualClock;

beforeAll(async () => {
  database = await freshDatabase();
  clock = new ManualClock(START);
  hub = await openHub({ database: database.config, features: asPattern, clock, fanout: new MemoryBus().connect() });
  await hub.core.create(testBoard);
  await seedReference(hub.board());
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

async function log(more: Record<string, unknown>): Promise<string> {
  const now = clock.now();
  return String(accepted(await hub.board().submit(operator, commandOf('call.log', { rung: now, answered: now, topic: 'supplies', locality: '330102', ...more }))).result.id);
}
type Ok = Extract<QueryResult, { ok: true }>;
async function ask(body: Record<string, unknown>, who: Author = operator, impersonal = false): Promise<Ok> {
  const answer = await hub.core.queries.ask({ author: who, scope: who.scope, impersonal }, queryMessage.parse({ name: 'alike', board: 'test', kind: 'call', body }));
  if (!answer.ok) throw new Error(answer.error.code);
  return answer;
}
const why = (a: Ok): Record<string, SimilarValues> => Object.fromEntries((a.found ?? []).map((f) => [f.id, f.values as unknown as SimilarValues]));

describe('[R10] earlier calls beside one that is being typed', () => {
  it('the same matter from another telephone, the caller’s own, and nothing else', async () => {
    const masks = await log({ callerNumber: '0571-87654321转12', address: '青年路社区 3 幢', narrative: '小区门岗口罩只剩一天，六个人值守，问哪里领' });
    const other = await log({ topic: 'complaint', callerNumber: '13900000001', address: '清河坊 8 号', narrative: '超市白菜卖十五元一斤，要求查处' });
    await log({ locality: '330212', callerNumber: '13900000002', narrative: '小区门岗口罩只剩一天，六个人值守，问哪里领' });
    clock.advance(HOUR);

    const same = await ask({ number: '', locality: '330102', address: '青年路社区3幢', topic: 'supplies', narrative: '门岗口罩快没了，六个人值守，只够用一天' });
    expect(why(same)).toEqual({ [masks]: { score: expect.any(Number), alike: true, number: false, place: expect.any(Boolean), text: true, topic: true } });
    expect(same.records?.map((r) => r.id)).toEqual([masks]);
    // Not a word of any caller is in the answer.
    expect(JSON.stringify(same)).not.toMatch(/口罩|值守|8765|139|青年路/);

    // Without its area code, another matter: the caller's own, and not offered as this one.
    const own = await ask({ number: '8765 4321', locality: '330102', topic: 'psychology', narrative: '整夜睡不着，想找人说说话' });
    expect(why(own)).toEqual({ [masks]: { score: expect.any(Number), alike: false, number: true, place: false, text: false, topic: false } });
    expect(own.total).toBe(1);
    expect(Object.keys(why(await ask({ number: '+86 139 0000 0001' })))).toContain(other);
    expect(why(await ask({ number: '13900000001', not: other }))).toEqual({});
    // What has not been typed far enough asks for nothing.
    expect(await ask({ number: '139' })).toMatchObject({ records: [], found: [], total: 0 });
    expect(await ask({})).toMatchObject({ records: [], total: 0 });
  });

  it('by the number that stands: one corrected or erased finds nothing', async () => {
    const id = await log({ callerNumber: '13700000009', narrative: '电梯困人' });
    expect(Object.keys(why(await ask({ number: '13700000009' })))).toEqual([id]);
    accepted(await hub.board().submit(operator, commandOf('call.amend', { id, changes: { callerNumber: { from: 1, to: '13700000010' } } })));
    expect(why(await ask({ number: '13700000009' }))).toEqual({});
    expect(Object.keys(why(await ask({ number: '13700000010' })))).toEqual([id]);
    accepted(await hub.board().submit({ ...author('leader'), scope: everywhere }, commandOf('call.erase', { id })));
    expect(why(await ask({ number: '13700000010' }))).toEqual({});
  });

  it('by the words that stand, and calls that were joined are one', async () => {
    const place = { locality: '330105', topic: 'complaint', address: '流水苑 9 幢' };
    const asked = { ...place, number: '', narrative: '垃圾房五天没人收，臭得开不了窗' };
    const first = await log({ ...place, callerNumber: '13500000001', narrative: '垃圾房五天没人收，发臭' });
    const second = await log({ ...place, callerNumber: '13500000002', narrative: '垃圾房臭得开不了窗，五天没人收' });
    const alike = async (): Promise<string[]> => Object.entries(why(await ask(asked))).flatMap(([id, v]) => (v.alike && v.text ? [id] : []));
    expect((await alike()).sort()).toEqual([first, second].sort());
    accepted(await hub.board().submit(operator, commandOf('call.merge', { id: second, into: first })));
    expect(await alike()).toHaveLength(1);
    accepted(await hub.board().submit(operator, commandOf('call.unmerge', { id: second, into: first, reason: '不是一件事' })));
    accepted(await hub.board().submit(operator, commandOf('call.amend', { id: second, changes: { narrative: { from: 1, to: '整夜睡不着，想找人说说话' } } })));
    expect(await alike()).toEqual([first]);
  });

  it('within the asker’s scope, and for those alone who may be shown what is compared', async () => {
    const id = await log({ locality: '330106', callerNumber: '13600000001', narrative: '门卫口罩用完' });
    const of = (localities: string[]): Scope => ({ units: null, localities });
    expect(Object.keys(why(await ask({ number: '13600000001' }, author('operator', of(['330106']), 'west'))))).toEqual([id]);
    expect(await ask({ number: '13600000001', locality: '330106', topic: 'supplies', narrative: '门卫口罩用完' }, author('operator', of(['330102']), 'east'))).toMatchObject({ records: [], found: [], total: 0 });
    await expect(ask({ number: '13600000001' }, author('supplies'))).rejects.toThrow('notAllowed');
    await expect(ask({ number: '13600000001' }, author('unit', { units: ['supplies'], localities: [] }))).rejects.toThrow('notAllowed');
    await expect(ask({ number: '13600000001' }, operator, true)).rejects.toThrow('notAllowed');
    await expect(ask({ number: 1 })).rejects.toThrow('inputRejected');
    await expect(ask({ locality: '%' })).rejects.toThrow('inputRejected');
  });

  it('goes along its indexes', async () => {
    const client = await hub.pool.connect();
    try {
      await client.query('begin');
      await client.query('set local enable_seqscan = off');
      const plan = async (text: string): Promise<string> => JSON.stringify((await client.query(`explain ${text}`)).rows);
      expect(await plan(`select id from personal where board = 'test' and kind = 'call' and field = 'callerNumber' and erased is null and right(split_part(value, '-', 1), 7) = '0000009'`)).toContain('personal_call_number');
      expect(await plan(`select id from record r where r.board = 'test' and r.kind = 'call' and left(r.body ->> 'locality', 6) = '330102' and r.ord >= 0 order by r.ord desc limit 9`)).toContain('record_call_county');
      expect(await plan(`select id from record r where r.board = 'test' and r.kind = 'call' and r.body ->> 'locality' = '330102003' and r.ord >= 0 order by r.ord desc limit 9`)).toContain('record_call_locality');
      // Rule 16: of the numbers in it no sample is kept.
      await client.query('analyze personal');
      expect((await client.query(`select * from pg_stats where tablename = 'personal_call_number'`)).rows).toEqual([]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
