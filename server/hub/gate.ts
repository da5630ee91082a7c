import type { Author } from '../../shared/access/access.ts';
import { Refused, admit, refuse, type Problem } from '../../shared/protocol/errors.ts';
import { commandMessage, queryMessage, type Answer, type QueryResult } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Queries } from '../record/queries.ts';
import type { BoardHub } from './boardHub.ts';
import type { Grant, Visitor } from './visitor.ts';

/**
 * The one door for what people and programs ask of a board, by socket or by REST: parse, role and scope, then on to the
 * writer or the record. Whatever goes wrong leaves here as a code a person can act on; the log tells the technician why.
 */
export class Gate {
  constructor(
    private readonly boards: ReadonlyMap<string, BoardHub>,
    private readonly queries: Queries,
    private readonly log: Log,
    /** A hub whose clock is wrong writes nothing under it (rule 14); it still shows what others write. */
    private readonly clockIsRight: () => boolean,
  ) {}

  async submit(visitor: Visitor, raw: unknown): Promise<Answer> {
    return this.guard<Answer>(async () => {
      const message = admit(commandMessage, raw);
      const { board, author } = this.enter(visitor, message.board);
      if (!this.clockIsRight()) throw new Refused({ code: 'notReady', retryAfter: 5 });
      return board.submit(author, message);
    });
  }

  async query(visitor: Visitor, raw: unknown): Promise<QueryResult> {
    return this.guard<QueryResult>(async () => {
      const message = admit(queryMessage, raw);
      const { board, author } = this.enter(visitor, message.board);
      // Rule 17: what this build cannot read it does not show either.
      if (board.broken !== null) throw refuse('notReady', { retryAfter: 5 });
      return this.queries.ask({ author, scope: author.scope }, message);
    });
  }

  /** A wall only looks; a person acts within the grant for this board. */
  private enter(visitor: Visitor, boardId: string): { board: BoardHub; author: Author } {
    const board = this.boards.get(boardId);
    const grant = grantFor(visitor, boardId);
    if (!board || !grant || visitor.type !== 'person') throw new Refused({ code: 'notAllowed' });
    return { board, author: { id: visitor.person, label: visitor.label, role: grant.role, scope: grant.scope } };
  }

  private async guard<T extends { ok: true } | { ok: false; error: Problem }>(work: () => Promise<T>): Promise<T | { ok: false; error: Problem }> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused) return { ok: false, error: error.problem };
      // A NUL in an id or a search: no text PostgreSQL could hold.
      if ((error as { code?: unknown }).code === '22021') return { ok: false, error: { code: 'inputRejected' } };
      const ref = Math.random().toString(36).slice(2, 10);
      this.log.error({ err: error, ref }, 'a request failed');
      return { ok: false, error: { code: isAway(error) ? 'notReady' : 'internal', ref, retryAfter: 1 } };
    }
  }
}

export function grantFor(visitor: Visitor, board: string): Grant | undefined {
  return visitor.type === 'person' ? visitor.grants.find((g) => g.board === board) : undefined;
}

/** PostgreSQL cannot be reached just now, or is starting or stopping (SQLSTATE class 57, 08). */
function isAway(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (/^(57P|08)/.test(code) || /^E(CONN|PIPE|NOENT|TIMEDOUT)/.test(code));
}
