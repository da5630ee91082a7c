import { z } from 'zod';
import { limitSetting } from '../../time/dueClock.ts';
import { defineRecord, open, type Body } from '../fields.ts';

/**
 * 时限: how long something may take, as data. A clock names the version of it that it was started under, which is the
 * record's own version: its history shows what each of them said.
 */
export const limit = defineRecord('limit', {
  code: open(z.string().regex(/^[a-zA-Z0-9-]{1,40}$/)),
  name: open(z.object({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) })),
  /** The kind whose business it is for. */
  use: open(z.string().regex(/^[a-zA-Z]{1,30}$/)),
  amount: open(limitSetting.shape.amount),
  unit: open(limitSetting.shape.unit),
  remindBefore: open(limitSetting.shape.remindBefore),
  urgeAfter: open(limitSetting.shape.urgeAfter),
  escalateAfter: open(limitSetting.shape.escalateAfter),
  active: open(z.boolean()),
});
export type Limit = Body<typeof limit>;
