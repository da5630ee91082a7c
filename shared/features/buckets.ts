import type { Instant } from '../time/clock.ts';

/**
 * Counts by slices of time, kept for a bounded past: what "in the last 24 h" is answered from with any `now`
 * (rule 15) at a cost that does not grow with what was counted.
 */
export interface Buckets {
  /** Length of a slice in milliseconds. */
  width: number;
  /** How many slices are kept. */
  keep: number;
  counts: Record<string, number>;
  /** The newest slice let go. What comes for it or for an older one is not counted. */
  gone?: number;
}

export const buckets = (width: number, keep: number): Buckets => ({ width, keep, counts: {} });

export function bump(b: Buckets, at: Instant, by = 1): void {
  const slot = Math.floor(at / b.width);
  // A log of years is folded at each new version of a fold: what is long past must cost nothing.
  if (b.gone !== undefined && slot <= b.gone) return;
  const key = String(slot);
  const before = b.counts[key];
  const count = (before ?? 0) + by;
  if (count === 0) delete b.counts[key];
  else b.counts[key] = count;
  // Only a slice that was not there can be one too many.
  if (before !== undefined || count === 0) return;
  const size = Object.keys(b.counts).length;
  if (size <= b.keep) return;
  const slots = Object.keys(b.counts).map(Number).sort((x, y) => x - y);
  for (const old of slots.slice(0, size - b.keep)) {
    delete b.counts[String(old)];
    b.gone = old;
  }
}

/** Sum over slices that begin in [from, to). */
export function sum(b: Buckets, from: Instant, to: Instant): number {
  let total = 0;
  for (let slot = Math.ceil(from / b.width); slot * b.width < to; slot++) total += b.counts[String(slot)] ?? 0;
  return total;
}
