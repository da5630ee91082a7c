import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import { only } from '../../shared/features/fields.ts';
import type { Instant } from '../../shared/time/clock.ts';

export interface Version {
  epoch: number;
  revision: number;
  recorded: Instant;
  /** Public fields alone, as this build's shape of the kind. */
  body: Record<string, unknown>;
}

const MOST = 500;

/** The course of a record from its newest version back, oldest first: over a restored backup too, where a number was given twice. */
export async function readVersions(pool: pg.Pool, board: string, feature: Feature, id: string): Promise<Version[]> {
  const { rows } = await pool.query<{ epoch: number; revision: string; recorded: Date; kind_version: number; body: Record<string, unknown> }>(
    `select distinct on (p.version) p.epoch, p.revision, e.recorded, p.kind_version, p.body
       from put p join entry e using (board, epoch, revision) join record r using (board, kind, id)
      where p.board = $1 and p.kind = $2 and p.id = $3 and p.version <= r.version and p.version > r.version - $4
      order by p.version, p.epoch desc`,
    [board, feature.kind, id, MOST],
  );
  return rows.map((r) => ({
    epoch: r.epoch,
    revision: Number(r.revision),
    recorded: r.recorded.getTime(),
    body: only(feature.record, r.kind_version < feature.version ? feature.upgrade(r.body, r.kind_version) : r.body, ['public']),
  }));
}
