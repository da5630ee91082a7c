import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheDirectory } from '../../e2e/paths.ts';
import { everywhere } from '../../shared/access/access.ts';
import { asPattern, kinds } from '../../shared/features/index.ts';
import type { Answer, QueryResult } from '../../shared/protocol/messages.ts';
import { startRedis } from '../embedded/redis.ts';
import { createLog } from '../log.ts';
import { quiet } from '../testing/cluster.ts';
import { Program } from '../testing/program.ts';
import { openReceiver } from '../testing/receiver.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/**
 * [R10 R16] A mark of its own is planted in every personal and every internal field that a command of the product takes,
 * on two hubs over a real Redis. Then every byte is searched: what walls get, what Redis carries, what is logged, what
 * lies in the log's tables. Nothing is left to the names of fields.
 */
let centre: Awaited<ReturnType<typeof openWhole>>;
let server: NonNullable<Awaited<ReturnType<typeof startRedis>>>;
let directory: string;
let redis: Redis;
let pool: pg.Pool;
const logged: string[] = [];
const rung: [channel: string, message: string][] = [];
let operator: Person;
let clerk: Person;
let inspector: Person;
let leader: Person;
let wall: Person;
let far: Person;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
/** Keys of other programs: one to look with, one for the hub's own figures. */
let program: Program;
let meter: Program;

/** Personal: words that no other text holds. Telephones are kept in one form, so the digits are the mark. */
const personal = {
  callerName: '甲密王女士',
  callerNumber: '13987650126',
  address: '甲密路七弄三幢',
  narrative: '甲密叙述发热三天',
  narrativeLater: '甲密改述已退烧',
  reply: '甲密答复请居家',
  reason: '甲密退回非本辖区',
  urged: '甲密催办还没人来',
  driverName: '甲密李师傅',
  driverNumber: '13987650127',
  contactName: '甲密陈厂长',
  contactNumber: '13987650128',
  informant: '甲密举报人',
  persons: '甲密伤者名单',
  ringNumber: '13987650129',
  ringReason: '甲密空号打不通',
  backName: '甲密陆先生',
  backNumber: '13987650130',
  backAddress: '甲密河沿九号',
  backNarrative: '甲密夜里停电来电',
  backReply: '甲密已请社区上门',
  guess: '甲密试探',
};
const internal = {
  vehicle: '浙B7M4K1',
  escort: '乙密押运组',
  reasons: '乙密少三箱',
  cancelled: '乙密取消缘由',
  line: '乙密接入线',
  address: '乙密厂区大道九号',
  stateReason: '乙密停产缘由',
  judgedReason: '乙密判定缘由',
  difficultyWords: '乙密缺人手',
  product: '乙密产品名',
  levelText: '乙密令文全文',
  formVoided: '乙密表单浸损',
  outageReason: '乙密市电中断',
  writer: '乙密代笔人',
};
const marks = Object.values(personal).map((m) => (/^\d+$/.test(m) ? m : m.slice(0, 4)));
const inside = Object.values(internal);

const ok = <T extends Answer | QueryResult>(said: T): Extract<T, { ok: true }> => {
  if (!said.ok) throw new Error(`refused: ${JSON.stringify(said.error)}`);
  return said as Extract<T, { ok: true }>;
};

beforeAll(async () => {
  const log = createLog('trace', { write: (line: string) => void logged.push(line) });
  // A Redis of its own: every word on it is of these two hubs.
  directory = mkdtempSync(join(tmpdir(), 'redis-'));
  const started = await startRedis({ dir: directory, cache: cacheDirectory('redis'), log: quiet });
  if (!started) throw new Error('no Redis for this test');
  server = started;
  centre = await openWhole({ hubs: 2, redis: { path: server.path }, log, env: { PUBLIC_PORT: '0' } });
  pool = new pg.Pool({ ...centre.database.config, max: 2 });
  pool.on('error', () => undefined); // the database is dropped before this pool has quite ended
  redis = new Redis({ path: server.path });
  await redis.psubscribe('*');
  redis.on('pmessage', (_pattern: string, channel: string, message: string) => rung.push([channel, message]));
  operator = await centre.person('op', 'operator');
  clerk = await centre.person('clerk', 'supplies');
  inspector = await centre.person('inspector', 'enterprises');
  leader = await centre.person('leader', 'leader');
  wall = await centre.wall();
  far = await centre.wall();
  receiver = await openReceiver();
  const [access, [chief]] = [centre.apps[0]?.access, (await centre.apps[0]?.access.people.list()) ?? []];
  if (!access || !chief) throw new Error('no hub');
  const by = { person: chief.id, label: '管理员', address: '127.0.0.1' };
  const keyOf = async (given: Parameters<typeof access.keys.make>[0]): Promise<Program> => new Program(centre.urls[0] ?? '', (await access.keys.make(given, by)).secret);
  program = await keyOf({ use: 'board', name: '省厅', board: 'main', role: 'leader', scope: everywhere, mayWrite: false, mayReveal: false, days: 1 });
  meter = await keyOf({ use: 'metrics', name: '监控', days: 1 });
  const admin = await centre.person('admin2', 'admin');
  expect((await admin.browser.ask('POST', '/api/v1/webhooks', { name: '收', board: 'main', url: receiver.url })).status).toBe(201);
  expect((await wall.join({ entries: false })).ok).toBe(true);
  expect((await far.join({ entries: false }, 1)).ok).toBe(true);
  await act();
});
afterAll(async () => {
  await receiver.close();
  await redis.quit();
  await pool.end();
  await centre.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Everything people do with what must not get out: written, corrected, argued over, refused, looked at, searched for. */
async function act(): Promise<void> {
  const now = Date.now();
  const id = (a: Answer): string => String(ok(a).result.id);
  const set = (from: unknown, to: unknown): { from: unknown; to: unknown } => ({ from, to });
  const { callerName, callerNumber, address, narrative } = personal;
  const call = id(await operator.send('call.log', { rung: now - 60_000, answered: now - 50_000, topic: 'symptoms', locality: '330102', callerName, callerNumber, address, narrative }));
  const body = ok(await operator.query({ name: 'record', kind: 'call', id: call })).record?.body ?? {};
  ok(await operator.send('call.amend', { id: call, changes: { narrative: set(body.narrative, personal.narrativeLater) } }));
  // Two at once: the refusal says both sides, and is kept as an outcome.
  expect(await leader.send('call.amend', { id: call, changes: { narrative: set(99, personal.guess), callerName: set(99, personal.guess) } })).toMatchObject({ ok: false, error: { code: 'conflict' } });
  // Bad input with a mark in it, by both doors.
  expect((await operator.send('call.log', { rung: 'x', topic: 'symptoms', locality: '330102', callerName, callerNumber: `${callerNumber}${personal.guess}` })).ok).toBe(false);
  const bad = { id: randomUUID(), board: 'main', type: 'call.log', sent: 1, body: { narrative, [narrative]: address } };
  expect((await operator.browser.ask('POST', '/api/v1/commands', bad)).status).toBe(400);
  ok(await operator.send('call.urge', { id: call, seen: 0, caller: true, note: personal.urged }));
  ok(await operator.send('call.move', { id: call, from: 'dispatched', to: 'sentBack', reason: personal.reason }));
  ok(await operator.send('call.move', { id: call, from: 'sentBack', to: 'answered', reply: personal.reply }));
  for (const q of [narrative.slice(0, 4), callerNumber, callerName]) {
    ok(await operator.query({ name: 'list', kind: 'call', q }));
    expect((await operator.browser.ask('GET', `/api/v1/calls?q=${encodeURIComponent(q)}`)).status).toBe(200);
  }
  expect(JSON.stringify(ok(await operator.query({ name: 'reveal', kind: 'call', id: call, purpose: 'handling' })))).toContain(callerName);

  const items = ok(await clerk.query({ name: 'record', kind: 'list', id: 'items' })).record?.body.items as { code: string }[];
  const item = String(items[0]?.code);
  const announce = {
    from: { locality: '330782', place: '义乌货场' },
    to: { locality: '330212', place: '鄞州库' },
    lines: [{ item, announced: 10 }],
    vehicle: internal.vehicle,
    escort: internal.escort,
    driverName: personal.driverName,
    driverNumber: personal.driverNumber,
  };
  const load = id(await clerk.send('shipment.announce', announce));
  let state = 'planned';
  for (const to of ['departed', 'onTheWay', 'arrived', 'unloading']) {
    ok(await clerk.send('shipment.move', { id: load, from: state, to }));
    state = to;
  }
  ok(await clerk.send('shipment.count', { id: load, lines: [{ item, from: null, counted: 7, reason: internal.reasons }], done: true }));
  const second = id(await clerk.send('shipment.announce', announce));
  ok(await clerk.send('shipment.cancel', { id: second, from: 'planned', reason: internal.cancelled }));

  const lists = async (name: string): Promise<string> => String((ok(await inspector.query({ name: 'record', kind: 'list', id: name })).record?.body.items as { code: string }[])[0]?.code);
  const plant = id(
    await inspector.send('enterprise.register', {
      name: '演练化工厂',
      creditCode: '91330211MA0DEM013F',
      locality: '330211',
      address: internal.address,
      trade: await lists('trades'),
      headcount: 80,
      state: 'resumed',
      contactName: personal.contactName,
      contactNumber: personal.contactNumber,
    }),
  );
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(now);
  ok(
    await inspector.send('enterprise.report', {
      id: plant,
      day,
      capacity: 80,
      staff: 40,
      masksDays: 2,
      difficulties: [await lists('difficulties')],
      words: internal.difficultyWords,
      output: [{ product: internal.product, quantity: 400, unit: '桶' }],
    }),
  );
  ok(await inspector.send('enterprise.judge', { id: plant, changes: { code: set(null, 'yellow') }, reason: internal.judgedReason }));
  ok(await inspector.send('enterprise.resume', { id: plant, from: 'resumed', to: 'stopped', reason: internal.stateReason }));
  ok(
    await leader.send('incident.report', { title: '演练火情', category: 'accident', locality: '330102', since: now - 60_000, informant: personal.informant, persons: personal.persons }),
  );
  // By the webhook, then refused by it with the number in the wrong place, then given up with words.
  const told = { exchange: 'pbx', call: 'p-1', event: 'missed', at: now - 30_000, number: personal.ringNumber, line: internal.line };
  const missed = id(await operator.send('ring.report', told));
  expect((await operator.browser.ask('POST', '/api/v1/rings', { ...told, call: personal.ringNumber }, { 'idempotency-key': randomUUID() })).status).toBe(400);
  ok(await operator.send('ring.callBack', { id: missed, from: 'owed', to: 'givenUp', reason: personal.ringReason }));
  // The hours on paper: a form used, the same once more in vain, another spoilt; the dark hours themselves.
  const forms = ok(await operator.send('paper.reserve', { count: 2 })).result;
  const sheet = { rung: now - 3_600_000, answered: null, topic: 'symptoms', locality: '330102', backEntered: true, formNumber: forms.first, writtenBy: internal.writer };
  const written = { callerName: personal.backName, callerNumber: personal.backNumber, address: personal.backAddress, narrative: personal.backNarrative, reply: personal.backReply };
  ok(await operator.send('call.log', { ...sheet, ...written }));
  expect(await operator.send('call.log', { ...sheet, ...written, narrative: personal.guess })).toMatchObject({ ok: false, error: { fields: [{ path: 'formNumber', code: 'taken' }] } });
  ok(await operator.send('paper.void', { id: forms.id, numbers: [forms.last], reason: internal.formVoided }));
  const dark = id(await leader.send('outage.record', { from: now - 7_200_000, to: now - 3_000_000, cause: 'power', reason: '' }));
  ok(await leader.send('outage.amend', { id: dark, changes: { reason: set('', internal.outageReason) } }));
  ok(await operator.send('exchange.report', { exchange: 'pbx', state: 'lost', at: now - 1_000 }));
  const declared = ok(await leader.send('level.declare', { from: 'none', level: 'I', grounds: '演练', text: internal.levelText }));

  // Until both walls show the last of it.
  for (const [person, hub] of [[wall, 0], [far, 1]] as const) {
    const reached = (): boolean => person.heard.some((line) => line.startsWith('["board:view"') && (JSON.parse(line) as [string, { to: number }])[1].to >= declared.revision);
    const socket = await person.socket(hub);
    while (!reached()) await new Promise<void>((done) => socket.once('board:view', () => done()));
  }
}

const pick = (...names: (keyof typeof personal)[]): Record<string, string> => Object.fromEntries(names.map((n) => [n, personal[n]]));
const holding = (texts: readonly string[], words: readonly string[]): string[] => words.filter((word) => texts.some((text) => text.includes(word)));

describe('[R16] what was planted', () => {
  test('is where it belongs, every personal field of every kind: otherwise the search proves nothing', async () => {
    const { rows } = await pool.query<{ kind: string; field: string; value: string }>('select kind, field, value from personal');
    expect(holding(rows.map((r) => r.value), marks)).toEqual(marks.filter((m) => m !== personal.guess.slice(0, 4)));
    for (const kind of kinds) {
      const planted = new Set(rows.filter((r) => r.kind === kind).map((r) => r.field));
      expect([kind, [...asPattern[kind].record.personalFields].sort()]).toEqual([kind, [...planted].sort()]);
    }
    const records = (await pool.query<{ body: string }>('select body::text from record')).rows.map((r) => r.body);
    expect(holding(records, inside)).toEqual(inside);
  });

  test('is in no frame, picture or answer that a wall ever got, on either hub; nor is what is internal', async () => {
    for (const person of [wall, far]) {
      expect(person.heard.length).toBeGreaterThan(3);
      expect(holding(person.heard, [...marks, ...inside])).toEqual([]);
    }
    const again = JSON.stringify(await far.join({ entries: false }, 1));
    expect(holding([again], [...marks, ...inside])).toEqual([]);
  });

  test('is in no answer to a wall by REST', async () => {
    const paths = ['/api/v1/boards', '/api/v1/screen', '/api/v1/session', '/healthz', '/readyz', '/map.json', ...kinds.map((k) => `/api/v1/${asPattern[k].plural}`), '/api/v1/people', '/api/v1/access-log'];
    for (const path of paths) {
      const { text } = await wall.browser.ask('GET', path);
      expect([path, holding([text], [...marks, ...inside])]).toEqual([path, []]);
    }
  });

  test('is not in what Redis carries: nothing personal between the hubs, nothing internal on the outward channel', () => {
    expect(rung.filter(([channel]) => channel.startsWith('board:main')).length).toBeGreaterThan(10);
    expect(rung.length).toBeGreaterThan(20);
    expect(holding(rung.flat(), marks)).toEqual([]);
    expect(holding(rung.filter(([channel]) => /:v1$/.test(channel)).flat(), inside)).toEqual([]);
    // The hubs' own channel does carry what is internal: consoles on the other hub show it.
    expect(holding(rung.filter(([channel]) => !/:v1$/.test(channel)).flat(), inside)).toEqual(inside);
  });

  test('is in no table but its own', async () => {
    const { rows: tables } = await pool.query<{ name: string }>(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = 'public'`);
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
      const found = holding(rows.map((r) => r.row), marks);
      if (name !== 'personal') expect([name, found]).toEqual([name, []]);
    }
  });

  test('is in nothing other programs get: webhooks, changes, records, CAP, figures, the description', async () => {
    const at = centre.apps[0]?.core.boards.get('main')?.at.revision ?? 0;
    await expect.poll(() => receiver.all.at(-1)?.data.data.revision, { timeout: 30_000 }).toBe(at);
    const sent = receiver.all.map((r) => JSON.stringify([r.headers, r.body]));
    // One message a change, so that nothing was merely left out.
    expect(receiver.all.length).toBeGreaterThan(15);
    expect(holding(sent, [...marks, ...inside])).toEqual([]);
    const texts = async (...paths: string[]): Promise<string[]> =>
      Promise.all(
        paths.map(async (path) => {
          const reply = await program.get(path);
          expect([path, reply.status]).toEqual([path, 200]);
          return reply.text;
        }),
      );
    // Internal fields are this role's to read, so they are there; what is personal is not, whole or masked.
    const read = await texts('/api/v1/changes?since=1.0&limit=500', '/api/v1/calls', '/api/v1/shipments', '/api/v1/enterprises');
    const [call] = (JSON.parse(read[1] ?? '') as { records: { id: string }[] }).records;
    read.push(...(await texts(`/api/v1/calls/${call?.id}`)));
    expect(holding(read, marks)).toEqual([]);
    expect(read.join()).not.toMatch(/甲\*\*|139\*{4}/);
    expect(holding(read, inside).length).toBeGreaterThan(5);
    for (const q of [personal.narrative, personal.callerNumber, personal.callerName]) {
      expect((await program.get(`/api/v1/calls?q=${encodeURIComponent(q)}`)).json).toMatchObject({ total: 0 });
    }
    const told = await texts('/api/v1/levels/current/cap', '/api/v1/cap');
    await operator.join();
    const figures = await meter.get('/metrics');
    expect([figures.status, (await program.get('/metrics')).status, (await operator.browser.ask('GET', '/metrics')).status]).toEqual([200, 403, 403]);
    for (const name of ['board_command_seconds_bucket{le="0.1",type="call.log",outcome="ok"}', 'board_connections{audience="wall"}', 'board_webhook_backlog{board="main"} 0', 'board_connections{audience="operator"}', 'board_commit_seconds_count', 'board_commands_queued{board="main"} 0', 'board_changes_waiting{board="main"} 0', 'board_bytes_sent_total', 'board_proof_age_seconds{board="main"}', 'board_revisions_behind{board="main"} 0', 'board_pool_connections{pool="readers",state="busy"}']) {
      expect(figures.text).toContain(name);
    }
    // A type somebody made up does not become a label.
    expect((await operator.send('call.nonsense', {})).ok).toBe(false);
    expect((await meter.get('/metrics')).text).toContain('type="unknown",outcome="unknownCommand"');
    const open = await (await fetch(`${centre.urls[0]}/api/openapi.json`)).text();
    expect(holding([...told, figures.text, open], [...marks, ...inside])).toEqual([]);
    expect(figures.text).not.toMatch(/nonsense|李|省厅|192\.168|127\.0/);
  });

  test('is in nothing a stranger gets at the outer door: pages, links, refusals', async () => {
    const { records: loads = [] } = ok(await clerk.query({ name: 'list', kind: 'shipment' }));
    const { records: plants = [] } = ok(await inspector.query({ name: 'list', kind: 'enterprise' }));
    const again = ok(await clerk.send('shipment.announce', { from: { locality: '330782', place: '义乌货场' }, to: { locality: '330212', place: '鄞州库' }, lines: [{ item: 'masks', announced: 3 }], vehicle: internal.vehicle, escort: internal.escort, ...pick('driverName', 'driverNumber') }));
    ok(await clerk.send('shipment.move', { id: String(again.result.id), from: 'planned', to: 'departed' }));
    const link = async (by: Person, purpose: string, record: string): Promise<string> => String(((await by.browser.ask('POST', '/api/v1/links', { board: 'main', purpose, record })).json as { url?: string }).url?.split('#')[1]);
    const secrets = [await link(clerk, 'driver', String(again.result.id)), await link(inspector, 'code', String(plants[0]?.id))];
    const outer = centre.outers[0] ?? '';
    const post = async (path: string, body: object): Promise<string> => (await fetch(outer + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).text();
    const texts: string[] = [];
    for (const secret of [...secrets, 'x'.repeat(43)]) {
      texts.push(await post('/look', { link: secret }));
      for (const input of [{ lon: 120.5, lat: 29.7, at: Date.now(), locality: null }, { [personal.narrative]: personal.callerName }]) texts.push(await post('/tell', { link: secret, id: randomUUID(), input }));
    }
    for (const path of ['/', '/d', '/c', '/api/v1/calls', '/metrics', `/${encodeURIComponent(personal.callerName)}`, ...loads.map((l) => `/api/v1/shipments/${l.id}`)]) texts.push(await (await fetch(outer + path)).text());
    expect(texts.filter((t) => t.includes('"ok":true')).length).toBeGreaterThanOrEqual(3);
    expect(holding(texts, [...marks, ...inside])).toEqual([]);
  });

  test('is masked on a record’s page until it is asked for, and each look is kept', async () => {
    const { records = [] } = ok(await operator.query({ name: 'list', kind: 'call' }));
    const shown = JSON.stringify([records, ok(await operator.query({ name: 'record', kind: 'call', id: records[0]?.id }))]);
    expect(holding([shown], marks)).toEqual([]);
    const looks = await pool.query<{ purpose: string; fields: string[] }>('select purpose, fields from personal_look');
    expect(looks.rows).toEqual([{ purpose: 'handling', fields: expect.arrayContaining(['callerName', 'callerNumber', 'address', 'narrative', 'reply', 'reason', 'urgeNote']) as string[] }]);
  });

  test('is in no line of the log, at any level', async () => {
    expect(holding(logged, marks)).toEqual([]);
    // Nothing has gone wrong so far. PostgreSQL itself puts the row it will not take into its complaint.
    const ring = { rung: Date.now() - 60_000, answered: null, topic: 'symptoms', locality: '330102', ...pick('callerName', 'callerNumber', 'address', 'narrative') };
    await pool.query('alter table personal add constraint never check (length(value) > 9000) not valid');
    expect(await operator.send('call.log', ring)).toMatchObject({ ok: false, error: { code: 'internal' } });
    await pool.query('alter table personal drop constraint never');
    await pool.query(`alter table personal alter column hashes type text[] using '{}'`);
    expect((await operator.send('call.log', ring)).ok).toBe(false);
    await pool.query('drop index finder_by');
    await pool.query(`alter table finder alter column own type text[] using '{}'`);
    const { text } = await operator.browser.ask('POST', '/api/v1/commands', { id: randomUUID(), board: 'main', type: 'call.log', sent: 1, body: ring });
    expect(holding([text], marks)).toEqual([]);
    expect((await operator.query({ name: 'list', kind: 'call', q: personal.narrative.slice(0, 4) })).ok).toBe(false);
    expect(logged.join()).toMatch(/"code":"23514","table":"personal","constraint":"never"/);
    expect(logged.filter((line) => /"level":[56]0/.test(line)).length).toBeGreaterThan(2);
    expect(holding(logged, marks)).toEqual([]);
  });
});
