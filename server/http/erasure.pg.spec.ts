import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asPattern, kinds } from '../../shared/features/index.ts';
import type { Answer, QueryResult } from '../../shared/protocol/messages.ts';
import { author, commandOf } from '../testing/cluster.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/** [R16] The end of personal values: by request and by term, on two hubs; the record, its way and its figures stay. */
let centre: Awaited<ReturnType<typeof openWhole>>;
let pool: pg.Pool;
let operator: Person;
let leader: Person;
const DAY = 86_400_000;
const marks = ['甲密王女士', '甲密李女士', '13987650126', '甲密路七弄', '甲密叙述', '甲密改述', '甲密答复', '甲密缘由'];

beforeAll(async () => {
  centre = await openWhole({ hubs: 2 });
  pool = new pg.Pool({ ...centre.database.config, max: 2 });
  pool.on('error', () => undefined); // the database is dropped before this pool has quite ended
  operator = await centre.person('op', 'operator');
  leader = await centre.person('leader', 'leader');
});
afterAll(async () => {
  await pool.end();
  await centre.close();
});

const ok = <T extends Answer | QueryResult>(said: T): Extract<T, { ok: true }> => {
  if (!said.ok) throw new Error(`refused: ${JSON.stringify(said.error)}`);
  return said as Extract<T, { ok: true }>;
};
const set = (from: unknown, to: unknown): { from: unknown; to: unknown } => ({ from, to });
const page = async (id: string) => ok(await leader.query({ name: 'record', kind: 'call', id }));
const ring = (): Record<string, unknown> => ({ rung: Date.now() - 60_000, answered: Date.now() - 50_000, topic: 'symptoms', locality: '330102' });

async function story(): Promise<string> {
  const id = String(ok(await operator.send('call.log', { ...ring(), callerName: marks[0], callerNumber: marks[2], address: marks[3], narrative: marks[4] })).result.id);
  ok(await operator.send('call.amend', { id, changes: { narrative: set(1, marks[5]), callerName: set(1, marks[1]) } }));
  // Withdrawn: no value stands, and what was said still lies beside the log.
  ok(await operator.send('call.amend', { id, changes: { address: set(1, '') } }));
  ok(await operator.send('call.move', { id, from: 'dispatched', to: 'sentBack', reason: marks[7] }));
  ok(await operator.send('call.move', { id, from: 'sentBack', to: 'answered', reply: marks[6] }));
  return id;
}

/** Every value of every table of the database that holds one of the marks. */
async function everywhere(of: readonly string[]): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    found.push(...rows.filter((r) => of.some((m) => r.row.includes(m))).map((r) => `${name}: ${r.row}`));
  }
  return found;
}
const figures = async (): Promise<unknown> => {
  const said = await leader.join();
  // As of when they are known goes on with every entry.
  return said.ok ? (JSON.parse(JSON.stringify(said.views?.views.call, (key, value: unknown) => (key === 'asOf' ? undefined : value))) as unknown) : null;
};

describe('[R16] on request', () => {
  test('nothing of what the caller said is left anywhere; the call, its way and the figures are as they were', async () => {
    const id = await story();
    expect((await everywhere(marks)).length).toBeGreaterThan(5);
    const before = { page: await page(id), figures: await figures() };
    expect(Object.values(before.page.personal ?? {}).filter((v) => v !== null)).toHaveLength(5);
    const { revision } = ok(await leader.send('call.erase', { id }));
    expect(await everywhere(marks)).toEqual([]);
    const after = await page(id);
    expect(Object.values(after.personal ?? {})).toEqual(Object.values(after.personal ?? {}).map(() => null));
    const way = (p: typeof after): unknown[] => (p.history ?? []).map((h) => [h.revision, h.command, h.author]);
    expect(way(after).slice(1)).toEqual(way(before.page));
    expect(after.history?.[0]).toMatchObject({ revision, command: 'call.erase', author: '值班员 李' });
    const impersonal = (p: typeof after): unknown => Object.entries(p.record?.body ?? {}).filter(([field]) => !asPattern.call.record.personalFields.includes(field));
    expect(impersonal(after)).toEqual(impersonal(before.page));
    expect(await figures()).toEqual(before.figures);
    for (const q of [marks[1]?.slice(2), marks[2], '甲密']) expect(ok(await operator.query({ name: 'list', kind: 'call', q })).records).toEqual([]);
    expect(ok(await operator.query({ name: 'reveal', kind: 'call', id, purpose: 'request' })).personal).toEqual({});
    // The call goes on, and what is said from now on is kept as ever.
    ok(await operator.send('call.move', { id, from: 'answered', to: 'inHand', reason: '另有诉求' }));
    expect(ok(await operator.query({ name: 'reveal', kind: 'call', id, purpose: 'request' })).personal).toEqual({ reason: '另有诉求' });
  });

  test('what is written in the same moment is erased or kept by its order, never half', async () => {
    const log = await operator.send('call.log', { ...ring(), callerName: marks[0] });
    const id = String(ok(log).result.id);
    const version = ok(await operator.query({ name: 'record', kind: 'call', id })).record?.body.callerName;
    const all = await Promise.all([
      operator.send('call.amend', { id, changes: { callerName: set(version, marks[1]) } }),
      leader.send('call.erase', { id }),
      operator.send('call.amend', { id, changes: { narrative: set(null, '甲密之后') } }),
    ]);
    const [first, erased, last] = all.map((a) => (a.ok ? a.revision : 0));
    const left = ok(await operator.query({ name: 'reveal', kind: 'call', id, purpose: 'request' })).personal ?? {};
    expect(left.callerName ?? null).toBe((first ?? 0) > (erased ?? 0) ? marks[1] : null);
    expect(left.narrative ?? null).toBe((last ?? 0) > (erased ?? 0) ? '甲密之后' : null);
    const standing = (await pool.query<{ value: string }>('select value from personal where id = $1 and erased is null', [id])).rows.map((r) => r.value);
    expect(standing.sort()).toEqual(Object.values(left).sort());
    await leader.send('call.erase', { id });
  });

  test('is for leaders alone, of every kind that has personal values, and within their scope', async () => {
    const id = await story();
    expect(await operator.send('call.erase', { id })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    const elsewhere = await centre.person('leader-there', 'leader', { scope: { units: [], localities: ['330212'] } });
    expect(await elsewhere.send('call.erase', { id })).toMatchObject({ ok: false, error: { code: 'notFound' } });
    expect((await everywhere(marks)).length).toBeGreaterThan(5);
    for (const kind of kinds) {
      const has = asPattern[kind].record.personalFields.length > 0;
      expect([kind, asPattern[kind].erasure?.command]).toEqual([kind, has ? `${kind}.erase` : undefined]);
      expect([kind, Object.hasOwn(asPattern[kind].commands, `${kind}.erase`)]).toEqual([kind, has]);
    }
    ok(await leader.send('call.erase', { id }));
  });
});

describe('[R16] when their term has ended', () => {
  /** As if everything about a record had happened so long ago. */
  const age = (id: string, ms: number): Promise<unknown> =>
    pool.query(`update entry e set recorded = recorded - make_interval(secs => $2) from put p where p.board = e.board and p.epoch = e.epoch and p.revision = e.revision and p.id = $1`, [id, ms / 1000]);
  async function closed(): Promise<string> {
    const id = await story();
    ok(await operator.send('call.move', { id, from: 'answered', to: 'finished' }));
    ok(await operator.send('call.move', { id, from: 'finished', to: 'calledBack' }));
    return id;
  }

  test('the board erases by itself, once though two hubs notice, and neither too early nor what is still open', async () => {
    const [old, young, open] = [await closed(), await closed(), await story()];
    await age(old, 366 * DAY);
    await age(young, 364 * DAY);
    await age(open, 800 * DAY);
    await Promise.all(centre.apps.map((a) => a.core.eraseOld()));
    const standing = async (id: string): Promise<number> => (await pool.query('select 1 from personal where id = $1 and erased is null', [id])).rowCount ?? 0;
    expect([await standing(old), (await standing(young)) > 0, (await standing(open)) > 0]).toEqual([0, true, true]);
    expect((await page(old)).history?.[0]).toMatchObject({ command: 'call.erase', author: '系统' });
    const { rows } = await pool.query(`select 1 from put p join entry e using (board, epoch, revision) where p.id = $1 and e.command = 'call.erase'`, [old]);
    expect(rows).toHaveLength(1);
    await Promise.all(centre.apps.map((a) => a.core.eraseOld()));
    expect((await page(old)).history?.filter((h) => h.command === 'call.erase')).toHaveLength(1);
  });

  test('hundreds at a time', async () => {
    // Straight to the board: at the door nobody may ask so much at once.
    const board = centre.apps[0]?.core.boards.get('main');
    if (!board) throw new Error('no board');
    const said = await Promise.all(Array.from({ length: 260 }, () => board.submit(author('operator'), commandOf('call.log', { ...ring(), callerName: marks[0] }, { board: 'main' }))));
    const ids = said.map((answer) => String(ok(answer).result.id));
    for (const id of ids) await age(id, 366 * DAY);
    await pool.query('update record set held = false where id = any($1)', [ids]);
    const standing = async (): Promise<number> => (await pool.query('select 1 from personal where id = any($1) and erased is null', [ids])).rowCount ?? 0;
    expect(await standing()).toBe(260);
    await centre.apps[0]?.core.eraseOld();
    expect(await standing()).toBe(0);
  });
});
