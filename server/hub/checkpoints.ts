import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { Log } from '../log.ts';
import { writeCheckpoint } from '../record/checkpoints.ts';
import { leaveCheckpoint } from './past.ts';
import type { Picture } from './picture.ts';

/** When a board leaves checkpoints of its figures (rule 3): every so many revisions, never more than its share of the time, and at closing. */
export interface CheckpointParts {
  pool: pg.Pool;
  readers: pg.Pool;
  features: Record<string, Feature>;
  log: Log;
  monotonic(): number;
  /** Revisions between two. */
  every: number;
  picture: Picture;
  info(): BoardInfo;
  at(): Position;
  /** False for good: the board is closed or broken. */
  going(): boolean;
}

/** One is left at most a twentieth of the time: the larger it is, the seldomer. */
const REST = 19;

export class Checkpoints {
  private newest = 0;
  private leaving: Promise<void> | null = null;
  private restsUntil = -Infinity;

  constructor(private readonly parts: CheckpointParts) {}

  /** An epoch begins here with the figures of this revision. */
  began(revision: number): void {
    this.newest = revision;
  }

  moved(): void {
    if (this.parts.at().revision - this.newest >= this.parts.every) this.leave();
  }

  /** Of where the board stands now, while it goes on (past.ts). One at a time. */
  private leave(): void {
    const { readers, features, monotonic } = this.parts;
    const begun = monotonic();
    if (this.leaving || !this.parts.going() || begun < this.restsUntil) return;
    const at = this.parts.at();
    const info = this.parts.info();
    const going = (): boolean => this.parts.going() && this.parts.at().epoch === at.epoch;
    this.leaving = leaveCheckpoint(readers, features, info, at, going)
      .then(
        (left) => {
          if (left) this.newest = at.revision;
        },
        (err: unknown) => this.failed(err),
      )
      .finally(() => {
        this.leaving = null;
        this.restsUntil = monotonic() + (monotonic() - begun) * REST;
      });
  }

  /** At closing nothing changes any more, and none is being left: the figures themselves are written out. */
  async last(): Promise<void> {
    const at = this.parts.at();
    if (at.revision === this.newest) return;
    const { pool, picture } = this.parts;
    try {
      await writeCheckpoint(pool, this.parts.info().id, at, picture.versions(), picture.parts());
    } catch (err) {
      this.failed(err);
    }
  }

  private failed(err: unknown): void {
    this.parts.log.warn({ err, board: this.parts.info().id }, 'no checkpoint this time; the log has everything');
  }

  /** When none is being left. */
  async settled(): Promise<void> {
    await this.leaving;
  }
}
