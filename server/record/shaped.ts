import { within, type Role, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { only } from '../../shared/features/fields.ts';
import type { WireRecord } from '../../shared/protocol/messages.ts';
import { beforeOf, type LogEntry, type LogPut } from './log.ts';

/** Who reads records: a role within a scope (rule 10). */
export interface Reader {
  role: Role;
  scope: Scope;
}

/** A body as this build's shape of its kind. */
export const lifted = (feature: Feature, put: LogPut, body: Record<string, unknown>): Record<string, unknown> =>
  put.kindVersion < feature.version ? feature.upgrade(body, put.kindVersion) : body;

export const sees = (reader: Reader, feature: Feature, body: Record<string, unknown>): boolean =>
  feature.readers.includes(reader.role) && within(reader.scope, feature.place(body));

/** The record a put left behind, as consoles and programs within scope hold it: references where personal values are. */
export const recordOf = (feature: Feature, put: LogPut, body: Record<string, unknown>, revision: number): WireRecord => ({
  kind: put.kind,
  id: put.id,
  version: put.version,
  revision,
  held: feature.held(body),
  body: only(feature.record, body, ['public', 'internal', 'personal']),
});

/** What a put is to a reader: the record as it is now, its removal where it was theirs before, or nothing. */
export function shaped(reader: Reader, features: Record<string, Feature>, put: LogPut, revision: number): { put: WireRecord } | { gone: [string, string] } | null {
  const feature = features[put.kind];
  if (!feature) return null;
  const body = lifted(feature, put, put.body);
  if (sees(reader, feature, body)) return { put: recordOf(feature, put, body, revision) };
  const before = beforeOf(put);
  return before && sees(reader, feature, lifted(feature, put, before)) ? { gone: [put.kind, put.id] } : null;
}

export interface OutwardEntry {
  v: 1;
  board: string;
  epoch: number;
  revision: number;
  recorded: string;
  occurred: string;
  command: string;
  puts: { kind: string; id: string; version: number; body: Record<string, unknown> }[];
}

/** What other programs hear of an entry on the outward channel and by webhooks: public fields alone, in the form `v1` of README (rule 5). */
export const outward = (entry: LogEntry, features: Record<string, Feature>): OutwardEntry => ({
  v: 1,
  board: entry.board,
  epoch: entry.epoch,
  revision: entry.revision,
  recorded: new Date(entry.recorded).toISOString(),
  occurred: new Date(entry.occurred).toISOString(),
  command: entry.command,
  puts: entry.puts.flatMap((put) => {
    const feature = features[put.kind];
    return feature ? [{ kind: put.kind, id: put.id, version: put.version, body: only(feature.record, lifted(feature, put, put.body), ['public']) }] : [];
  }),
});
