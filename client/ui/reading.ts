import type { Reading } from '../../shared/features/feature.ts';
import type { Instant } from '../../shared/time/clock.ts';

/**
 * What a figure is worth at this moment (rule 13): the four things that must never look alike on the wall are a value, a zero
 * that was reported, something unknown, and something old.
 */
export interface FigureState {
  what: 'value' | 'zero' | 'unknown';
  /** Why it is unknown; `waiting`: no picture has come yet. */
  why: NonNullable<Reading['why']> | 'waiting' | null;
  age: 'fresh' | 'ageing' | 'stale';
  /** Milliseconds since the newest moment its inputs speak of; null when they speak of none. */
  old: number | null;
  /** How many of how many have spoken; null where nothing is expected to. */
  coverage: { reported: number; expected: number } | null;
}

export interface FigureRules {
  /** The board's time at which the picture stands. */
  now: Instant;
  /** The whole picture is stale (rule 7): so is every figure. */
  silent: boolean;
  /** After how long its own source is old news. Left out: its inputs may rightly be silent for ever (a log of calls). */
  ageingAfter?: number;
  staleAfter?: number;
}

export function figureState(reading: Reading | undefined, rules: FigureRules): FigureState {
  const old = reading?.asOf == null ? null : Math.max(0, rules.now - reading.asOf);
  const past = (limit: number | undefined): boolean => limit !== undefined && old !== null && old > limit;
  return {
    what: reading?.value == null ? 'unknown' : reading.value === 0 ? 'zero' : 'value',
    why: !reading ? 'waiting' : reading.value === null ? (reading.why ?? 'noReport') : null,
    age: rules.silent || past(rules.staleAfter) ? 'stale' : past(rules.ageingAfter) ? 'ageing' : 'fresh',
    old,
    coverage: reading?.expected === undefined ? null : { reported: reading.reported ?? 0, expected: reading.expected },
  };
}
