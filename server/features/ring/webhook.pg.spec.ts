import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everywhere } from '../../../shared/access/access.ts';
import type { Ring } from '../../../shared/features/ring/record.ts';
import { ManualClock } from '../../../shared/time/clock.ts';
import { Program } from '../../testing/program.ts';
import { openWhole } from '../../testing/whole.ts';

/** The canonical webhook: any exchange's bridge posts here with a key, through the ordinary gate. */
const START = Date.UTC(2020, 1, 5, 14);
const NUMBER = '19900000126';
const clock = new ManualClock(START);
let centre: Awaited<ReturnType<typeof openWhole>>;
let bridge: Program;
let reader: Program;

beforeAll(async () => {
  centre = await openWhole({ clock });
  const [chief] = (await centre.apps[0]?.access.people.list()) ?? [];
  const by = { person: chief?.id ?? '', label: '管理员', address: '127.0.0.1' };
  const key = async (name: string, mayWrite: boolean): Promise<Program> => {
    const made = await centre.apps[0]?.access.keys.make({ use: 'board', name, board: 'main', role: 'operator', scope: everywhere, mayWrite, mayReveal: false, days: 1 }, by);
    return new Program(centre.urls[0] ?? '', made?.secret ?? '');
  };
  bridge = await key('话务桥', true);
  reader = await key('只读', false);
});
afterAll(() => centre.close());

const event = (call: string, name: string, after: number, more: object = {}): object => ({ exchange: 'pbx', call, event: name, at: START - 60_000 + after, number: NUMBER, line: '12345', ...more });
async function stored(call: string): Promise<{ id: string; body: Ring; personal: unknown }[]> {
  const list = (await bridge.get('/api/v1/rings?exchange=pbx&limit=200')).json as { records: { id: string; body: Ring }[] };
  const found = list.records.filter((r) => r.body.call === call);
  return Promise.all(found.map(async (r) => ({ ...r, personal: ((await bridge.get(`/api/v1/rings/${r.id}`)).json as { personal: unknown }).personal })));
}

test('repeated under the same key, under new keys, and out of order: one ring, the same answer', async () => {
  const told = [event('a-1', 'ended', 30_000), event('a-1', 'ringing', 0, { extension: '801' }), event('a-1', 'answered', 8_000, { extension: '801' })];
  const keys = told.map(() => randomUUID());
  const replies = [];
  for (const round of [keys, keys, told.map(() => randomUUID())]) for (const [i, body] of told.entries()) replies.push(await bridge.post('/api/v1/rings', body, round[i]));
  expect(replies.map((r) => r.status)).toEqual(replies.map(() => 200));
  expect(new Set(replies.map((r) => (r.json as { result: { id: string } }).result.id)).size).toBe(1);
  const all = await stored('a-1');
  expect(all).toHaveLength(1);
  expect(all[0]?.body).toMatchObject({ stage: 'ended', rung: START - 60_000, answered: START - 52_000, ended: START - 30_000, answeredAt: { value: '801' } });
});

test('all events of a hundred calls at once, in any order: a hundred rings, each whole', async () => {
  const calls = Array.from({ length: 100 }, (_, i) => `many-${i}`);
  const all = calls.flatMap((c, i) => [event(c, 'ringing', i), event(c, i % 2 ? 'answered' : 'missed', 5_000 + i), ...(i % 2 ? [event(c, 'ended', 20_000 + i)] : [])]);
  const mixed = all.map((e, i) => [(i * 7_919) % 251, e] as const).sort((a, b) => a[0] - b[0]);
  for (let i = 0; i < mixed.length; i += 50) {
    const replies = await Promise.all(mixed.slice(i, i + 50).map(([, e]) => bridge.post('/api/v1/rings', e)));
    expect(replies.map((r) => r.status)).toEqual(replies.map(() => 200));
    clock.advance(1_000);
  }
  const list = (await bridge.get('/api/v1/rings?exchange=pbx&q=many&limit=200')).json as { records: { body: Ring }[] };
  expect(list.records).toHaveLength(100);
  for (const { body } of list.records) expect(body.stage).toBe(Number(body.call.slice(5)) % 2 ? 'ended' : 'missed');
});

test('what is wrong is refused with the field that is, and nothing of it is stored', async () => {
  const wrong: [object, string][] = [
    [event('w-1', 'ringing', 0, { number: 'DROP TABLE' }), 'number badTelephone'],
    [event('w-1', 'gone', 0), 'event notInList'],
    [event('w-1', 'ringing', 0, { at: 'soon' }), 'at notANumber'],
    [event('w-1', 'ringing', 3_600_000), 'at timeInFuture'],
    [event(`w-${NUMBER}`, 'ringing', 0), 'call notAllowedHere'],
    [{ exchange: 'pbx', event: 'ringing', at: START }, 'call required'],
  ];
  for (const [body, said] of wrong) {
    const reply = await bridge.post('/api/v1/rings', body);
    const { error } = reply.json as { error: { fields: { path: string; code: string }[] } };
    expect([reply.status, ...error.fields.map((f) => `${f.path} ${f.code}`)]).toEqual([400, said]);
    expect(reply.text).not.toContain(NUMBER);
  }
  expect(await stored('w-1')).toEqual([]);
  expect((await reader.post('/api/v1/rings', event('w-1', 'ringing', 0))).status).toBe(403);
  expect((await new Program(centre.urls[0] ?? '', 'sbk_none').post('/api/v1/rings', event('w-1', 'ringing', 0))).status).toBe(401);
});

test('the number is nowhere but beside the log: not in lists, changes, figures or answers', async () => {
  await bridge.post('/api/v1/rings', event('p-1', 'missed', 0));
  const [found] = await stored('p-1');
  expect(found?.personal).toEqual({});
  const told = await Promise.all(['/api/v1/rings?limit=200', `/api/v1/rings/${found?.id ?? ''}`, '/api/v1/changes?since=1.0&limit=200'].map((path) => reader.get(path)));
  for (const { text, status } of told) expect([status, text.includes(NUMBER)]).toEqual([200, false]);
  expect((await reader.get(`/api/v1/rings?q=${NUMBER}`)).text).not.toContain('"records":[{');
});

test('an exchange’s bridge may say that it is lost, and connected again', async () => {
  for (const [state, ago] of [['connected', 9_000], ['lost', 5_000], ['connected', 7_000], ['connected', 1_000]] as const) {
    expect((await bridge.post('/api/v1/exchanges', { exchange: 'pbx', state, at: START - ago })).status).toBe(200);
  }
  const list = (await bridge.get('/api/v1/exchanges')).json as { records: { id: string; body: unknown }[] };
  expect(list.records.map((r) => r.body)).toEqual([{ code: 'pbx', state: 'connected', since: START - 1_000 }]);
});
