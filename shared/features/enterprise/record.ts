import { z } from 'zod';
import { defineRecord, internal, open, personal, type Body } from '../fields.ts';
import { hazards } from '../shipment/record.ts';

const instant = z.int();

/** 复工状态. */
export const states = ['notResumed', 'applied', 'underReview', 'permitted', 'resumed', 'stopped'] as const;
export const state = z.enum(states);
export type Resumption = z.infer<typeof state>;

/** 安全风险四色, red the worst; a scheme of its own, not the five-colour map. */
export const risks = ['red', 'orange', 'yellow', 'blue'] as const;
export const risk = z.enum(risks);
/** 安全码三色. */
export const safetyCodes = ['red', 'yellow', 'green'] as const;
export const safetyCode = z.enum(safetyCodes);
export type SafetyCode = z.infer<typeof safetyCode>;

export const outputLine = z.object({ product: z.string(), quantity: z.number(), unit: z.string() });

export const enterprise = defineRecord('enterprise', {
  name: open(z.string()),
  /** GB 32100, check character verified. */
  creditCode: open(z.string()),
  locality: open(z.string()),
  /** What its localities were called when this was written: lists are searched by it. */
  placeWords: open(z.string()),
  address: internal(z.string().nullable()),
  position: open(z.tuple([z.number(), z.number()]).nullable()),
  /** Code of the list `trades`. */
  trade: open(z.string()),
  headcount: open(z.int().min(0)),
  /** Kept or made on site. */
  hazards: open(z.array(z.enum(hazards))),
  /** The unit that answers for it. */
  unit: open(z.string().nullable()),
  registered: open(instant),
  state: open(state),
  stateSince: open(instant),
  stateReason: internal(z.string().nullable()),
  risk: open(risk.nullable()),
  riskSince: open(instant.nullable()),
  /** The safety code; null: not judged yet. */
  code: open(safetyCode.nullable()),
  codeSince: open(instant.nullable()),
  judgedBy: internal(z.string().nullable()),
  judgedReason: internal(z.string().nullable()),
  /** The day its newest report speaks of, and when that came; null: it has never reported. */
  reportedDay: open(z.string().nullable()),
  reportedAt: open(instant.nullable()),
  reportedBy: internal(z.string().nullable()),
  /** A zero report (零报告): it was said that there is nothing, which is not silence. */
  zero: open(z.boolean()),
  /** Per cent of normal capacity; null until the first report. */
  capacity: open(z.number().nullable()),
  /** On duty that day. */
  staff: open(z.int().nullable()),
  /** Days its masks will last; null: not said. */
  masksDays: open(z.number().nullable()),
  /** Codes of the list `difficulties`. */
  difficulties: open(z.array(z.string())),
  output: internal(z.array(outputLine)),
  difficultyWords: internal(z.string().nullable()),
  inspector: internal(z.string()),
  contactName: personal(),
  contactNumber: personal(),
});
export type Enterprise = Body<typeof enterprise>;
