import { z } from 'zod';
import { wireRecord } from './messages.ts';
import { position, type Position } from './position.ts';

const instant = z.int().min(0).max(8_640_000_000_000_000);

/**
 * What `GET /api/v1/changes` answers other programs: the log after a position, entry by entry, each shaped for the key's
 * role and scope. Entries that hold nothing for them are left out; `next` has passed them.
 */
export const changeEntry = z.object({
  revision: z.int(),
  recorded: instant,
  occurred: instant,
  /** Null where nothing but removals is left of the entry: of what happened to a record elsewhere nothing is said. */
  command: z.string().nullable(),
  /** Post and surname of a person, or the name of a program. */
  author: z.string().nullable(),
  puts: z.array(wireRecord),
  /** Left this scope: kind and id, and nothing of where it went. */
  gone: z.array(z.tuple([z.string(), z.string()])),
});
export type ChangeEntry = z.infer<typeof changeEntry>;

export const changesAnswer = z.discriminatedUnion('continues', [
  z.object({
    ok: z.literal(true),
    continues: z.literal(true),
    changes: z.array(changeEntry),
    /** Ask `since` this next; `<epoch>.<revision>`. */
    next: z.string(),
    /** Where the board stood when this was read. */
    at: position,
    /** There is more to be had at once. */
    more: z.boolean(),
  }),
  z.object({
    ok: z.literal(true),
    /** The board goes on from elsewhere: read the lists anew, and go on from the position they were read at. */
    continues: z.literal(false),
    why: z.enum(['otherEpoch', 'ahead']),
    at: position,
  }),
]);
export type ChangesAnswer = z.infer<typeof changesAnswer>;

/** Entries of one answer, and the seconds a request may wait for the first one. */
export const MAX_CHANGES = 500;
export const MAX_WAIT = 30;

export const positionText = (p: Position): string => `${p.epoch}.${p.revision}`;

/** Epochs and revisions stay far below what a number holds exactly. */
const written = z.string().regex(/^[1-9]\d{0,8}\.(0|[1-9]\d{0,14})$/);

/** Of a text that `positionText` wrote. */
export function positionOf(text: string): Position {
  const [epoch = 0, revision = 0] = text.split('.').map(Number);
  return { epoch, revision };
}

export const changesRequest = z.strictObject({
  board: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** Left out: from where the board stands now. */
  since: written.transform(positionOf).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_CHANGES).default(100),
  wait: z.coerce.number().min(0).max(MAX_WAIT).default(0),
});
export type ChangesRequest = z.infer<typeof changesRequest>;
