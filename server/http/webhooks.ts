import { Router } from 'express';
import { z } from 'zod';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import { newSecretInput, webhookChanges, webhookInput, type Webhooks } from '../outward/webhooks.ts';
import type { Who } from './who.ts';

const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z
    .string()
    .regex(/^\d{1,9}\.\d{1,15}$/)
    .optional(),
});

/** Where changes are sent, set by administrators; with a receipt for each. */
export function webhookRoutes(webhooks: Webhooks, who: Who): Router {
  const router = Router({ caseSensitive: true });
  const idOf = (text: string): string => {
    const id = z.uuid().safeParse(text);
    if (!id.success) throw refuse('notFound');
    return id.data;
  };
  router.get('/webhooks', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ webhooks: await webhooks.list(by) });
  });
  router.post('/webhooks', async (req, res) => {
    const { by } = await who.admin(req);
    res.status(201).json(await webhooks.make(admit(webhookInput, req.body), by));
  });
  router.patch('/webhooks/:id', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ webhook: await webhooks.change(idOf(req.params.id), admit(webhookChanges, req.body), by) });
  });
  router.delete('/webhooks/:id', async (req, res) => {
    const { by } = await who.admin(req);
    await webhooks.remove(idOf(req.params.id), by);
    res.status(204).end();
  });
  router.post('/webhooks/:id/secret', async (req, res) => {
    const { by } = await who.admin(req);
    res.json(await webhooks.renew(idOf(req.params.id), admit(newSecretInput, req.body ?? {}), by));
  });
  router.post('/webhooks/:id/test', async (req, res) => {
    const { by } = await who.admin(req);
    res.json(await webhooks.test(idOf(req.params.id), by));
  });
  router.get('/webhooks/:id/receipts', async (req, res) => {
    const { by } = await who.admin(req);
    res.json(await webhooks.receipts(idOf(req.params.id), admit(page, { ...req.query }), by));
  });
  return router;
}
