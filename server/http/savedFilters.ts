import { Router, type Request } from 'express';
import { z } from 'zod';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import { newFilter, type savedFilters } from '../../shared/protocol/filters.ts';
import type { SavedFilters } from '../access/savedFilters.ts';
import { grantFor } from '../hub/gate.ts';
import type { Visitor } from '../hub/visitor.ts';
import type { Who } from './who.ts';

const of = z.strictObject({ board: z.string().max(40), kind: z.string().max(30) });

/** A person's own filters, on boards they sit at. */
export function savedFilterRoutes(saved: SavedFilters, who: Who, kinds: readonly string[]): Router {
  const router = Router({ caseSensitive: true });
  /** Before anything of the request is looked at: a program keeps no filters. */
  async function person(req: Request): Promise<Extract<Visitor, { type: 'person' }>> {
    const visitor = await who.visitor(req);
    if (visitor.type !== 'person') throw refuse('notAllowed');
    return visitor;
  }
  router.get('/filters', async (req, res) => {
    const visitor = await person(req);
    const { board, kind } = admit(of, { ...req.query });
    if (!grantFor(visitor, board)) throw refuse('notAllowed');
    res.json({ filters: await saved.of({ person: visitor.person, board, kind }) } satisfies z.input<typeof savedFilters>);
  });
  router.post('/filters', async (req, res) => {
    const visitor = await person(req);
    const { board, kind, name, filter } = admit(newFilter, req.body);
    if (!grantFor(visitor, board) || !kinds.includes(kind)) throw refuse('notAllowed');
    res.status(201).json({ filter: await saved.save({ person: visitor.person, board, kind }, name, filter) });
  });
  router.delete('/filters/:id', async (req, res) => {
    const { person } = await who.session(req);
    const id = z.uuid().safeParse(req.params.id);
    if (!id.success) throw refuse('notFound');
    await saved.remove(person, id.data);
    res.status(204).end();
  });
  return router;
}
