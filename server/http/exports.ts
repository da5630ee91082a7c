import { once } from 'node:events';
import { Router } from 'express';
import type pg from 'pg';
import { admit, refuse } from '../../shared/protocol/errors.ts';
import { EXPORT_TYPE, exportRequest } from '../../shared/protocol/exports.ts';
import type { Access } from '../access/access.ts';
import type { Exports } from '../exports/exports.ts';
import { grantFor } from '../hub/gate.ts';
import { cutBy, type Visitor } from '../hub/visitor.ts';
import type { Log } from '../log.ts';
import { addressOf } from './guards.ts';
import { nameOf, type Who } from './who.ts';

/** Written at a time by one hub: each holds a connection to PostgreSQL for as long as it takes. */
const AT_ONCE = 2;

/**
 * A list as a file, for people at their desks alone. That it was asked for is on disk before the first row leaves, how it
 * ended after the last: who, when, narrowed to what, how many rows. Of the words that were searched for only that there were
 * some: they may be a caller's name.
 */
export function exportRoutes(parts: {
  exports: Exports;
  pool: pg.Pool;
  access: Pick<Access, 'journal' | 'onRevoked' | 'touch'>;
  who: Who;
  boards: ReadonlyMap<string, { info: { zone: string }; broken: unknown }>;
  log: Log;
}): Router {
  const { exports, pool, access, who, boards, log } = parts;
  const router = Router({ caseSensitive: true });
  const running = new Map<AbortController, Visitor>();
  access.onRevoked((what) => {
    for (const [run, visitor] of running) if (cutBy(what, visitor)) run.abort();
  });

  router.post('/exports', async (req, res) => {
    const visitor = await who.visitor(req);
    if (visitor.type !== 'person') throw refuse('notAllowed');
    const asked = admit(exportRequest, req.body);
    const board = boards.get(asked.board);
    const grant = grantFor(visitor, asked.board);
    if (!board || !grant) throw refuse('notAllowed');
    if (board.broken !== null) throw refuse('notReady', { retryAfter: 5 });
    const asker = { author: { id: visitor.person, label: visitor.label, role: grant.role, scope: grant.scope }, scope: grant.scope };
    exports.check(asker, asked);
    const mine = [...running.values()].some((v) => nameOf(v) === nameOf(visitor));
    if (mine || running.size >= AT_ONCE) throw refuse('tooMany', { retryAfter: 5 });

    const { board: id, kind, format, q, where, held, range, columns } = asked;
    const about = { board: id, kind, format, columns, where, words: q !== '', ...(held !== undefined && { held }), ...(range && { range }) };
    const line = { who: visitor.person, label: visitor.label, address: addressOf(req.ip) };
    const stop = new AbortController();
    running.set(stop, visitor);
    let rows = 0;
    let ended: 'done' | 'stopped' | 'failed' = 'failed';
    let told = false;
    const over = async (): Promise<void> => {
      await access.journal.note(pool, { ...line, what: 'exportEnded', about: { board: id, kind, format, rows, ended } });
      told = true;
    };
    const away = (): void => stop.abort();
    res.on('close', away);
    try {
      await access.touch(visitor.session);
      await access.journal.note(pool, { ...line, what: 'exportBegun', about });
      res.status(200).type(EXPORT_TYPE);
      res.flushHeaders();
      const send = async (bytes: Uint8Array): Promise<void> => {
        if (!res.write(bytes)) await once(res, 'drain', { signal: stop.signal });
      };
      await exports.run(asker, board.info.zone, asked, stop.signal, send, (n) => (rows = n));
      ended = 'done';
      res.off('close', away);
      await over();
      res.end();
    } catch (error) {
      if (!res.headersSent) throw error;
      if (stop.signal.aborted) ended = 'stopped';
      else log.warn({ err: error }, 'an export broke off');
      // Broken off, not ended: nobody takes half for the whole.
      res.destroy();
    } finally {
      res.off('close', away);
      running.delete(stop);
      if (!told) await over();
    }
  });
  return router;
}
