import type pg from 'pg';
import type { Author } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { changesRequest, positionOf, type ChangesAnswer } from '../../shared/protocol/changes.ts';
import { Refused, admit, refuse, type Problem } from '../../shared/protocol/errors.ts';
import { commandMessage, presenceMessage, queryMessage, type Answer, type PresenceMessage, type QueryResult } from '../../shared/protocol/messages.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { concerns, readChanges } from '../record/changes.ts';
import type { Queries } from '../record/queries.ts';
import type { BoardHub } from './boardHub.ts';
import { weightOf } from './limits.ts';
import type { Meter } from './meter.ts';
import { seatOf } from './seats.ts';
import { Turns } from './turns.ts';
import type { Grant, Guest, Visitor } from './visitor.ts';

/** Milliseconds the next question of the same person waits, for each weight of an answer (limits.ts): a page of 200 is some 10 ms of this process. */
const REST = 25;

/**
 * The one door for what people and programs ask of a board, by socket or by REST: parse, role and scope, then on to the
 * writer or the record. Whatever goes wrong leaves here as a code a person can act on; the log tells the technician why.
 */
export class Gate {
  /** Of one person's questions so many are answered at a time: a page that asks two things at once waits for neither. */
  private readonly turns = new Turns(2);

  constructor(
    private readonly boards: ReadonlyMap<string, BoardHub>,
    private readonly queries: Queries,
    private readonly record: { pool: pg.Pool; features: Record<string, Feature> },
    private readonly parts: { log: Log; clock: Clock; meter: Meter },
    /** A hub whose clock is wrong writes nothing under it (rule 14); it still shows what others write. */
    private readonly clockIsRight: () => boolean,
  ) {}

  async submit(visitor: Visitor, raw: unknown): Promise<Answer> {
    const { clock, meter } = this.parts;
    const begun = clock.monotonic();
    let type = '';
    const answer = await this.guard<Answer>(async () => {
      const message = admit(commandMessage, raw);
      type = message.type;
      const { board, author } = this.enter(visitor, message.board);
      if (visitor.type === 'program' && !visitor.mayWrite) throw refuse('notAllowed');
      if (!this.clockIsRight()) throw new Refused({ code: 'notReady', retryAfter: 5 });
      return board.submit(author, message);
    });
    meter.command(type, answer.ok ? 'ok' : answer.error.code, clock.monotonic() - begun);
    return answer;
  }

  async query(visitor: Visitor, raw: unknown): Promise<QueryResult> {
    return this.guard<QueryResult>(async () => {
      const message = admit(queryMessage, raw);
      const { board, author } = this.enter(visitor, message.board);
      // Rule 17: what this build cannot read it does not show either.
      if (board.broken !== null) throw refuse('notReady', { retryAfter: 5 });
      const ask = (): Promise<QueryResult> =>
        message.name === 'survey' ? board.survey(author, message) : this.queries.ask({ author, scope: author.scope, impersonal: visitor.type === 'program' && !visitor.mayReveal }, message);
      return this.turns.take(seatOf(visitor), ask, (result) => (result.ok ? weightOf(result) * REST : 0));
    });
  }

  /** Where a page says it is: only at a record its reader may see is anybody told who else is there (rule 18). */
  async attend(visitor: Visitor, raw: unknown): Promise<{ ok: true; board: BoardHub; author: Author; at: PresenceMessage['at'] } | { ok: false; error: Problem }> {
    return this.guard(async () => {
      const { board: id, at } = admit(presenceMessage, raw);
      const { board, author } = this.enter(visitor, id);
      if (visitor.type !== 'person') throw refuse('notAllowed');
      if (at !== null) await this.queries.demandReadable({ author, scope: author.scope }, { board: id, kind: at.kind, id: at.id });
      return { ok: true as const, board, author, at };
    });
  }

  /** The log after a position, for a program's own role and scope. With `wait` it is answered when there is something, or time is up. */
  async changes(visitor: Visitor, raw: unknown, signal: AbortSignal): Promise<ChangesAnswer | { ok: false; error: Problem }> {
    return this.guard<ChangesAnswer | { ok: false; error: Problem }>(async () => {
      const { board: id, since, limit, wait } = admit(changesRequest, raw);
      const { board, author } = this.enter(visitor, id);
      if (author.role === 'system') throw refuse('notAllowed');
      const reader = { role: author.role, scope: author.scope };
      const { pool, features } = this.record;
      const until = board.clock.monotonic() + wait * 1_000;
      let from = since;
      let patient = wait > 0;
      for (;;) {
        if (board.broken !== null) throw refuse('notReady', { retryAfter: 5 });
        const answer = await readChanges(pool, features, id, reader, from, limit);
        if (!answer.continues || answer.changes.length > 0 || !patient || signal.aborted) return answer;
        from = positionOf(answer.next);
        if (answer.more) continue;
        patient = await board.waits.past(from, board.at, until - board.clock.monotonic(), signal, (entry) => concerns(entry, features, reader));
      }
    });
  }

  /** What a link lets its holder do, and nothing beside: its own commands, about its own record. */
  async submitAs(guest: Guest, raw: unknown): Promise<Answer> {
    return this.guard<Answer>(async () => {
      const message = admit(commandMessage, raw);
      if (!guest.commands.includes(message.type) || (message.body as { id?: unknown }).id !== guest.record.id) throw refuse('notAllowed');
      const { board, author } = this.admitGuest(guest, message.board);
      if (!this.clockIsRight()) throw new Refused({ code: 'notReady', retryAfter: 5 });
      return board.submit(author, message);
    });
  }

  async queryAs(guest: Guest, raw: unknown): Promise<QueryResult> {
    return this.guard<QueryResult>(async () => {
      const message = admit(queryMessage, raw);
      const own = message.name === 'record' && message.kind === guest.record.kind && message.id === guest.record.id;
      if (!own && !(message.name === 'list' && guest.lists.includes(message.kind))) throw refuse('notAllowed');
      const { board, author } = this.admitGuest(guest, message.board);
      if (board.broken !== null) throw refuse('notReady', { retryAfter: 5 });
      return this.queries.ask({ author, scope: author.scope, impersonal: true }, message);
    });
  }

  private admitGuest(guest: Guest, boardId: string): { board: BoardHub; author: Author } {
    const board = this.boards.get(boardId);
    if (!board || guest.grant.board !== boardId) throw refuse('notAllowed');
    return { board, author: { id: `link:${guest.link}`, label: guest.label, role: guest.grant.role, scope: guest.grant.scope } };
  }

  /** A wall only looks; a person or a program acts within the grant for this board. */
  private enter(visitor: Visitor, boardId: string): { board: BoardHub; author: Author } {
    const board = this.boards.get(boardId);
    const grant = grantFor(visitor, boardId);
    if (!board || !grant || visitor.type === 'device') throw new Refused({ code: 'notAllowed' });
    const id = visitor.type === 'person' ? visitor.person : `key:${visitor.key}`;
    return { board, author: { id, label: visitor.label, role: grant.role, scope: grant.scope } };
  }

  private async guard<T extends { ok: true } | { ok: false; error: Problem }>(work: () => Promise<T>): Promise<T | { ok: false; error: Problem }> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused) return { ok: false, error: error.problem };
      // A NUL in an id or a search: no text PostgreSQL could hold.
      if ((error as { code?: unknown }).code === '22021') return { ok: false, error: { code: 'inputRejected' } };
      const ref = Math.random().toString(36).slice(2, 10);
      this.parts.log.error({ err: error, ref }, 'a request failed');
      return { ok: false, error: { code: isAway(error) ? 'notReady' : 'internal', ref, retryAfter: 1 } };
    }
  }
}

export function grantFor(visitor: Visitor, board: string): Grant | undefined {
  return visitor.type !== 'device' ? visitor.grants.find((g) => g.board === board) : undefined;
}

/** PostgreSQL cannot be reached just now, or is starting or stopping (SQLSTATE class 57, 08). */
function isAway(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (/^(57P|08)/.test(code) || /^E(CONN|PIPE|NOENT|TIMEDOUT)/.test(code));
}
