import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../e2e/setup/database.ts';
import { ManualClock, systemClock, type Clock } from '../shared/time/clock.ts';
import { createApp, type App } from './app.ts';
import { readConfig } from './config.ts';
import { CannotStart } from './embedded/cannotStart.ts';
import { migrate } from './migrate.ts';
import { openPool } from './record/pool.ts';
import { quiet } from './testing/cluster.ts';
import { LITTLE } from './testing/httpHub.ts';

/** Whether a hub says it can take a command, and why not: over HTTP, as a balancer asks. */
const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const config = readConfig({ env: { LOG_LEVEL: 'silent' }, argv: [], root: '/nowhere' });
async function start(database: pg.PoolConfig, clock: Clock = systemClock): Promise<{ app: App; url: string }> {
  const app = await createApp({ database, redis: null, config, log: quiet, clock, passwordCost: LITTLE });
  ends.push(() => app.close());
  return { app, url: `http://127.0.0.1:${(await app.listen(0, '127.0.0.1')).port}` };
}
async function fresh(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  ends.push(() => database.drop());
  return database;
}
interface Ready {
  status: number;
  ok: boolean;
  why: string | null;
  clockApart: number;
}
async function readyz(url: string): Promise<Ready> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...((await response.json()) as Omit<Ready, 'status'>) };
}
async function until(url: string, met: (r: Ready) => boolean): Promise<Ready> {
  for (;;) {
    const said = await readyz(url);
    if (met(said)) return said;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** PostgreSQL's socket at the end of a cable that can be pulled: what is open breaks, what is new is turned away. */
async function cable(config: pg.PoolConfig): Promise<{ config: pg.PoolConfig; set(up: boolean): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'pg-'));
  const open = new Set<Socket>();
  let up = true;
  const server: Server = createServer((near) => {
    if (!up) return void near.destroy();
    const far = connect(join(String(config.host), '.s.PGSQL.5432'));
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.pipe(other);
      // Torn off on purpose.
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(join(dir, '.s.PGSQL.5432'), done));
  ends.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    config: { ...config, host: dir },
    set: (is) => {
      up = is;
      if (!is) for (const socket of open) socket.destroy();
    },
  };
}

describe('[R7] readyz', () => {
  test('is false within seconds while PostgreSQL cannot be reached, with why, and true again by itself', async () => {
    const wire = await cable((await fresh()).config);
    const { url } = await start(wire.config);
    expect(await until(url, (r) => r.ok)).toMatchObject({ status: 200, ok: true, why: null });
    const cut = performance.now();
    wire.set(false);
    expect(await until(url, (r) => !r.ok)).toMatchObject({ status: 503, ok: false, why: expect.stringContaining('no proof from PostgreSQL') as string });
    // Five seconds since the last proof, and a beat either side.
    expect(performance.now() - cut).toBeLessThan(8_000);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    wire.set(true);
    expect(await until(url, (r) => r.ok)).toMatchObject({ status: 200 });
  });
});

describe('[R14] a hub whose clock is over two seconds from PostgreSQL’s', () => {
  const off = (ms: number): Clock => ({ now: () => systemClock.now() + ms, monotonic: () => systemClock.monotonic() });
  test.each([-60_000, -2_500, 2_500, 3_600_000])('says so by %d ms and is not ready', async (ms) => {
    const { url } = await start((await fresh()).config, off(ms));
    const said = await readyz(url);
    expect(said).toMatchObject({ status: 503, ok: false, why: expect.stringMatching(/clock is -?\d+ ms from PostgreSQL/) as string });
    expect(Math.abs(said.clockApart + ms)).toBeLessThan(1_500);
  });
  test('ends no session by it, and sends nobody to sign in', async () => {
    let skew = 0;
    const { app, url } = await start((await fresh()).config, { now: () => systemClock.now() + skew, monotonic: () => systemClock.monotonic() });
    const said = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify(app.firstRun) });
    const cookie = said.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
    expect(await app.access.whoIs(cookie)).toMatchObject({ type: 'person' });
    const cut: unknown[] = [];
    app.access.onRevoked((what) => cut.push(what));
    skew = 30 * 86_400_000;
    await app.access.pollRevocations();
    expect(cut).toEqual([]);
    await expect(app.access.whoIs(cookie)).rejects.toMatchObject({ problem: { code: 'notReady' } });
    skew = 0;
    expect(await app.access.whoIs(cookie)).toMatchObject({ type: 'person' });
  });
  test('is ready again when its clock has been set right', async () => {
    const clock = new ManualClock(systemClock.now() - 60_000);
    const { app, url } = await start((await fresh()).config, clock);
    expect((await readyz(url)).ok).toBe(false);
    clock.advance(systemClock.now() - clock.now());
    await app.core.tick();
    expect(await readyz(url)).toMatchObject({ ok: true, why: null });
  });
});

describe('[R17] beside a newer build', () => {
  test('a database that it has only expanded is served as before, and it is said', async () => {
    const database = await fresh();
    const pool = openPool({ ...database.config, max: 1 }, quiet);
    ends.push(() => pool.end());
    await pool.query(`insert into kysely_migration (name, timestamp) values ('9998_future', '2030-01-01')`);
    await pool.query('alter table record add column future text');
    expect(await migrate(pool)).toEqual(['9998_future']);
    const said: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) });
    const app = await createApp({ database: database.config, redis: null, config, log });
    ends.push(() => app.close());
    expect(app.core.ready()).toMatchObject({ ready: true });
    expect(said.join()).toContain('9998_future');
  });

  test('one from which it has taken something away is refused in one sentence, and left as it is', async () => {
    const database = await fresh();
    const pool = openPool({ ...database.config, max: 1 }, quiet);
    ends.push(() => pool.end());
    await pool.query(`insert into kysely_migration (name, timestamp) values ('9999_future_contract', '2030-01-01')`);
    const refused = await migrate(pool).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(CannotStart);
    expect((refused as CannotStart).message).toMatch(/请启动新版本.* \/ .*start the newer build/);
    await expect(createApp({ database: database.config, redis: null, config, log: quiet })).rejects.toBeInstanceOf(CannotStart);
  });

  test('a record it does not know stops the board: nothing of it is taken, listed, shown or joined, and readyz says why', async () => {
    const database = await fresh();
    const { app, url } = await start(database.config);
    const pool = openPool({ ...database.config, max: 1 }, quiet);
    ends.push(() => pool.end());
    const at = app.core.boards.get('main')?.at;
    // As the newer build's writer leaves it.
    await pool.query(`with b as (update board set revision = revision + 1 where id = 'main' returning revision)
      insert into entry (board, epoch, revision, recorded, occurred, sent, command, command_id, author_id, author_label)
      select 'main', $1, revision, now(), now(), now(), 'unit.save', gen_random_uuid(), 'x', 'x' from b`, [at?.epoch]);
    await pool.query(`insert into put (board, epoch, revision, ord, kind, id, version, kind_version, body, was)
      select board, epoch, $2, 0, kind, id, version + 1, 99, body, null from put where board = 'main' and epoch = $1 and kind = 'unit' limit 1`, [at?.epoch, (at?.revision ?? 0) + 1]);
    await app.core.tick();
    await app.core.boards.get('main')?.settled();
    expect(await readyz(url)).toMatchObject({ ok: false, why: expect.stringMatching(/board main is not served: .*unit 99/) as string });
    const visitor = { type: 'person' as const, session: 's', person: 'p', label: '接线员 李', grants: [{ board: 'main', role: 'operator' as const, scope: { units: null, localities: null } }] };
    const gate = app.core.gate;
    const later = { ok: false, error: { code: 'notReady' } };
    expect(await gate.query(visitor, { name: 'list', board: 'main', kind: 'unit' })).toMatchObject(later);
    expect(await gate.query(visitor, { name: 'record', board: 'main', kind: 'unit', id: 'health' })).toMatchObject(later);
    expect(await gate.submit(visitor, { id: crypto.randomUUID(), board: 'main', type: 'call.log', sent: 0, body: {} })).toMatchObject(later);
  });
});
