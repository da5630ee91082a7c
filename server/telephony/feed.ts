import { everywhere, type Author } from '../../shared/access/access.ts';
import { errorCodes } from '../../shared/protocol/errors.ts';
import type { Answer, CommandMessage } from '../../shared/protocol/messages.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { idFrom } from '../record/ids.ts';

export interface FeedBoard {
  info: { id: string };
  at: { epoch: number };
  clock: { now(): Instant };
  submit(author: Author, message: CommandMessage): Promise<Answer>;
}

/** Reports that wait while PostgreSQL is away; beyond, the exchange is let go of and asked anew later. */
const WAITING = 10_000;

/**
 * Brings what an exchange tells onto the board: one after the other, each until it is on disk. The id of a command follows from
 * what it says, so that another hub that heard the same writes nothing twice (rule 4).
 */
export class Feed {
  private readonly waiting: { type: string; body: Record<string, unknown> }[] = [];
  private working: Promise<void> | null = null;
  private stopped = false;
  private wake: (() => void) | null = null;

  constructor(
    private readonly parts: { board: FeedBoard; exchange: string; label: string; log: Log; retry: number; full(): void },
  ) {}

  tell(type: string, body: Record<string, unknown>): void {
    if (this.stopped) return;
    this.waiting.push({ type, body });
    if (this.waiting.length > WAITING) return this.parts.full();
    this.working ??= this.work().finally(() => (this.working = null));
  }

  /** When all that was told so far is on disk, or was refused. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  forget(): void {
    this.waiting.length = 0;
  }

  private async work(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const { type, body } = next;
      if (await this.sent(type, body)) {
        if (this.waiting[0] === next) this.waiting.shift();
      } else if (this.stopped) return;
    }
  }

  /** Whether it needs no more sending. */
  private async sent(type: string, body: Record<string, unknown>): Promise<boolean> {
    const { board, exchange, label, log, retry } = this.parts;
    const author: Author = { id: `exchange:${exchange}`, label, role: 'system', scope: everywhere };
    const id = idFrom(board.info.id, board.at.epoch, type, JSON.stringify(body));
    const answer = await board.submit(author, { id, board: board.info.id, type, sent: board.clock.now(), body });
    if (answer.ok) return true;
    const { code, fields } = answer.error;
    if (errorCodes[code] !== 'retry') {
      // Never what was in it: the codes of the fields say what was wrong.
      log.error({ type, event: body.event, code, fields }, 'what the exchange told was refused');
      return true;
    }
    if (this.stopped) return false;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, retry);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
    return false;
  }

  /** What waits is tried once more; what cannot be written is found out anew by whoever listens next. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.working;
  }
}
