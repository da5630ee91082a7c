import type { z } from 'zod';
import type { Role } from '../../shared/access/access.ts';
import type { Instant } from '../../shared/time/clock.ts';

/**
 * What a link may be for: one use of one kind of record by somebody who has no account. A kind adds its own beside its
 * migration; the outer door knows this file and no kind.
 */
export interface OuterPurpose<B = Record<string, unknown>, T extends z.ZodType = z.ZodType> {
  name: string;
  /** Of its page: `/d`. The secret stands behind `#`, which no browser sends and no proxy writes down. */
  path: string;
  kind: string;
  /** Desks that may hand one out, within their scope. */
  makers: readonly Role[];
  /** Who acts by it, as histories name him. */
  label: string;
  /** How long it holds at most, in milliseconds; null: until it is taken back. */
  lasts: number | null;
  /** Whether the record (still) has a use for it: when not, the link has ended, whatever else is said. */
  open(body: B): boolean;
  /** All that a holder is shown. */
  shows(body: B): Record<string, unknown>;
  /** What a holder may send, if anything. */
  tells?: { command: string; input: T; body(id: string, input: z.infer<T>): Record<string, unknown>; occurred(input: z.infer<T>): Instant };
  /** Names of places to choose from, shown with the rest. */
  places?: boolean;
}

export const definePurpose = <B, T extends z.ZodType>(purpose: OuterPurpose<B, T>): OuterPurpose => purpose as unknown as OuterPurpose;
