import type pg from 'pg';
import { step, type Position } from '../../shared/protocol/position.ts';
import type { Log } from '../log.ts';
import { readHeads, readLog, type LogEntry } from '../record/log.ts';

/**
 * Brings one board's entries to this hub, each once and in order, whatever the bus does (rule 5).
 * next: apply · older: ignore · later: read the log. The hub that wrote an entry follows like every other.
 *
 * Invariants: `at` only moves forward within an epoch; `apply` is called with revision at+1 and nothing else; while the
 * log is being read, rung entries wait in `later` and are applied after it, if still next. Only PostgreSQL says that
 * another epoch has begun, whatever the bus claims; the change to it happens in one turn of the loop.
 * `proven` is the monotonic moment of the last question to PostgreSQL whose answer showed that we are at the head
 * (rule 7): at once, or when what the answer spoke of has arrived. Before the first, nothing is proven.
 */
export interface FollowerParts {
  pool: pg.Pool;
  board: string;
  start: Position;
  log: Log;
  monotonic(): number;
  apply(entries: LogEntry[]): void;
  /**
   * Another epoch has begun: everything folded so far is of another board's life. Reads what the new one begins with;
   * the function it returns puts that in place without waiting, and says where it stands.
   */
  newEpoch(to: number): Promise<() => Position>;
}

const PAGE = 1_000;
const MAX_LATER = 5_000;
const MAX_AWAITED = 32;

export class Follower {
  at: Position;
  proven = -Infinity;
  private readonly later = new Map<number, LogEntry>();
  /** Heads we were told of and have not reached, oldest first. */
  private awaited: { head: Position; asked: number }[] = [];
  private lastHead: Position;
  private reading: Promise<void> | null = null;
  private again = false;
  private otherEpoch = false;

  constructor(private readonly parts: FollowerParts) {
    this.at = parts.start;
    this.lastHead = parts.start;
  }

  /** Revisions of this epoch that PostgreSQL was last seen to have and we have not. */
  get behind(): number {
    return this.lastHead.epoch === this.at.epoch ? Math.max(0, this.lastHead.revision - this.at.revision) : 0;
  }

  /** An entry from the bus, or from this hub's own writer. */
  receive(entry: LogEntry): void {
    switch (step(this.at, { epoch: entry.epoch, from: entry.revision - 1, to: entry.revision })) {
      case 'apply':
        this.move([entry]);
        this.drain();
        return;
      case 'ignore':
        return;
      case 'behind':
        if (this.later.size < MAX_LATER) this.later.set(entry.revision, entry);
        this.readOn();
        return;
      case 'otherEpoch':
        this.doubtEpoch();
        return;
    }
  }

  /** What PostgreSQL said the head was when asked at `asked` (monotonic). Answers come in the order of the questions. */
  head(head: Position, asked: number): void {
    if (head.epoch < this.lastHead.epoch || (head.epoch === this.lastHead.epoch && head.revision < this.lastHead.revision)) {
      // An older backup under the same epoch (rule 3): nothing we hold can be proved against it.
      this.parts.log.error({ board: this.parts.board, head, was: this.lastHead }, 'the record went back without a new epoch; begin one');
      return;
    }
    this.lastHead = head;
    if (this.awaited.length < MAX_AWAITED) this.awaited.push({ head, asked });
    this.prove();
    if (head.epoch !== this.at.epoch) this.doubtEpoch();
    else if (head.revision > this.at.revision) this.readOn();
  }

  doubtEpoch(): void {
    this.otherEpoch = true;
    this.readOn();
  }

  /** Reads the log until it ends; one reader at a time. */
  readOn(): void {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = this.read()
      .catch((err: unknown) => this.parts.log.warn({ err, board: this.parts.board }, 'the log could not be read; tried again with the next beat'))
      .finally(() => {
        this.reading = null;
        if (this.again) {
          this.again = false;
          this.readOn();
        }
      });
  }

  async settled(): Promise<void> {
    while (this.reading) await this.reading;
  }

  private async read(): Promise<void> {
    const { pool, board } = this.parts;
    if (this.otherEpoch) {
      const head = (await readHeads(pool)).heads.get(board);
      if (head && head.epoch > this.at.epoch) {
        const begin = await this.parts.newEpoch(head.epoch);
        // What waited meanwhile was of the old epoch.
        this.later.clear();
        this.at = begin();
        this.prove();
      }
      this.otherEpoch = false;
    }
    for (;;) {
      const entries = await readLog(pool, board, this.at, PAGE);
      const fresh = entries.filter((e) => e.revision > this.at.revision);
      const hole = fresh.find((e, i) => e.revision !== this.at.revision + 1 + i);
      if (hole) throw new Error(`the log of ${board} has a hole before ${hole.revision}`);
      if (fresh.length > 0) this.move(fresh);
      this.drain();
      if (entries.length < PAGE) return;
    }
  }

  private move(entries: LogEntry[]): void {
    const last = entries.at(-1) as LogEntry;
    this.at = { epoch: last.epoch, revision: last.revision };
    this.parts.apply(entries);
    this.prove();
  }

  private prove(): void {
    while (this.awaited[0]) {
      const { head, asked } = this.awaited[0];
      if (head.epoch > this.at.epoch || (head.epoch === this.at.epoch && head.revision > this.at.revision)) return;
      this.awaited.shift();
      if (head.epoch === this.at.epoch) this.proven = Math.max(this.proven, asked);
    }
  }

  private drain(): void {
    for (;;) {
      const next = this.later.get(this.at.revision + 1);
      if (!next) break;
      this.later.delete(next.revision);
      this.move([next]);
    }
    for (const revision of this.later.keys()) if (revision <= this.at.revision) this.later.delete(revision);
  }
}
