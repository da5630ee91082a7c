import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import { positionText, type ChangeEntry, type ChangesAnswer } from '../../shared/protocol/changes.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { readLog, type LogEntry } from './log.ts';
import { snapshot } from './queries.ts';
import { shaped, type Reader } from './shaped.ts';

const PAGE = 500;
/** Entries looked at for one answer: a reader of little gets an answer with a new position, and asks on. */
const LOOKED_AT = 2_000;

/** The log after a position, as one reader may hold it; read in one snapshot with where the board stands. */
export async function readChanges(
  pool: pg.Pool,
  features: Record<string, Feature>,
  board: string,
  reader: Reader,
  since: Position | undefined,
  limit: number,
): Promise<ChangesAnswer> {
  return snapshot(pool, board, async (client, at): Promise<ChangesAnswer> => {
    let here = since ?? at;
    if (here.epoch !== at.epoch) return { ok: true, continues: false, why: 'otherEpoch', at };
    if (here.revision > at.revision) return { ok: true, continues: false, why: 'ahead', at };
    const changes: ChangeEntry[] = [];
    let looked = 0;
    while (here.revision < at.revision && changes.length < limit && looked < LOOKED_AT) {
      for (const entry of await readLog(client, board, here, PAGE)) {
        here = { epoch: entry.epoch, revision: entry.revision };
        looked += 1;
        const change = changeOf(entry, features, reader);
        if (change) changes.push(change);
        if (changes.length === limit) break;
      }
    }
    return { ok: true, continues: true, changes, next: positionText(here), at, more: here.revision < at.revision };
  });
}

export const concerns = (entry: LogEntry, features: Record<string, Feature>, reader: Reader): boolean => changeOf(entry, features, reader) !== null;

function changeOf(entry: LogEntry, features: Record<string, Feature>, reader: Reader): ChangeEntry | null {
  const parts = entry.puts.map((put) => shaped(reader, features, put, entry.revision));
  const puts = parts.flatMap((p) => (p && 'put' in p ? [p.put] : []));
  const gone = parts.flatMap((p) => (p && 'gone' in p ? [p.gone] : []));
  if (puts.length === 0 && gone.length === 0) return null;
  const seen = puts.length > 0;
  return {
    revision: entry.revision,
    recorded: entry.recorded,
    occurred: entry.occurred,
    command: seen ? entry.command : null,
    author: seen ? entry.author.label : null,
    puts,
    gone,
  };
}
