import { z } from 'zod';
import { dueClock } from '../../time/dueClock.ts';
import { defineRecord, internal, open, personal, type Body } from '../fields.ts';

const instant = z.int();

/**
 * The eight stages of the 12345 lines (受理 派单 办理 答复 督办 办结 回访 评价), a call a unit has sent back (退回), and one that is
 * followed under an earlier call (并入).
 */
export const stages = ['accepted', 'dispatched', 'inHand', 'answered', 'urged', 'finished', 'calledBack', 'rated', 'sentBack', 'merged'] as const;
export const stage = z.enum(stages);
export type Stage = z.infer<typeof stage>;

export const origins = ['telephone', 'missed', 'sms', 'web', 'system'] as const;
/** Those that are written and wait to be read; the others ring. */
export const isMessage = (origin: (typeof origins)[number]): boolean => origin === 'sms' || origin === 'web' || origin === 'system';
export const urgencies = ['urgent', 'soon', 'normal'] as const;
export type Urgency = (typeof urgencies)[number];

/** How many calls one call can take in: more is an incident. */
export const MERGED = 200;

export const call = defineRecord('call', {
  /** Day and counter: `20200205-0126`. */
  number: open(z.string()),
  origin: open(z.enum(origins)),
  rung: open(instant),
  /** When a message came in, as its own channel says; null: nobody said, or it is a call. It then rang at that moment. */
  received: open(instant.nullable()),
  /** Null: nobody answered it. */
  answered: open(instant.nullable()),
  ended: open(instant.nullable()),
  topic: open(z.string()),
  urgency: open(z.enum(urgencies)),
  /** Down to the street, never below. */
  locality: open(z.string()),
  /** What its localities were called when this was written: lists are searched by it. */
  placeWords: open(z.string()),
  unit: open(z.string().nullable()),
  stage: open(stage),
  stageSince: open(instant),
  /** Until the caller must have an answer; null: no limit. Stopped once there is one, and begun anew when it is taken up again. */
  clock: open(dueClock.nullable()),
  /**
   * What the clock says, under the names that rules, figures and other programs know: when it must be answered, and that it was
   * not; null while nothing runs. Never set but by `told` (clocks.ts).
   */
  due: open(instant.nullable()),
  overdueSince: open(instant.nullable()),
  /** A leader has urged it (督办); stays until the caller has an answer. */
  urgedSince: open(instant.nullable()),
  /**
   * 催办: how often the unit that has it was pressed for an answer, when last, and how many times because a caller rang again;
   * null: never. Begins anew with another unit, and when the call is taken up again.
   */
  urging: open(z.object({ times: z.int().min(1), at: instant, byCallers: z.int().min(0) }).nullable()),
  rating: open(z.int().min(1).max(5).nullable()),
  /** How often it was taken up again after an answer. */
  reopened: open(z.int().min(0)),
  /** The earlier call it was merged into. Its own number and callers stay: it is owed a call-back of its own. */
  mergedInto: open(z.string().nullable()),
  /** The stage it goes back to when that is undone; null: it never had one. */
  mergedFrom: open(stage.nullable()),
  /** Callers waiting for this call's answer: its own and those merged into it. */
  callers: open(z.int().min(1)),
  /** The calls merged into it; `owed`: sent on to their call-back, since this one is finished. */
  merged: internal(z.array(z.object({ id: z.string(), owed: z.boolean() })).max(MERGED)),
  /** 补录: written down after the fact, from paper. */
  backEntered: open(z.boolean()),
  /** The number reserved on the paper form. */
  formNumber: open(z.string().nullable()),
  /** The ring it was answered from. */
  ring: open(z.string().nullable()),
  operator: internal(z.string()),
  operatorId: internal(z.string()),
  callerName: personal(),
  callerNumber: personal(),
  /** Below street level. */
  address: personal(),
  narrative: personal(),
  /** What the caller was told. */
  reply: personal(),
  /** Why it was sent back or taken up again. */
  reason: personal(),
  /** What was said with the last 催办. */
  urgeNote: personal(),
});
export type Call = Body<typeof call>;
