import { Router } from 'express';
import { z } from 'zod';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import { keyInput, type Keys } from '../access/keys.ts';
import type { Who } from './who.ts';

/** Keys of other programs, made and revoked by administrators. No key opens these. */
export function keyRoutes(keys: Keys, who: Who): Router {
  const router = Router({ caseSensitive: true });
  router.get('/keys', async (req, res) => {
    const { by } = await who.admin(req);
    res.json({ keys: await keys.list(by) });
  });
  router.post('/keys', async (req, res) => {
    const { by } = await who.admin(req);
    res.status(201).json(await keys.make(admit(keyInput, req.body), by));
  });
  router.delete('/keys/:id', async (req, res) => {
    const { by } = await who.admin(req);
    const id = z.uuid().safeParse(req.params.id);
    if (!id.success) throw refuse('notFound');
    await keys.revoke(id.data, by);
    res.status(204).end();
  });
  return router;
}
