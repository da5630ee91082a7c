import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { z } from 'zod';
import { admit, refuse, Refused } from '../../shared/protocol/errors.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Gate } from '../hub/gate.ts';
import type { Guest } from '../hub/visitor.ts';
import { Limiter, type Rate } from '../hub/limits.ts';
import { addressOf, securityHeaders } from '../http/guards.ts';
import { onlyOf } from '../http/onlyOf.ts';
import { problemFrom, sendProblem } from '../http/problems.ts';
import type { Log } from '../log.ts';
import type { Links } from './links.ts';
import type { OuterPurpose } from './purpose.ts';

export interface OuterParts {
  purposes: readonly OuterPurpose[];
  links: Pick<Links, 'find'>;
  gate: Pick<Gate, 'submitAs' | 'queryAs'>;
  /** A board's own time, which an exercise may run faster. */
  now(board: string): Instant;
  /** Where the built pages lie. */
  client: string;
  clock: Clock;
  log: Log;
  secure: boolean;
  trustProxy?: readonly string[];
  cameRight?(req: express.Request): boolean;
  limits?: { address: Rate; link: Rate };
}

/** A village may share one address with its mobile network; a link is one driver or one poster on a gate. */
const defaults = { address: { perSecond: 20, burst: 200 }, link: { perSecond: 5, burst: 60 } };
/** A position and its id are some two hundred bytes. */
const MAX_BODY = 2_048;
const PLACES_KEPT = 10 * 60_000;

const holder = z.strictObject({ link: z.string().max(100) });
const told = z.strictObject({ link: z.string().max(100), id: z.uuid(), input: z.unknown() });

/**
 * What strangers' phones may reach, on a port of its own (ARCHITECTURE.md, the outer door): one light page, what it is made
 * of, and two questions. No session, no cookie, nothing of the inner site; whatever is not listed here is 404.
 */
export function createOuterDoor(parts: OuterParts): Express {
  const { purposes, links, gate, clock } = parts;
  const limits = parts.limits ?? defaults;
  const perAddress = new Limiter(clock, limits.address);
  const perLink = new Limiter(clock, limits.link);
  const app = express();
  app.disable('x-powered-by');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('trust proxy', parts.trustProxy && parts.trustProxy.length > 0 ? [...parts.trustProxy] : false);
  app.use(...securityHeaders(parts.secure));
  app.use((req, res, next) => {
    res.set('X-Robots-Tag', 'noindex');
    res.set('Permissions-Policy', 'geolocation=(self), camera=(), microphone=()');
    if (parts.cameRight && !parts.cameRight(req)) throw refuse('notFound');
    perAddress.demand(addressOf(req.ip));
    next();
  });

  const paths = [...new Set(purposes.map((purpose) => purpose.path))];
  app.get(paths, (_req, res) => {
    res.set('Cache-Control', 'no-store');
    res.sendFile('outer.html', { root: parts.client, cacheControl: false, etag: false, lastModified: false });
  });
  app.use(onlyOf(parts.client, 'outer.html'));

  async function enter(secret: string): Promise<{ purpose: OuterPurpose; guest: Guest; body: Record<string, unknown> }> {
    const found = await links.find(secret);
    const purpose = purposes.find((p) => p.name === found?.purpose);
    // One answer for what never was, has ended, or was taken back.
    if (!found || !purpose) throw refuse('notFound');
    perLink.demand(found.id);
    const guest: Guest = {
      link: found.id,
      label: purpose.label,
      grant: found.grant,
      record: { kind: purpose.kind, id: found.record },
      commands: purpose.tells ? [purpose.tells.command] : [],
      lists: purpose.places ? ['locality'] : [],
    };
    const answer = await gate.queryAs(guest, { name: 'record', board: found.grant.board, kind: purpose.kind, id: found.record });
    if (!answer.ok) throw answer.error.code === 'notAllowed' ? refuse('notFound') : new Refused(answer.error);
    const body = answer.record?.body;
    if (!body || !purpose.open(body)) throw refuse('notFound');
    return { purpose, guest, body };
  }

  const known = new Map<string, { at: number; places: unknown[] }>();
  async function placesOf(guest: Guest): Promise<unknown[]> {
    const { board } = guest.grant;
    const kept = known.get(board);
    if (kept && clock.monotonic() - kept.at < PLACES_KEPT) return kept.places;
    // Every place is named to every driver: the desk's scope is about records, not about the map.
    const anywhere = { ...guest, grant: { ...guest.grant, scope: { units: null, localities: null } } };
    const answer = await gate.queryAs(anywhere, { name: 'list', board, kind: 'locality', where: { level: ['county'] }, held: true, limit: 200 });
    if (!answer.ok) throw new Refused(answer.error);
    const places = (answer.records ?? []).flatMap(({ body }) => (body.centre ? [{ code: body.code, name: body.name, at: body.centre }] : []));
    known.set(board, { at: clock.monotonic(), places });
    return places;
  }

  const body: RequestHandler[] = [
    (req, _res, next) => {
      const site = req.get('sec-fetch-site');
      if (!req.is('application/json') || (site !== undefined && site !== 'same-origin')) throw refuse('notFound');
      next();
    },
    express.json({ limit: MAX_BODY, inflate: false, strict: true }),
  ];
  app.post('/look', body, async (req: express.Request, res: express.Response) => {
    const { link } = admit(holder, req.body);
    const { purpose, guest, body: record } = await enter(link);
    const places = purpose.places ? { places: await placesOf(guest) } : {};
    res.set('Cache-Control', 'no-store').json({ ok: true, purpose: purpose.name, now: parts.now(guest.grant.board), ...places, ...purpose.shows(record) });
  });
  app.post('/tell', body, async (req: express.Request, res: express.Response) => {
    const message = admit(told, req.body);
    const { purpose, guest } = await enter(message.link);
    const { tells } = purpose;
    if (!tells) throw refuse('notFound');
    const input: unknown = admit(tells.input, message.input);
    const occurred = tells.occurred(input);
    const answer = await gate.submitAs(guest, { id: message.id, board: guest.grant.board, type: tells.command, sent: occurred, occurred, body: tells.body(guest.record.id, input) });
    if (!answer.ok) throw new Refused(answer.error);
    res.set('Cache-Control', 'no-store').json({ ok: true, result: answer.result });
  });

  app.use(() => {
    throw refuse('notFound');
  });
  const fail: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { problem, status } = problemFrom(error, parts.log);
    sendProblem(req, res.set('Cache-Control', 'no-store'), problem, status);
  };
  app.use(fail);
  return app;
}

/** Said in plain HTTP on a port that speaks HTTPS: where the page is, and nothing else. */
export function outerPlain(paths: readonly string[]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get([...paths], (req, res, next) => {
    const host = req.get('host') ?? '';
    if (!/^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) return next();
    res.redirect(307, `https://${host}${req.path}`);
  });
  app.use((_req, res) => void res.status(404).end());
  return app;
}
