import type pg from 'pg';
import { everywhere, type Author } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { errorCodes } from '../../shared/protocol/errors.ts';
import type { Answer, CommandMessage } from '../../shared/protocol/messages.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { termEnded } from '../record/erasure.ts';
import { idFrom } from '../record/ids.ts';
import type { DueNow, Picture } from './picture.ts';
import type { Watch } from './watch.ts';

/**
 * What a board owes by itself (rule 15): what has fallen due, what a watcher asks for, what nobody served, what must be erased.
 * Each becomes a command of the system's, whose id follows from record, clock and time: two hubs, or one that starts anew, write
 * it once. One that was not written is asked for again from the next beat on.
 */
export interface OwedParts {
  board: string;
  features: Record<string, Feature>;
  pool: pg.Pool;
  log: Log;
  /** Of the board, and of this machine. */
  now(): Instant;
  monotonic(): number;
  epoch(): number;
  /** False for good: the board is closed or broken. */
  going(): boolean;
  clockIsRight(): boolean;
  /** Milliseconds since this hub was last proved to be at the head. */
  proven(): number;
  picture: Picture;
  watch(): Watch;
  submit(author: Author, message: CommandMessage): Promise<Answer>;
}

const DUES_AT_ONCE = 200;
const ERASE_AT_ONCE = 200;
/** Milliseconds without proof after which figures are too old to raise anything by. */
const PROOF_FOR_FIGURES = 5_000;

const system: Author = { id: 'system', label: '系统', role: 'system', scope: everywhere };

export class Owed {
  private readonly inHand = new Set<string>();
  /** Not written, and asked for again from the next beat on: the command is the same, so it is written once. */
  private readonly again: string[] = [];
  private asking = false;

  constructor(private readonly parts: OwedParts) {}

  /** Once a second. */
  beat(): void {
    for (const commandId of this.again.splice(0)) this.inHand.delete(commandId);
  }

  private send(id: string, type: string, sent: Instant, body: Record<string, unknown>): Promise<Answer> {
    return this.parts.submit(system, { id, board: this.parts.board, type, sent, body });
  }

  /** What has fallen due, then what watchers ask for. */
  run(): void {
    const { board, picture, log } = this.parts;
    if (!this.parts.going()) return;
    const idOf = ({ kind, id, due }: DueNow): string => idFrom(board, this.parts.epoch(), kind, id, due.clock, due.at);
    const fallen = picture.dueBy(this.parts.now(), DUES_AT_ONCE, (d) => this.inHand.has(idOf(d)));
    const written = fallen.map((found) => {
      const { kind, id, due } = found;
      const commandId = idOf(found);
      this.inHand.add(commandId);
      return this.send(commandId, due.command, due.at, { id, ...due.body }).then((answer) => {
        if (answer.ok) return;
        const { code } = answer.error;
        if (errorCodes[code] !== 'retry') {
          log.error({ kind, id, clock: due.clock, code }, 'a due time was refused by its own kind');
          return;
        }
        log.warn({ kind, id, clock: due.clock, code }, 'a due time was not written; tried again');
        this.again.push(commandId);
      });
    });
    // There are more than go at once: what falls due together does not wait for one look after another.
    if (fallen.length === DUES_AT_ONCE) void Promise.all(written).then(() => setImmediate(() => this.run()));
    if (this.inHand.size > 10_000) this.inHand.clear();
    this.runAsks();
  }

  askSoon(): void {
    if (this.asking) return;
    this.asking = true;
    setImmediate(() => {
      this.asking = false;
      this.runAsks();
    });
  }

  /** What watchers owe. A hub that cannot prove its figures raises nothing by them. */
  private runAsks(): void {
    const { board, log } = this.parts;
    if (!this.parts.going() || !this.parts.clockIsRight()) return;
    const watch = this.parts.watch();
    if (this.parts.proven() <= PROOF_FOR_FIGURES) watch.figures(this.parts.monotonic());
    const idOf = (key: string): string => idFrom(board, this.parts.epoch(), 'watch', key);
    for (const { key, command, body } of watch.due(DUES_AT_ONCE, (k) => this.inHand.has(idOf(k)))) {
      const commandId = idOf(key);
      this.inHand.add(commandId);
      void this.send(commandId, command, this.parts.now(), body).then((answer) => {
        if (!answer.ok && errorCodes[answer.error.code] === 'retry') {
          log.warn({ command, code: answer.error.code }, 'what a watcher asked for was not written; tried again');
          this.again.push(commandId);
          return;
        }
        if (!answer.ok) log.error({ command, key, code: answer.error.code }, 'what a watcher asked for was refused');
        watch.done(key);
        this.inHand.delete(commandId);
        this.askSoon();
      });
    }
  }

  /** Since when nobody served the board: the same hours are written once, whichever hub comes first (rule 19). */
  dark(command: string, from: Instant): Promise<Answer> {
    return this.send(idFrom(this.parts.board, this.parts.epoch(), 'dark', from), command, this.parts.now(), { from });
  }

  /** In slices; each is one command a record, whose id follows from the record's version: two hubs write it once. */
  async eraseOld(): Promise<void> {
    const { board, features, pool, log } = this.parts;
    for (const { kind, erasure } of Object.values(features)) {
      if (!erasure || erasure.after === null) continue;
      const before = this.parts.now() - erasure.after;
      for (;;) {
        if (!this.parts.going()) return;
        const found = await termEnded(pool, board, kind, before, ERASE_AT_ONCE);
        const answers = await Promise.all(
          found.map(({ id, version }) => this.send(idFrom(board, this.parts.epoch(), kind, id, 'erase', version), erasure.command, this.parts.now(), { id })),
        );
        const refused = answers.find((a) => !a.ok);
        if (refused && !refused.ok) log.warn({ kind, code: refused.error.code }, 'a record whose term has ended was not erased');
        if (refused || found.length < ERASE_AT_ONCE) break;
      }
    }
  }
}
