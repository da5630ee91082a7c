import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { directoryTrouble, heldByAnother } from './cannotStart.ts';
import { fetchPackage, librariesBelow } from './distribution.ts';
import type { Guarded } from './guarded.ts';
import { startGuarded } from './guarded.ts';
import { Held, lockDirectory } from './lock.ts';
import { alive, endOrphan, worksIn } from './processes.ts';
import { socketDirectory } from './sockets.ts';

const socketName = 'redis.sock';
/** Its name on the PATH and in the distribution, the first that is found. */
const programs = ['redis-server', 'valkey-server'];
/** After a failed attempt to fetch Redis, a later start does not make its user wait for the same again. */
const retryAfterMs = 3_600_000;

export interface RedisOptions {
  /** A directory of its own below the data directory; made when missing. Redis keeps nothing in it but its socket. */
  dir: string;
  log: Logger;
  /** Where a fetched Redis is unpacked and found again; several hubs and the tests may share it. By default below `dir`. */
  cache?: string;
  /** Fetch even if it failed a short while ago. */
  insist?: boolean;
}

export interface PrivateRedis {
  /** Of the Unix socket. */
  path: string;
  version: string;
  stop(): Promise<void>;
}

/**
 * Redis for this hub alone: on a Unix socket, nothing on disk, ends with this process and is started again should it end
 * by itself. Null when no Redis is to be had here: a single hub then works without.
 */
export async function startRedis(options: RedisOptions): Promise<PrivateRedis | null> {
  const dir = resolve(options.dir);
  const { log } = options;
  const undo: (() => void)[] = [];
  try {
    const lock = lockDirectory(dir, 'launcher.lock');
    undo.push(() => lock.release());
    const program = await findProgram(resolve(options.cache ?? join(dir, 'program')), options.insist ?? false, log);
    if (!program) {
      for (const step of undo.reverse()) step();
      return null;
    }
    const work = join(dir, 'work');
    mkdirSync(work, { recursive: true, mode: 0o700 });
    const pidFile = join(work, 'redis.pid');
    await endOrphanOf(pidFile, work, log);
    const sockets = socketDirectory(work, socketName);
    undo.push(() => sockets.release());
    const path = join(sockets.path, socketName);

    const launch = async (): Promise<Guarded> => {
      const settings = {
        port: '0',
        unixsocket: path,
        unixsocketperm: '700',
        save: '',
        appendonly: 'no',
        daemonize: 'no',
        dir: work,
        pidfile: pidFile,
        // Only transport: what does not fit is not worth keeping, and must not take the machine's memory.
        maxmemory: '256mb',
        'maxmemory-policy': 'noeviction',
        'client-output-buffer-limit': 'pubsub 64mb 16mb 30',
      };
      const server = await startGuarded({
        command: program.command,
        args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
        env: program.env,
        cwd: work,
        soft: 'TERM',
        hard: 'KILL',
        patienceMs: 5_000,
        onLine: (line) => log.debug({ from: 'redis' }, line),
      });
      await ready(server, path, dir);
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
        log.error({ code, lastWords }, 'the private Redis ended by itself; starting it again');
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
            log.error({ err: cause }, 'the private Redis did not start again');
          }
        }
        if (stopping) return server.stop();
      }
    };
    const watching = watch();

    return {
      path,
      version: program.version,
      async stop() {
        if (stopping) return watching;
        stopping = true;
        stopped.abort();
        await server.stop();
        await watching;
        rmSync(path, { force: true });
        for (const step of undo.reverse()) step();
      },
    };
  } catch (cause) {
    for (const step of undo.reverse()) step();
    if (cause instanceof Held) throw heldByAnother(dirname(dir), cause);
    throw directoryTrouble(dirname(dir), cause) ?? cause;
  }
}

interface Program {
  command: string;
  version: string;
  env: NodeJS.ProcessEnv;
}

async function findProgram(cache: string, insist: boolean, log: Logger): Promise<Program | null> {
  for (const name of programs)
    for (const path of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
      const program = path ? tried(join(path, name), process.env) : null;
      if (program) return program;
    }
  const kept = unpacked(join(cache, 'root'));
  if (kept) return kept;
  if (process.platform !== 'linux' || spawnSync('dpkg', ['--version'], { stdio: 'ignore' }).status !== 0) return null;
  return fetchProgram(cache, insist, log);
}

function tried(command: string, env: NodeJS.ProcessEnv): Program | null {
  try {
    accessSync(command, constants.X_OK);
  } catch {
    // Not there or not runnable: look further.
    return null;
  }
  const told = spawnSync(command, ['--version'], { encoding: 'utf8', env, timeout: 10_000 });
  const version = /v=(\d+(\.\d+)+)/.exec(told.stdout ?? '')?.[1];
  return told.status === 0 && version ? { command, version, env } : null;
}

/** A program unpacked earlier, with the libraries that came with it. */
function unpacked(root: string): Program | null {
  for (const name of programs)
    for (const bin of ['usr/bin', 'bin']) {
      const command = join(root, bin, name);
      if (!existsSync(command)) continue;
      const program = tried(command, { ...process.env, LD_LIBRARY_PATH: librariesBelow(root) });
      if (program) return program;
    }
  return null;
}

/**
 * The distribution's own packages, fetched by apt with lists and caches of our own and unpacked, not installed: no root,
 * nothing outside `cache`. Null, with the reason in the log and kept for an hour, when it cannot be done.
 */
async function fetchProgram(cache: string, insist: boolean, log: Logger): Promise<Program | null> {
  mkdirSync(cache, { recursive: true });
  const failure = join(cache, 'failed');
  if (!insist && existsSync(failure) && Date.now() - statSync(failure).mtimeMs < retryAfterMs) return null;
  log.info('fetching Redis from the distribution, once');
  const work = mkdtempSync(join(cache, 'fetch-'));
  const root = join(cache, 'root');
  try {
    await fetchPackage(work, programs);
    const program = unpacked(join(work, 'root'));
    if (!program) throw new Error('the unpacked Redis does not run');
    try {
      renameSync(join(work, 'root'), root);
    } catch (cause) {
      // Another start was quicker, or what lies there is broken.
      if (!['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
      if (!unpacked(root)) {
        renameSync(root, join(work, 'broken'));
        renameSync(join(work, 'root'), root);
      }
    }
    rmSync(failure, { force: true });
    return unpacked(root);
  } catch (cause) {
    if (directoryTrouble(cache, cause)) throw cause;
    writeFileSync(failure, `${(cause as Error).message}\n`);
    log.warn({ err: cause }, 'Redis could not be fetched');
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** We hold the launcher's lock, so a Redis that still works here has lost its hub. */
async function endOrphanOf(file: string, work: string, log: Logger): Promise<void> {
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (Number.isInteger(pid) && pid > 0 && alive(pid) && worksIn(pid, work)) {
    log.warn({ pid }, 'a Redis without a hub still runs here; stopping it first');
    await endOrphan(pid, [
      { signal: 'SIGTERM', ms: 5_000 },
      { signal: 'SIGKILL', ms: 5_000 },
    ]);
  }
  rmSync(file, { force: true });
}

async function ready(server: Guarded, path: string, dir: string): Promise<void> {
  while (server.running) {
    if (await answers(path)) return;
    await sleep(10);
  }
  const { lastWords } = await server.ended;
  const words = lastWords.join('\n');
  throw directoryTrouble(dirname(dir), words) ?? new Error(`Redis did not start: ${words}`);
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (chunk) => {
      socket.destroy();
      done(chunk.toString().startsWith('+PONG'));
    });
    // Not listening yet.
    socket.once('error', () => done(false));
  });
}
