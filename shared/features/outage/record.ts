import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';

const instant = z.int();

/** What failed: the power, the network between desks and hub, the board itself, the telephone exchange. */
export const causes = ['power', 'network', 'system', 'telephone', 'unknown', 'other'] as const;
export type Cause = (typeof causes)[number];

/** 中断时段: hours in which nothing, or not everything, could be written down. What happened then is not zero but not known. */
export const outage = defineRecord('outage', {
  from: open(instant),
  /** Null: it goes on. */
  to: open(instant.nullable()),
  cause: open(z.enum(causes)),
  /** `found`: no hub served the board from one moment to another, and the next one to start noticed. */
  source: open(z.enum(['recorded', 'found'])),
  /** It was none: it counts nowhere, and stays readable. */
  withdrawn: open(z.boolean()),
  reason: internal(z.string()),
  by: internal(z.string()),
});
export type Outage = Body<typeof outage>;
