import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import { carriedBy } from '../record/epochs.ts';
import { readLog } from '../record/log.ts';
import { Picture } from './picture.ts';

const PAGE = 1_000;

/**
 * A board's figures from the newest checkpoint of these folds' versions at or before `upTo`, or from where the epoch
 * began (rule 3). With `upTo` the log after the checkpoint is folded as well: the figures of exactly that revision.
 */
export async function readPast(
  pool: pg.Pool,
  features: Record<string, Feature>,
  board: BoardInfo,
  epoch: number,
  upTo?: number,
): Promise<{ revision: number; picture: Picture }> {
  const picture = new Picture(features, board.zone);
  const { rows } = await pool.query<{ revision: string; state: unknown }>(
    `select revision, state from checkpoint where board = $1 and epoch = $2 and versions = $3 and ($4::bigint is null or revision <= $4)
      order by revision desc limit 1`,
    [board.id, epoch, picture.versions(), upTo ?? null],
  );
  let revision = Number(rows[0]?.revision ?? 0);
  if (rows[0]) picture.load(rows[0].state);
  else {
    const carried = await carriedBy(pool, board.id, epoch);
    if (carried) {
      const earlier = await readPast(pool, features, board, carried.epoch, carried.revision);
      picture.load(JSON.parse(earlier.picture.save()));
    }
  }
  while (upTo !== undefined && revision < upTo) {
    const entries = await readLog(pool, board.id, { epoch, revision }, Math.min(PAGE, upTo - revision));
    const last = entries.at(-1);
    if (!last) throw new Error(`the log of ${board.id} ends at ${epoch}/${revision}, before ${upTo}`);
    for (const entry of entries) picture.apply(entry);
    revision = last.revision;
  }
  return { revision, picture };
}
