import { Router, type Request } from 'express';
import { z } from 'zod';
import { admit, refuse, Refused } from '../../shared/protocol/errors.ts';
import type { Gate } from '../hub/gate.ts';
import { grantFor } from '../hub/gate.ts';
import { addressOf } from '../http/guards.ts';
import type { Who } from '../http/who.ts';
import type { Links, LinkView, Maker } from './links.ts';
import type { OuterPurpose } from './purpose.ts';

const about = z.strictObject({ board: z.string().max(40), purpose: z.string().max(40), record: z.string().max(80) });

/** What a desk is told of a link: `url` only when it was made just now; null `door`: this hub has no outer door. */
export interface LinkAnswer {
  door: string | null;
  link: LinkView | null;
  url?: string;
}

/** The desks' side: a link is handed out, looked at and taken back by whoever may see its record and has the role for it. */
export function linkRoutes(parts: { purposes: readonly OuterPurpose[]; links: Links; gate: Pick<Gate, 'query'>; who: Who; door(): string | null }): Router {
  const router = Router({ caseSensitive: true });

  async function enter(req: Request, asked: unknown): Promise<{ purpose: OuterPurpose; board: string; record: string; by: Maker }> {
    const visitor = await parts.who.visitor(req);
    if (visitor.type !== 'person') throw refuse('notAllowed');
    const { board, purpose: name, record } = admit(about, asked);
    const purpose = parts.purposes.find((p) => p.name === name);
    const grant = grantFor(visitor, board);
    if (!purpose || !grant || !purpose.makers.includes(grant.role)) throw refuse('notAllowed');
    const answer = await parts.gate.query(visitor, { name: 'record', board, kind: purpose.kind, id: record });
    if (!answer.ok) throw new Refused(answer.error);
    if (req.method === 'POST' && !(answer.record && purpose.open(answer.record.body))) throw refuse('movedOn');
    return { purpose, board, record, by: { person: visitor.person, label: visitor.label, address: addressOf(req.ip), role: grant.role, scope: grant.scope } };
  }

  router.get('/links', async (req, res) => {
    const { purpose, board, record } = await enter(req, { ...req.query });
    res.json({ door: parts.door(), link: await parts.links.of(purpose, board, record) } satisfies LinkAnswer);
  });
  router.post('/links', async (req, res) => {
    const { purpose, board, record, by } = await enter(req, req.body);
    const door = parts.door();
    if (door === null) throw refuse('notAllowed');
    const { secret, link } = await parts.links.make(purpose, board, record, by);
    res.status(201).json({ door, link, url: `${door}${purpose.path}#${secret}` } satisfies LinkAnswer);
  });
  router.delete('/links', async (req, res) => {
    const { purpose, board, record, by } = await enter(req, { ...req.query });
    await parts.links.revoke(purpose, board, record, by);
    res.status(204).end();
  });
  return router;
}
