import { z } from 'zod';
import { defineRecord, internal, open, personal, type Body } from '../fields.ts';

const instant = z.int();

/** The eight stages of the 12345 lines (受理 派单 办理 答复 督办 办结 回访 评价), and a call a unit has sent back. */
export const stages = ['accepted', 'dispatched', 'inHand', 'answered', 'urged', 'finished', 'calledBack', 'rated', 'sentBack'] as const;
export const stage = z.enum(stages);
export type Stage = z.infer<typeof stage>;

export const origins = ['telephone', 'missed', 'sms', 'web', 'system'] as const;
export const urgencies = ['urgent', 'soon', 'normal'] as const;
export type Urgency = (typeof urgencies)[number];

export const call = defineRecord('call', {
  /** Day and counter: `20200205-0126`. */
  number: open(z.string()),
  origin: open(z.enum(origins)),
  rung: open(instant),
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
  /** When it must be answered; null once it has been. */
  due: open(instant.nullable()),
  /** The fact that it was not answered in time, written once (rule 15). */
  overdueSince: open(instant.nullable()),
  /** A leader has urged it (督办); stays until the caller has an answer. */
  urgedSince: open(instant.nullable()),
  rating: open(z.int().min(1).max(5).nullable()),
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
});
export type Call = Body<typeof call>;
