import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { redisConnection } from '../../e2e/setup/database.ts';
import { everywhere, roles, type Author, type Role, type Scope } from '../../shared/access/access.ts';
import { command, type Feature } from '../../shared/features/feature.ts';
import { asPattern, kinds } from '../../shared/features/index.ts';
import { createLog } from '../log.ts';
import { noSamplesMigration } from '../record/migration.ts';
import { plantsOf, type Plant, type Planted } from '../testing/marked.ts';
import { Program } from '../testing/program.ts';
import { openReceiver } from '../testing/receiver.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/**
 * [R10 R16] A mark in every field that a schema calls internal or personal, of every kind there is, found from the
 * schemas themselves: a kind that is added is searched for without a line here. privacy.redis.spec.ts plants by the
 * product's own commands; this one has on the record whatever could ever stand there.
 */
let centre: Awaited<ReturnType<typeof openWhole>>;
let pool: pg.Pool;
let redis: Redis;
let monitor: Redis;
let wall: Person;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let leader: Person;
const desks: { role: Role; where: 'here' | 'nowhere'; person: Person; program: Program | null }[] = [];
const logged: string[] = [];
const rung: [string, string][] = [];
const carried: string[] = [];
const planted: Planted = { internal: new Map(), personal: new Map() };
let plants: Plant[] = [];

const nowhere: Scope = { units: ['nowhere'], localities: ['999999'] };
const author: Author = { id: 'planter', label: '值班员 李', role: 'leader', scope: everywhere };
/** The n-th planted record of a kind: an id as clients make them. */
const idOf = (kind: string, n: number): string => `a11ed000-0000-4000-8000-${String(kinds.indexOf(kind as (typeof kinds)[number]) * 1_000 + n).padStart(12, '0')}`;
const body = z.object({ id: z.string(), body: z.record(z.string(), z.unknown()), personal: z.record(z.string(), z.string()) });
/** Every kind as it is, and one command more that puts what it is given. */
const withPlant = (kind: string, feature: Feature): Feature => ({
  ...feature,
  // A planted record stands beside those of the seed and its own like: no two are found by one natural key.
  ...(feature.keys ? { keys: (b: never) => (JSON.stringify(b).includes('隐') ? [] : (feature.keys?.(b) ?? [])) } : {}),
  commands: {
    ...feature.commands,
    [`${kind}.plant`]: command({ roles: ['leader'], body, needs: (b) => ({ records: [[kind, b.id]] }), decide: (_, b) => ({ puts: [{ kind, id: b.id, body: b.body, personal: b.personal }] }) }),
  },
});
const holding = (texts: readonly string[], marks: ReadonlyMap<string, string>): string[] => {
  const all = texts.join('\n');
  return [...marks].filter(([mark]) => all.includes(mark)).map(([, field]) => field);
};
const of = (mine: (kind: string) => boolean, marks: ReadonlyMap<string, string>): Map<string, string> => new Map([...marks].filter(([, field]) => mine(field.split('.')[0] ?? '')));

beforeAll(async () => {
  const log = createLog('trace', { write: (line: string) => void logged.push(line) });
  redis = new Redis({ ...redisConnection() });
  monitor = await redis.duplicate().monitor();
  monitor.on('monitor', (_at: string, args: string[]) => carried.push(args.join(' ')));
  const ears = redis.duplicate();
  await ears.psubscribe('*');
  ears.on('pmessage', (_p: string, channel: string, message: string) => rung.push([channel, message]));
  centre = await openWhole({ hubs: 2, redis: redisConnection(), log, env: { PUBLIC_PORT: '0' }, features: Object.fromEntries(kinds.map((k) => [k, withPlant(k, asPattern[k])])) });
  const { rows } = await (pool = new pg.Pool({ ...centre.database.config, max: 2 })).query<{ identity: string }>('select identity from board');
  expect(rows).toHaveLength(1);
  pool.on('error', () => undefined); // the database is dropped before this pool has quite ended
  wall = await centre.wall();
  leader = await centre.person('leader', 'leader');
  const admin = await centre.person('admin2', 'admin');
  receiver = await openReceiver();
  expect((await admin.browser.ask('POST', '/api/v1/webhooks', { name: '收', board: 'main', url: receiver.url })).status).toBe(201);
  const access = centre.apps[0]?.access;
  const [chief] = (await access?.people.list()) ?? [];
  if (!access || !chief) throw new Error('no hub');
  for (const role of roles) {
    for (const where of ['here', 'nowhere'] as const) {
      const scope = where === 'nowhere' ? (role === 'unit' ? { units: ['nowhere'], localities: [] } : nowhere) : role === 'unit' ? { units: ['health', 'labour', 'economy'], localities: [] } : everywhere;
      const person = await centre.person(`${role}-${where}`, role, { scope });
      const made = await access.keys.make({ use: 'board', name: `${role}-${where}`, board: 'main', role, scope, mayWrite: false, mayReveal: false, days: 1 }, { person: chief.id, label: '管理员', address: '127.0.0.1' }).catch(() => null);
      desks.push({ role, where, person, program: made ? new Program(centre.urls[0] ?? '', made.secret) : null });
    }
  }
  for (const hub of [0, 1]) expect((await wall.join({ entries: false }, hub)).ok).toBe(true);
  for (const { person } of desks) expect((await person.join()).ok).toBe(true);

  const records = kinds.map((kind) => ({ kind, id: idOf(kind, 0) }));
  plants = kinds.flatMap((kind) => plantsOf(asPattern[kind], planted, records, idOf));
  const board = centre.apps[0]?.core.boards.get('main');
  // Twice, so that what was is told as well as what is.
  for (const round of [1, 2]) {
    const said = await Promise.all(plants.map(({ kind, ...given }) => board?.submit(author, { id: randomUUID(), board: 'main', type: `${kind}.plant`, sent: Date.now(), body: given })));
    expect([round, said.map((a, i) => (a?.ok ? null : [plants[i]?.id, a]))]).toEqual([round, said.map(() => null)]);
  }
}, 120_000);
afterAll(async () => {
  await receiver?.close();
  monitor?.disconnect();
  redis?.disconnect();
  await pool?.end();
  await centre?.close();
});

/** Every address the description names, filled in with a planted record. */
async function addresses(): Promise<{ method: string; path: string }[]> {
  const { paths } = (await (await fetch(`${centre.urls[0]}/api/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) => {
    const kind = kinds.find((k) => path.includes(`/${asPattern[k].plural}`)) ?? 'call';
    const full = path.replace(/\{\w+\}/g, idOf(kind, 0));
    return Object.keys(methods).filter((m) => m === 'get' || m === 'post').map((method) => ({ method: method.toUpperCase(), path: full.startsWith('/api') ? full : `/api/v1${full}` }));
  });
}
/** All a desk can ask by its socket, of every kind. */
async function asks(person: Person): Promise<string[]> {
  const out: unknown[] = [await person.join()];
  for (const kind of kinds) {
    const id = idOf(kind, 0);
    out.push(await person.query({ name: 'list', kind, limit: 200 }), await person.query({ name: 'list', kind, q: '隐' }), await person.query({ name: 'record', kind, id }));
    out.push(await person.query({ name: 'timeline', kind, id, limit: 200 }), await person.query({ name: 'reveal', kind, id, purpose: 'review' }));
  }
  for (const one of out) if (JSON.stringify(one).includes('"tooMany"')) throw new Error('the rate at the door kept something from the search');
  return [...person.heard, ...out.map((o) => JSON.stringify(o))];
}

describe('[R10 R16] a mark in every field called internal or personal, of every kind', () => {
  test('stands on the record: otherwise the search proves nothing', async () => {
    const { rows } = await pool.query<{ row: string }>('select body::text as row from record');
    const found = holding(rows.map((r) => r.row), planted.internal);
    // Left out: fields that have no room for a word, which only their names could tell.
    const wordless = [...planted.internal.values()].filter((f) => !found.includes(f));
    expect(wordless.sort()).toEqual(['alert.least', 'ring.numberAt', 'rule.looks', 'rule.minutes', 'shift.cancelled', 'shift.rise', 'rule.least'].sort());
    const values = await pool.query<{ value: string }>('select value from personal');
    expect(holding(values.rows.map((r) => r.value), planted.personal)).toEqual([...planted.personal.values()]);
    expect(planted.personal.size).toBeGreaterThan(10);
    // And whoever it belongs to does get it.
    expect(holding(await asks(leader), planted.internal).length).toBeGreaterThan(50);
  });

  test('a wall gets none of them: frames and pictures of two hubs, every address there is, questions and commands by hand', async () => {
    const texts = [...wall.heard];
    for (const hub of [0, 1]) texts.push(JSON.stringify(await wall.join({ entries: false }, hub)), JSON.stringify(await wall.raw('board:join', { board: 'main', protocol: 1, entries: true, views: true }, hub)));
    for (const { method, path } of await addresses()) texts.push((await wall.browser.ask(method, path, method === 'POST' ? {} : undefined)).text);
    for (const kind of kinds) for (const name of ['list', 'record', 'timeline', 'reveal']) texts.push(JSON.stringify(await wall.raw('query', { name, board: 'main', kind, ...(name === 'list' ? {} : { id: idOf(kind, 0) }), ...(name === 'reveal' ? { purpose: 'review' } : {}) })));
    for (const kind of kinds) for (const type of Object.keys(asPattern[kind].commands)) texts.push(JSON.stringify(await wall.raw('command', { id: randomUUID(), board: 'main', type, sent: 1, body: { id: idOf(kind, 0) } })));
    expect(texts.filter((t) => t.startsWith('["board:view"')).length).toBeGreaterThan(0);
    expect(holding(texts, planted.internal)).toEqual([]);
    expect(holding(texts, planted.personal)).toEqual([]);
  });

  test('a stranger gets none of them at any address', async () => {
    const texts: string[] = [];
    for (const { method, path } of await addresses()) texts.push(await (await fetch(`${centre.urls[0]}${path}`, { method })).text());
    expect(holding(texts, planted.internal)).toEqual([]);
    expect(holding(texts, planted.personal)).toEqual([]);
  });

  test('the outward channel and webhooks carry none; nothing personal goes through Redis', async () => {
    const at = centre.apps[0]?.core.boards.get('main')?.at.revision ?? 0;
    await expect.poll(() => receiver.all.at(-1)?.data.data.revision, { timeout: 30_000 }).toBe(at);
    const outward = [...rung.filter(([channel]) => channel.startsWith('board:')).map(([, m]) => m), ...receiver.all.map((r) => r.body)];
    expect(outward.filter((text) => text.includes('a11ed000')).length).toBeGreaterThan(kinds.length * 2);
    expect(holding(outward, planted.internal)).toEqual([]);
    // Nor a field that has no room for a word: by its name.
    for (const { data } of receiver.all) for (const put of data.data.puts) for (const name of Object.keys(put.body)) expect([put.kind, name, asPattern[put.kind as (typeof kinds)[number]].record.fields[name]?.mark]).toEqual([put.kind, name, 'public']);
    expect(carried.join('\n')).toContain('a11ed000');
    expect(holding([...carried, ...rung.flat()], planted.personal)).toEqual([]);
  });

  test('the outer door and the hub’s own figures hold none of them; nor does what a kind is asked over all its records, of anything personal', async () => {
    const outer = centre.outers[0] ?? '';
    const texts: string[] = [];
    for (const { path } of await addresses()) texts.push(await (await fetch(outer + path)).text());
    for (const path of ['/', '/d', '/c', '/metrics']) texts.push(await (await fetch(outer + path)).text());
    for (const { id } of plants) texts.push(await (await fetch(`${outer}/look`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ link: id }) })).text());
    const access = centre.apps[0]?.access;
    const [chief] = (await access?.people.list()) ?? [];
    const made = await access?.keys.make({ use: 'metrics', name: '监控', days: 1 }, { person: chief?.id ?? '', label: '管理员', address: '127.0.0.1' });
    const figures = await new Program(centre.urls[0] ?? '', made?.secret ?? '').get('/metrics');
    expect(figures.text).toContain('board_revision{board="main"}');
    texts.push(figures.text);
    expect(holding(texts, planted.internal)).toEqual([]);
    expect(holding(texts, planted.personal)).toEqual([]);
    // Somebody of their own: others ask as much as the door lets through.
    const prober = await centre.person('prober', 'leader');
    const told: string[] = [];
    for (const kind of kinds.filter((k) => asPattern[k].subject)) {
      const rule = { looks: 'records', kind, each: null, when: 'true', clear: null, field: null, minutes: 0 };
      const all = await prober.query({ name: 'survey', kind: 'rule', ask: 'rule.try', body: { ...rule, title: { zh: '试', en: 'a try' } } });
      expect([kind, all]).toMatchObject([kind, { ok: true, failed: 0 }]);
      told.push(JSON.stringify(all));
      for (const field of asPattern[kind].record.personalFields) {
        for (const more of [{ title: { zh: `{${field}}`, en: `{${field}}` } }, { when: `${field} != ""`, title: { zh: '试', en: 'a try' } }]) told.push(JSON.stringify(await prober.query({ name: 'survey', kind: 'rule', ask: 'rule.try', body: { ...rule, ...more } })));
      }
    }
    expect(told.join()).toContain('a11ed000');
    expect(told.join()).toContain('"inputRejected"');
    expect(holding(told, planted.personal)).toEqual([]);
  });

  test('no desk gets anything of a kind that is not its role’s or a record that is not in its scope; a personal value only where its role may ask for it', async () => {
    for (const { role, where, person, program } of desks) {
      const texts = (await asks(person)).filter((text) => !text.includes('"purpose"'));
      const rest = program ? [(await program.get('/api/v1/changes?since=1.0&limit=500')).text, ...(await Promise.all(kinds.map(async (k) => (await program.get(`/api/v1/${asPattern[k].plural}?limit=200`)).text)))] : [];
      const foreign = (kind: string): boolean => {
        const feature = asPattern[kind as (typeof kinds)[number]];
        if (!feature.readers.includes(role)) return true;
        return where === 'nowhere' && plants.filter((p) => p.kind === kind).every((p) => { const place = feature.place({ ...p.body }); return place.units.length + place.localities.length > 0; });
      };
      expect([role, where, holding([...texts, ...rest], of(foreign, planted.internal))]).toEqual([role, where, []]);
      const revealed = (kind: string): boolean => !foreign(kind) && asPattern[kind as (typeof kinds)[number]].revealers.includes(role);
      expect([role, where, holding(texts, of((k) => !revealed(k), planted.personal))]).toEqual([role, where, []]);
      expect([role, where, holding(rest, planted.personal)]).toEqual([role, where, []]);
    }
  }, 120_000);

  test('no log line, figure or failure holds a personal one', async () => {
    // Something has to go wrong first: PostgreSQL puts the row it will not take into its complaint.
    await pool.query('alter table personal add constraint never check (length(value) > 9000) not valid');
    const [{ kind, ...given }] = plants.filter((p) => Object.keys(p.personal).length > 0) as [Plant];
    expect(await centre.apps[0]?.core.boards.get('main')?.submit(author, { id: randomUUID(), board: 'main', type: `${kind}.plant`, sent: Date.now(), body: given })).toMatchObject({ ok: false });
    await pool.query('alter table personal drop constraint never');
    expect(logged.join()).toContain('"constraint":"never"');
    expect(holding(logged, planted.personal)).toEqual([]);
  });

  test('[R16] after erasure the whole database holds none: every column of every table, the planner’s samples too', async () => {
    // A database as it was before the planner was forbidden to keep samples: it has some, and the migration takes them away.
    const samples = async (): Promise<string[]> => (await pool.query<{ attname: string }>(`select attname from pg_stats where tablename = 'personal' and attname in ('value', 'grams') order by 1`)).rows.map((r) => r.attname);
    await pool.query('alter table personal alter column value set statistics -1, alter column grams set statistics -1');
    await pool.query('analyze');
    expect(await samples()).toEqual(['grams', 'value']);
    await noSamplesMigration.up(new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }));
    expect(await samples()).toEqual([]);
    // That database had no index over the ends of numbers yet; where a column is rewritten under one, it forgets that it keeps no sample.
    await pool.query('alter index personal_call_number alter column 2 set statistics 0');
    await pool.query('analyze');
    for (const { kind, id } of plants) if (asPattern[kind as (typeof kinds)[number]].erasure) {
      const said = await centre.apps[0]?.core.boards.get('main')?.submit(author, { id: randomUUID(), board: 'main', type: `${kind}.erase`, sent: Date.now(), body: { id } });
      expect([id, said]).toMatchObject([id, { ok: true }]);
    }
    const { rows: tables } = await pool.query<{ name: string }>(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`);
    expect(tables.length).toBeGreaterThan(15);
    const hex = new Map([...planted.personal].map(([mark, field]) => [Buffer.from(mark).toString('hex'), field]));
    // The catalogue's samples lie in pg_statistic; pg_stats shows a role those of its own tables.
    for (const from of [...tables.map((t) => t.name), 'pg_stats']) {
      const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${from} t`);
      const texts = rows.map((r) => r.row);
      expect([from, holding(texts, planted.personal), holding(texts, hex)]).toEqual([from, [], []]);
    }
    expect(await samples()).toEqual([]);
  });
});
