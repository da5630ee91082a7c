import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Feature } from '../../shared/features/feature.ts';
import { admit, refuse, refuseField, type Problem } from '../../shared/protocol/errors.ts';
import type { Access } from '../access/access.ts';
import type { Gate } from '../hub/gate.ts';
import { cutBy, type Visitor } from '../hub/visitor.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import { capRoutes, type CapDoor, type CapKinds } from './cap.ts';
import { bodyWithId, commandRoutes } from './commandRoutes.ts';
import { weightOf, type Limiter } from '../hub/limits.ts';
import { demandIdempotencyKey, idempotencyKey } from './idempotency.ts';
import { sendProblem } from './problems.ts';
import { nameOf, type Who } from './who.ts';

/** What REST needs of a hub. */
export interface BoardDoor extends CapDoor {
  gate: Pick<Gate, 'submit' | 'query' | 'changes'>;
  rename(board: string, name: BoardInfo['name']): Promise<void>;
}

const text = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}]*$/u);
const rename = z.strictObject({ name: z.strictObject({ zh: text, en: text.max(60) }) });

/** Query parameters that are not a field to narrow the list by. */
const ownParameters = new Set(['board', 'q', 'held', 'sort', 'after', 'limit']);

/** Changes that one visitor may wait for at a time on one hub. */
const WAITS = 4;

/** Commands and records, by the same gate as the sockets: a noun a kind. */
export function boardRoutes(parts: {
  core: BoardDoor;
  access: Access;
  who: Who;
  perSession: Limiter;
  perKey: Limiter;
  kinds: readonly Feature[];
  cap: CapKinds;
}): Router {
  const { core, access, who, perSession, perKey, kinds, cap } = parts;
  const router = Router({ caseSensitive: true });

  async function enter(req: Request): Promise<Visitor> {
    const visitor = await who.visitor(req);
    if (visitor.type !== 'program') perSession.demand(nameOf(visitor));
    else {
      // First by this hub alone, so that a flood costs nothing; then by all of them together.
      perKey.demand(nameOf(visitor));
      await access.keys.demand(visitor.key);
    }
    return visitor;
  }
  const reply = (req: Request, res: Response, result: { ok: true } | { ok: false; error: Problem }): void => {
    if (result.ok) res.json(result);
    else sendProblem(req, res, result.error);
  };
  /** Whoever has one board need not name it; of several none is guessed. */
  function boardOf(visitor: Visitor, asked: unknown): unknown {
    if (asked !== undefined) return asked;
    const [first, ...others] = visitor.type === 'device' ? [visitor.board] : visitor.grants.map((g) => g.board);
    if (first === undefined) throw refuse('notAllowed');
    if (others.length > 0) throw refuseField('board', 'required');
    return first;
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

  // Post, surname and account of everybody there: for the people who say who is on duty, and for no program or screen.
  router.get('/boards/:id/people', async (req, res) => {
    const visitor = await enter(req);
    const plans = visitor.type === 'person' && visitor.grants.some((g) => g.board === req.params.id && (g.role === 'leader' || g.role === 'admin'));
    if (!plans) throw refuse('notAllowed');
    res.json({ people: await access.people.ofBoard(req.params.id) });
  });

  const submit = async (req: Request, res: Response, visitor: Visitor, message: unknown): Promise<void> => {
    if (visitor.type === 'person') await access.touch(visitor.session);
    reply(req, res, await core.gate.submit(visitor, message));
  };

  router.post('/commands', async (req, res) => {
    const visitor = await enter(req);
    const id = idempotencyKey(req);
    const body = (req.body ?? {}) as Record<string, unknown>;
    if (id !== undefined && body.id !== undefined && body.id !== id) throw refuseField('id', 'differs');
    await submit(req, res, visitor, id === undefined ? req.body : { ...body, id });
  });

  for (const { path, type } of commandRoutes(kinds)) {
    router.post(path, async (req, res) => {
      const visitor = await enter(req);
      const { board: asked, occurred, ...unknown } = req.query;
      const [stray] = Object.keys(unknown);
      if (stray !== undefined) throw refuseField(stray, 'unknownField');
      const board = boardOf(visitor, asked);
      const id = demandIdempotencyKey(req);
      const body = bodyWithId(req.body, req.params.id === undefined ? undefined : String(req.params.id));
      // When it was sent is the hub's to say where the address is all there is of an envelope.
      const sent = core.boards.get(String(board))?.clock.now() ?? 0;
      await submit(req, res, visitor, { id, board, type, sent, body, ...(occurred === undefined ? {} : { occurred: Number(occurred) }) });
    });
  }

  /** Who waits, by visitor: what is revoked does not wait on. */
  const waiting = new Map<AbortController, Visitor>();
  access.onRevoked((what) => {
    for (const [wait, visitor] of waiting) if (cutBy(what, visitor)) wait.abort();
  });
  router.get('/changes', async (req, res) => {
    const visitor = await enter(req);
    const mine = nameOf(visitor);
    if ([...waiting.values()].filter((v) => nameOf(v) === mine).length >= WAITS) throw refuse('tooMany', { retryAfter: 1 });
    const wait = new AbortController();
    const away = (): void => wait.abort();
    waiting.set(wait, visitor);
    res.on('close', away);
    try {
      const answer = await core.gate.changes(visitor, { ...req.query, board: boardOf(visitor, req.query.board) }, wait.signal);
      if (res.destroyed) return;
      // Whoever was let in when the wait began may not be any more.
      if (req.query.wait !== undefined) await who.visitor(req);
      reply(req, res, answer);
    } finally {
      res.off('close', away);
      waiting.delete(wait);
    }
  });

  for (const { kind, plural, timeline, revealers } of kinds) {
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
      const found = await core.gate.query(visitor, message);
      // A program's key is counted by what it asks (README).
      if (found.ok && visitor.type !== 'program') perSession.owe(nameOf(visitor), weightOf(found));
      reply(req, res, found);
    });
    router.get(`/${plural}/:id`, async (req, res) => {
      const visitor = await enter(req);
      reply(req, res, await core.gate.query(visitor, { name: 'record', board: boardOf(visitor, req.query.board), kind, id: req.params.id }));
    });
    if (timeline) router.get(`/${plural}/:id/timeline`, async (req, res) => {
      const visitor = await enter(req);
      const { board, after, limit } = req.query;
      const given = { ...(after !== undefined && { after }), ...(limit !== undefined && { limit: Number(limit) }) };
      reply(req, res, await core.gate.query(visitor, { name: 'timeline', board: boardOf(visitor, board), kind, id: req.params.id, ...given }));
    });
    if (revealers.length > 0) router.post(`/${plural}/:id/reveal`, async (req, res) => {
      const visitor = await enter(req);
      const { purpose, words } = (req.body ?? {}) as { purpose?: unknown; words?: unknown };
      reply(req, res, await core.gate.query(visitor, { name: 'reveal', board: boardOf(visitor, req.query.board), kind, id: req.params.id, purpose, ...(words !== undefined && { words }) }));
    });
  }
  router.use(capRoutes({ core, kinds, cap, enter, boardOf }));
  return router;
}
