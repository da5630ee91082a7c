import { sql, type Kysely, type Migration } from 'kysely';
import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import { normalise, pieces } from '../../shared/text/grams.ts';
import type { Log } from '../log.ts';

/**
 * What every record ever is found by: one row beside each, in one index (a GIN over arrays of numbers), so that any mixture
 * of text, filters, scope and time is cut down within the index and costs what is found, not what there is.
 *
 * `facets`: what follows from the record itself. `own`: what follows from its personal values that stand; it lies beside the
 * record as they do, is made anew when one is corrected and ends with them (rule 16). A kind says what of it is found: its
 * `words`, its `filters`, its `place`, its `order` and its personal fields; nothing in here knows one.
 *
 * Each is the hash of a word together with its board and kind, so that no kind is gone through for another's sake. Two words
 * of one hash (one in 4,000 million) would show a record too many, never one too few.
 */
export const finderMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table finder (
        board text not null,
        kind text not null,
        id text not null,
        version int not null,
        ord double precision not null,
        facets int[] not null,
        own int[],
        primary key (board, kind, id)
      )`.execute(db);
    await sql`create index finder_ord on finder (board, kind, ord, id)`.execute(db);
    await sql`create index finder_by on finder using gin ((facets || own))`.execute(db);
    await sql`alter table personal add column hashes int[]`.execute(db);
    // Of personal values, and what they are found by, no sample is kept for the planner (rule 16).
    await sql`alter table finder alter column own set statistics 0`.execute(db);
    await sql`alter table personal alter column hashes set statistics 0`.execute(db);
    await sql`alter index finder_by alter column 1 set statistics 0`.execute(db);
  },
};

/** FNV-1a (Fowler, Noll, Vo), 32 bits, as PostgreSQL's signed integers. */
export function hash(board: string, kind: string, word: string): number {
  const text = `${board}\u0000${kind}\u0000${word}`;
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ (unit & 0xff), 0x01000193);
    h = Math.imul(h ^ (unit >>> 8), 0x01000193);
  }
  return h | 0;
}

/** Words of facets hold a sign, which no piece of a text does. */
export const facet = {
  field: (name: string, value: string): string => `${name}=${value}`,
  locality: (prefix: string): string => `l:${prefix}`,
  unit: (code: string): string => `u:${code}`,
  nowhere: '^',
  held: (held: boolean): string => (held ? '#held' : '#closed'),
  span: (size: number, n: number): string => `${size}@${n}`,
};

/** Lengths at which a code may be cut: province, city, county, street, village (GB/T 2260, GB/T 10114). */
export const CUTS = [2, 4, 6, 9, 12];

/** Parts of the line a kind's `order` runs along; for an order in milliseconds, 37 hours and 25 days. */
export const SPANS = [2 ** 27, 2 ** 31];

export function facetsOf(board: string, feature: Feature, body: Record<string, unknown>): number[] {
  const words = new Set(pieces(normalise(feature.words(body).join(' '))));
  for (const name of feature.filters) {
    const value = body[name];
    if (value !== null && value !== undefined && typeof value !== 'object') words.add(facet.field(name, String(value as string | number | boolean)));
  }
  const place = feature.place(body);
  for (const unit of place.units) words.add(facet.unit(unit));
  for (const code of place.localities) for (const cut of [...CUTS, code.length]) if (cut <= code.length) words.add(facet.locality(code.slice(0, cut)));
  if (place.units.length === 0 && place.localities.length === 0) words.add(facet.nowhere);
  words.add(facet.held(feature.held(body)));
  const ord = feature.order(body);
  for (const size of SPANS) words.add(facet.span(size, Math.floor(ord / size)));
  return hashes(board, feature.kind, words);
}

/** Of one personal value. */
export const ownOf = (board: string, kind: string, value: string): number[] => hashes(board, kind, pieces(value));

const hashes = (board: string, kind: string, words: Iterable<string>): number[] => [...new Set([...words].map((word) => hash(board, kind, word)))];

/** Up to where the log has been looked through for records the index lacks: whatever stands before was in it then. */
export const finderKnownMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table finder_known (board text primary key references board, epoch int not null, revision bigint not null)`.execute(db);
  },
};

const SLICE = 1_000;
/** Changes of the log looked through at a time. */
const STRETCH = 5_000;

interface Row {
  board: string;
  kind: string;
  id: string;
  version: number;
  kind_version: number;
  body: Record<string, unknown>;
}
const columns = 'r.board, r.kind, r.id, r.version, r.kind_version, r.body';
const lacking = 'not exists (select from finder f where f.board = r.board and f.kind = r.kind and f.id = r.id and f.version >= r.version)';

/**
 * Records an older build wrote, before there was this index or beside this one: put into it before anybody is served, in slices.
 * The first time every record is looked at; after that what has changed since the last start, so that a start costs the same
 * whatever lies behind the board.
 */
export async function fillFinder(pool: pg.Pool, features: Record<string, Feature>, log: Log): Promise<void> {
  let filled = 0;
  const { rows: boards } = await pool.query<{ id: string; epoch: number; revision: string; known: string | null }>(
    'select b.id, b.epoch, b.revision, k.revision as known from board b left join finder_known k on k.board = b.id and k.epoch = b.epoch',
  );
  for (const { id, epoch, revision, known } of boards) {
    for await (const rows of known === null ? everything(pool, features, id) : changed(pool, id, epoch, Number(known), Number(revision)))
      for (const feature of Object.values(features)) {
        const mine = rows.filter((r) => r.kind === feature.kind && r.kind_version <= feature.version);
        if (mine.length === 0) continue;
        filled += mine.length;
        await put(pool, feature, mine);
      }
    // What is written from here on lies behind this revision, whoever writes it.
    await pool.query(
      'insert into finder_known (board, epoch, revision) values ($1, $2, $3) on conflict (board) do update set epoch = excluded.epoch, revision = excluded.revision',
      [id, epoch, revision],
    );
  }
  if (filled > 0) log.info({ records: filled }, 'records of an earlier build were put into the index they are found by');
}

async function* everything(pool: pg.Pool, features: Record<string, Feature>, board: string): AsyncGenerator<Row[]> {
  for (const { kind, version } of Object.values(features))
    for (let after = ''; ; ) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from record r where r.board = $1 and r.kind = $2 and r.id > $3 and r.kind_version <= $4 and ${lacking} order by r.id limit $5`,
        [board, kind, after, version, SLICE],
      );
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      yield rows;
    }
}

async function* changed(pool: pg.Pool, board: string, epoch: number, from: number, to: number): AsyncGenerator<Row[]> {
  for (let at = from; at < to; at += STRETCH) {
    const { rows } = await pool.query<Row>(
      `select ${columns} from (select distinct kind, id from put where board = $1 and epoch = $2 and revision > $3 and revision <= $4) p
         join record r on r.board = $1 and r.kind = p.kind and r.id = p.id where ${lacking}`,
      [board, epoch, at, Math.min(to, at + STRETCH)],
    );
    yield rows;
  }
}

async function put(pool: pg.Pool, feature: Feature, rows: Row[]): Promise<void> {
  const lifted = rows.map((r) => ({ ...r, body: r.kind_version < feature.version ? feature.upgrade(r.body, r.kind_version) : r.body }));
  const standing = lifted.flatMap((r) => feature.record.personalFields.flatMap((field) => (r.body[field] == null ? [] : [{ board: r.board, id: r.id, field, version: r.body[field] }])));
  const { rows: values } = await pool.query<{ board: string; id: string; field: string; version: number; value: string }>(
    `select p.board, p.id, p.field, p.version, p.value from jsonb_to_recordset($2) as w(board text, id text, field text, version int)
       cross join lateral (select * from personal where board = w.board and kind = $1 and id = w.id and field = w.field and version = w.version and erased is null limit 1) as p`,
    [feature.kind, JSON.stringify(standing)],
  );
  const found = values.map((v) => ({ ...v, value: null, hashes: ownOf(v.board, feature.kind, v.value) }));
  const own = new Map<string, Set<number>>();
  const name = (r: { board: string; id: string }): string => `${r.board} ${r.id}`;
  for (const v of found) for (const h of v.hashes) own.set(name(v), (own.get(name(v)) ?? new Set()).add(h));
  await pool.query(
    `with p as (update personal p set hashes = w.hashes from jsonb_to_recordset($3) as w(board text, id text, field text, version int, hashes int[])
        where p.board = w.board and p.kind = $1 and p.id = w.id and p.field = w.field and p.version = w.version and p.erased is null)
     insert into finder (board, kind, id, version, ord, facets, own)
       select w.board, $1, w.id, w.version, w.ord, w.facets, w.own from jsonb_to_recordset($2) as w(board text, id text, version int, ord double precision, facets int[], own int[])
         -- What was changed since it was read is in the index already, by whoever changed it.
         where exists (select from record r where r.board = w.board and r.kind = $1 and r.id = w.id and r.version = w.version)
     on conflict (board, kind, id) do update set version = excluded.version, ord = excluded.ord, facets = excluded.facets, own = excluded.own
       where finder.version < excluded.version`,
    [
      feature.kind,
      JSON.stringify(lifted.map((r) => ({ board: r.board, id: r.id, version: r.version, ord: feature.order(r.body), facets: facetsOf(r.board, feature, r.body), own: [...(own.get(name(r)) ?? [])] }))),
      JSON.stringify(found),
    ],
  );
}
