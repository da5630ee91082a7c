import type pg from 'pg';
import type { Role, Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { refuseField } from '../../shared/protocol/errors.ts';
import type { HistoryLine, TimelineLine } from '../../shared/protocol/messages.ts';
import { scopeSql } from './scope.ts';

/** What happened, read back from the log: of one record, or of one and those that belong to it. */

interface PutRow {
  revision: string;
  recorded: Date;
  occurred: Date;
  command: string;
  author_label: string;
  version: number;
  body: Record<string, unknown>;
  was: Record<string, unknown> | null;
}

/** Field by field, what it was and what it became; a record's making says what it began with. */
function changesOf(feature: Feature, { body, was }: Pick<PutRow, 'body' | 'was'>): HistoryLine['changes'] {
  const changes: HistoryLine['changes'] = {};
  for (const field of Object.keys(was ?? body)) {
    if (!(field in feature.record.fields)) continue;
    const now = body[field] ?? null;
    if (was === null && (now === null || (Array.isArray(now) && now.length === 0))) continue;
    changes[field] = [was?.[field] ?? null, now];
  }
  return changes;
}

const entryOf = (r: PutRow): Omit<HistoryLine, 'version' | 'changes'> => ({
  revision: Number(r.revision),
  recorded: r.recorded.getTime(),
  occurred: r.occurred.getTime(),
  command: r.command,
  author: r.author_label,
});

export async function readHistory(client: pg.ClientBase, q: { board: string; kind: string; id: string }, feature: Feature): Promise<HistoryLine[]> {
  const { rows } = await client.query<PutRow>(
    `select e.revision, e.recorded, e.occurred, e.command, e.author_label, p.version, p.body, p.was
       from put p join entry e using (board, epoch, revision)
      where p.board = $1 and p.kind = $2 and p.id = $3 order by p.epoch desc, p.revision desc limit 500`,
    [q.board, q.kind, q.id],
  );
  return rows.map((r) => ({ ...entryOf(r), version: r.version, changes: changesOf(feature, r) }));
}

/**
 * One timeline of a record and of those that belong to it, newest first. The log orders it, not the clock: entries of one
 * millisecond, and facts written down late, keep the place at which they became known, on every page alike. A record outside
 * the reader's role or scope is not in it, as it is not in their lists (rule 10); an entry that changed several of the
 * timeline's records is one line.
 */
export async function readTimeline(
  client: pg.ClientBase,
  q: { board: string; kind: string; id: string; after?: string | undefined; limit: number },
  reader: { role: Role; scope: Scope },
  own: { feature: Feature; body: Record<string, unknown> },
  features: Record<string, Feature>,
): Promise<{ lines: TimelineLine[]; next: string | null }> {
  const named = (own.feature.timeline?.(own.body) ?? []).filter(([kind]) => Object.hasOwn(features, kind) && features[kind]?.readers.includes(reader.role));
  const params: unknown[] = [q.board, named.map(([kind]) => kind), named.map(([, id]) => id)];
  const seen = await client.query<{ kind: string; id: string }>(
    `select distinct r.kind, r.id from record r join unnest($2::text[], $3::text[]) as w(kind, id) on r.kind = w.kind and r.id = w.id
      where r.board = $1 and ${scopeSql(reader.scope, params)}`,
    params,
  );
  const members = [{ kind: q.kind, id: q.id }, ...seen.rows.filter((r) => r.kind !== q.kind || r.id !== q.id)];
  const after = /^(\d{1,9})\.(\d{1,15})$/.exec(q.after ?? '0.0');
  if (!after) throw refuseField('after', 'invalid');
  const { rows } = await client.query<PutRow & { epoch: number; kind: string; id: string }>(
    `with w as (select * from unnest($2::text[], $3::text[]) as w(kind, id)),
       page as (select distinct p.epoch, p.revision from put p join w using (kind, id)
         where p.board = $1 and ($4::int = 0 or (p.epoch, p.revision) < ($4::int, $5::bigint))
         order by p.epoch desc, p.revision desc limit $6)
     select e.epoch, e.revision, e.recorded, e.occurred, e.command, e.author_label, p.kind, p.id, p.version, p.body, p.was
       from page join entry e on e.board = $1 and e.epoch = page.epoch and e.revision = page.revision
         join put p on p.board = $1 and p.epoch = page.epoch and p.revision = page.revision join w on w.kind = p.kind and w.id = p.id
      order by e.epoch desc, e.revision desc, p.ord`,
    [q.board, members.map((m) => m.kind), members.map((m) => m.id), Number(after[1]), after[2], q.limit + 1],
  );
  const lines: TimelineLine[] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    const line = last?.epoch === row.epoch && last.revision === Number(row.revision) ? last : { epoch: row.epoch, ...entryOf(row), puts: [] };
    if (line !== last) lines.push(line);
    line.puts.push({ kind: row.kind, id: row.id, version: row.version, changes: changesOf(features[row.kind] as Feature, row) });
  }
  const page = lines.slice(0, q.limit);
  const end = page.at(-1);
  return { lines: page, next: lines.length > q.limit && end ? `${end.epoch}.${end.revision}` : null };
}
