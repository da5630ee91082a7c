import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CannotStart } from './cannotStart.ts';
import { startPostgres, type PrivatePostgres } from './postgres.ts';

const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
let dir: string;
let running: PrivatePostgres[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pg-'));
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.stop();
  rmSync(dir, { recursive: true });
});

async function start(more: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<PrivatePostgres> {
  const server = await startPostgres({ dir: join(dir, 'postgres'), log, ...more });
  running.push(server);
  return server;
}

async function ask<T extends pg.QueryResultRow>(server: PrivatePostgres, text: string): Promise<T[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

test('it keeps its data between starts, listens on no network, and its hub is no superuser', async () => {
  const first = await start();
  await ask(first, 'create table kept (id int)');
  const [row] = await ask(
    first,
    `select current_setting('listen_addresses') as listen, current_setting('fsync') as fsync, current_setting('data_checksums') as sums,
            (select rolsuper from pg_roles where rolname = current_user) as super, current_setting('server_encoding') as encoding`,
  );
  expect(row).toEqual({ listen: '', fsync: 'on', sums: 'on', super: false, encoding: 'UTF8' });
  await first.stop();
  await first.stop();
  expect(await ask(await start(), 'select * from kept')).toEqual([]);
});

test('[R16] it writes down no row, no value and no statement that it refuses, at the most talkative level', async () => {
  const lines: string[] = [];
  const server = await start({ log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }) });
  await ask(server, `create table kept (told text check (length(told) < 2), n int)`);
  for (const refused of [`insert into kept values ('甲密叙述', 1)`, `insert into kept values ('', '甲密叙述')`, `select '甲密叙述'::int`]) await expect(ask(server, refused)).rejects.toThrow();
  await server.stop();
  expect(lines.join('')).toMatch(/database system is shut down/);
  expect(lines.join('')).not.toContain('甲密叙述');
});

test('a directory that a living hub holds is refused in one sentence', async () => {
  await start();
  await expect(start()).rejects.toThrow(CannotStart);
  await expect(start()).rejects.toThrow(/正被另一个运行中的服务.* \/ .*in use by another running hub/);
});

test('below a directory only its owner may enter, by either way round root, one after the other on the same data', async () => {
  chmodSync(dir, 0o700);
  for (const as of ['namespace', 'capability', 'namespace'] as const) {
    const server = await start({ as });
    await ask(server, 'create table if not exists kept (id int); insert into kept values (1)');
    await server.stop();
  }
  expect(await ask(await start(), 'select * from kept')).toHaveLength(3);
});

test('at the end of a path too long for a Unix socket', async () => {
  const server = await start({ dir: join(dir, '疫情防控指挥中心'.repeat(5), 'postgres') });
  expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a cluster whose making was cut short is made anew', async () => {
  const place = join(dir, 'postgres');
  mkdirSync(join(place, 'new-1'), { recursive: true });
  writeFileSync(join(place, 'new-1', 'PG_VERSION'), '18\n');
  await start();
  expect(readdirSync(place).filter((name) => name.startsWith('new-'))).toEqual([]);
});

test('data of another major version is refused in one sentence that names it', async () => {
  const data = join(dir, 'postgres', 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'PG_VERSION'), '9\n');
  await expect(start()).rejects.toThrow(/PostgreSQL 9 .* \/ .*made by PostgreSQL 9/);
});
