import { Router } from 'express';
import { z } from 'zod';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import type { Access } from '../access/access.ts';
import { personChanges, personInput } from '../access/people.ts';
import { screenApproval, screenChanges, testCard } from '../access/screens.ts';
import type { Who } from './who.ts';

const logPage = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50), before: z.coerce.number().int().min(1).optional() });

/** People, their sessions, screens and the log of who was let in: for administrators alone. */
export function adminRoutes(access: Access, who: Who): Router {
  const router = Router({ caseSensitive: true });
  const { people, screens } = access;
  const idOf = (text: string): string => {
    const id = z.uuid().safeParse(text);
    if (!id.success) throw refuse('notFound');
    return id.data;
  };

  router.get('/people', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ people: await people.list(by) });
  });
  router.post('/people', async (req, res) => {
    const { by } = await who.admin(req);
    res.status(201).json(await people.make(admit(personInput, req.body), by));
  });
  router.get('/people/:id', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ person: await people.get(idOf(req.params.id), by) });
  });
  router.patch('/people/:id', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ person: await people.change(idOf(req.params.id), admit(personChanges, req.body), by) });
  });
  router.post('/people/:id/password', async (req, res) => {
    const { by } = await who.admin(req);
    res.json(await people.resetPassword(idOf(req.params.id), by));
  });

  router.get('/sessions', async (req, res) => {
    const { session, by } = await who.admin(req);
    res.json({ sessions: (await access.sessions(by)).map((s) => ({ ...s, current: s.id === session.id })) });
  });
  router.delete('/sessions/:id', async (req, res) => {
    const { by } = await who.admin(req);
    if (!/^[0-9a-f]{64}$/.test(req.params.id)) throw refuse('notFound');
    await access.revokeSession(req.params.id, by);
    res.status(204).end();
  });

  router.get('/screens', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ screens: await screens.list(by) });
  });
  router.post('/screens', async (req, res) => {
    const { by } = await who.admin(req);
    res.status(201).json({ screen: await screens.approve(admit(screenApproval, req.body), by) });
  });
  router.patch('/screens/:id', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ screen: await screens.change(idOf(req.params.id), admit(screenChanges, req.body), by) });
  });
  router.post('/screens/:id/card', async (req, res) => {
    const { by } = await who.admin(req);
    await screens.showCard(idOf(req.params.id), admit(testCard, req.body), by);
    res.status(204).end();
  });
  router.delete('/screens/:id', async (req, res) => {
    const { by } = await who.admin(req);
    await screens.revoke(idOf(req.params.id), by);
    res.status(204).end();
  });

  router.get('/access-log', async (req, res) => {
    const { by } = await who.admin(req);
    const { limit, before } = admit(logPage, { ...req.query });
    res.json({ lines: await access.readJournal(limit, before, by) });
  });
  return router;
}
