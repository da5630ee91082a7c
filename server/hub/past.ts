import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { readCheckpoint, writeCheckpoint } from '../record/checkpoints.ts';
import { carriedBy } from '../record/epochs.ts';
import { readLog } from '../record/log.ts';
import { Picture } from './picture.ts';

const PAGE = 100;
/** Milliseconds of one turn of the loop (rule 2 allows 20). */
const TURN = 4;

/** Given up because the hub closes. */
export class GivenUp extends Error {}

/**
 * A board's figures from the newest checkpoint of these folds' versions at or before `upTo`, or from where the epoch
 * began (rule 3). With `upTo` the log after the checkpoint is folded as well: the figures of exactly that revision.
 * In short turns: a hub at work does this beside its commands.
 */
export async function readPast(
  pool: pg.Pool,
  features: Record<string, Feature>,
  board: BoardInfo,
  epoch: number,
  upTo?: number,
  going: () => boolean = () => true,
): Promise<{ revision: number; picture: Picture }> {
  let picture = new Picture(features, board.zone);
  const found = await readCheckpoint(pool, board.id, epoch, picture.versions(), upTo);
  let revision = found?.revision ?? 0;
  if (found) picture.load(found.state);
  else {
    const carried = await carriedBy(pool, board.id, epoch);
    if (carried) ({ picture } = await readPast(pool, features, board, carried.epoch, carried.revision, going));
  }
  let begun = performance.now();
  while (upTo !== undefined && revision < upTo) {
    const entries = await readLog(pool, board.id, { epoch, revision }, Math.min(PAGE, upTo - revision));
    const last = entries.at(-1);
    if (!last) throw new Error(`the log of ${board.id} ends at ${epoch}/${revision}, before ${upTo}`);
    for (const entry of entries) {
      if (!going()) throw new GivenUp();
      picture.apply(entry);
      if (performance.now() - begun < TURN) continue;
      await turn();
      begun = performance.now();
    }
    revision = last.revision;
  }
  return { revision, picture };
}

/**
 * Leaves a checkpoint of a position the board has passed, while it goes on.
 *
 * The hub's own figures change with every command, and could be written out whole only by holding all commands up (0.9 s
 * with 100,000 clocks). So they are not touched: a second picture is grown from the checkpoint before and the log
 * between, which by rule 12 equals what stood at that revision, and that one nobody changes while it is written out part
 * by part. What it costs is the reading of the last checkpoint and a memory of the same size for a while; the hub bounds
 * its share of the time (boardHub.ts). A hub that dies on the way leaves nothing: the transaction ends with it.
 */
export async function leaveCheckpoint(pool: pg.Pool, features: Record<string, Feature>, board: BoardInfo, at: Position, going: () => boolean): Promise<boolean> {
  try {
    const { picture } = await readPast(pool, features, board, at.epoch, at.revision, going);
    return await writeCheckpoint(pool, board.id, at, picture.versions(), picture.parts(), going);
  } catch (err) {
    if (err instanceof GivenUp) return false;
    throw err;
  }
}
