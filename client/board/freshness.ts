import type { Beat } from '../../shared/protocol/messages.ts';

/**
 * How old the picture is (rule 7). Everything here is arithmetic on a monotonic clock handed in: no message is needed to
 * notice that none comes.
 *
 * A beat's own delay counts too. A page that was frozen, or a line that held packets back, delivers old beats in a bundle,
 * each claiming to be fresh; against the quickest beat of this join they are late by as much as they waited, and a late
 * one proves nothing.
 *
 * How far the hub's clock is from ours is known between two bounds: a beat was said before it was heard, and the answer to
 * a join not before it was asked. By the upper one every beat is charged with the longest it can have been under way: on a
 * line that is slow both ways all beats alike are late, and none would show it against the others.
 */
export interface Freshness {
  /** Null until a beat has proved something. */
  proof: { heard: number; age: number } | null;
  time: { heard: number; now: number; speed: number } | null;
  /** Board's time minus monotonic time: at least as at the quickest delivery since the last join, at most as when that was asked. */
  offset: { low: number; high: number } | null;
  /** Joins in a row that were under way for long: their bounds are wide. */
  wide: number;
  /** Late beats in a row. */
  late: number;
  /** Monotonic moment of the last tick. */
  ticked: number;
}

/** A figure this old is stale: five seconds is what is promised to the eye, and the last of them is for drawing it. */
export const STALE_AFTER = 4_800;
/** A tick that comes this much later than the one before means the page did not run. */
export const SLEPT_AFTER = 3_000;
/** A beat that took this long cannot vouch for anything. */
export const LATE_BEAT = 2_000;
/** Bounds further apart than this are worth another measure. */
export const WIDE = 1_000;
/** A beat that must have come back before the join was asked shows that the hub's clock was set forward; clocks also drift. */
const DRIFT = 500;
/** After so many late ones in a row the hub's clock was set, or the line is blocked: join again and measure anew. */
export const LATE_BEATS = 3;

export const unproven = (mono: number): Freshness => ({ proof: null, time: null, offset: null, wide: 0, late: 0, ticked: mono });

const speedOf = (beat: Beat): number => Math.max(beat.speed, 0.001);

/** The answer to a join, asked at `asked` and received at `mono`: its delay is at most the round trip. */
export function joinHeard(f: Freshness, beat: Beat, asked: number, mono: number): Freshness {
  const low = beat.now - mono * beat.speed;
  return {
    proof: { heard: mono, age: beat.proven + (mono - asked) },
    time: { heard: mono, now: beat.now, speed: beat.speed },
    offset: { low, high: low + (mono - asked) * beat.speed },
    wide: mono - asked > WIDE ? f.wide + 1 : 0,
    late: 0,
    ticked: f.ticked,
  };
}

/** A beat that the picture agrees with. `late` in the answer reaching {@link LATE_BEATS} asks for a new join. */
export function beatHeard(f: Freshness, beat: Beat, mono: number): Freshness {
  const offset = beat.now - mono * beat.speed;
  const speed = speedOf(beat);
  const known = f.offset !== null && f.time?.speed === beat.speed ? f.offset : { low: offset, high: offset };
  if (offset - known.high > DRIFT * speed) return { ...f, late: LATE_BEATS };
  const low = Math.max(known.low, offset);
  const bounds = { low, high: Math.max(known.high, low) };
  if ((low - offset) / speed > LATE_BEAT) return { ...f, offset: bounds, late: f.late + 1 };
  return {
    ...f,
    proof: { heard: mono, age: beat.proven + (bounds.high - offset) / speed },
    time: { heard: mono, now: beat.now, speed: beat.speed },
    offset: bounds,
    late: 0,
  };
}

/** How likely, at each beat, a new join should measure anew: a hundred screens that came back together do not do it together. */
export function remeasure(f: Freshness): number {
  if (f.late >= LATE_BEATS) return 1;
  const width = f.offset === null ? 0 : (f.offset.high - f.offset.low) / Math.max(f.time?.speed ?? 1, 0.001);
  // A line that is always slow is not asked over and over: a join may bring two thousand records.
  return width > WIDE ? 0.1 * 0.5 ** Math.min(f.wide - 1, 6) : 0;
}

/** Call it often. A gap since the call before means the page slept, and what it knew then is not knowledge now. */
export function tick(f: Freshness, mono: number): Freshness {
  return mono - f.ticked > SLEPT_AFTER ? woke(f, mono) : { ...f, ticked: mono };
}

/** The page was hidden, frozen or asleep: stale until its next beat, whatever the clocks say. */
export const woke = (f: Freshness, mono: number): Freshness => ({ ...f, proof: null, ticked: mono });

/** Milliseconds since the picture was last proved current; Infinity when it never was, or not since waking. */
export const ageOf = (f: Freshness, mono: number): number => (f.proof === null ? Infinity : f.proof.age + Math.max(0, mono - f.proof.heard));

export const isStale = (f: Freshness, mono: number): boolean => ageOf(f, mono) >= STALE_AFTER;

/** Milliseconds until it turns stale if nothing more is heard; 0 when it already is. */
export const freshFor = (f: Freshness, mono: number): number => Math.max(0, STALE_AFTER - ageOf(f, mono));

/** The board's time, which on an exercise may run faster; null before the first beat. */
export const boardNow = (f: Freshness, mono: number): number | null =>
  f.time === null ? null : Math.round(f.time.now + Math.max(0, mono - f.time.heard) * f.time.speed);
