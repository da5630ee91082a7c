import type { z } from 'zod';
import type { Author, Place, Role } from '../access/access.ts';
import type { Instant } from '../time/clock.ts';
import type { Body, BodyOf, Fields, PersonalOf, RecordDef } from './fields.ts';

/**
 * The pattern of a kind. The spine knows this file and nothing of any kind: it is handed the list in index.ts.
 * Everything in here is pure: no clock, no randomness, no input or output.
 */

export interface Stored<B> {
  kind: string;
  id: string;
  version: number;
  /** The revision that wrote this version. */
  revision: number;
  body: B;
}

/** One record's new state. Personal values are given beside the body; the body then holds their reference (rule 16). */
export interface Put {
  kind: string;
  id: string;
  body: Record<string, unknown>;
  /** Values of personal fields this put writes; null clears the field. Fields not named keep what they had. */
  personal?: Record<string, string | null>;
  /** All personal values of the record end here, those of earlier versions too; nothing is left of them but that they were. */
  erase?: true;
}

export interface Decision {
  puts: Put[];
  /** Returned to whoever sent the command: numbers given, never personal values. */
  result?: Record<string, string | number | boolean | null>;
}

/** What a command reads, named before it is decided, so that a batch reads once (rule 2). */
export interface Needs {
  records?: [kind: string, id: string][];
  /** Natural keys (see Feature.keys): finds at most one record each. */
  keys?: [kind: string, key: string][];
  counters?: string[];
}

export interface NeedsContext {
  now: Instant;
  zone: string;
  author: Author;
}

export interface DecideContext extends NeedsContext {
  /** The id of a record this command makes: the same whenever the command is asked again, never another author's. */
  newId: string;
  /** When it happened, as claimed by whoever sent it; equals `now` when nothing was claimed. */
  occurred: Instant;
  get<R extends RecordDef>(def: R, id: string): Stored<Body<R>> | undefined;
  find<R extends RecordDef>(def: R, key: string): Stored<Body<R>> | undefined;
  /** The next number of a counter named in `needs`; given back when the command is refused. */
  take(counter: string): number;
}

export interface Command<S extends z.ZodType = z.ZodType> {
  /** Who may send it. `system` commands are sent by the board's own clocks (rule 15). */
  roles: readonly (Role | 'system')[];
  body: S;
  needs?(body: z.infer<S>, context: NeedsContext): Needs;
  /** Throws `Refused` (protocol/errors.ts) to refuse: nothing of the command is then stored. */
  decide(context: DecideContext, body: z.infer<S>): Decision;
}

/** Gives `decide` and `needs` the type of their body. */
export const command = <S extends z.ZodType>(c: Command<S>): Command<S> => c;

export interface Change<B> {
  kind: string;
  id: string;
  before: B | null;
  after: B;
  revision: number;
  recorded: Instant;
  occurred: Instant;
  command: string;
}

/**
 * Figures kept as the log grows (rule 12): `apply` costs the same whatever lies behind it; the state is plain JSON,
 * so that it can be a checkpoint; the same fold over the log up to a revision gives the figures of that minute.
 */
export interface Fold<S, V, B> {
  /** Raise it whenever the meaning of the state changes: older checkpoints are then not used. */
  version: number;
  empty(): S;
  apply(state: S, change: Change<B>, zone: string): void;
  /** Changes of other kinds that bear on these figures, told in the order of the log: hours in which nothing could be written down. */
  hears?: Record<string, (state: S, change: Change<Record<string, unknown>>, zone: string) => void>;
  /** Public fields only: this is what a wall gets. Bounded, whatever the number of records. */
  view(state: S, now: Instant, zone: string): V;
}

/** One line of "what just happened"; words are the client's, under `headlines.<code>`. Public values only. */
export interface Headline {
  code: string;
  tone: 'plain' | 'good' | 'warn' | 'alarm';
  params: Record<string, string | number>;
  locality?: string;
}

/** A moment at which the board itself must act on a record (rule 15): a command, written once, whoever notices first. */
export interface Due {
  clock: string;
  at: Instant;
  command: string;
  body: Record<string, unknown>;
}

/** A command the board itself owes somebody. Two hubs that notice the same give it the same key, and it is written once (rule 15). */
export interface Ask {
  key: string;
  command: string;
  body: Record<string, unknown>;
}

/** A record as it stands now. */
export interface Present {
  kind: string;
  id: string;
  revision: number;
  body: Record<string, unknown>;
}

/**
 * Follows every change of the board, of whatever kind, and asks for commands when their moment has come. What it knows is
 * in memory only and is made anew from the present records after a start: it may notice late or twice or wrongly, so its
 * commands judge again what they find on the record. Everything it does costs what the change costs, never what lies
 * behind it (rule 12), and nothing it meets makes it throw.
 */
export interface Watcher {
  change(change: Change<Record<string, unknown>>): void;
  /** A kind whose present records it must go through, one at a time; null: none. */
  wants(): string | null;
  /** One of them. Older than what {@link change} has told already, it is passed over. */
  saw(record: Present, now: Instant): void;
  /** That was all of the kind. */
  sawAll(kind: string): void;
  /** Kinds whose figures it looks at. */
  figuresOf(): readonly string[];
  figures(viewOf: (kind: string) => unknown, now: Instant, zone: string): void;
  /** What has fallen due, oldest first, save what is in hand. */
  due(now: Instant, limit: number, inHand: (key: string) => boolean): Ask[];
  /** It has been written, or needs no writing. */
  done(key: string): void;
}

/**
 * A question over all present records of a kind, or over the board's figures, gone through in slices so that nobody waits
 * for it (rule 2). Its answers hold public fields alone.
 */
export interface Survey<S extends z.ZodType = z.ZodType> {
  roles: readonly Role[];
  body: S;
  begin(body: z.infer<S>, context: { now: Instant; zone: string }): Sift;
}
export interface Found {
  /** The record found; null for a figure. */
  kind: string | null;
  id: string;
  values: Record<string, string | number | boolean | null>;
}
export interface Sift {
  /** The kind whose records it goes through; null: figures. */
  kind: string | null;
  /** Null: not one of them. Throws where it cannot be told. */
  record(record: Present): Found | null;
  figures(viewOf: (kind: string) => unknown): Found[];
}
export const survey = <S extends z.ZodType>(s: Survey<S>): Survey<S> => s;

/**
 * Earlier records that may be about the same matter as one that is being written (疑似重复). The hub reads what comes near by
 * the kind's own ways, each along an index, within the asker's scope, and the kind weighs it. Personal values are compared on
 * the hub and leave it neither whole nor in part: only those may ask who may be shown them, and no program without that right.
 */
export interface Alike<S extends z.ZodType = z.ZodType> {
  roles: readonly Role[];
  body: S;
  /** Personal fields that are compared: of each the first `COMPARED` signs (text/alike.ts). */
  reads: readonly string[];
  ways(asked: z.infer<S>, now: Instant): Way[];
  /** Best first, at most some twenty; what is not worth showing is left out. `total`: of how many the kind speaks beside them. */
  rank(asked: z.infer<S>, near: readonly Near[], now: Instant): { found: { id: string; values: Found['values'] }[]; total: number };
}
/** The newest so many: of all, or of those whose fields are so (`starts`: begin so), not older than `since`; or whose personal value has this tail (telephone.ts). */
export type Way = { limit: number } & ({ since: Instant } | { field: string; is: string; since: Instant } | { field: string; starts: string; since: Instant } | { personal: string; tail: string });
export interface Near {
  id: string;
  body: Record<string, unknown>;
  personal: Record<string, string | undefined>;
}
export const alike = <S extends z.ZodType>(a: Alike<S>): Alike<S> => a;

/**
 * What alert rules may look at in the records of a kind, whose figures are then open to them too. Personal fields are never
 * offered, whatever is said here; internal ones only where everybody who reads alerts reads the kind as well. A name in words
 * is the kind's own: `fields`, `parts` and, of its figures, `readings`.
 */
export interface Subject<F extends Fields = Fields> {
  /** Bookkeeping and narratives nobody would judge a record by. */
  hides: readonly (keyof F & string)[];
  /** Parts of fields that are offered beside the fields: `clock.due`. */
  parts: readonly PartOf<F>[];
  /** Its times, which a rule can count minutes from: fields, or some of `parts`. */
  times: readonly ((keyof F & string) | PartOf<F>)[];
}
type PartOf<F extends Fields> = `${keyof F & string}.${string}`;

export interface Feature<
  K extends string = string,
  F extends Fields = Fields,
  C extends Record<string, Command> = Record<string, Command>,
  S = unknown,
  V = unknown,
> {
  kind: K;
  /** The noun under /api/v1. */
  plural: string;
  /** Version of the record's shape; `upgrade` lifts a body of any older one (rule 17). */
  version: number;
  upgrade(body: Record<string, unknown>, from: number): Record<string, unknown>;
  record: RecordDef<K, F>;
  /** By full name: `call.log`. */
  commands: C;
  /** Roles that see this kind at all, and those that may ask for its personal values. */
  readers: readonly Role[];
  revealers: readonly Role[];
  /**
   * How personal values end (rule 16): the command that erases them, and milliseconds after the last change of a record
   * that is no longer in hand; null: only when somebody asks for it.
   */
  erasure?: { command: string; after: number | null };
  /**
   * Whoever handles a record is shown its personal values without being asked what for; that they looked is written down all
   * the same. Where a kind does not say who does, everybody is asked.
   */
  handles?(body: BodyOf<F>, who: Pick<Author, 'id' | 'role' | 'scope'>): boolean;
  /** Of the kind that keeps what somebody may look for as data: the record, and its lines; `own`: to be said in words besides. */
  purposes?: { id: string; of(body: BodyOf<F>): { code: string; own: boolean }[] };
  /**
   * Of the kind that keeps the hours in which nobody served the board: its command `{ from }`, sent by the hub that comes first
   * once nothing was proved for at least so many milliseconds (rule 19).
   */
  darkness?: { command: string; least: number };
  /** How a personal value is shown to someone who has not asked for it; three stars where the kind says nothing. */
  mask?(field: PersonalOf<F>, value: string): string;
  place(body: BodyOf<F>): Place;
  /** Whether consoles hold it in hand (open business); the rest is asked for. */
  held(body: BodyOf<F>): boolean;
  /** What it is found by (no personal values), and the order of its lists, newest or most urgent last. */
  words(body: BodyOf<F>): string[];
  order(body: BodyOf<F>): number;
  /** Natural keys, unique on the board. */
  keys?(body: BodyOf<F>): string[];
  /** When it began: what it is told by where its key is another machine's name for it and means nothing to a person. */
  began?(body: BodyOf<F>): Instant;
  /** Public or internal fields a list can be narrowed by (equality, or one of several). */
  filters: readonly (keyof F & string)[];
  dues?(body: BodyOf<F>): Due[];
  /** Records of any kind whose changes are told together with its own on one timeline; a reader is told of those they may see. */
  timeline?(body: BodyOf<F>): [kind: string, id: string][];
  /** Declared where alert rules may look at the kind. */
  subject?: Subject<F>;
  watch?(): Watcher;
  /** By full name: `rule.try`. */
  surveys?: Record<string, Survey>;
  /** Its migration has an index for each of its ways. */
  alike?: Alike;
  fold: Fold<S, V, BodyOf<F>>;
  headline(change: Change<BodyOf<F>>): Headline | null;
  /** Made-up records for seeds, tests and the gallery. */
  samples(): { id: string; body: BodyOf<F>; personal?: Partial<Record<PersonalOf<F>, string>> }[];
}

/** Keeps the particular types of a kind while holding it to the pattern. */
export const defineFeature = <
  K extends string,
  F extends Fields,
  C extends Record<string, Command>,
  S,
  V,
>(f: Feature<K, F, C, S, V>): Feature<K, F, C, S, V> => f;

/**
 * A figure that says what it is worth (rule 13). `value` null is unknown, and `why` says why; 0 is a zero that was reported.
 * `asOf`: the newest moment its inputs speak of. `reported` of `expected` have spoken.
 */
export interface Reading {
  value: number | null;
  asOf: Instant | null;
  reported?: number;
  expected?: number;
  why?: 'noReport' | 'notCounted' | 'tooFew' | 'notYet' | 'dark';
}
