import type { Beat } from '../../shared/protocol/messages.ts';

/**
 * How old the picture is (rule 7). Everything here is arithmetic on a monotonic clock handed in: no message is needed to
 * notice that none comes.
 *
 * A beat's own delay counts too. A page that was frozen, or a line that held packets back, delivers old beats in a bundle,
 * each claiming to be fresh; against the quickest beat of this join they are late by as much as they waited, and a late
 * one proves nothing.
 */
export interface Freshness {
  /** Null until a beat has proved something. */
  proof: { heard: number; age: number } | null;
  time: { heard: number; now: number; speed: number } | null;
  /** Board's time minus monotonic time, at the quickest delivery since the last join. */
  best: number | null;
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
/** After so many late ones in a row the hub's clock was set, or the line is blocked: join again and measure anew. */
export const LATE_BEATS = 3;

export const unproven = (mono: number): Freshness => ({ proof: null, time: null, best: null, late: 0, ticked: mono });

/** The answer to a join, asked at `asked` and received at `mono`: its delay is at most the round trip. */
export function joinHeard(f: Freshness, beat: Beat, asked: number, mono: number): Freshness {
  return {
    proof: { heard: mono, age: beat.proven + (mono - asked) },
    time: { heard: mono, now: beat.now, speed: beat.speed },
    best: beat.now - mono * beat.speed,
    late: 0,
    ticked: f.ticked,
  };
}

/** A beat that the picture agrees with. `late` in the answer reaching {@link LATE_BEATS} asks for a new join. */
export function beatHeard(f: Freshness, beat: Beat, mono: number): Freshness {
  const offset = beat.now - mono * beat.speed;
  const sameClock = f.best !== null && f.time?.speed === beat.speed;
  const best = sameClock ? Math.max(f.best ?? offset, offset) : offset;
  const delay = (best - offset) / Math.max(beat.speed, 0.001);
  if (delay > LATE_BEAT) return { ...f, best, late: f.late + 1 };
  return {
    proof: { heard: mono, age: beat.proven + delay },
    time: { heard: mono, now: beat.now, speed: beat.speed },
    best,
    late: 0,
    ticked: f.ticked,
  };
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
