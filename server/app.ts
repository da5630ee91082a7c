import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Express } from 'express';
import type pg from 'pg';
import { asPattern } from '../shared/features/index.ts';
import { tables } from '../shared/features/tables.ts';
import type { Feature } from '../shared/features/feature.ts';
import { systemClock, type Clock } from '../shared/time/clock.ts';
import { Access } from './access/access.ts';
import type { HashCost } from './access/password.ts';
import { ensureBoards } from './boards.ts';
import { overHttps, type Config } from './config.ts';
import { SavedFilters } from './access/savedFilters.ts';
import { Exports } from './exports/exports.ts';
import { capKinds, figureQueries } from './features/index.ts';
import { namingOf } from './features/naming.ts';
import { revokedChannel, type Fanout } from './fanout/fanout.ts';
import { MemoryBus } from './fanout/memory.ts';
import { connectRedis, type RedisAddress } from './fanout/redis.ts';
import { Core } from './hub/core.ts';
import { Presence } from './hub/presence.ts';
import { Lights } from './hub/lights.ts';
import { Sockets } from './hub/sockets.ts';
import { createHttp, guardServer } from './http/http.ts';
import { exportRoutes } from './http/exports.ts';
import { addressOf, callerAddress, proxyOnly } from './http/guards.ts';
import { Lobby } from './http/lobby.ts';
import { plainDoor } from './http/plain.ts';
import { savedFilterRoutes } from './http/savedFilters.ts';
import { Metrics } from './http/metrics.ts';
import type { Log } from './log.ts';
import { migrate } from './migrate.ts';
import { Sender } from './outward/sender.ts';
import { Webhooks } from './outward/webhooks.ts';
import { fillFinder } from './record/finder.ts';
import { openPool } from './record/pool.ts';
import { listOpenRings } from './telephony/openRings.ts';
import { Telephony } from './telephony/telephony.ts';
import { Door } from './tls/door.ts';
import type { Certificates } from './tls/certificates.ts';
import { bracketed, inSubnets, machineNames, reachableAt } from './tls/names.ts';
import { createOuterDoor, outerPlain } from './outer/door.ts';
import { Links } from './outer/links.ts';
import { linkRoutes } from './outer/routes.ts';
import { outerPurposes } from './features/outer.ts';

/**
 * One hub, from its collaborators: callable several times in one process, so that tests run a cluster. Nothing in here
 * reads the environment; `index.ts` does.
 */
export interface AppParts {
  database: pg.PoolConfig;
  redis: RedisAddress | null;
  config: Config;
  /** Null where the hub speaks plain HTTP: on this machine alone, or behind a proxy that speaks HTTPS. */
  certificates?: Certificates | null;
  log: Log;
  clock?: Clock;
  /** Milliseconds, where a test's clock goes another way than PostgreSQL's. */
  clockMayBeApart?: number;
  /** A bus of the test's own; else Redis, else the bus of this process alone. */
  fanout?: Fanout;
  /** THE list of kinds, but where a test adds commands of its own. */
  features?: Record<string, Feature>;
  /** What a password's hash costs, where a test signs people in by the dozen. */
  passwordCost?: HashCost | undefined;
  /** Names the build to its screens, which load anew when it changes. */
  build?: string;
}

export interface App {
  /** The outer door's port and address, where there is one. */
  listen(port: number, host: string): Promise<{ port: number; outer: { port: number; url: string } | null }>;
  core: Core;
  access: Access;
  sockets: Sockets;
  /** All that is answered over HTTP within the house. */
  http: Express;
  /** Set on the first start alone: how to sign in. */
  firstRun: { user: string; password: string } | null;
  close(): Promise<void>;
}

/** Milliseconds in which a balancer that asks /readyz twice a second has noticed that a hub leaves (server/deploy/haproxy.cfg). */
const LEAVE_NOTICE = 1_500;
/** Seconds after which the screens of a board that is not served here any more are sent to look elsewhere. */
const BROKEN_SECONDS = 2;
/** Strangers at a time; what the house itself does is not theirs to crowd out. */
const OUTER_ROOM = { inAll: 2_000, oneAddress: 1_000 };
const DUES_EVERY = 200;
/** Also how soon a new address of the machine is in the certificate. */
const CERTIFICATE_EVERY = 60_000;

export async function createApp(parts: AppParts): Promise<App> {
  const clock = parts.clock ?? systemClock;
  const { config, log } = parts;
  const features: Record<string, Feature> = parts.features ?? asPattern;
  const pool = openPool({ max: 12, connectionTimeoutMillis: 4_000, query_timeout: 30_000, application_name: 'situation-board', ...parts.database }, log);
  const newer = await durable(pool)
    .then(() => migrate(pool))
    .then(async (newer) => {
      await fillFinder(pool, features, log);
      return newer;
    })
    .catch(async (cause: unknown) => {
      await pool.end();
      throw cause;
    });
  if (newer.length > 0) log.warn({ newer }, 'a newer build has already made room for itself in this database; this one goes on beside it');
  const fanout = parts.fanout ?? (parts.redis ? await connectRedis(parts.redis, log) : new MemoryBus().connect());
  const access = new Access({ pool, clock, log, secure: overHttps(config), clockIsRight: () => core.clockIsRight, passwordCost: parts.passwordCost });
  const firstRun = await access.firstRun();

  const certificates = parts.certificates ?? null;
  const door = new Door(certificates?.current ?? null, plainDoor({ certificates, distDir: config.distDir, log }), guardServer);
  const http = door.server;
  const isBalancer = inSubnets(config.trustProxy);
  const callerOf = callerAddress(isBalancer);
  const lobby = new Lobby(isBalancer);
  lobby.watch(http);
  const hub = { id: randomUUID().slice(0, 8), build: parts.build ?? 'dev' };
  const cameRight = config.httpsAtProxy ? proxyOnly(isBalancer) : undefined;
  const metrics = new Metrics(new Set(Object.values(features).flatMap((f) => Object.keys(f.commands))));
  const sockets = new Sockets({
    http,
    log,
    hub,
    monotonic: () => clock.monotonic(),
    whoIs: (cookie) => access.whoIs(cookie),
    screenOf: (device) => access.screens.infoOf(device),
    originAllowed: (origin, host) => access.originAllowed(origin, host),
    cameRight,
    callerOf: (req) => addressOf(callerOf(req)),
    letIn: (connection) => lobby.letIn(connection),
    meter: metrics,
    atWork: (session) => void access.touch(session).catch((err: unknown) => log.warn({ err: String(err) }, 'a session could not be marked as at work')),
  });
  const readers = openPool({ max: 6, connectionTimeoutMillis: 4_000, query_timeout: 30_000, application_name: 'situation-board-readers', ...parts.database }, log);
  const presence = new Presence({ hub: hub.id, fanout, features, monotonic: () => clock.monotonic(), log });
  const core: Core = new Core({ pool, readers, features, figures: parts.features ? {} : figureQueries, clock, fanout, delivery: sockets, log, meter: metrics, ...(parts.clockMayBeApart === undefined ? {} : { clockMayBeApart: parts.clockMayBeApart }), moved: () => sender.ring(), applied: (board, entries) => presence.moved(board, entries) });
  const sender = new Sender({
    pool: readers,
    features,
    boards: () => [...core.boards.values()].filter((b) => b.broken === null).map((b) => b.info.id),
    clock,
    log,
    attempted: (attempt) => metrics.attempted(attempt),
  });
  const webhooks = new Webhooks({ pool, clock, journal: access.journal }, Object.keys(features), () => sender.ring());
  metrics.measure({
    boards: () =>
      [...core.boards.values()].map((b) => ({ id: b.info.id, revision: b.at.revision, behind: b.behind, proven: b.proven, queued: b.queued, waiting: b.waits.size })),
    audiences: () => sockets.audiences(),
    pools: { commands: pool, readers },
    webhookBacklog: () => sender.backlog(),
  });
  const lights = new Lights({ pool, features, boards: core.boards, monotonic: () => clock.monotonic(), log });
  sockets.serve(core.boards, core.gate, presence);
  await core.open();
  await ensureBoards(core, config, clock.now());

  access.onRevoked((what) => {
    if (what.look === undefined) sockets.cut(what);
    else void sockets.look(what.look);
  });
  access.tell = (what) => fanout.publish(revokedChannel, JSON.stringify(what));
  fanout.subscribe(revokedChannel, (message) => access.heard(message));
  const links = new Links({ pool, clock, journal: access.journal });
  let outerUrl = config.publicUrl;
  const answers = createHttp({ config, log, access, core, clock, fanout, hub, certificates, cameRight, leaving: () => leaving, trustProxy: config.trustProxy, connections: () => sockets.connected, kinds: Object.values(features), cap: capKinds, webhooks, metrics, more: (who) => [
      linkRoutes({ purposes: outerPurposes, links, gate: core.gate, who, door: () => outerUrl }),
      savedFilterRoutes(new SavedFilters({ pool, clock }), who, Object.keys(features)),
      exportRoutes({ exports: new Exports({ pool: readers, features, tables, naming: namingOf }), pool, access, who, boards: core.boards, log }),
    ] });
  http.on('request', answers);

  // The outer door: its own port, its own limits, no session (ARCHITECTURE.md).
  const outer = config.publicPort === null ? null : new Door(certificates?.current ?? null, outerPlain(outerPurposes.map((p) => p.path)), guardServer);
  if (outer) new Lobby(isBalancer, OUTER_ROOM).watch(outer.server);
  outer?.server.on(
    'request',
    createOuterDoor({
      purposes: outerPurposes,
      links,
      gate: core.gate,
      now: (board) => core.boards.get(board)?.clock.now() ?? clock.now(),
      client: join(config.distDir, 'client'),
      clock,
      log,
      secure: overHttps(config),
      trustProxy: config.trustProxy,
      cameRight,
    }),
  );

  let closing = false;
  let leaving = false;
  let brokenFor = 0;
  const timers = [
    setInterval(() => void second(), 1_000),
    setInterval(() => core.runDues(), DUES_EVERY),
    setInterval(() => void renew(), CERTIFICATE_EVERY),
  ];
  async function second(): Promise<void> {
    if (closing) return;
    await core.tick();
    sockets.sweep();
    presence.tick();
    await lights.look().catch((err: unknown) => log.warn({ err: String(err) }, 'when the board was last served could not be kept; tried again in a second'));
    sender.tick();
    // Rule 17: what this build cannot serve another may; the balancer has noticed by now, so screens that ask again get there.
    const broken = [...core.boards.values()].some((board) => board.broken !== null);
    brokenFor = broken ? brokenFor + 1 : 0;
    if (brokenFor === BROKEN_SECONDS && config.trustProxy.length > 0) sockets.sendAway();
    await access.screensHere(sockets.devices()).catch((err: unknown) => log.warn({ err: String(err) }, 'screens could not be marked as seen'));
    await access.pollRevocations().catch((err: unknown) => log.warn({ err: String(err) }, 'revocations could not be read; tried again in a second'));
  }
  /** A new certificate is served from the next connection on. */
  async function renew(): Promise<void> {
    if (closing || !certificates) return;
    try {
      if (!(await certificates.look())) return;
      door.use(certificates.current);
      outer?.use(certificates.current);
    } catch (err) {
      log.error({ err }, 'the certificate could not be renewed; tried again in a minute');
    }
  }
  await core.tick();

  // A real board's alone: no exercise takes the calls of people who need help.
  const called = [...core.boards.values()].find((b) => !b.info.exercise);
  const telephony =
    config.ami && called
      ? new Telephony({ ami: config.ami, database: parts.database, board: called, log, openRings: () => listOpenRings(core.queries, called.info.id) })
      : null;

  return {
    core,
    access,
    sockets,
    http: answers,
    firstRun,
    listen: async (port, host) => {
      const inner = await door.listen(port, host);
      if (!outer || config.publicPort === null) return { port: inner, outer: null };
      const outerPort = await outer.listen(config.publicPort, host);
      const wild = host === '0.0.0.0' || host === '::';
      const name = wild ? (reachableAt(host, machineNames(host, config.tlsNames))[0] ?? 'localhost') : host;
      outerUrl ??= `${certificates ? 'https' : 'http'}://${bracketed(name)}:${outerPort}`;
      return { port: inner, outer: { port: outerPort, url: outerUrl } };
    },
    close: async () => {
      if (leaving || closing) return;
      // Behind a balancer: it is told first, and screens move only once it has looked elsewhere; meanwhile all goes on.
      leaving = true;
      if (config.trustProxy.length > 0 && door.server.listening) await new Promise((done) => setTimeout(done, LEAVE_NOTICE));
      closing = true;
      core.endWaits();
      for (const t of timers) clearInterval(t);
      // Before the sockets: Socket.IO would close the server it hangs on, and with it forget who is being answered.
      const shut = Promise.all([door.close(), outer?.close()]);
      presence.close();
      await sockets.close();
      await shut;
      await sender.close();
      await telephony?.close();
      await core.close();
      await fanout.close();
      await Promise.all([pool.end(), readers.end()]);
    },
  };
}

/** Rule 1: a server that may forget what it acknowledged is refused, not warned about. */
async function durable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ fsync: string; commit: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
  );
  const row = rows[0];
  if (row?.fsync !== 'on') throw new NotDurable('fsync');
  if (row.commit === 'off') throw new NotDurable('synchronous_commit');
}

export class NotDurable extends Error {
  constructor(public readonly setting: string) {
    super(`PostgreSQL runs with ${setting} off: what it acknowledges may be lost. Set ${setting} = on and start again.`);
  }
}
