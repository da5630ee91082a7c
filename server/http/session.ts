import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import { screenFound } from '../../shared/screen/profile.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { sessionInfoOf, type Access } from '../access/access.ts';
import { cookieNames } from '../access/cookies.ts';
import { PASSWORD_MAX } from '../access/password.ts';
import type { Device } from '../access/screens.ts';
import { addressOf } from './guards.ts';
import type { Who } from './who.ts';

const password = z.string().min(1).max(PASSWORD_MAX);
const signIn = z.strictObject({ user: z.string().trim().min(1).max(60), password });
const change = z.strictObject({ current: password, next: password });

/** The longest a browser keeps a cookie (RFC 6265bis). A screen's is given again at every start of its page. */
const FOR_GOOD = 400 * 24 * 3_600_000;

/** Signing in and out, and a wall's own way in. */
export function sessionRoutes(access: Access, who: Who, clock: Clock): Router {
  const router = Router({ caseSensitive: true });
  const names = cookieNames(access.secure);
  const options = { httpOnly: true, sameSite: 'strict', path: '/', secure: access.secure } as const;
  const parse = <S extends z.ZodType>(schema: S, req: Request): z.infer<S> => admit(schema, req.body);
  const caller = (req: Request): { address: string; agent: string } => ({ address: addressOf(req.ip), agent: req.get('user-agent') ?? '' });
  const keep = (res: Response, token: string, expires: number): void => {
    res.cookie(names.session, token, { ...options, maxAge: expires - clock.now() });
  };

  router.post('/session', async (req, res) => {
    const { token, session } = await access.signIn({ ...parse(signIn, req), ...caller(req), replaces: who.cookie(req, 'session') });
    keep(res, token, session.expires);
    res.json(sessionInfoOf(session));
  });
  router.get('/session', async (req, res) => {
    res.json(sessionInfoOf(await who.session(req)));
  });
  router.delete('/session', async (req, res) => {
    const token = who.cookie(req, 'session');
    const session = token === undefined ? null : await access.sessionOf(token);
    if (session) await access.signOut(session, addressOf(req.ip));
    res.clearCookie(names.session, options);
    res.status(204).end();
  });
  router.post('/session/password', async (req, res) => {
    const before = await who.session(req);
    const { token, session } = await access.changePassword(before, { ...parse(change, req), ...caller(req) });
    keep(res, token, session.expires);
    res.json(sessionInfoOf(session));
  });

  // The page keeps the secret that goes with its code for the minutes until it is approved; the code alone is shown.
  router.post('/pairing', async (req, res) => {
    res.status(201).json(await access.screens.startPairing(addressOf(req.ip)));
  });
  router.get('/pairing/:id', async (req, res) => {
    const id = z.uuid().safeParse(req.params.id);
    const secret = req.get('x-pairing-secret');
    if (!id.success || secret === undefined) throw refuse('notFound');
    const claim = await access.screens.claim(id.data, secret);
    if (claim.state !== 'approved') {
      res.json(claim);
      return;
    }
    res.cookie(names.screen, claim.credential, { ...options, maxAge: FOR_GOOD });
    res.json({ state: claim.state, screen: claim.device });
  });
  const deviceOf = async (req: Request): Promise<{ device: Device; credential: string }> => {
    const credential = who.cookie(req, 'screen');
    const device = credential === undefined ? null : await access.screens.deviceOf(credential);
    if (!device || credential === undefined) throw refuse('notSignedIn');
    return { device, credential };
  };
  router.put('/screen/found', async (req, res) => {
    const { device } = await deviceOf(req);
    await access.screens.find(device.id, parse(screenFound, req));
    res.status(204).end();
  });
  router.get('/screen', async (req, res) => {
    const { device, credential } = await deviceOf(req);
    res.cookie(names.screen, credential, { ...options, maxAge: FOR_GOOD });
    res.json({ screen: device });
  });
  return router;
}
