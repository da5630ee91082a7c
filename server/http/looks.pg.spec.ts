import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import type { Answer, QueryResult } from '../../shared/protocol/messages.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/** [R16] Whoever handles a call sees its caller; everybody else says what for; all of it is written down, and told to who answers for it. */
let centre: Awaited<ReturnType<typeof openWhole>>;
let pool: pg.Pool;
let [li, wang, zhou, near, chief] = [] as unknown as [Person, Person, Person, Person, Person];
let call: string;

const ok = <T extends Answer | QueryResult>(said: T): Extract<T, { ok: true }> => {
  if (!said.ok) throw new Error(`refused: ${JSON.stringify(said.error)}`);
  return said as Extract<T, { ok: true }>;
};
const reveal = (p: Person, purpose: string, more: object = {}, id = call): Promise<QueryResult> => p.query({ name: 'reveal', kind: 'call', id, purpose, ...more });
const field = (r: QueryResult): string => (r.ok ? 'ok' : `${r.error.code} ${r.error.fields?.[0]?.path ?? ''}:${r.error.fields?.[0]?.code ?? ''}`);
const looks = async (p: Person, more: object = {}): Promise<string[]> => (ok(await p.query({ name: 'looks', ...more })).looks ?? []).map((l) => `${l.kind} ${l.number.slice(-4)} ${l.purpose} ${l.words}`.trim());

beforeAll(async () => {
  centre = await openWhole();
  pool = new pg.Pool({ ...centre.database.config, max: 2 });
  pool.on('error', () => undefined); // the database is dropped before this pool has quite ended
  li = await centre.person('li', 'operator');
  wang = await centre.person('wang', 'operator');
  zhou = await centre.person('zhou', 'leader');
  near = await centre.person('near', 'leader', { scope: { units: ['nowhere'], localities: ['330200'] } });
  chief = await centre.person('chief', 'admin');
  const now = Date.now();
  call = String(ok(await li.send('call.log', { rung: now - 60_000, answered: now - 50_000, topic: 'symptoms', locality: '330102', callerName: '王女士', callerNumber: '19900000126', address: '青年路' })).result.id);
}, 60_000);
afterAll(async () => {
  await pool?.end();
  await centre?.close();
});

describe('a look at personal details', () => {
  test('takes no question of whoever handles the call, and one of everybody else', async () => {
    expect(ok(await reveal(li, 'handling')).personal).toEqual({ callerName: '王女士', callerNumber: '19900000126', address: '青年路' });
    expect(field(await reveal(wang, 'handling'))).toBe('inputRejected purpose:notInList');
    expect(field(await reveal(zhou, 'handling'))).toBe('inputRejected purpose:notInList');
    expect(ok(await reveal(wang, 'callBack')).personal).toMatchObject({ callerName: '王女士' });
    expect(ok(await reveal(zhou, 'review')).personal).toMatchObject({ callerName: '王女士' });
  });

  test('is for a purpose the centre keeps as data; the last of them takes one’s own words', async () => {
    for (const bad of ['curiosity', 'Review', '', 'x y', 7]) expect(field(await reveal(wang, bad as string))).toMatch(/^inputRejected purpose:/);
    expect(field(await reveal(wang, 'other'))).toBe('inputRejected words:required');
    expect(field(await reveal(wang, 'other', { words: '   ' }))).toBe('inputRejected words:required');
    expect(field(await reveal(wang, 'other', { words: 'x'.repeat(101) }))).toBe('inputRejected words:tooLong');
    expect(field(await reveal(wang, 'other', { words: '核对\u0000住址' }))).toBe('ok');
    const is = ok(await chief.query({ name: 'record', kind: 'list', id: 'purposes' })).record?.body.items as { code: string; active: boolean }[];
    const dispatch = is.find((i) => i.code === 'dispatch');
    ok(await chief.send('list.save', { name: 'purposes', items: [{ from: dispatch, to: { ...dispatch, active: false } }] }));
    expect(field(await reveal(wang, 'dispatch'))).toBe('inputRejected purpose:notInList');
  });

  test('by REST as well, with the same answers', async () => {
    const ask = async (body: object): Promise<number> => (await wang.browser.ask('POST', `/api/v1/calls/${call}/reveal`, body)).status;
    expect(await Promise.all([ask({ purpose: 'handling' }), ask({ purpose: 'other' }), ask({ purpose: 'other', words: '回访前核对' }), ask({ purpose: 'review' })])).toEqual([400, 400, 200, 200]);
  });

  test('is told, newest first and a page at a time, to leaders and administrators of its scope, never with a value', async () => {
    const told = ['call 0001 review', 'call 0001 other 回访前核对', 'call 0001 other 核对住址', 'call 0001 review', 'call 0001 callBack', 'call 0001 handling'];
    expect((await looks(zhou)).toSorted()).toEqual(told.toSorted());
    expect((await looks(chief, { kind: 'call', id: call })).slice(2)).toEqual(told.slice(2));
    expect(await looks(chief, { asked: true })).not.toContain('call 0001 handling');
    const first = ok(await zhou.query({ name: 'looks', limit: 4 }));
    const rest = ok(await zhou.query({ name: 'looks', limit: 4, after: first.next }));
    expect([first.looks?.length, rest.looks?.length, rest.next]).toEqual([4, 2, null]);
    expect(first.looks?.[0]).toMatchObject({ author: '值班员 李', fields: expect.arrayContaining(['callerName', 'callerNumber', 'address']) as string[] });
    expect(JSON.stringify([first, rest])).not.toMatch(/王女士|199000|青年路/);
    // Another part of the board, and who answers for nobody.
    expect(await looks(near)).toEqual([]);
    for (const p of [li, wang]) expect(await p.query({ name: 'looks' })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    expect(await zhou.query({ name: 'looks', after: 'x' })).toMatchObject({ ok: false, error: { code: 'inputRejected' } });
  });

  test('is asked for again once the call is closed: nobody handles it any more', async () => {
    let from = 'dispatched';
    for (const [to, more] of [['inHand', {}], ['answered', { reply: '已答复' }], ['finished', {}], ['calledBack', {}]] as const) {
      ok(await zhou.send('call.move', { id: call, from, to, ...more }));
      from = to;
    }
    expect(field(await reveal(li, 'handling'))).toBe('inputRejected purpose:notInList');
    expect(ok(await reveal(li, 'callBack')).personal).toMatchObject({ callerName: '王女士' });
    const { rows } = await pool.query<{ n: string }>('select count(*) as n from personal_look');
    expect(rows[0]?.n).toBe('7');
  });

  test('at who rang is told by when it rang: what the exchange calls it means nothing to a person', async () => {
    const rung = Date.now() - 120_000;
    const ring = String(ok(await li.send('ring.report', { exchange: 'pbx', call: '1580911200.77', event: 'missed', at: rung, number: '19900000126', line: '12345' })).result.id);
    expect(ok(await zhou.query({ name: 'reveal', kind: 'ring', id: ring, purpose: 'callBack' })).personal).toMatchObject({ number: '19900000126' });
    const [ringLook, ...before] = ok(await zhou.query({ name: 'looks' })).looks ?? [];
    expect(ringLook).toMatchObject({ kind: 'ring', began: rung });
    expect(before.some((l) => 'began' in l)).toBe(false);
  });
});
