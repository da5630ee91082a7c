import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Problem } from '../../shared/protocol/errors.ts';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import type { Access } from '../access/access.ts';
import type { Gate } from '../hub/gate.ts';
import type { Visitor } from '../hub/visitor.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import { sendProblem } from './problems.ts';
import type { Limiter } from './guards.ts';
import type { Who } from './who.ts';

/** What REST needs of a hub. */
export interface BoardDoor {
  gate: Pick<Gate, 'submit' | 'query'>;
  boards: ReadonlyMap<string, { info: BoardInfo }>;
  rename(board: string, name: BoardInfo['name']): Promise<void>;
}

const text = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}]*$/u);
const rename = z.strictObject({ name: z.strictObject({ zh: text, en: text.max(60) }) });

/** Query parameters that are not a field to narrow the list by. */
const ownParameters = new Set(['board', 'q', 'held', 'sort', 'after', 'limit']);

/** Commands and records, by the same gate as the sockets: a noun a kind. */
export function boardRoutes(parts: {
  core: BoardDoor;
  access: Access;
  who: Who;
  perSession: Limiter;
  kinds: readonly { kind: string; plural: string }[];
}): Router {
  const { core, access, who, perSession, kinds } = parts;
  const router = Router({ caseSensitive: true });

  async function enter(req: Request): Promise<Visitor> {
    const visitor = await who.visitor(req);
    perSession.demand(visitor.type === 'person' ? visitor.session : visitor.device);
    return visitor;
  }
  const reply = (req: Request, res: Response, result: { ok: true } | { ok: false; error: Problem }): void => {
    if (result.ok) res.json(result);
    else sendProblem(req, res, result.error);
  };
  function boardOf(visitor: Visitor, asked: unknown): unknown {
    const board = asked ?? (visitor.type === 'device' ? visitor.board : visitor.grants[0]?.board);
    if (board === undefined) throw refuse('notAllowed');
    return board;
  }

  router.get('/boards', async (req, res) => {
    const visitor = await enter(req);
    const mine = visitor.type === 'device' ? [visitor.board] : visitor.grants.map((g) => g.board);
    res.json({ boards: [...core.boards.values()].map((b) => b.info).filter((info) => mine.includes(info.id)) });
  });

  router.patch('/boards/:id', async (req, res) => {
    const { by } = await who.admin(req);
    const board = core.boards.get(req.params.id);
    if (!board || !by.boards?.includes(board.info.id)) throw refuse('notFound');
    const { name } = admit(rename, req.body);
    await core.rename(board.info.id, name);
    await access.noteRename(board.info.id, name, by);
    res.json({ board: { ...board.info, name } });
  });

  router.post('/commands', async (req, res) => {
    const visitor = await enter(req);
    if (visitor.type === 'person') await access.touch(visitor.session);
    reply(req, res, await core.gate.submit(visitor, req.body));
  });

  for (const { kind, plural } of kinds) {
    router.get(`/${plural}`, async (req, res) => {
      const visitor = await enter(req);
      const { board, q, held, sort, after, limit } = req.query;
      const where: [string, string[]][] = [];
      for (const [name, value] of Object.entries(req.query)) {
        if (ownParameters.has(name)) continue;
        if (name === '__proto__' || value === undefined) throw refuse('inputRejected');
        where.push([name, (Array.isArray(value) ? value : [value]).map(String)]);
      }
      const given = Object.entries({
        q,
        sort,
        after,
        held: held === undefined ? undefined : held === 'true' ? true : held === 'false' ? false : held,
        limit: limit === undefined ? undefined : Number(limit),
      }).filter(([, value]) => value !== undefined);
      const message = { name: 'list', board: boardOf(visitor, board), kind, where: Object.fromEntries(where), ...Object.fromEntries(given) };
      reply(req, res, await core.gate.query(visitor, message));
    });
    router.get(`/${plural}/:id`, async (req, res) => {
      const visitor = await enter(req);
      reply(req, res, await core.gate.query(visitor, { name: 'record', board: boardOf(visitor, req.query.board), kind, id: req.params.id }));
    });
    router.get(`/${plural}/:id/timeline`, async (req, res) => {
      const visitor = await enter(req);
      const { board, after, limit } = req.query;
      const given = { ...(after !== undefined && { after }), ...(limit !== undefined && { limit: Number(limit) }) };
      reply(req, res, await core.gate.query(visitor, { name: 'timeline', board: boardOf(visitor, board), kind, id: req.params.id, ...given }));
    });
    router.post(`/${plural}/:id/reveal`, async (req, res) => {
      const visitor = await enter(req);
      const { purpose } = (req.body ?? {}) as { purpose?: unknown };
      reply(req, res, await core.gate.query(visitor, { name: 'reveal', board: boardOf(visitor, req.query.board), kind, id: req.params.id, purpose }));
    });
  }
  return router;
}
