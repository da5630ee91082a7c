import { join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import { onlyOf } from './onlyOf.ts';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { refuse } from '../../shared/protocol/errors.ts';
import type { Log } from '../log.ts';
import type { Certificates } from '../tls/certificates.ts';
import { securityHeaders } from './guards.ts';
import { problemFrom, sendProblem } from './problems.ts';
import { trustRoutes } from './trust.ts';

/**
 * What is said in plain HTTP on a port that speaks HTTPS: how to trust it, and where it is. Reasons in ../tls/DOORS.md.
 * Nothing of the board is here, no cookie is read or set, no body is read.
 */
export function plainDoor(parts: { certificates: Pick<Certificates, 'root'> | null; distDir: string; log: Log }): Express {
  const client = join(parts.distDir, 'client');
  const app = express();
  app.disable('x-powered-by');
  app.set('case sensitive routing', true);
  app.use((req, res, next) => {
    const here = hostOf(req);
    if (here === null || (req.method !== 'GET' && req.method !== 'HEAD')) throw refuse('httpsOnly');
    // The page asks over HTTPS whether this device trusts us: that one address, and nothing else, is let in.
    const [headers, more] = securityHeaders(false, [`https://${here}`]);
    headers?.(req, res, (error?: unknown) => (error === undefined ? more?.(req, res, next) : next(error)));
  });
  app.use(trustRoutes(parts.certificates, client));
  app.use(onlyOf(client, 'trust.html'));
  app.get(/.*/, (req, res) => {
    res.set('Cache-Control', 'no-store');
    // Who may have nothing to trust yet is better served by the page that says how than by a browser's warning; on a
    // device that trusts us it leads on by itself.
    if (parts.certificates?.root) res.redirect(302, `/trust?to=${encodeURIComponent(req.originalUrl)}`);
    else res.redirect(307, `https://${hostOf(req)}${req.originalUrl}`);
  });
  const fail: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { problem, status } = problemFrom(error, parts.log);
    sendProblem(req, res, problem, status);
  };
  app.use(fail);
  return app;
}

/** As it was asked for; null where no such host can be. */
function hostOf(req: IncomingMessage): string | null {
  const host = req.headers.host ?? '';
  return /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? host : null;
}
