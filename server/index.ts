import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createApp, type AppParts } from './app.ts';
import type { HashCost } from './access/password.ts';
import type { Config } from './config.ts';
import { BadSettings, loopback, readConfig } from './config.ts';
import { GivenCertificates, PrivateCertificates, type Certificates } from './tls/certificates.ts';
import { bracketed, machineNames, reachableAt } from './tls/names.ts';
import { systemClock } from '../shared/time/clock.ts';
import { CannotStart, directoryTrouble, heldByAnother } from './embedded/cannotStart.ts';
import { Held, lockDirectory } from './embedded/lock.ts';
import { startPostgres } from './embedded/postgres.ts';
import { startRedis } from './embedded/redis.ts';
import type { Log } from './log.ts';
import { startDemo } from './dev/demo.ts';
import { createLog } from './log.ts';

const answerWithinMs = 5_000;

/** Undone in the reverse of the order in which they were begun. */
type Ends = (() => Promise<void> | void)[];

/**
 * The process: environment, private servers, listening, signals. Resolves when the hub serves. When it cannot, it says
 * why in one sentence, ends what it began and sets a non-zero exit code.
 *
 * @param passwordCost only of a test's own starter: no setting reaches it.
 */
export async function main({ root, argv, build, passwordCost }: { root: string; argv: string[]; build?: string; passwordCost?: HashCost }): Promise<void> {
  const ends: Ends = [];
  let log: Log | null = null;
  let ending = (): boolean => false;
  try {
    const config = readConfig({ env: process.env, argv, root });
    log = createLog(config.logLevel);
    ending = survive(ends, log);
    await serve(config, log, ends, { ...(build === undefined ? {} : { build }), passwordCost });
  } catch (cause) {
    // Told to end while it was starting: what broke off then is no trouble to tell of.
    if (ending()) return;
    await endAll(ends, log);
    for (const { message } of sentencesOf(cause)) process.stderr.write(`${message}\n`);
    if (!(cause instanceof CannotStart || cause instanceof BadSettings)) log?.debug({ err: cause }, 'why it did not start');
    // Not through exitCode: a handle someone forgot must not keep a hub that does not serve.
    process.exit(1);
  }
}

async function serve(config: Config, log: Log, ends: Ends, more: Pick<AppParts, 'build' | 'passwordCost'>): Promise<void> {
  takeDirectory(config.dataDir, ends);
  // Before anything is begun: a first run must not make its administrator's password for an address it cannot have.
  await portIsFree('PORT', config.port, config.host);
  if (config.publicPort !== null) await portIsFree('PUBLIC_PORT', config.publicPort, config.host);
  const lines: string[] = [];

  let database: pg.PoolConfig;
  if (config.databaseUrl) {
    database = { connectionString: config.databaseUrl };
    await checkDatabase(database, config.databaseUrl);
    lines.push(`PostgreSQL: DATABASE_URL ${hostOf(config.databaseUrl)}`);
  } else {
    const server = await startPostgres({ dir: join(config.dataDir, 'postgres'), log });
    ends.push(() => server.stop());
    database = server.connection;
    lines.push(`PostgreSQL: 本机私有 ${server.version} / private ${server.version}`);
  }

  let redis: { url: string } | { path: string } | null;
  if (config.redisUrl) {
    await checkRedis(config.redisUrl);
    redis = { url: config.redisUrl };
    lines.push(`Redis: REDIS_URL ${hostOf(config.redisUrl)}`);
  } else {
    const server = await startRedis({ dir: join(config.dataDir, 'redis'), cache: redisCache(config), log });
    if (server) ends.push(() => server.stop());
    redis = server && { path: server.path };
    lines.push(
      server
        ? `Redis: 本机私有 ${server.version} / private ${server.version}`
        : 'Redis: 没有，改用进程内总线（仅限单个服务） / none, an in-process bus instead (a single hub only)',
    );
  }

  const certificates = await openCertificates(config, log);
  const app = await createApp({ database, redis, config, certificates, log, ...more });
  let closed: Promise<void> | null = null;
  ends.push(() => (closed ??= app.close()));
  // At once: whatever goes wrong from here must not cost the only sight of it.
  if (app.firstRun)
    say([
      '首次运行，请用以下账号登录并立即修改口令（只显示这一次）： / First run: sign in with this and change the password (shown only once):',
      `    用户 / user: ${app.firstRun.user}    口令 / password: ${app.firstRun.password}`,
    ]);
  let port: number;
  let outer: { port: number; url: string } | null;
  try {
    ({ port, outer } = await app.listen(config.port, config.host));
  } catch (cause) {
    const busy = (cause as { port?: number }).port ?? config.port;
    throw listenTrouble(cause, busy === config.port ? 'PORT' : 'PUBLIC_PORT', busy, config.host) ?? cause;
  }
  const scheme = config.tls ? 'https' : 'http';
  const name = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : bracketed(config.host);
  if (config.demo) {
    const demo = await startDemo(app, { url: `${scheme}://${name}:${port}`, ca: certificates?.root?.cert ?? null, dataDir: config.dataDir, seed: 2020, log });
    ends.push(() => demo.stop());
    lines.push(...demo.lines);
  }
  lines.push(...whereToGo(config, certificates, port));
  if (outer) lines.push(`外门（只供外部手机使用） / Outer door, for strangers' phones alone: ${outer.url}`);
  lines.push(`态势板已就绪 / The board is ready: ${scheme}://${name}:${port}/`);
  say(lines);
  log.info({ port, host: config.host, ms: Math.round(process.uptime() * 1_000) }, 'ready');
}

async function openCertificates(config: Config, log: Log): Promise<Certificates | null> {
  if (config.tls === null) return null;
  if (config.tls !== 'own') return new GivenCertificates(config.tls, systemClock, log);
  const dir = join(config.dataDir, 'tls');
  try {
    return await PrivateCertificates.open({ dir, names: () => machineNames(config.host, config.tlsNames), clock: systemClock, log });
  } catch (cause) {
    throw directoryTrouble(config.dataDir, cause) ?? cause;
  }
}

/** For whoever puts up the other screens: the addresses to open, and how they come to trust this hub. */
function whereToGo(config: Config, certificates: Certificates | null, port: number): string[] {
  if (loopback(config.host)) return [];
  const names = machineNames(config.host, config.tlsNames);
  const scheme = config.tls ? 'https' : 'http';
  const addresses = reachableAt(config.host, names).map((host) => `${scheme}://${bracketed(host)}:${port}/`);
  const lines = config.httpsAtProxy ? [] : ['在其他设备上打开 / On other devices open:', ...addresses.map((address) => `    ${address}`)];
  if (certificates?.root) {
    lines.push(
      `首次使用的设备先打开 http://${bracketed(reachableAt(config.host, names)[0] ?? config.host)}:${port}/trust 安装根证书，并核对指纹（SHA-256）： / A device that comes for the first time begins at that /trust page; compare the root's SHA-256 fingerprint with:`,
      `    ${certificates.root.fingerprint}`,
      `    ${join(config.dataDir, 'tls', 'root.crt')}`,
    );
    if (certificates.leftOut.length > 0)
      lines.push(`根证书不能为这些名称作证，用它们打开仍会有警告： / The root may not vouch for these names, which browsers will warn of: ${certificates.leftOut.join(', ')}`);
  }
  if (config.allowHttp && !config.tls)
    lines.push(
      '注意：明文 HTTP。口令与数据不加密传输，任何人都能冒充本服务；浏览器不提供离线页面、定位、摄像头、屏幕常亮、剪贴板；会话凭证没有 __Host- 与 Secure 保护，也没有强制 HTTPS。 / Beware: plain HTTP. Passwords and data travel unencrypted and anybody may pose as this hub; browsers withhold offline pages, position, camera, wake lock and clipboard; session cookies lack __Host- and Secure, and there is no strict transport.',
    );
  return lines;
}

/** Standard output is for the person who started the hub; events go to the log. */
function say(lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function takeDirectory(dir: string, ends: Ends): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o750 });
    const lock = lockDirectory(dir);
    ends.push(() => lock.release());
  } catch (cause) {
    if (cause instanceof Held) throw heldByAnother(dir, cause);
    throw directoryTrouble(dir, cause) ?? cause;
  }
}

/** One unpacked Redis for the project and its tests where that can be written, else one below the data directory. */
function redisCache(config: Config): string {
  const shared = join(config.distDir, '..', '.cache', 'redis');
  try {
    mkdirSync(shared, { recursive: true });
    return shared;
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    return join(config.dataDir, 'redis', 'program');
  }
}

type PortSetting = 'PORT' | 'PUBLIC_PORT';

async function portIsFree(setting: PortSetting, port: number, host: string): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((done, reject) => {
      probe.once('error', reject);
      probe.listen(port, host, done);
    });
  } catch (cause) {
    throw listenTrouble(cause, setting, port, host) ?? cause;
  } finally {
    probe.close();
  }
}

function listenTrouble(cause: unknown, setting: PortSetting, port: number, host: string): CannotStart | null {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new CannotStart(
        `端口 ${port} 已被其他程序占用，请停止该程序，或用 ${setting} 指定其他端口。`,
        `Port ${port} is in use by another program: stop it, or name another port with ${setting}.`,
        { cause },
      );
    case 'EACCES':
      return new CannotStart(
        `没有权限使用端口 ${port}，请用 ${setting} 指定 1024 以上的端口。`,
        `Port ${port} may not be used by this user: name one above 1024 with ${setting}.`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CannotStart(
        `本机没有地址 ${host}，请检查 HOST。`,
        `This machine has no address ${host}: check HOST.`,
        { cause },
      );
    default:
      return null;
  }
}

/** What a centre's own PostgreSQL must be before anything is acknowledged on its word (rule 1). */
async function checkDatabase(database: pg.PoolConfig, url: string): Promise<void> {
  const where = hostOf(url);
  const client = new pg.Client({ ...database, connectionTimeoutMillis: answerWithinMs });
  // A connection that breaks later than the answer has nothing more to say.
  client.on('error', () => undefined);
  let found: { fsync: string; commit: string; encoding: string; version: string } | undefined;
  try {
    await client.connect();
    const { rows } = await client.query<NonNullable<typeof found>>(
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
              current_setting('server_encoding') as encoding, current_setting('server_version_num') as version`,
    );
    found = rows[0];
  } catch (cause) {
    throw new CannotStart(
      `DATABASE_URL 指定的数据库 ${where} 没有应答（${(cause as Error).message}）。`,
      `The database of DATABASE_URL, ${where}, does not answer (${(cause as Error).message}).`,
      { cause },
    );
  } finally {
    // A connection that never came about, or is gone, has nothing left to end.
    await client.end().catch(() => undefined);
  }
  for (const [name, value] of [
    ['fsync', found?.fsync],
    ['synchronous_commit', found?.commit],
  ])
    if (value === 'off')
      throw new CannotStart(
        `数据库 ${where} 的 ${name} 为 off，断电会丢失已确认的记录：请改为 on 后再启动。`,
        `The database ${where} has ${name} off, so a power cut would lose what was acknowledged: set it to on and start again.`,
      );
  if (found?.encoding !== 'UTF8')
    throw new CannotStart(
      `数据库 ${where} 的编码为 ${found?.encoding}，须为 UTF8。`,
      `The database ${where} is encoded in ${found?.encoding}: it must be UTF8.`,
    );
  if (Number(found.version) < 140_000)
    throw new CannotStart(
      `数据库 ${where} 的 PostgreSQL 版本过旧，须为 14 或更高。`,
      `The database ${where} is too old a PostgreSQL: 14 or later is needed.`,
    );
}

async function checkRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: answerWithinMs,
    commandTimeout: answerWithinMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  // ioredis tells of the same trouble twice: here, where a missing listener would print it, and in the promise.
  let told: Error | null = null;
  client.on('error', (error: Error) => (told = error));
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    const reason = (told ?? (cause as Error)).message;
    throw new CannotStart(
      `REDIS_URL 指定的 Redis ${hostOf(url)} 没有应答（${reason}）。`,
      `The Redis of REDIS_URL, ${hostOf(url)}, does not answer (${reason}).`,
      { cause },
    );
  } finally {
    client.disconnect();
  }
}

/** Never the password. */
function hostOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${host || (searchParams.get('host') ?? '')}${pathname === '/' ? '' : pathname}`;
}

function sentencesOf(cause: unknown): { message: string }[] {
  if (cause instanceof BadSettings) return cause.sentences;
  if (cause instanceof CannotStart) return [cause];
  // PostgreSQL's own word for a full disk, met while migrating.
  if ((cause as { code?: unknown } | null)?.code === '53100')
    return [new CannotStart('数据库所在磁盘已满，请腾出空间后再启动。', "The database's disk is full: free some space and start again.")];
  const reason = cause instanceof Error ? cause.message : String(cause);
  return [new CannotStart(`启动失败：${reason}`, `The hub did not start: ${reason}`)];
}

/** Signals end the hub in order: first what serves, then Redis, then PostgreSQL, then the lock. */
function survive(ends: Ends, log: Log): () => boolean {
  // Whoever read our words may be gone; the hub goes on.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EPIPE') throw cause;
    });
  let endingSince: number | null = null;
  const end = (why: string, code: number): void => {
    if (endingSince !== null) {
      // Ctrl-C comes twice at once, from the terminal and forwarded by npm; only a later one is a person's impatience.
      // Even then the guards end the private servers in order.
      if (why !== 'uncaught' && performance.now() - endingSince > impatienceMs) process.exit(130);
      return;
    }
    endingSince = performance.now();
    log.info({ why }, 'ending');
    void endAll(ends, log).then((clean) => process.exit(clean ? code : 1));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal, 0));
  const broken = (err: unknown): void => {
    log.fatal({ err }, 'an error nobody caught');
    process.exitCode = 1;
    end('uncaught', 1);
  };
  process.on('uncaughtException', broken);
  process.on('unhandledRejection', broken);
  return () => endingSince !== null;
}

const patienceMs = 15_000;
const impatienceMs = 2_000;

/** True when every part ended well and in time. */
async function endAll(ends: Ends, log: Log | null): Promise<boolean> {
  let clean = true;
  for (let step = ends.pop(); step; step = ends.pop()) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('took too long to end')), patienceMs);
    });
    try {
      await Promise.race([step(), late]);
    } catch (err) {
      clean = false;
      log?.error({ err }, 'a part did not end well');
    } finally {
      clearTimeout(timer);
    }
  }
  return clean;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  // Straight from the sources, for whoever works on them: tsx server/index.ts.
  await main({ root: fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''), argv: process.argv.slice(2) });
