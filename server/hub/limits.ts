import { refuse } from '../../shared/protocol/errors.ts';
import type { Clock } from '../../shared/time/clock.ts';

/** A bucket of tokens: `burst` at once, `perSecond` over time. Bounded rates at every door. */
export class Bucket {
  private tokens: number;
  private at: number;
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    now: number,
  ) {
    this.tokens = burst;
    this.at = now;
  }

  /** 0 when taken; otherwise the seconds to wait. */
  take(now: number, cost = 1): number {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    if (this.tokens >= cost) {
      this.tokens -= cost;
      return 0;
    }
    return Math.ceil((cost - this.tokens) / this.perSecond);
  }

  /** What turned out to be more than it looked like when it was taken; it is owed. */
  owe(cost: number): void {
    this.tokens = Math.max(-this.burst, this.tokens - cost);
  }
}

/** An answer of many records is work for PostgreSQL, for this hub and for the line: beyond a page it counts as several. */
export const weightOf = (answer: { records?: readonly unknown[] | undefined }): number => Math.floor((answer.records?.length ?? 0) / 50);

export interface Rate {
  perSecond: number;
  burst: number;
}

/** Bounded memory whoever comes: past `most` callers the one longest not seen is forgotten. */
export class Limiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly rate: Rate,
    private readonly most = 20_000,
  ) {}

  get size(): number {
    return this.buckets.size;
  }

  /** Throws `tooMany` when the caller has used up what it has. */
  demand(key: string): void {
    const wait = this.take(key);
    if (wait > 0) throw refuse('tooMany', { retryAfter: wait });
  }

  owe(key: string, cost: number): void {
    if (cost > 0) this.buckets.get(key)?.owe(cost);
  }

  /** 0 when taken; otherwise the seconds to wait. */
  take(key: string): number {
    const now = this.clock.monotonic();
    const bucket = this.buckets.get(key) ?? new Bucket(this.rate.perSecond, this.rate.burst, now);
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > this.most) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    return bucket.take(now);
  }
}
