import { sql, type Kysely, type Migration } from 'kysely';
import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import { errorCodes } from '../../shared/protocol/errors.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import type { BoardHub } from './boardHub.ts';

/**
 * When a board was last served, so that the hub that comes back after a power cut knows since when nobody could write
 * anything down (rule 19). Hubs keep one moment a board, every few seconds while they can prove it; a hub that starts, or whose
 * PostgreSQL comes back, looks at it first, and what lies between is written on the board by that kind's own command, once.
 */
export const litMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table lit (board text primary key references board, at timestamptz not null)`.execute(db);
  },
};

const KEEP_EVERY = 10_000;
/** Milliseconds without proof after which the board is not served from here. */
const PROVED_WITHIN = 5_000;

export interface LightsParts {
  pool: pg.Pool;
  features: Record<string, Feature>;
  boards: ReadonlyMap<string, BoardHub>;
  monotonic(): number;
  log: Log;
}

export class Lights {
  /** When the moment was kept last (monotonic), by board; none: it is to be looked at first. */
  private readonly kept = new Map<string, number>();
  private looking = false;

  constructor(private readonly parts: LightsParts) {}

  /** Every second. */
  async look(): Promise<void> {
    const darkness = Object.values(this.parts.features).find((f) => f.darkness)?.darkness;
    if (!darkness || this.looking) return;
    this.looking = true;
    try {
      for (const [id, board] of this.parts.boards) {
        // An exercise's time is its own, and nobody's call is lost there.
        if (board.info.exercise) continue;
        if (board.proven > PROVED_WITHIN) this.kept.delete(id);
        else await this.lookAt(id, board, darkness);
      }
    } finally {
      this.looking = false;
    }
  }

  private async lookAt(id: string, board: BoardHub, darkness: NonNullable<Feature['darkness']>): Promise<void> {
    const { pool, log, monotonic } = this.parts;
    const now = monotonic();
    const kept = this.kept.get(id);
    if (kept !== undefined && now - kept < KEEP_EVERY) return;
    // A machine that slept served nobody, though it did not notice.
    if (kept === undefined || now - kept >= darkness.least) {
      const { rows } = await pool.query<{ at: Date }>('select at from lit where board = $1', [id]);
      const since: Instant | undefined = rows[0]?.at.getTime();
      if (since !== undefined && board.clock.now() - since >= darkness.least) {
        const answer = await board.dark(darkness.command, since);
        if (!answer.ok) {
          log.warn({ board: id, code: answer.error.code }, 'the hours without a hub were not written down');
          // Asked again in a second, before the moment they began at is forgotten.
          if (errorCodes[answer.error.code] === 'retry') return;
        }
      }
    }
    await pool.query('insert into lit (board, at) values ($1, $2) on conflict (board) do update set at = greatest(lit.at, excluded.at)', [id, new Date(board.clock.now())]);
    this.kept.set(id, now);
  }
}
