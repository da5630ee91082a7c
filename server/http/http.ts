import { join } from 'node:path';
import type { IncomingMessage, Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Feature } from '../../shared/features/feature.ts';
import { refuse } from '../../shared/protocol/errors.ts';
import { words } from '../../shared/protocol/words.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Access } from '../access/access.ts';
import { KEY_RATE } from '../access/keys.ts';
import type { Config } from '../config.ts';
import type { Fanout } from '../fanout/fanout.ts';
import type { Log } from '../log.ts';
import type { Certificates } from '../tls/certificates.ts';
import type { Webhooks } from '../outward/webhooks.ts';
import { adminRoutes } from './admin.ts';
import { boardRoutes, type BoardDoor } from './board.ts';
import type { CapKinds } from './cap.ts';
import { Limiter, type Rate } from '../hub/limits.ts';
import { addressOf, jsonOnly, ownPagesOnly, securityHeaders } from './guards.ts';
import { keyRoutes } from './keys.ts';
import { trustRoutes } from './trust.ts';
import { metricsRoute, type Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { pages } from './pages.ts';
import { problemFrom, sendProblem } from './problems.ts';
import { sessionRoutes } from './session.ts';
import { webhookRoutes } from './webhooks.ts';
import { Who } from './who.ts';

export interface HttpParts {
  config: Pick<Config, 'mapFile' | 'distDir' | 'databaseUrl' | 'redisUrl'>;
  log: Log;
  access: Access;
  core: BoardDoor & { ready(): { ready: boolean; clockApart: number; why: string | null } };
  clock: Clock;
  fanout: Pick<Fanout, 'name' | 'up'>;
  hub: { id: string; build: string };
  /** Where the hub itself speaks HTTPS. */
  certificates?: Pick<Certificates, 'root'> | null;
  /** Whether a request came by the way it must; left out: any way is right. */
  cameRight?(req: IncomingMessage): boolean;
  /** Sockets open on this hub. */
  connections(): number;
  /** THE list of kinds: each has its noun under /api/v1. */
  kinds: readonly Feature[];
  /** Kinds whose records are told as CAP. */
  cap: CapKinds;
  webhooks: Webhooks;
  metrics: Metrics;
  /** Whether this hub is about to end. */
  leaving?(): boolean;
  /** Further routes under /api/v1, for somebody known by `who`. */
  more?(who: Who): RequestHandler[];
  /** Requests below /api; the whole of a centre may come from one address, through its balancer. */
  limits?: { address: Rate; session: Rate };
  /** Addresses and networks of proxies whose word on the caller's address is taken. None unless named. */
  trustProxy?: readonly string[];
}

const defaults = { address: { perSecond: 200, burst: 3_000 }, session: { perSecond: 40, burst: 200 } };

/** Milliseconds before one too many is told so; far less than it is then told to wait. */
const SLOW_NO = 250;

/** Everything a hub answers over HTTP. */
export function createHttp(parts: HttpParts): Express {
  const { config, log, access, core, clock } = parts;
  const limits = parts.limits ?? defaults;
  const app = express();
  app.disable('x-powered-by');
  app.set('case sensitive routing', true);
  app.set('trust proxy', parts.trustProxy && parts.trustProxy.length > 0 ? [...parts.trustProxy] : false);
  app.use(...securityHeaders(access.secure));

  const state = (): Record<string, unknown> => ({
    hub: parts.hub,
    postgres: config.databaseUrl === null ? 'private' : 'own',
    bus: { runsOn: parts.fanout.name === 'memory' ? 'process' : config.redisUrl === null ? 'private Redis' : 'own Redis', up: parts.fanout.up() },
    boards: [...core.boards.keys()],
    connections: parts.connections(),
    clockApart: core.ready().clockApart,
  });
  app.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ ok: true, ...state() });
  });
  app.get('/readyz', (_req, res) => {
    const now = core.ready();
    const [ready, why] = parts.leaving?.() ? [false, 'this hub is leaving; screens move to another'] : [now.ready, now.why];
    if (!ready) res.set('Retry-After', '1');
    res.status(ready ? 200 : 503).set('Cache-Control', 'no-store').json({ ok: ready, why, ...state() });
  });

  app.use((req, _res, next) => {
    if (parts.cameRight && !parts.cameRight(req)) throw refuse('httpsOnly');
    next();
  });

  const perAddress = new Limiter(clock, limits.address);
  const perSession = new Limiter(clock, limits.session);
  const perKey = new Limiter(clock, KEY_RATE);
  const who = new Who(access);
  const api = express.Router({ caseSensitive: true });
  api.use((req, res, next) => {
    res.set('Cache-Control', 'no-store');
    perAddress.demand(addressOf(req.ip));
    next();
  });
  api.use(ownPagesOnly(access), ...jsonOnly());
  const description = openApi(parts.kinds, parts.cap, parts.hub.build);
  // Nothing in it that a program must not know before it has a key.
  api.get('/openapi.json', (_req, res) => {
    res.json(description);
  });
  api.use('/v1', sessionRoutes(access, who, clock), adminRoutes(access, who), keyRoutes(access.keys, who), webhookRoutes(parts.webhooks, who), ...(parts.more?.(who) ?? []), boardRoutes({ core, access, who, perSession, perKey, kinds: parts.kinds, cap: parts.cap }));
  api.use(() => {
    throw refuse('notFound');
  });
  app.use('/api', api);
  app.use('/metrics', (req, _res, next) => {
    perAddress.demand(addressOf(req.ip));
    next();
  });
  app.use(metricsRoute(parts.metrics, who));

  app.use(trustRoutes(parts.certificates ?? null, join(config.distDir, 'client')));
  app.use(pages({ client: join(config.distDir, 'client'), mapFile: config.mapFile }));
  app.use(() => {
    throw refuse('notFound');
  });

  const fail: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { problem, status } = problemFrom(error, log);
    if (problem.code === 'notSignedIn' && req.headers.authorization !== undefined) res.set('WWW-Authenticate', 'Bearer');
    for (const name of ['Content-Disposition', 'Content-Range', 'ETag', 'Last-Modified']) res.removeHeader(name);
    res.set('Cache-Control', 'no-store');
    if (problem.code !== 'tooMany') return sendProblem(req, res, problem, status);
    // Said slowly: whoever asks again at once and without end waits for it each time.
    setTimeout(() => res.destroyed || sendProblem(req, res, problem, status), SLOW_NO);
  };
  app.use(fail);
  return app;
}

/** What comes before any request can be told apart: bad or endless headers, and callers that send nothing. */
export function guardServer(server: Server): void {
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 20_000;
  // Neither reads its answer nor says anything; longer than a program may ask to wait for a change.
  server.timeout = 120_000;
  server.maxHeadersCount = 100;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
    const code = tooLarge ? 'tooLarge' : 'inputRejected';
    const message = `${words.zh.errors[code]} / ${words.en.errors[code]}`;
    const body = JSON.stringify({ ok: false, error: { code, message } });
    const status = tooLarge ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}
