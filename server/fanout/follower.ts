import type pg from 'pg';
import { step, type Position } from '../../shared/protocol/position.ts';
import type { Log } from '../log.ts';
import { readLog, type LogEntry } from '../record/log.ts';

/**
 * Brings one board's entries to this hub, each once and in order, whatever the bus does (rule 5).
 * next: apply · older: ignore · later: read the log. The hub that wrote an entry follows like every other.
 *
 * Invariants: `at` only moves forward within an epoch; `apply` is called with revision at+1 and nothing else; while the
 * log is being read, rung entries wait in `later` and are applied after it, if still next.
 * `proven` is the monotonic moment of the last question to PostgreSQL whose answer showed that we are at the head (rule 7).
 */
export interface FollowerParts {
  pool: pg.Pool;
  board: string;
  start: Position;
  log: Log;
  monotonic(): number;
  apply(entries: LogEntry[]): void;
  /** Another epoch has begun: everything folded so far is of another board's life. */
  newEpoch(to: number): Promise<Position>;
}

const PAGE = 1_000;
const MAX_LATER = 5_000;

export class Follower {
  at: Position;
  proven: number;
  private readonly later = new Map<number, LogEntry>();
  private reading: Promise<void> | null = null;
  private again = false;

  constructor(private readonly parts: FollowerParts) {
    this.at = parts.start;
    this.proven = parts.monotonic();
  }

  /** An entry from the bus, or from this hub's own writer. */
  receive(entry: LogEntry): void {
    switch (step(this.at, { epoch: entry.epoch, from: entry.revision - 1, to: entry.revision })) {
      case 'apply':
        this.at = { epoch: entry.epoch, revision: entry.revision };
        this.parts.apply([entry]);
        this.drain();
        return;
      case 'ignore':
        return;
      case 'behind':
        if (this.later.size < MAX_LATER) this.later.set(entry.revision, entry);
        this.readOn();
        return;
      case 'otherEpoch':
        this.readOn();
        return;
    }
  }

  /** What PostgreSQL said the head was when asked at `asked` (monotonic). */
  head(head: Position, asked: number): void {
    if (head.epoch === this.at.epoch && head.revision <= this.at.revision) this.proven = Math.max(this.proven, asked);
    else this.readOn(head.epoch !== this.at.epoch ? head.epoch : undefined);
  }

  /** Reads the log until it ends; one reader at a time. */
  readOn(epoch?: number): void {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = this.read(epoch)
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

  private async read(epoch?: number): Promise<void> {
    if (epoch !== undefined && epoch > this.at.epoch) {
      this.later.clear();
      this.at = await this.parts.newEpoch(epoch);
    }
    for (;;) {
      const entries = await readLog(this.parts.pool, this.parts.board, this.at, PAGE);
      const fresh = entries.filter((e) => e.revision > this.at.revision);
      const last = fresh.at(-1);
      if (last) {
        if (fresh[0]?.revision !== this.at.revision + 1) throw new Error(`the log of ${this.parts.board} has a hole after ${this.at.revision}`);
        this.at = { epoch: last.epoch, revision: last.revision };
        this.parts.apply(fresh);
      }
      this.drain();
      if (entries.length < PAGE) return;
    }
  }

  private drain(): void {
    for (;;) {
      const next = this.later.get(this.at.revision + 1);
      if (!next) break;
      this.later.delete(next.revision);
      this.at = { epoch: next.epoch, revision: next.revision };
      this.parts.apply([next]);
    }
    for (const revision of this.later.keys()) if (revision <= this.at.revision) this.later.delete(revision);
  }
}
