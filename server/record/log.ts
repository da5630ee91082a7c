import type pg from 'pg';
import { z } from 'zod';
import type { Instant } from '../../shared/time/clock.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';

/** One put as the log keeps it. `was`: the earlier values of the fields that changed; null when the record is new. */
export interface LogPut {
  kind: string;
  id: string;
  version: number;
  kindVersion: number;
  body: Record<string, unknown>;
  was: Record<string, unknown> | null;
}

/** One revision: what Redis carries between hubs and what a hole is filled with. No personal value is in it (rule 16). */
export interface LogEntry {
  board: string;
  epoch: number;
  revision: number;
  recorded: Instant;
  occurred: Instant;
  command: string;
  author: { id: string; label: string };
  puts: LogPut[];
}

/**
 * What was there before: nothing of a first version, something of every later one. What says otherwise may be true (a version
 * in which nothing changed); it is looked up in the log.
 */
const tellsBefore = (p: { version: number; was: Record<string, unknown> | null }): boolean => (p.version === 1 ? p.was === null : p.was !== null && Object.keys(p.was).length > 0);

/** The door for what comes over the bus: nothing but a whole entry moves a hub on. */
export const logEntry: z.ZodType<LogEntry> = z.object({
  board: z.string(),
  epoch: z.int().min(1),
  revision: z.int().min(1),
  recorded: z.number(),
  occurred: z.number(),
  command: z.string(),
  author: z.object({ id: z.string(), label: z.string() }),
  puts: z
    .array(
      z.object({
        kind: z.string(),
        id: z.string(),
        version: z.int(),
        kindVersion: z.int(),
        body: z.record(z.string(), z.unknown()),
        was: z.record(z.string(), z.unknown()).nullable(),
      }).refine(tellsBefore),
    )
    .min(1),
});

/** Where an entry that came over the bus stands, by its first words: what a hub has already need not be opened. Null: to be looked at. */
export function positionOf(message: string): Position | null {
  const [, epoch, revision] = /^\{"board":"[^"\\]*","epoch":(\d+),"revision":(\d+),/.exec(message) ?? [];
  return epoch === undefined || revision === undefined ? null : { epoch: Number(epoch), revision: Number(revision) };
}

export const beforeOf = (put: LogPut): Record<string, unknown> | null => (put.was === null ? null : { ...put.body, ...put.was });

/** How an exercise's time runs: it stood at `start` when the machine's clock stood at `anchor`. */
export interface BoardTime {
  anchor: Instant;
  start: Instant;
  speed: number;
}

export interface BoardRow extends BoardInfo {
  at: Position;
  recorded: Instant;
  time: BoardTime | null;
  /** Of this very board, given when it was made. */
  identity: string;
}

interface BoardTuple {
  id: string;
  name: BoardInfo['name'];
  zone: string;
  exercise: boolean;
  epoch: number;
  revision: string;
  recorded: Date;
  clock: BoardTime | null;
  identity: string;
}

type Db = pg.Pool | pg.ClientBase;

export async function readBoards(db: Db): Promise<BoardRow[]> {
  const { rows } = await db.query<BoardTuple>('select * from board order by id');
  return rows.map((r) => ({
    id: r.id,
    name: r.name,
    zone: r.zone,
    exercise: r.exercise,
    at: { epoch: r.epoch, revision: Number(r.revision) },
    recorded: r.recorded.getTime(),
    time: r.clock,
    identity: r.identity,
  }));
}

/** Makes the board when there is none of that name; says whether it did. */
export async function createBoard(db: Db, board: BoardInfo, recorded: Instant, time: BoardTime | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into board (id, name, zone, exercise, epoch, revision, recorded, clock) values ($1, $2, $3, $4, 1, 0, $5, $6)
     on conflict (id) do nothing`,
    [board.id, JSON.stringify(board.name), board.zone, board.exercise, new Date(recorded), time === null ? null : JSON.stringify(time)],
  );
  return rowCount === 1;
}

export async function setBoardTime(db: Db, board: string, time: BoardTime): Promise<void> {
  await db.query('update board set clock = $2 where id = $1 and exercise', [board, JSON.stringify(time)]);
}

export interface Head extends Position {
  name: BoardInfo['name'];
  time: BoardTime | null;
}

/** The centre's name; every hub notices with its next beat and has its screens join again. */
export async function renameBoard(db: Db, board: string, name: BoardInfo['name']): Promise<boolean> {
  const { rowCount } = await db.query('update board set name = $2 where id = $1', [board, JSON.stringify(name)]);
  return rowCount === 1;
}

/** The small read that proves a hub is at the head (rule 7), for all boards at once, with PostgreSQL's own time (rule 14). */
export async function readHeads(db: Db): Promise<{ heads: Map<string, Head>; clock: Instant }> {
  const { rows } = await db.query<{ id: string; epoch: number; revision: string; name: BoardInfo['name']; time: BoardTime | null; clock: Date }>(
    'select id, epoch, revision, name, clock as time, clock_timestamp() as clock from board',
  );
  return {
    heads: new Map(rows.map((r) => [r.id, { epoch: r.epoch, revision: Number(r.revision), name: r.name, time: r.time }])),
    clock: rows[0]?.clock.getTime() ?? NaN,
  };
}

interface EntryTuple {
  revision: string;
  recorded: Date;
  occurred: Date;
  command: string;
  author_id: string;
  author_label: string;
  puts: LogPut[];
}

/** Entries after a position, in order, at most `limit`. */
export async function readLog(db: Db, board: string, after: Position, limit: number): Promise<LogEntry[]> {
  const { rows } = await db.query<EntryTuple>(
    `select e.revision, e.recorded, e.occurred, e.command, e.author_id, e.author_label,
            (select jsonb_agg(jsonb_build_object('kind', p.kind, 'id', p.id, 'version', p.version,
                     'kindVersion', p.kind_version, 'body', p.body, 'was', p.was) order by p.ord)
               from put p where p.board = e.board and p.epoch = e.epoch and p.revision = e.revision) as puts
       from entry e
      where e.board = $1 and e.epoch = $2 and e.revision > $3
      order by e.revision limit $4`,
    [board, after.epoch, after.revision, limit],
  );
  return rows.map((r) => ({
    board,
    epoch: after.epoch,
    revision: Number(r.revision),
    recorded: r.recorded.getTime(),
    occurred: r.occurred.getTime(),
    command: r.command,
    author: { id: r.author_id, label: r.author_label },
    puts: r.puts,
  }));
}
