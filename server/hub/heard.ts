import type { Feature } from '../../shared/features/feature.ts';
import { beforeOf, logEntry, type LogEntry } from '../record/log.ts';

/**
 * What came over the bus, opened: an entry, or null where it is none that this build could have read in the log. What is
 * more than the shape of an entry is looked at too, since it is folded at once: its kinds and versions are known, and each
 * body is, before and after, one of its kind. Whatever is not so is a hole, which the log fills; there alone an entry of a
 * newer build stops the board (rule 17). Throws where it is not JSON.
 */
export function heardEntry(message: string, features: Record<string, Feature>): LogEntry | null {
  const entry = logEntry.safeParse(JSON.parse(message)).data;
  return entry && entry.puts.every((put) => isPut(put, features)) ? entry : null;
}

function isPut(put: LogEntry['puts'][number], features: Record<string, Feature>): boolean {
  const feature = Object.hasOwn(features, put.kind) ? features[put.kind] : undefined;
  if (!feature || put.kindVersion < 1 || put.kindVersion > feature.version || put.version < 1) return false;
  const lift = (body: Record<string, unknown>): unknown => (put.kindVersion < feature.version ? feature.upgrade(body, put.kindVersion) : body);
  const before = beforeOf(put);
  return feature.record.schema.safeParse(lift(put.body)).success && (before === null || feature.record.schema.safeParse(lift(before)).success);
}
