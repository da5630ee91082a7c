import type { Instant } from '../../time/clock.ts';

export interface Span {
  from: Instant;
  /** Null: it goes on. */
  to: Instant | null;
}

/** Milliseconds of [from, to) that lie in the dark; where spans overlap, once. What goes on is dark up to `now`. */
export function darkIn(spans: readonly Span[], from: Instant, to: Instant, now: Instant): number {
  const inside = spans
    .map((s) => [Math.max(s.from, from), Math.min(s.to ?? now, to)] as const)
    .filter(([a, b]) => b > a)
    .sort(([a], [b]) => a - b);
  let sum = 0;
  let reached = from;
  for (const [a, b] of inside) {
    sum += Math.max(0, b - Math.max(a, reached));
    reached = Math.max(reached, b);
  }
  return sum;
}

/** A slice of a trend that is a gap and no figure: half of it or more was dark. */
export const isDark = (spans: readonly Span[], from: Instant, to: Instant, now: Instant): boolean => to > from && darkIn(spans, from, to, now) * 2 >= to - from;
