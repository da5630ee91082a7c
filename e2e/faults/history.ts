import type { Answer, WireRecord } from '../../shared/protocol/messages.ts';

/** What somebody at a desk may see: null is everything. */
export type Units = readonly string[] | null;

/** One command as its sender knows it. */
export interface Sent {
  id: string;
  /** The person it went out under. */
  by: string;
  role: 'operator' | 'leader';
  units: Units;
  type: string;
  body: Record<string, unknown>;
  /** Every answer there was, also to the same thing asked again. */
  answers: Answer[];
  /** Codes one of which must refuse it; null where it depends on what it meets. */
  must: readonly string[] | null;
  /** A command that bears the id of an earlier one: what is on record under that id is the other's. */
  borrowed: boolean;
}

/** What a screen showed from `at` on, until its next step. */
export interface Step {
  /** Milliseconds since 1970 by the machine's monotonic clock. */
  at: number;
  /** Null: nothing yet. */
  revision: number | null;
  fresh: boolean;
}

/** A whole picture, taken when the screen stood at this revision. */
export interface Picture {
  revision: number;
  /** Calls in hand, of a console. */
  calls: readonly WireRecord[] | null;
  /** The figures of calls, of a wall. */
  view: Record<string, unknown> | null;
}

export interface Seen {
  name: string;
  /** Null: a wall. */
  units: Units | 'wall';
  steps: Step[];
  pictures: Picture[];
}

/** One entry of the record, as PostgreSQL has it. */
export interface Entry {
  revision: number;
  command: string;
  commandId: string;
  author: string;
  recorded: number;
  /** When PostgreSQL committed it, by the machine's clock. */
  committed: number;
  puts: { kind: string; id: string; version: number; body: Record<string, unknown> }[];
}

export interface History {
  /** Everything was well before this revision. */
  after: number;
  sent: readonly Sent[];
  screens: readonly Seen[];
  entries: readonly Entry[];
  /** From when to when PostgreSQL stood still or was gone: what it was committing then could be seen by nobody before. */
  away: readonly (readonly [from: number, to: number])[];
  /** The longest this process itself stood still: its screens could not have drawn meanwhile. */
  stall: number;
}
