import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { redisConnection } from '../../e2e/setup/database.ts';
import type { PresenceFrame } from '../../shared/protocol/messages.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/** [R18] Two people at one call, at two hubs over a real Redis: each is told of the other, and nothing of it is kept. */
let centre: Awaited<ReturnType<typeof openWhole>>;
let pool: pg.Pool;
let li: Person;
let wang: Person;
let far: Person;
let wall: Person;
let call: string;

const told = (p: Person): PresenceFrame | undefined =>
  p.heard.flatMap((line) => (line.startsWith('["board:presence"') ? [(JSON.parse(line) as [string, PresenceFrame])[1]] : [])).at(-1);
const names = (p: Person): string[] => (told(p)?.people ?? []).map((x) => `${x.name} ${x.doing}`);
const at = (doing: 'open' | 'changing' | null, id = call): object => ({ board: 'main', at: doing === null ? null : { kind: 'call', id, doing } });

beforeAll(async () => {
  centre = await openWhole({ hubs: 2, redis: redisConnection() });
  pool = new pg.Pool({ ...centre.database.config, max: 2 });
  pool.on('error', () => undefined); // the database is dropped before this pool has quite ended
  li = await centre.person('li', 'operator');
  wang = await centre.person('wang', 'operator');
  far = await centre.person('far', 'operator', { scope: { units: ['nowhere'], localities: ['999999'] } });
  wall = await centre.wall();
  const logged = await li.send('call.log', { rung: Date.now() - 60_000, answered: Date.now() - 50_000, topic: 'symptoms', locality: '330102', callerName: '王女士' });
  if (!logged.ok) throw new Error('no call');
  call = String(logged.result.id);
}, 60_000);
afterAll(async () => {
  await pool?.end();
  await centre?.close();
});

test('each hears who else has it open and who changes it, on the other hub too, until they go', async () => {
  expect(await li.raw('presence', at('open'))).toEqual({ ok: true });
  expect(await wang.raw('presence', at('changing'), 1)).toEqual({ ok: true });
  await expect.poll(() => names(li)).toEqual(['李小明 changing']);
  await expect.poll(() => names(wang)).toEqual(['李小明 open']);
  expect(await li.raw('presence', at('changing'))).toEqual({ ok: true });
  await expect.poll(() => names(wang)).toEqual(['李小明 changing']);
  expect(await wang.raw('presence', at(null), 1)).toEqual({ ok: true });
  await expect.poll(() => names(li)).toEqual([]);
  // A page that is closed says nothing any more.
  expect(await wang.raw('presence', at('open'), 1)).toEqual({ ok: true });
  await expect.poll(() => names(li)).toEqual(['李小明 open']);
  wang.leave();
  await expect.poll(() => names(li)).toEqual([]);
});

test('whoever may not open the record learns nothing of who has: out of scope, no such record, another kind’s role, a wall, bad input', async () => {
  expect(await far.raw('presence', at('open'))).toMatchObject({ ok: false, error: { code: 'notFound' } });
  expect(await li.raw('presence', at('open', 'no-such'))).toMatchObject({ ok: false, error: { code: 'notFound' } });
  expect(await li.raw('presence', { board: 'main', at: { kind: 'shipment', id: 'x', doing: 'open' } })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
  expect(await li.raw('presence', { board: 'other', at: null })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
  expect(await wall.raw('presence', at('open'))).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
  for (const bad of [null, {}, { board: 'main' }, { board: 'main', at: { kind: 'call', id: call, doing: 'erasing' } }, { board: 'main', at: { kind: 'call', id: 'x'.repeat(81), doing: 'open' } }]) {
    expect(await li.raw('presence', bad)).toMatchObject({ ok: false, error: { code: 'inputRejected' } });
  }
  expect(told(far)).toBeUndefined();
  expect(told(wall)).toBeUndefined();
});

test('a page that says it without end is told to wait', async () => {
  const said = await Promise.all(Array.from({ length: 60 }, (_, i) => li.raw('presence', at(i % 2 ? 'open' : 'changing'))));
  expect(said.filter((a) => (a as { ok: boolean }).ok).length).toBeLessThan(60);
  expect(said.find((a) => !(a as { ok: boolean }).ok)).toMatchObject({ error: { code: 'tooMany' } });
});

test('nothing of it is on the log or in any table', async () => {
  const { rows } = await pool.query<{ n: string }>(`select count(*) as n from entry where command like '%presence%'`);
  expect(rows[0]?.n).toBe('0');
  const { rows: tables } = await pool.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  for (const { name } of tables) {
    const found = await pool.query<{ row: string }>(`select t::text as row from "${name}" t`);
    expect([name, found.rows.filter((r) => r.row.includes('changing')).length]).toEqual([name, 0]);
  }
});
