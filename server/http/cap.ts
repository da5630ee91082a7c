import { Router, type Request } from 'express';
import type { Feature } from '../../shared/features/feature.ts';
import { refuse, Refused } from '../../shared/protocol/errors.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Gate } from '../hub/gate.ts';
import type { Visitor } from '../hub/visitor.ts';
import { capFeed, capMessages, capXml, type CapBoard, type CapOf, type FeedEntry } from '../outward/cap.ts';
import type { Version } from '../record/versions.ts';

/** What CAP needs of a hub. */
export interface CapDoor {
  gate: Pick<Gate, 'query'>;
  boards: ReadonlyMap<string, CapBoard & { clock: Clock }>;
  versions(board: string, feature: Feature, id: string): Promise<Version[]>;
}

/** Kinds whose records are told as CAP, by kind. */
export type CapKinds = Readonly<Record<string, CapOf>>;

/** How many of a kind the list holds at most; the newest ones. */
const LISTED = 200;

/**
 * `GET /levels/{id}/cap`: the newest message a record gave cause for. `GET /cap`: those in force, as an Atom list. Whoever may
 * read the record may read this of it, and it holds public fields alone.
 */
export function capRoutes(parts: {
  core: CapDoor;
  kinds: readonly Feature[];
  cap: CapKinds;
  enter(req: Request): Promise<Visitor>;
  boardOf(visitor: Visitor, asked: unknown): unknown;
}): Router {
  const { core, kinds, cap, enter, boardOf } = parts;
  const router = Router({ caseSensitive: true });
  const told = kinds.flatMap((feature) => (cap[feature.kind] ? [{ feature, capOf: cap[feature.kind] as CapOf }] : []));

  async function newest(board: string, feature: Feature, capOf: CapOf, id: string): Promise<FeedEntry['message'] | undefined> {
    return capMessages(capOf, feature.kind, id, await core.versions(board, feature, id)).at(-1);
  }

  for (const { feature, capOf } of told) {
    router.get(`/${feature.plural}/:id/cap`, async (req, res) => {
      const visitor = await enter(req);
      const id = String(req.params.id);
      const asked = boardOf(visitor, req.query.board);
      const found = await core.gate.query(visitor, { name: 'record', board: asked, kind: feature.kind, id });
      if (!found.ok) throw new Refused(found.error);
      const board = core.boards.get(String(asked));
      const message = board && (await newest(board.info.id, feature, capOf, id));
      if (!board || !message) throw refuse('notFound');
      res.type('application/cap+xml').send(capXml(board, message));
    });
  }

  router.get('/cap', async (req, res) => {
    const visitor = await enter(req);
    const asked = boardOf(visitor, req.query.board);
    const entries: FeedEntry[] = [];
    let any = false;
    for (const { feature, capOf } of told) {
      const found = await core.gate.query(visitor, { name: 'list', board: asked, kind: feature.kind, held: true, limit: LISTED });
      // A kind that this role does not read is not in its list.
      if (!found.ok && found.error.code === 'notAllowed') continue;
      if (!found.ok) throw new Refused(found.error);
      any = true;
      for (const { id } of found.records ?? []) {
        const message = await newest(String(asked), feature, capOf, id);
        if (message && message.msgType !== 'Cancel') entries.push({ address: `/api/v1/${feature.plural}/${encodeURIComponent(id)}/cap?board=${String(asked)}`, message });
      }
    }
    const board = core.boards.get(String(asked));
    if (!any || !board) throw refuse('notAllowed');
    res.type('application/atom+xml').send(capFeed(board, `/api/v1/cap?board=${board.info.id}`, entries, board.clock.now()));
  });
  return router;
}
