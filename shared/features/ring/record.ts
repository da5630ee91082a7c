import { z } from 'zod';
import { defineRecord, internal, open, personal, type Body } from '../fields.ts';

const instant = z.int();

/** What an exchange may tell of one of its calls. */
export const ringEvents = ['ringing', 'answered', 'ended', 'missed'] as const;
export type RingEvent = (typeof ringEvents)[number];

export const ringStages = ['ringing', 'answered', 'ended', 'missed'] as const;
export type RingStage = (typeof ringStages)[number];

/** 回电: how the call-back a missed ring is owed stands. */
export const callBacks = ['owed', 'tried', 'reached', 'givenUp'] as const;
export const callBack = z.enum(callBacks);
export type CallBack = z.infer<typeof callBack>;

/** Something the exchange named, with the time of the event it was named in: of two, the earlier stands, whichever came first. */
const named = z.object({ at: instant, value: z.string() }).nullable();

/**
 * 来话: one call as the exchange tells of it, from ringing to its end, and what this board owes because of it. What the
 * exchange told is held so that events in any order, and told again, give the same record (events.ts).
 */
export const ring = defineRecord('ring', {
  exchange: open(z.string()),
  /** The exchange's own id of the call. */
  call: internal(z.string()),
  line: internal(named),
  /** Extensions it rang at, in order of their names. */
  extensions: internal(z.array(z.string())),
  /** The extension that answered first. */
  answeredAt: internal(named),
  stage: open(z.enum(ringStages)),
  /** The earliest moment the exchange spoke of. */
  rung: open(instant),
  /** When anybody first answered; null: nobody has. */
  answered: open(instant.nullable()),
  ended: open(instant.nullable()),
  /** Told after a gap, in which the exchange could not be heard: times are reckoned. */
  estimated: open(z.boolean()),
  /** Its end was never told; given up waiting for it then. */
  lapsed: open(instant.nullable()),
  number: personal(),
  /** When the number in force was told. */
  numberAt: internal(instant.nullable()),
  claimedBy: internal(z.string().nullable()),
  claimedById: internal(z.string().nullable()),
  claimedAt: open(instant.nullable()),
  /** The call that was written down from it. */
  log: open(z.string().nullable()),
  /** Nothing is to be written down of it: somebody said so, or nobody did in time. */
  letGo: open(instant.nullable()),
  /** Null: none is owed. */
  callBack: open(callBack.nullable()),
  /** How often somebody tried to reach the caller, and when last. */
  tries: open(z.int().min(0)),
  triedAt: open(instant.nullable()),
  /** Why it was given up. */
  reason: personal(),
});
export type Ring = Body<typeof ring>;
