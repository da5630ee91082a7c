import { z } from 'zod';
import { role, scope } from '../access/access.ts';
import { screenInfo } from '../screen/profile.ts';
import { problem } from './errors.ts';
import { position } from './position.ts';

/** Everything that crosses the wire between a hub and a screen. One schema a message; the type comes from it. */

const boardId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const instant = z.int().min(0).max(8_640_000_000_000_000);

export const commandMessage = z.strictObject({
  /** Made by whoever sends it; asking again under the same id gives the first answer (rule 4). */
  id: z.uuid(),
  board: boardId,
  type: z.string().regex(/^[a-zA-Z]{1,30}\.[a-zA-Z]{1,30}$/),
  /** The sender's time on sending; `occurred` when it claims to have happened. */
  sent: instant,
  occurred: instant.optional(),
  body: z.record(z.string(), z.unknown()),
});
export type CommandMessage = z.infer<typeof commandMessage>;

export const answer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    epoch: z.int(),
    revision: z.int(),
    recorded: instant,
    result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
  z.object({ ok: z.literal(false), error: problem }),
]);
export type Answer = z.infer<typeof answer>;

export const wireRecord = z.object({
  kind: z.string(),
  id: z.string(),
  version: z.int(),
  revision: z.int(),
  /** Open business of this scope, kept in hand by the console; otherwise only shown where a list or page asked for it. */
  held: z.boolean(),
  body: z.record(z.string(), z.unknown()),
});
/** A record as an audience may hold it: public and internal fields, references where personal values are. */
export type WireRecord = z.infer<typeof wireRecord>;

/** A frame leads a screen from one revision to another. Rule 12: it may cover many changes. */
const step = { board: boardId, epoch: z.int(), from: z.int(), to: z.int() };
export const entryFrame = z.object({
  ...step,
  puts: z.array(wireRecord),
  /** Left this scope, or closed and no longer held. */
  gone: z.array(z.tuple([z.string(), z.string()])),
});
export type EntryFrame = z.infer<typeof entryFrame>;

/** Figures by kind, and `recent`: only those that changed. */
export const viewFrame = z.object({ ...step, at: instant, views: z.record(z.string(), z.unknown()) });
export type ViewFrame = z.infer<typeof viewFrame>;

/**
 * Rule 7. `proven`: milliseconds since this hub last proved against PostgreSQL that it is at the head.
 * `now`: the board's time. `sent`: the last revision told to this room; a screen that stands before it has missed a
 * frame and joins again, one that stands at it moves on to `revision`.
 */
export const beat = z.object({
  board: boardId,
  epoch: z.int(),
  revision: z.int(),
  sentEntries: z.int(),
  sentViews: z.int(),
  proven: z.number(),
  now: instant,
  speed: z.number(),
  /** Set when this screen fell behind and was let go (rule 11). */
  rejoin: z.boolean().optional(),
});
export type Beat = z.infer<typeof beat>;

export const joinMessage = z.strictObject({
  board: boardId.optional(),
  protocol: z.int(),
  entries: z.boolean(),
  views: z.boolean(),
});
export type JoinMessage = z.infer<typeof joinMessage>;

export const boardInfo = z.object({
  id: boardId,
  name: z.object({ zh: z.string(), en: z.string() }),
  zone: z.string(),
  exercise: z.boolean(),
});
export type BoardInfo = z.infer<typeof boardInfo>;

export const joined = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    hub: z.object({ id: z.string(), build: z.string() }),
    board: boardInfo,
    entries: z.object({ at: position, records: z.array(wireRecord) }).nullable(),
    views: z.object({ at: position, views: z.record(z.string(), z.unknown()) }).nullable(),
    beat,
    /** Of a wall: what the centre knows of the screen it is on. */
    screen: screenInfo.optional(),
  }),
  z.object({ ok: z.literal(false), error: problem }),
]);
export type Joined = z.infer<typeof joined>;

const page = { limit: z.int().min(1).max(200).default(50) };
export const queryMessage = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('list'),
    board: boardId,
    kind: z.string().max(30),
    /** Words that must all be found. */
    q: z.string().max(200).default(''),
    where: z.record(z.string().max(40), z.array(z.string().max(80)).max(50)).default({}),
    /** Only what is in hand (open), or all ever. */
    held: z.boolean().optional(),
    sort: z.enum(['newest', 'oldest']).default('newest'),
    after: z.string().max(200).optional(),
    /** The last record wanted, as `next` names it: what came in between since the page was first read comes too. */
    until: z.string().max(200).optional(),
    /** Where the kind's order begins and ends; of what is ordered by time, from and to, both included. */
    range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
    /** Personal fields to be shown masked beside each record. */
    masked: z.array(z.string().max(40)).max(10).optional(),
    ...page,
  }),
  z.strictObject({ name: z.literal('record'), board: boardId, kind: z.string().max(30), id: z.string().max(80) }),
  z.strictObject({
    name: z.literal('reveal'),
    board: boardId,
    kind: z.string().max(30),
    id: z.string().max(80),
    /** A line of what the kind offers as purposes; `handling` is for whoever handles the record, and named for them by the page. */
    purpose: z.string().regex(/^[a-zA-Z0-9-]{1,40}$/),
    /** In one's own words, where the purpose asks for them. */
    words: z.string().max(100).default(''),
  }),
  /** Who looked at personal values, when and what for, newest first: of one record, or of all. */
  z.strictObject({
    name: z.literal('looks'),
    board: boardId,
    kind: z.string().max(30).optional(),
    id: z.string().max(80).optional(),
    /** Left out: those too who handled the record and were not asked. */
    asked: z.boolean().default(false),
    after: z.string().max(60).optional(),
    ...page,
  }),
  /** The record's own changes and those of what its kind says belongs to it, newest first, in the order of the log. */
  z.strictObject({ name: z.literal('timeline'), board: boardId, kind: z.string().max(30), id: z.string().max(80), after: z.string().max(60).optional(), ...page }),
  /** What may be about the same matter as a record that is being written (`Alike`): records, and in `found` why each. */
  z.strictObject({ name: z.literal('alike'), board: boardId, kind: z.string().max(30), body: z.record(z.string(), z.unknown()) }),
  /** A question of the kind's own over all that is present (`Survey`), answered in slices. */
  z.strictObject({ name: z.literal('survey'), board: boardId, kind: z.string().max(30), ask: z.string().max(60), body: z.record(z.string(), z.unknown()) }),
  /** The kind's own figures over a time longer than what is told to screens. */
  z.strictObject({ name: z.literal('figures'), board: boardId, kind: z.string().max(30), body: z.record(z.string(), z.unknown()) }),
]);
export type QueryMessage = z.infer<typeof queryMessage>;
export type ListQuery = Extract<QueryMessage, { name: 'list' }>;

export const historyLine = z.object({
  revision: z.int(),
  recorded: instant,
  occurred: instant,
  command: z.string(),
  author: z.string(),
  version: z.int(),
  /** Field by field: what it was and what it became. Personal fields only say that they changed. */
  changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
});
export type HistoryLine = z.infer<typeof historyLine>;

/** One entry of the log as one reader may see it: a line of history for each of the timeline's records it changed. */
export const timelineLine = z.object({
  epoch: z.int(),
  revision: z.int(),
  recorded: instant,
  occurred: instant,
  command: z.string(),
  author: z.string(),
  puts: z.array(
    z.object({ kind: z.string(), id: z.string(), version: z.int(), changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])) }),
  ),
});
export type TimelineLine = z.infer<typeof timelineLine>;

/** One look at personal values: which record, who, when, what for. Never a value. */
export const lookLine = z.object({
  at: instant,
  kind: z.string(),
  id: z.string(),
  /** What the record is called by, where it has a number or code of its own. */
  number: z.string(),
  /** When it began, where that tells it to a person better than its number. */
  began: instant.optional(),
  author: z.string(),
  fields: z.array(z.string()),
  purpose: z.string(),
  words: z.string(),
});
export type LookLine = z.infer<typeof lookLine>;

export const queryResult = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    at: position,
    records: z.array(wireRecord).optional(),
    next: z.string().nullable().optional(),
    total: z.int().optional(),
    /** There are more than `total`; how many is not known. */
    over: z.boolean().optional(),
    /** Of a list, by record: the personal fields it asked for, as {@link personal}. */
    masked: z.record(z.string(), z.record(z.string(), z.string().nullable())).optional(),
    record: wireRecord.optional(),
    /** Masked: `王**`, `139****0126`. Whole only in the answer to `reveal`. */
    personal: z.record(z.string(), z.string().nullable()).optional(),
    history: z.array(historyLine).optional(),
    timeline: z.array(timelineLine).optional(),
    looks: z.array(lookLine).optional(),
    /** Of `alike`: why each is found. Of a survey: the first found, `total` of `seen`, and how many could not be told. */
    found: z.array(z.object({ kind: z.string().nullable(), id: z.string(), values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) })).optional(),
    seen: z.int().optional(),
    failed: z.int().optional(),
    /** Of `figures`: as the kind's own schema says. */
    figures: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({ ok: z.literal(false), error: problem }),
]);
export type QueryResult = z.infer<typeof queryResult>;

const doing = z.enum(['open', 'changing']);
export type Doing = z.infer<typeof doing>;

/** Which record a page has open, and whether a form of it is open there; null: none. Heard and forgotten, never kept (rule 18). */
export const presenceMessage = z.strictObject({
  board: boardId,
  at: z.strictObject({ kind: z.string().max(30), id: z.string().min(1).max(80), doing }).nullable(),
});
export type PresenceMessage = z.infer<typeof presenceMessage>;

export const presentPerson = z.object({ id: z.string().max(80), name: z.string().max(120), doing });
export type PresentPerson = z.infer<typeof presentPerson>;

/** Who else has the record open that this page has: the first of them, those who change it before others, and how many more. */
export const presenceFrame = z.object({ board: boardId, kind: z.string(), id: z.string(), people: z.array(presentPerson), more: z.int() });
export type PresenceFrame = z.infer<typeof presenceFrame>;

export const presenceAnswer = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), z.object({ ok: z.literal(false), error: problem })]);
export type PresenceAnswer = z.infer<typeof presenceAnswer>;

/** What `GET /api/v1/session` answers: who sits here, and the boards they may open. */
export const sessionInfo = z.object({
  person: z.object({ id: z.string(), label: z.string(), name: z.string(), mustChangePassword: z.boolean() }),
  grants: z.array(z.object({ board: boardId, role, scope })),
});
export type SessionInfo = z.infer<typeof sessionInfo>;

/** Bounds at the door (rule 7 of bad input): bytes of one socket frame or REST body. */
export const MAX_FRAME_BYTES = 256 * 1024;
