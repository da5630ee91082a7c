import type pg from 'pg';
import type { Feature, Needs, Stored } from '../../shared/features/feature.ts';
import type { Answer } from '../../shared/protocol/messages.ts';
import { normalise } from '../../shared/text/grams.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { facetsOf } from './finder.ts';
import type { LogEntry } from './log.ts';

/**
 * What a batch of commands knows and has decided, and the three statements that bring it from PostgreSQL and back. What is
 * decided, in which order, and who is told when, is the writer's (writer.ts).
 */

interface RecordTuple {
  kind: string;
  id: string;
  version: number;
  kindVersion: number;
  revision: number;
  body: Record<string, unknown>;
}

/** Where the board stands while the batch holds its row. */
export interface Held {
  revision: number;
  epoch: number;
  recorded: Instant;
}

/** What the statements must know of a command. */
interface Named {
  author: { id: string };
  message: { id: string };
  needs: Needs;
}

/** Records, keys and counters as a batch sees them: what was read, overlaid with what the batch has decided. */
export class Batch {
  readonly records = new Map<string, Stored<Record<string, unknown>>>();
  readonly keys = new Map<string, string>();
  readonly counters = new Map<string, number>();
  readonly outcomes = new Map<string, { hash: string; answer: Answer }>();
  readonly entries: LogEntry[] = [];
  readonly entryMeta: { sent: Instant; commandId: string }[] = [];
  readonly written = new Map<string, Stored<Record<string, unknown>>>();
  /** `free`: nobody had it when the batch was read, or whoever had it gave it up in this batch. */
  readonly keyWrites = new Map<string, { kind: string; key: string; id: string; gone: boolean; free: boolean }>();
  /** Natural keys this batch knows the owner of. */
  readonly keysKnown = new Set<string>();
  personal: { kind: string; id: string; field: string; version: number; value: string; hashes: number[] }[] = [];
  readonly erased = new Map<string, [kind: string, id: string]>();
  /** Records of which a personal value was withdrawn. */
  readonly cleared = new Set<string>();
  readonly newOutcomes: { author: string; id: string; hash: string; answer: Answer }[] = [];
  readonly counterWrites = new Set<string>();
}

export const pair = (a: string, b: string): string => `${a}\u0000${b}`;

/** A record this build cannot read: newer than it, or of a kind it does not have (rule 17). */
export class Unreadable extends Error {}

/** In a statement of its own, before anything else of the board is read (writer.ts). */
export async function lockBoard(client: pg.PoolClient, board: string): Promise<Held> {
  const { rows } = await client.query<{ epoch: number; revision: string; recorded: Date }>({
    name: 'lock-board',
    text: 'select epoch, revision, recorded from board where id = $1 for update',
    values: [board],
  });
  const row = rows[0];
  if (!row) throw new Error(`board ${board} is gone`);
  return { epoch: row.epoch, revision: Number(row.revision), recorded: row.recorded.getTime() };
}

/** All that commands named in their needs, and what became of them if they came before. */
export async function readBatch(client: pg.PoolClient, board: string, features: Record<string, Feature>, commands: readonly Named[]): Promise<Batch> {
  const records = new Map<string, [string, string]>();
  const keys = new Map<string, [string, string]>();
  const counters = new Set<string>();
  for (const { needs } of commands) {
    for (const r of needs.records ?? []) records.set(pair(...r), r);
    for (const k of needs.keys ?? []) keys.set(pair(...k), k);
    for (const c of needs.counters ?? []) counters.add(c);
  }
  const column = (rows: Iterable<[string, string]>, i: 0 | 1): string[] => [...rows].map((r) => r[i]);
  const { rows } = await client.query<{
    outcomes: { author: string; id: string; hash: string; answer: Answer }[] | null;
    records: RecordTuple[] | null;
    keys: { kind: string; key: string; id: string }[] | null;
    counters: { name: string; value: number }[] | null;
  }>({
    name: 'read-batch',
    // Each row is looked up by its own key (`limit` keeps PostgreSQL from joining): a join of all there is of the board, cheap
    // while that is little, would cost more with every record until PostgreSQL has counted them again (rule 12).
    text: `with key as (
        select w.kind, w.key, k.id from unnest($6::text[], $7::text[]) as w(kind, key)
          cross join lateral (select id from record_key where board = $1 and kind = w.kind and key = w.key limit 1) as k),
      wanted as (
        select kind, id from unnest($4::text[], $5::text[]) as w(kind, id)
        union select kind, id from key)
      select
        (select jsonb_agg(jsonb_build_object('author', w.author, 'id', w.id, 'hash', o.hash, 'answer', o.answer))
           from unnest($2::text[], $3::text[]) as w(author, id)
             cross join lateral (select hash, answer from outcome where board = $1 and author_id = w.author and id = w.id limit 1) as o) as outcomes,
        (select jsonb_agg(jsonb_build_object('kind', w.kind, 'id', w.id, 'version', r.version,
                 'kindVersion', r.kind_version, 'revision', r.revision, 'body', r.body))
           from wanted w
             cross join lateral (select version, kind_version, revision, body from record where board = $1 and kind = w.kind and id = w.id limit 1) as r) as records,
        (select jsonb_agg(jsonb_build_object('kind', kind, 'key', key, 'id', id)) from key) as keys,
        (select jsonb_agg(jsonb_build_object('name', name, 'value', value)) from counter
          where board = $1 and name = any($8::text[])) as counters`,
    values: [
      board,
      commands.map((j) => j.author.id),
      commands.map((j) => j.message.id),
      column(records.values(), 0),
      column(records.values(), 1),
      column(keys.values(), 0),
      column(keys.values(), 1),
      [...counters],
    ],
  });
  const batch = new Batch();
  for (const name of keys.keys()) batch.keysKnown.add(name);
  const found = rows[0];
  for (const o of found?.outcomes ?? []) batch.outcomes.set(pair(o.author, o.id), { hash: o.hash, answer: o.answer });
  for (const r of found?.records ?? []) {
    const feature = features[r.kind];
    if (!feature || r.kindVersion > feature.version) throw new Unreadable(`record ${r.kind}/${r.id} is of version ${r.kindVersion}, newer than this hub knows`);
    const body = r.kindVersion < feature.version ? feature.upgrade(r.body, r.kindVersion) : r.body;
    batch.records.set(pair(r.kind, r.id), { kind: r.kind, id: r.id, version: r.version, revision: r.revision, body });
  }
  for (const k of found?.keys ?? []) batch.keys.set(pair(k.kind, k.key), k.id);
  for (const c of found?.counters ?? []) batch.counters.set(c.name, c.value);
  return batch;
}

/**
 * What a record's personal values are found by, where this batch wrote or ended one: those written now, and of which earlier
 * ones go on standing. Null: as it was.
 */
function foundBy(feature: Feature, r: Stored<Record<string, unknown>>, batch: Batch): { own: number[] | null; kept: { field: string; version: number }[] } {
  const fields = feature.record.personalFields.filter((field) => r.body[field] !== null);
  const now = batch.personal.filter((p) => p.kind === r.kind && p.id === r.id);
  const written = now.filter((p) => r.body[p.field] === p.version);
  if (now.length === 0 && !batch.erased.has(pair(r.kind, r.id)) && !batch.cleared.has(pair(r.kind, r.id))) return { own: null, kept: [] };
  return {
    own: [...new Set(written.flatMap((p) => p.hashes))],
    kept: fields.filter((field) => !written.some((p) => p.field === field)).map((field) => ({ field, version: r.body[field] as number })),
  };
}

/** The statement is on its way when this returns. */
export async function writeBatch(client: pg.PoolClient, board: string, features: Record<string, Feature>, held: Held, batch: Batch): Promise<void> {
  const records = [...batch.written.values()].map((r) => {
    const feature = features[r.kind] as Feature;
    const place = feature.place(r.body);
    const words = normalise(feature.words(r.body).join(' '));
    return {
      kind: r.kind,
      id: r.id,
      version: r.version,
      kind_version: feature.version,
      revision: r.revision,
      held: feature.held(r.body),
      units: place.units,
      localities: place.localities,
      ord: feature.order(r.body),
      words,
      body: r.body,
      facets: facetsOf(board, feature, r.body),
      ...foundBy(feature, r, batch),
    };
  });
  const keys = [...batch.keyWrites.values()];
  const at = new Date(held.recorded).toISOString();
  await client.query({
    name: 'write-batch',
    // Rows to delete or erase are looked up by key as in readBatch, for the same reason.
    text: `with
      e as (insert into entry (board, epoch, revision, recorded, occurred, sent, command, command_id, author_id, author_label)
        select $1, $2, x.revision, x.recorded, x.occurred, x.sent, x.command, x.command_id, x.author_id, x.author_label
          from jsonb_to_recordset($4) as x(revision bigint, recorded timestamptz, occurred timestamptz, sent timestamptz,
               command text, command_id text, author_id text, author_label text)),
      p as (insert into put (board, epoch, revision, ord, kind, id, version, kind_version, body, was)
        select $1, $2, x.revision, x.ord, x.kind, x.id, x.version, x.kind_version, x.body, x.was
          from jsonb_to_recordset($5) as x(revision bigint, ord int, kind text, id text, version int, kind_version int, body jsonb, was jsonb)),
      r as (insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, body)
        select $1, x.kind, x.id, x.version, x.kind_version, x.revision, x.held, x.units, x.localities, x.ord, x.words, x.body
          from jsonb_to_recordset($6) as x(kind text, id text, version int, kind_version int, revision bigint, held boolean,
               units text[], localities text[], ord double precision, words text, body jsonb)
        on conflict (board, kind, id) do update set version = excluded.version, kind_version = excluded.kind_version,
          revision = excluded.revision, held = excluded.held, units = excluded.units, localities = excluded.localities,
          ord = excluded.ord, words = excluded.words, body = excluded.body),
      f as (insert into finder (board, kind, id, version, ord, facets, own)
        select $1, x.kind, x.id, case when kept.lacks then 0 else x.version end, x.ord, x.facets, case when x.own is null then null else x.own || coalesce(kept.own, '{}') end
          from jsonb_to_recordset($6) as x(kind text, id text, version int, ord double precision, facets int[], own int[], kept jsonb)
            left join lateral (select array_agg(distinct h) filter (where h is not null) as own, bool_or(p.hashes is null) as lacks from jsonb_to_recordset(x.kept) as w(field text, version int)
              cross join lateral (select hashes from personal where board = $1 and kind = x.kind and id = x.id and field = w.field and version = w.version limit 1) as p
              left join lateral unnest(p.hashes) as h on true) as kept on x.own is not null
        on conflict (board, kind, id) do update set version = excluded.version, ord = excluded.ord, facets = excluded.facets,
          own = coalesce(excluded.own, finder.own)),
      kd as (delete from record_key where ctid = any(array(
        select k.ctid from jsonb_to_recordset($7) as x(kind text, key text, id text)
          cross join lateral (select ctid from record_key where board = $1 and kind = x.kind and key = x.key and id = x.id limit 1) as k))),
      k as (insert into record_key (board, kind, key, id)
        select $1, x.kind, x.key, x.id from jsonb_to_recordset($8) as x(kind text, key text, id text)
        on conflict (board, kind, key) do update set id = excluded.id),
      kn as (insert into record_key (board, kind, key, id)
        select $1, x.kind, x.key, x.id from jsonb_to_recordset($13) as x(kind text, key text, id text)),
      c as (insert into counter (board, name, value)
        select $1, x.name, x.value from jsonb_to_recordset($9) as x(name text, value bigint)
        on conflict (board, name) do update set value = excluded.value),
      s as (insert into personal (board, kind, id, field, version, value, hashes)
        select $1, x.kind, x.id, x.field, x.version, x.value, x.hashes
          from jsonb_to_recordset($10) as x(kind text, id text, field text, version int, value text, hashes int[])),
      er as (update personal set value = null, grams = '{}', hashes = null, erased = $12 where ctid = any(array(
        select q.ctid from jsonb_to_recordset($14) as x(kind text, id text)
          cross join lateral (select ctid from personal where board = $1 and kind = x.kind and id = x.id and erased is null offset 0) as q))),
      o as (insert into outcome (board, author_id, id, hash, answer, kept)
        select $1, x.author, x.id, x.hash, x.answer, now()
          from jsonb_to_recordset($11) as x(author text, id text, hash text, answer jsonb))
      update board set revision = $3, recorded = $12 where id = $1`,
    values: [
      board,
      held.epoch,
      held.revision,
      JSON.stringify(
        batch.entries.map((e, i) => ({
          revision: e.revision,
          recorded: new Date(e.recorded).toISOString(),
          occurred: new Date(e.occurred).toISOString(),
          sent: new Date(batch.entryMeta[i]?.sent ?? e.recorded).toISOString(),
          command: e.command,
          command_id: batch.entryMeta[i]?.commandId,
          author_id: e.author.id,
          author_label: e.author.label,
        })),
      ),
      JSON.stringify(
        batch.entries.flatMap((e) =>
          e.puts.map((p, ord) => ({
            revision: e.revision,
            ord,
            kind: p.kind,
            id: p.id,
            version: p.version,
            kind_version: p.kindVersion,
            body: p.body,
            was: p.was,
          })),
        ),
      ),
      JSON.stringify(records),
      JSON.stringify(keys.filter((k) => k.gone)),
      JSON.stringify(keys.filter((k) => !k.gone && k.free)),
      JSON.stringify([...batch.counterWrites].map((name) => ({ name, value: batch.counters.get(name) }))),
      JSON.stringify(batch.personal),
      JSON.stringify(batch.newOutcomes),
      at,
      JSON.stringify(keys.filter((k) => !k.gone && !k.free)),
      JSON.stringify([...batch.erased.values()].map(([kind, id]) => ({ kind, id }))),
    ],
  });
}
