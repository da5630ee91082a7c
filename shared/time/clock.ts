/** Milliseconds since 1970 in UTC. Every instant in the product has this shape. */
export type Instant = number;

/** Time comes from outside: nothing below the process edge reads the machine's clock by itself. */
export interface Clock {
  /** The board's time. On an exercise it may run faster than the wall's. */
  now(): Instant;
  /** Milliseconds that never go back; only differences mean something. Freshness is measured on it. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A board's time that runs `speed` times as fast as `base`, standing at `start` when the base stood at `anchor`. */
export function scaledClock(base: Clock, anchor: Instant, start: Instant, speed: number): Clock {
  return {
    now: () => Math.round(start + (base.now() - anchor) * speed),
    monotonic: () => base.monotonic(),
  };
}

/** A clock for tests: stands still until told to move. */
export class ManualClock implements Clock {
  private mono = 0;
  constructor(private at: Instant) {}
  now(): Instant {
    return this.at;
  }
  monotonic(): number {
    return this.mono;
  }
  advance(ms: number): void {
    this.at += ms;
    this.mono += ms;
  }
  /** The clock is set by hand, as an administrator or NTP would: the monotonic one does not move. */
  jump(to: Instant): void {
    this.at = to;
  }
}
