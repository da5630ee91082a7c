import { sql, type Kysely, type Migration } from 'kysely';
import type pg from 'pg';
import type { Author, Role } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { refuse } from '../../shared/protocol/errors.ts';
import type { LookLine, QueryMessage, QueryResult } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { clean } from '../../shared/features/values.ts';
import type { Asker } from './queries.ts';
import { scopeSql } from './scope.ts';

/** What is kept of every look at personal values (rule 16): who, which record, which fields, when, what for. Never a value. */

/** Says in one's own words what for, and is told in the order it was written. */
export const lookWordsMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table personal_look add column words text not null default '', add column n bigint generated always as identity`.execute(db);
    await sql`create unique index personal_look_n on personal_look (board, n)`.execute(db);
  },
};

export interface Look {
  board: string;
  kind: string;
  id: string;
  fields: string[];
  author: Author;
  purpose: string;
  words: string;
  at: Instant;
}

export async function noteLook(pool: pg.Pool, look: Look): Promise<void> {
  await pool.query(
    `insert into personal_look (board, kind, id, fields, author_id, author_label, purpose, words, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [look.board, look.kind, look.id, look.fields, look.author.id, look.author.label, look.purpose, clean(look.words).trim(), new Date(look.at)],
  );
}

/** Whose it is to see who looked. */
const overseers: readonly Role[] = ['leader', 'admin'];

export async function readLooks(client: pg.ClientBase, features: Record<string, Feature>, asker: Asker, q: Extract<QueryMessage, { name: 'looks' }>, at: Position): Promise<QueryResult> {
  if (asker.impersonal || !overseers.some((r) => r === asker.author.role)) throw refuse('notAllowed');
  const params: unknown[] = [q.board];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const where = ['l.board = $1', scopeSql(asker.scope, params)];
  if (q.kind !== undefined) where.push(`l.kind = ${param(q.kind)}`);
  if (q.id !== undefined) where.push(`l.id = ${param(q.id)}`);
  if (q.asked) where.push(`l.purpose <> 'handling'`);
  if (q.after !== undefined) {
    if (!/^\d{1,18}$/.test(q.after)) throw refuse('inputRejected', { fields: [{ path: 'after', code: 'invalid' }] });
    where.push(`l.n < ${param(q.after)}::bigint`);
  }
  const { rows } = await client.query<{ n: string; at: Date; kind: string; id: string; author_label: string; fields: string[]; purpose: string; words: string; body: Record<string, unknown>; kind_version: number }>(
    `select l.n, l.at, l.kind, l.id, l.author_label, l.fields, l.purpose, l.words, r.body, r.kind_version
       from personal_look l join record r on r.board = l.board and r.kind = l.kind and r.id = l.id
      where ${where.join(' and ')} order by l.n desc limit ${param(q.limit + 1)}`,
    params,
  );
  const page = rows.slice(0, q.limit);
  const looks = page.map((row): LookLine => ({
    at: row.at.getTime(),
    kind: row.kind,
    id: row.id,
    ...calledBy(features[row.kind], row),
    author: row.author_label,
    fields: row.fields,
    purpose: row.purpose,
    words: row.words,
  }));
  return { ok: true, at, looks, next: rows.length > q.limit ? (page.at(-1)?.n ?? null) : null };
}

/** By its natural key where it has one (`number:20200205-0126`): no personal value is ever in it. */
function calledBy(feature: Feature | undefined, row: { id: string; body: Record<string, unknown>; kind_version: number }): Pick<LookLine, 'number' | 'began'> {
  const body = feature && row.kind_version < feature.version ? feature.upgrade(row.body, row.kind_version) : row.body;
  const key = feature?.keys?.(body)[0];
  return { number: key === undefined ? row.id : key.slice(key.indexOf(':') + 1), ...(feature?.began && { began: feature.began(body) }) };
}
