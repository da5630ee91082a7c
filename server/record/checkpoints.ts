import { setImmediate as turn } from 'node:timers/promises';
import { sql, type Kysely, type Migration } from 'kysely';
import type pg from 'pg';
import type { Position } from '../../shared/protocol/position.ts';

/**
 * A checkpoint (rule 3) is kept in parts, so that it can be of any size (a value of jsonb ends at 256 MB, a string of
 * JavaScript at 512 MB) and neither writing one nor taking one up holds the loop for longer than a part takes.
 *
 * A part is JSON: where in the whole its members belong, and the members. The first holds everything with its long lists
 * and maps left empty; each of those follows by pieces, in order.
 */
export const checkpointPartsMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table checkpoint_part (
        board text not null,
        epoch int not null,
        revision bigint not null,
        ord int not null,
        part text not null,
        primary key (board, epoch, revision, ord),
        foreign key (board, epoch, revision) references checkpoint on delete cascade
      )`.execute(db);
  },
};

type Part = [path: string[], members: unknown];

/** Members beyond which a list or map is given in pieces, and about how long a piece gets. */
const FEW = 500;
const LENGTH = 65_536;
/** Parts read at a time. */
const AT_ONCE = 8;
/** Milliseconds of one turn of the loop (rule 2 allows 20). */
const TURN = 4;

const isObject = (value: unknown): value is Record<string, unknown> | unknown[] => typeof value === 'object' && value !== null;

/** Plain JSON in parts. What it is given must not change until it is through. */
export function* partsOf(whole: unknown, few = FEW, length = LENGTH): Generator<string> {
  const long: [string[], Record<string, unknown> | unknown[]][] = [];
  const outline = (value: unknown, path: string[]): unknown => {
    if (!isObject(value)) return value;
    const names = Object.keys(value);
    if (names.length > few) {
      long.push([path, value]);
      return Array.isArray(value) ? [] : {};
    }
    if (Array.isArray(value)) return value.map((v, i) => outline(v, [...path, String(i)]));
    return Object.fromEntries(names.map((name) => [name, outline(value[name], [...path, name])]));
  };
  yield JSON.stringify([[], outline(whole, [])] satisfies Part);
  for (const [path, value] of long) {
    const list = Array.isArray(value);
    const [open, close] = list ? '[]' : '{}';
    const begin = `[${JSON.stringify(path)},${open ?? ''}`;
    let text = begin;
    for (const name of Object.keys(value)) {
      const member = JSON.stringify((value as Record<string, unknown>)[name]);
      text += `${text.length > begin.length ? ',' : ''}${list ? '' : `${JSON.stringify(name)}:`}${member}`;
      if (text.length < length) continue;
      yield `${text}${close ?? ''}]`;
      text = begin;
    }
    if (text.length > begin.length) yield `${text}${close ?? ''}]`;
  }
}

/** Puts parts together again, in the order they were given. */
export class Whole {
  value: unknown = null;
  private outlined = false;

  add(text: string): void {
    const [path, members] = JSON.parse(text) as Part;
    if (!this.outlined) {
      this.outlined = true;
      this.value = members;
      return;
    }
    let at = this.value as Record<string, unknown>;
    for (const name of path) at = at[name] as Record<string, unknown>;
    if (Array.isArray(at)) at.push(...(members as unknown[]));
    // Assigned, a member of this name would become what the map descends from, and be lost.
    else for (const [name, member] of Object.entries(members as Record<string, unknown>)) {
      if (name === '__proto__') Object.defineProperty(at, name, { value: member, writable: true, enumerable: true, configurable: true });
      else at[name] = member;
    }
  }
}

/**
 * Writes one, whole or not at all: in a transaction of its own, a part at a time, so that whoever ends it on the way
 * leaves nothing. One of the same versions that is there already is the same, and stays.
 * @param going Asked between parts; false gives it up.
 */
export async function writeCheckpoint(pool: pg.Pool, board: string, at: Position, versions: string, parts: Iterable<string>, going: () => boolean = () => true): Promise<boolean> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const key = [board, at.epoch, at.revision];
    await client.query('begin');
    const { rowCount } = await client.query(
      `insert into checkpoint as c (board, epoch, revision, versions, state) values ($1, $2, $3, $4, '{}')
       on conflict (board, epoch, revision) do update set versions = excluded.versions, state = excluded.state where c.versions <> excluded.versions`,
      [...key, versions],
    );
    if (rowCount === 1) {
      await client.query('delete from checkpoint_part where board = $1 and epoch = $2 and revision = $3', key);
      let ord = 0;
      for (const part of parts) {
        if (!going()) {
          await client.query('rollback');
          return false;
        }
        await client.query({ name: 'checkpoint-part', text: 'insert into checkpoint_part (board, epoch, revision, ord, part) values ($1, $2, $3, $4, $5)', values: [...key, ord++, part] });
      }
    }
    await client.query('commit');
    return true;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A transaction that failed ends with its connection.
    client.release(broken);
  }
}

/** The newest of these versions at or before `upTo`, put together in short turns; null where there is none. */
export async function readCheckpoint(pool: pg.Pool, board: string, epoch: number, versions: string, upTo?: number): Promise<{ revision: number; state: unknown } | null> {
  const { rows } = await pool.query<{ revision: string }>(
    `select revision from checkpoint where board = $1 and epoch = $2 and versions = $3 and ($4::bigint is null or revision <= $4)
      order by revision desc limit 1`,
    [board, epoch, versions, upTo ?? null],
  );
  const [found] = rows;
  if (!found) return null;
  const whole = new Whole();
  let begun = performance.now();
  for (let from = 0; ; from += AT_ONCE) {
    const read = await pool.query<{ part: string }>({
      name: 'checkpoint-parts',
      text: 'select part from checkpoint_part where board = $1 and epoch = $2 and revision = $3 and ord >= $4 and ord < $5 order by ord',
      values: [board, epoch, found.revision, from, from + AT_ONCE],
    });
    for (const { part } of read.rows) {
      if (performance.now() - begun > TURN) {
        await turn();
        begun = performance.now();
      }
      whole.add(part);
    }
    if (read.rows.length < AT_ONCE) break;
  }
  return { revision: Number(found.revision), state: whole.value };
}
