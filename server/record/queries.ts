import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import { within, type Author, type Role, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { only } from '../../shared/features/fields.ts';
import { Refused, admit, refuse, refuseField, safeKey } from '../../shared/protocol/errors.ts';
import type { ListQuery, QueryMessage, QueryResult, WireRecord } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { find } from './find.ts';
import type { FigureQuery } from './figures.ts';
import { readHistory, readTimeline } from './history.ts';
import { noteLook, readLooks } from './looks.ts';
import { Nearby } from './near.ts';
import { scopeSql } from './scope.ts';

/**
 * What a console asks for beyond what it holds. Every answer is cut to the asker's role and scope and carries the
 * position it was read at, in one snapshot (rules 6 and 10).
 */

export interface ReadRow {
  kind: string;
  id: string;
  version: number;
  kind_version: number;
  revision: string;
  held: boolean;
  ord: number;
  body: Record<string, unknown>;
}

export function bodyOf(feature: Feature, row: { body: Record<string, unknown>; kind_version: number }): Record<string, unknown> {
  return row.kind_version < feature.version ? feature.upgrade(row.body, row.kind_version) : row.body;
}

export function wireOf(feature: Feature, row: ReadRow): WireRecord {
  return {
    kind: row.kind,
    id: row.id,
    version: row.version,
    revision: Number(row.revision),
    held: row.held,
    body: only(feature.record, bodyOf(feature, row), ['public', 'internal', 'personal']),
  };
}

/** Records made ready in one turn of the loop: some 2 ms. */
export const AT_ONCE = 200;

/** Everything a console holds: the open records of the kinds its role reads, at one position (rule 6). */
export async function readHeld(
  pool: pg.Pool,
  board: string,
  features: Feature[],
  scope: Scope,
  limit: number,
): Promise<{ at: Position; records: WireRecord[] }> {
  const byKind = new Map(features.map((f) => [f.kind, f]));
  const read = await snapshot(pool, board, async (client, at) => {
    const params: unknown[] = [board, [...byKind.keys()]];
    const where = scopeSql(scope, params);
    params.push(limit);
    const { rows } = await client.query<ReadRow>(
      `select r.kind, r.id, r.version, r.kind_version, r.revision, r.held, r.ord, r.body from record r
        where r.board = $1 and r.kind = any($2::text[]) and r.held and ${where}
        order by r.revision desc limit $${params.length}`,
      params,
    );
    return { at, rows };
  });
  const records: WireRecord[] = [];
  for (const row of read.rows) {
    records.push(wireOf(byKind.get(row.kind) as Feature, row));
    if (records.length % AT_ONCE === 0) await turn();
  }
  return { at: read.at, records };
}

export async function snapshot<T>(pool: pg.Pool, board: string, read: (client: pg.PoolClient, at: Position) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Lost between two statements, a connection says so by an event, which nobody else hears while it is out of the pool.
  const lost = (err: Error): void => {
    broken = err;
  };
  client.on('error', lost);
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ epoch: number; revision: string }>('select epoch, revision from board where id = $1', [board]);
    const row = rows[0];
    if (!row) throw refuse('boardUnknown');
    const out = await read(client, { epoch: row.epoch, revision: Number(row.revision) });
    await client.query('commit');
    return out;
  } catch (error) {
    if (!(error instanceof Refused)) broken = error instanceof Error ? error : new Error(String(error));
    if (!broken) await client.query('rollback');
    throw error;
  } finally {
    client.removeListener('error', lost);
    client.release(broken);
  }
}

/** Masked values of some personal fields of these records, by id: what somebody sees who has not asked to see more. */
export async function maskedOf(client: pg.ClientBase, board: string, feature: Feature, rows: readonly ReadRow[], fields: readonly string[]): Promise<Record<string, Record<string, string | null>>> {
  const standing = rows.flatMap((row) => {
    const body = bodyOf(feature, row);
    return fields.flatMap((field) => (body[field] == null ? [] : [{ id: row.id, field, version: body[field] }]));
  });
  const out: Record<string, Record<string, string | null>> = {};
  if (standing.length === 0) return out;
  const { rows: values } = await client.query<{ id: string; field: string; value: string | null }>(
    `select w.id, w.field, p.value from jsonb_to_recordset($3) as w(id text, field text, version int)
       cross join lateral (select value from personal where board = $1 and kind = $2 and id = w.id and field = w.field and version = w.version and erased is null limit 1) as p`,
    [board, feature.kind, JSON.stringify(standing)],
  );
  for (const { id, field, value } of values) (out[id] ??= {})[field] = value === null ? null : maskOf(feature, field, value);
  return out;
}

const maskOf = (feature: Feature, field: string, value: string): string => feature.mask?.(field as never, value) ?? '***';

/** What a search stands on for its one transaction: room for what an index names, and no plan that goes through everything. */
export const FINDING = `set local work_mem = '64MB'; set local jit = off; set local enable_seqscan = off`;

export interface Asker {
  author: Author;
  scope: Scope;
  /** Set: no personal value, whole or masked, and nothing found by one, whatever the role may. */
  impersonal?: boolean;
}

export class Queries {
  private readonly nearby = new Nearby();

  constructor(
    private readonly pool: pg.Pool,
    private readonly features: Record<string, Feature>,
    private readonly now: (board: string) => Instant,
    private readonly figureQueries: Readonly<Record<string, FigureQuery>> = {},
  ) {}

  async ask(asker: Asker, message: QueryMessage): Promise<QueryResult> {
    switch (message.name) {
      case 'list':
        return this.list(asker, message);
      case 'record':
        return this.record(asker, message);
      case 'reveal':
        return this.reveal(asker, message);
      // Figures are the hub's: it answers by itself (hub/survey.ts).
      case 'survey':
        throw refuse('notAllowed');
      case 'timeline':
        return this.timeline(asker, message);
      case 'figures':
        return this.figures(asker, message);
      case 'alike':
        return this.alike(asker, message);
      case 'looks':
        return snapshot(this.pool, message.board, (client, at) => readLooks(client, this.features, asker, message, at));
    }
  }

  private feature(asker: Asker, kind: string): Feature {
    const feature = Object.hasOwn(this.features, kind) ? this.features[kind] : undefined;
    if (!feature || asker.author.role === 'system' || !feature.readers.includes(asker.author.role)) throw refuse('notAllowed');
    return feature;
  }

  private async list(asker: Asker, q: ListQuery): Promise<QueryResult> {
    const feature = this.feature(asker, q.kind);
    const reveals = !asker.impersonal && feature.revealers.some((r) => r === asker.author.role);
    const masked = (q.masked ?? []).map((field) => {
      if (!feature.record.personalFields.includes(field)) throw refuseField(`masked.${safeKey(field)}`, 'unknownField');
      return field;
    });
    return snapshot(this.pool, q.board, async (client, at) => {
      await client.query(FINDING);
      const { rows, more, total, over } = await find(client, feature, asker.scope, reveals, q);
      const last = rows.at(-1);
      return {
        ok: true as const,
        at,
        records: rows.map((row) => wireOf(feature, row)),
        next: more && last ? `${last.ord}~${last.id}` : null,
        total,
        ...(over && { over }),
        ...(q.masked && { masked: asker.impersonal ? {} : await maskedOf(client, q.board, feature, rows, masked) }),
      };
    });
  }

  private async read(client: pg.PoolClient, asker: Asker, q: { board: string; kind: string; id: string }): Promise<{ feature: Feature; row: ReadRow }> {
    const feature = this.feature(asker, q.kind);
    const { rows } = await client.query<ReadRow>(
      `select r.kind, r.id, r.version, r.kind_version, r.revision, r.held, r.ord, r.body from record r
        where r.board = $1 and r.kind = $2 and r.id = $3`,
      [q.board, q.kind, q.id],
    );
    const row = rows[0];
    // What lies outside one's scope is answered like what does not exist.
    if (!row || !within(asker.scope, feature.place(bodyOf(feature, row)))) throw refuse('notFound');
    return { feature, row };
  }

  /** Throws `notAllowed` or `notFound` where the asker could not open the record. */
  async demandReadable(asker: Asker, q: { board: string; kind: string; id: string }): Promise<void> {
    const feature = this.feature(asker, q.kind);
    const { rows } = await this.pool.query<{ body: Record<string, unknown>; kind_version: number }>('select body, kind_version from record where board = $1 and kind = $2 and id = $3', [q.board, q.kind, q.id]);
    const row = rows[0];
    if (!row || !within(asker.scope, feature.place(bodyOf(feature, row)))) throw refuse('notFound');
  }

  private async record(asker: Asker, q: Extract<QueryMessage, { name: 'record' }>): Promise<QueryResult> {
    return snapshot(this.pool, q.board, async (client, at) => {
      const { feature, row } = await this.read(client, asker, q);
      const fields = asker.impersonal ? [] : feature.record.personalFields;
      const values = fields.length === 0 ? {} : await this.personal(client, q.board, feature, row);
      const masked: Record<string, string | null> = {};
      for (const field of fields) {
        const value = values[field];
        masked[field] = value == null ? null : maskOf(feature, field, value);
      }
      return { ok: true as const, at, record: wireOf(feature, row), personal: masked, history: await readHistory(client, q, feature) };
    });
  }

  private async timeline(asker: Asker, q: Extract<QueryMessage, { name: 'timeline' }>): Promise<QueryResult> {
    return snapshot(this.pool, q.board, async (client, at) => {
      const { feature, row } = await this.read(client, asker, q);
      const reader = { role: asker.author.role as Role, scope: asker.scope };
      const { lines, next } = await readTimeline(client, q, reader, { feature, body: bodyOf(feature, row) }, this.features);
      return { ok: true as const, at, timeline: lines, next };
    });
  }

  private async figures(asker: Asker, q: Extract<QueryMessage, { name: 'figures' }>): Promise<QueryResult> {
    this.feature(asker, q.kind);
    const own = Object.hasOwn(this.figureQueries, q.kind) ? this.figureQueries[q.kind] : undefined;
    if (!own?.roles.some((r) => r === asker.author.role)) throw refuse('notAllowed');
    const asked: unknown = admit(own.body, q.body);
    return snapshot(this.pool, q.board, async (client, at) => {
      const { rows } = await client.query<{ zone: string }>('select zone from board where id = $1', [q.board]);
      const figures = await own.read(client, { board: q.board, zone: rows[0]?.zone ?? 'UTC', now: this.now(q.board), scope: asker.scope }, asked);
      return { ok: true as const, at, figures };
    });
  }

  private async alike(asker: Asker, q: Extract<QueryMessage, { name: 'alike' }>): Promise<QueryResult> {
    const feature = this.feature(asker, q.kind);
    // What is found says something of personal values: it is for those who may be shown them.
    if (!feature.alike || asker.impersonal || ![feature.alike.roles, feature.revealers].every((of) => of.some((r) => r === asker.author.role))) throw refuse('notAllowed');
    const asked: unknown = admit(feature.alike.body, q.body);
    const now = this.now(q.board);
    const { at, known } = await snapshot(this.pool, q.board, async (client, at) => ({ at, known: await this.nearby.read(client, { board: q.board, epoch: at.epoch }, feature, asker.scope, feature.alike?.ways(asked, now) ?? []) }));
    const { found, total } = feature.alike.rank(asked, known.map(({ near }) => near), now);
    const byId = new Map(known.map(({ row }) => [row.id, row]));
    return {
      ok: true,
      at,
      records: found.flatMap(({ id }) => byId.get(id) ?? []).map((row) => wireOf(feature, row)),
      found: found.map(({ id, values }) => ({ kind: q.kind, id, values })),
      total,
    };
  }

  private async personal(client: pg.ClientBase, board: string, feature: Feature, row: ReadRow): Promise<Record<string, string | null>> {
    const body = bodyOf(feature, row);
    const fields = feature.record.personalFields.filter((f) => body[f] !== null);
    if (fields.length === 0) return {};
    const { rows } = await client.query<{ field: string; value: string | null }>(
      `select p.field, p.value from personal p join unnest($4::text[], $5::int[]) as w(field, version)
         on p.field = w.field and p.version = w.version
        where p.board = $1 and p.kind = $2 and p.id = $3 and p.erased is null`,
      [board, row.kind, row.id, fields, fields.map((f) => body[f])],
    );
    return Object.fromEntries(rows.map((r) => [r.field, r.value]));
  }

  /** Rule 16: who looked, and why, is on disk before the values leave. */
  private async reveal(asker: Asker, q: Extract<QueryMessage, { name: 'reveal' }>): Promise<QueryResult> {
    const { feature, row, at, values } = await snapshot(this.pool, q.board, async (client, at) => {
      const found = await this.read(client, asker, q);
      if (asker.impersonal || !found.feature.revealers.some((r) => r === asker.author.role)) throw refuse('notAllowed');
      await this.demandPurpose(client, asker, q, found);
      return { ...found, at, values: await this.personal(client, q.board, found.feature, found.row) };
    });
    await noteLook(this.pool, { ...q, fields: Object.keys(values), author: asker.author, at: this.now(q.board) });
    return { ok: true, at, record: wireOf(feature, row), personal: values };
  }

  /** What somebody looks for is one of what the board offers, or that they handle the record. */
  private async demandPurpose(client: pg.ClientBase, asker: Asker, q: Extract<QueryMessage, { name: 'reveal' }>, { feature, row }: { feature: Feature; row: ReadRow }): Promise<void> {
    if (q.purpose === HANDLING) {
      if (feature.handles?.(bodyOf(feature, row), asker.author) === false) throw refuseField('purpose', 'notInList');
      return;
    }
    const keeper = Object.values(this.features).find((f) => f.purposes);
    if (!keeper?.purposes) return;
    const { rows } = await client.query<{ body: Record<string, unknown>; kind_version: number }>('select body, kind_version from record where board = $1 and kind = $2 and id = $3', [q.board, keeper.kind, keeper.purposes.id]);
    // A board nobody has given any yet: what is said is written down as it is.
    if (!rows[0]) return;
    const line = keeper.purposes.of(bodyOf(keeper, rows[0])).find((p) => p.code === q.purpose);
    if (!line) throw refuseField('purpose', 'notInList');
    if (line.own && q.words.trim() === '') throw refuseField('words', 'required');
  }
}

/** Named for whoever handles the record, and for nobody else where its kind says who does. */
const HANDLING = 'handling';
