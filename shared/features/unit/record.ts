import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';

export const unitSorts = ['department', 'street', 'team', 'centre'] as const;

/** 单位: who calls, orders and hazards go to. */
export const unit = defineRecord('unit', {
  code: open(z.string().regex(/^[a-z0-9-]{1,40}$/)),
  name: open(z.object({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) })),
  sort: open(z.enum(unitSorts)),
  /** What it answers for; empty for the whole board. */
  localities: open(z.array(z.string()).max(200)),
  /** Duty telephones by hour; `from` and `to` are minutes of the day, to may pass midnight. */
  telephones: internal(z.array(z.object({ from: z.int().min(0).max(1440), to: z.int().min(0).max(1440), number: z.string().max(30) })).max(20)),
  /** Posts and surnames, in the order to be tried. */
  deputies: internal(z.array(z.string().max(40)).max(10)),
  active: open(z.boolean()),
});
export type Unit = Body<typeof unit>;
