import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { alive, waitForEnd } from '../../server/embedded/processes.ts';
import { project } from '../paths.ts';
import { dataDirectory, HubProcess, type HubOptions } from '../setup/hub.ts';

const root = process.getuid?.() === 0;
const soon = 15_000;
let dataDir: string;
let hubs: HubProcess[];
let listeners: Server[];
const sockets = new Set<Socket>();

beforeEach(() => {
  dataDir = dataDirectory();
  hubs = [];
  listeners = [];
});

afterEach(async () => {
  for (const hub of hubs) await hub.stop('SIGKILL');
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const listener of listeners) await new Promise((done) => listener.close(done));
  for (const hub of hubs)
    for (const pid of [hub.postgresPid, hub.redisPid]) if (pid) expect(await waitForEnd(pid, soon), `server ${pid}`).toBe(true);
  rmSync(dataDir, { recursive: true, force: true });
});

function start(options: Partial<HubOptions> = {}): HubProcess {
  const hub = new HubProcess({ dataDir, ...options });
  hubs.push(hub);
  return hub;
}

/** Takes every connection and never says a word. */
async function listening(): Promise<number> {
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  listeners.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as { port: number }).port;
}

/** It ended by itself, with a non-zero code, having said one sentence in both languages and no stack. */
async function refused(hub: HubProcess, zh: string, en: string): Promise<void> {
  const { code } = await hub.ended;
  expect(hub.sentences).toHaveLength(1);
  expect(hub.sentences[0]).toMatch(/[\u4e00-\u9fff].*。 \/ [A-Z].*\.$/);
  expect(hub.sentences[0]).toContain(zh);
  expect(hub.sentences[0]).toContain(en);
  expect(code).toBe(1);
  expect(hub.stdout).toBe('');
}

async function inDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ host: join(dataDir, 'postgres'), user: 'board', database: 'board' });
  // The server may be killed under it on purpose.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Something acknowledged, to be found again. */
const remember = (): Promise<unknown> =>
  inDatabase(async (client) => {
    await client.query('create table if not exists kept (at timestamptz default now())');
    await client.query('insert into kept default values');
  });
const remembered = (): Promise<number> =>
  inDatabase(async (client) => (await client.query<{ n: number }>('select count(*)::int as n from kept')).rows[0]?.n ?? 0);

async function serves(url: string, path = '/healthz'): Promise<boolean> {
  return fetch(url + path).then(
    ({ status }) => status === 200,
    () => false,
  );
}

const parentOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
};

describe('a start that must not be', () => {
  test('a second start on the same data directory is refused, and the first goes on', async () => {
    const url = await start().ready();
    await refused(start(), '正被另一个运行中的服务', `in use by another running hub (process ${hubs[0]?.pid})`);
    expect(await serves(url)).toBe(true);
  });

  test('a busy port', async () => {
    const port = await listening();
    await refused(start({ env: { PORT: String(port) } }), `端口 ${port} 已被其他程序占用`, `Port ${port} is in use`);
    await refused(start({ env: { PORT: '0', PUBLIC_PORT: String(port) } }), '或用 PUBLIC_PORT 指定其他端口', 'name another port with PUBLIC_PORT.');
    // Found out before anything was made: no password was given out that nobody saw.
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });

  test('no write permission on the data directory', async () => {
    const closed = join(dataDir, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    // Root passes every door; without that right he is as anybody.
    const prefix = root ? ['setpriv', '--inh-caps=-dac_override,-dac_read_search', '--bounding-set=-dac_override,-dac_read_search'] : [];
    await refused(start({ dataDir: closed, prefix }), '没有写权限', 'cannot be written');
    await refused(start({ dataDir: join(closed, 'below'), prefix }), '没有写权限', 'cannot be written');
  });

  test('a data directory that is a file', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await refused(start({ dataDir: file }), '不是目录', 'is not a directory');
  });

  test('a REDIS_URL where nobody listens', async () => {
    const port = await listening();
    await new Promise((done) => listeners.pop()?.close(done));
    const env = { REDIS_URL: `redis://:secret@127.0.0.1:${port}` };
    const hub = start({ env });
    await refused(hub, '没有应答', `The Redis of REDIS_URL, 127.0.0.1:${port}, does not answer`);
    expect(hub.stderr).not.toContain('secret');
  });

  test('a REDIS_URL where somebody listens and never answers', async () => {
    const port = await listening();
    await refused(start({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } }), '没有应答', 'does not answer');
  });

  test('a DATABASE_URL where somebody listens and never answers', async () => {
    const port = await listening();
    await refused(start({ env: { DATABASE_URL: `postgres://board:secret@127.0.0.1:${port}/board` } }), '没有应答', 'does not answer');
  });

  test.each(['fsync', 'synchronous_commit'])('a database with %s off', async (setting) => {
    const forgetful = await startPostgres({ dir: join(dataDir, 'own'), log: pino({ level: 'silent' }), settings: { [setting]: 'off' } });
    try {
      const url = `postgres:///board?host=${encodeURIComponent(forgetful.connection.host)}&user=board`;
      await refused(start({ env: { DATABASE_URL: url } }), `${setting} 为 off`, `${setting} off`);
    } finally {
      await forgetful.stop();
    }
  });

  test('a Node that is too old', () => {
    const script = `
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });
      await import('./server/start.mjs');
    `;
    const { status, stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Node\.js 18\.20\.4 版本过旧.* \/ Node\.js 18\.20\.4 is too old.*\n$/);
  });
});

/** A small disk of its own, which ordinary users may mount too, in a namespace that ends with its script. */
const namespace = ['unshare', '--user', '--map-root-user', '--mount'];
const mayMount = spawnSync(namespace[0] as string, [...namespace.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/**
 * Where even that is forbidden, as in many containers, the other way by which a kernel refuses to write: a limit on the
 * size of files. That one is tried everywhere.
 */
const ways = {
  'a small disk': {
    prefix: namespace,
    functions: `
small() { mount -t tmpfs -o size=12m tmpfs "$DISK"; }
large() { mount -t tmpfs -o size=200m tmpfs "$DISK"; }
fill() { dd if=/dev/zero of="$DISK/filler" bs=64k 2>/dev/null; }
free() { rm "$DISK/filler"; }
hub() { exec "$NODE" server/start.mjs; }`,
  },
  'a limit on files': {
    prefix: [],
    functions: `
limit=unlimited
small() { limit=2000; }
large() { :; }
fill() { limit=0; }
free() { limit=unlimited; }
hub() { trap '' XFSZ; ulimit -f "$limit"; exec "$NODE" server/start.mjs; }`,
  },
} as const;
const possible = Object.keys(ways).filter((way) => way !== 'a small disk' || mayMount) as (keyof typeof ways)[];

describe.each(possible)('a full disk (%s)', (way) => {
  function run(script: string): { status: number | null; lines: string[] } {
    const disk = join(dataDir, 'disk');
    mkdirSync(disk);
    const env = { ...process.env, PORT: '0', LOG_LEVEL: 'error', DATA_DIR: join(disk, 'data'), DISK: disk, NODE: process.execPath };
    const { prefix, functions } = ways[way];
    const [command, ...args] = [...prefix, 'sh', '-c', `exec 2>&1\n${functions}\n${script}`];
    const { status, stdout } = spawnSync(command as string, args, { cwd: project, env, encoding: 'utf8', timeout: 120_000 });
    return { status, lines: stdout.split('\n').filter(Boolean) };
  }

  test('at the first start: one sentence, and nothing half-made that a later start would take for whole', () => {
    const { status, lines } = run(`
small
( hub )
code=$?
ls "$DATA_DIR/postgres"
exit $code`);
    expect(lines).toEqual([expect.stringMatching(/磁盘已满.* \/ .*is full/), 'launcher.lock']);
    expect(status).toBe(1);
  });

  test('at a later start: one sentence, and after making room all is as it was', () => {
    const { status, lines } = run(`
large
serve() {
  : > "$DISK/out"
  ( hub ) > "$DISK/out" &
  hub=$!
  while ! grep -q ready: "$DISK/out"; do kill -0 $hub || { cat "$DISK/out"; exit 9; }; sleep 0.1; done
  grep -c password: "$DISK/out"
  kill -TERM $hub
  wait $hub
}
serve
fill
( hub )
echo "code $?"
free
serve`);
    // Not a first run any more: the people are still there.
    expect(lines).toEqual(['1', expect.stringMatching(/磁盘已满.* \/ .*is full/), 'code 1', '0']);
    expect(status).toBe(0);
  });
});

describe('a hub that is gone', () => {
  test('stopped by a signal, it takes its servers along and leaves no lock', async () => {
    const hub = start();
    await hub.ready();
    const [postgres, redis] = [hub.postgresPid as number, hub.redisPid];
    // Ctrl-C under npm arrives twice at once.
    hub.child.kill('SIGINT');
    expect(await hub.stop('SIGINT')).toBe(0);
    expect(alive(postgres)).toBe(false);
    if (redis) expect(alive(redis)).toBe(false);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  test('killed, its servers end by themselves, and the next start has all that was acknowledged', async () => {
    const hub = start();
    await hub.ready();
    expect(hub.stdout).toContain('password:');
    await remember();
    const servers = [hub.postgresPid, hub.redisPid].filter((pid) => pid !== null);
    expect(servers.length).toBe(2);
    await hub.stop('SIGKILL');
    for (const pid of servers) expect(await waitForEnd(pid, soon)).toBe(true);

    const next = start();
    expect(await serves(await next.ready())).toBe(true);
    expect(next.stdout).not.toContain('password:');
    expect(await remembered()).toBe(1);
  });

  test('killed together with the guards of its servers, the next start ends the orphans and goes on', async () => {
    const hub = start();
    await hub.ready();
    await remember();
    const servers = [hub.postgresPid, hub.redisPid].filter((pid) => pid !== null);
    for (const pid of servers) {
      const guard = parentOf(pid);
      const watchers = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && isChildOf(Number(entry), guard) && Number(entry) !== pid);
      for (const watcher of [guard, ...watchers.map(Number)]) process.kill(watcher, 'SIGKILL');
    }
    await hub.stop('SIGKILL');
    expect(servers.map(alive)).toEqual(servers.map(() => true));

    const next = start();
    expect(await serves(await next.ready())).toBe(true);
    expect(servers.map(alive)).toEqual(servers.map(() => false));
    expect(await remembered()).toBe(1);
  });

  test('everything killed at once, as by a power cut: the next start recovers', async () => {
    const hub = start();
    await hub.ready();
    await remember();
    const servers = [hub.postgresPid, hub.redisPid].filter((pid) => pid !== null);
    for (const pid of [hub.pid, ...servers]) process.kill(pid, 'SIGKILL');
    await hub.ended;
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(true);

    await start().ready();
    expect(await remembered()).toBe(1);
  });

  test('lock files that name a process which is something else by now are taken over', async () => {
    const hub = start();
    await hub.ready();
    await remember();
    const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
    const left = readFileSync(file, 'utf8');
    expect(await hub.stop()).toBe(0);
    // This test's own number: alive, and neither hub nor PostgreSQL.
    writeFileSync(file, left.replace(/^\d+/, String(process.pid)));
    for (const lock of ['hub.lock', 'postgres/launcher.lock', 'redis/launcher.lock']) writeFileSync(join(dataDir, lock), `${process.pid}\n`);
    writeFileSync(join(dataDir, 'redis', 'work', 'redis.pid'), `${process.pid}\n`);

    await start().ready();
    expect(await remembered()).toBe(1);
  });
});

describe('a private server that is gone under a living hub', () => {
  test('PostgreSQL killed: started again, and the hub serves from it', async () => {
    const hub = start({ env: { LOG_LEVEL: 'silent' } });
    const url = await hub.ready();
    await remember();
    const killed = hub.postgresPid as number;
    process.kill(killed, 'SIGKILL');
    expect(await waitForEnd(killed, soon)).toBe(true);
    // While it recovers it turns callers away.
    await until(() => remembered().then((n) => n === 1, () => false));
    await until(() => serves(url, '/readyz'));
    expect(hub.postgresPid).not.toBe(killed);
    expect(hub.over).toBe(false);
  });

  test('Redis killed: started again, and the hub never stopped', async () => {
    const hub = start({ env: { LOG_LEVEL: 'silent' } });
    const url = await hub.ready();
    const killed = hub.redisPid as number;
    process.kill(killed, 'SIGKILL');
    expect(await serves(url)).toBe(true);
    await until(async () => hub.redisPid !== killed && hub.redisPid !== null && alive(hub.redisPid) && (await serves(url, '/readyz')));
    expect(hub.over).toBe(false);
  });
});

test('a later start is ready in 3 seconds', async () => {
  const first = start();
  await first.ready();
  expect(await first.stop()).toBe(0);
  const took: number[] = [];
  // The quickest of three: other work on the machine only ever adds.
  for (let time = 0; time < 3 && Math.min(...took) >= 3_000; time++) {
    const began = performance.now();
    const later = start();
    await later.ready();
    took.push(performance.now() - began);
    expect(await later.stop()).toBe(0);
  }
  expect(Math.min(...took)).toBeLessThan(3_000);
});

function isChildOf(pid: number, parent: number): boolean {
  try {
    return parentOf(pid) === parent;
  } catch (cause) {
    // It ended while we looked.
    if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) return false;
    throw cause;
  }
}

/** Asks again until it is so; the test's own limit is the only one. */
async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await sleep(50);
}

test('beyond this machine it speaks HTTPS by itself; plain HTTP is asked for by name, and says what is then missing', async () => {
  const secure = start({ env: { HOST: '0.0.0.0' } });
  expect(await secure.ready()).toMatch(/^https:/);
  expect(secure.stdout).not.toContain('明文 HTTP');
  await secure.stop();
  const plain = start({ env: { HOST: '0.0.0.0', ALLOW_HTTP: '1' } });
  expect(await plain.ready()).toMatch(/^http:/);
  expect(plain.stdout).toContain('明文 HTTP');
  await plain.stop();
});
