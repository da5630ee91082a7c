import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';
import { alertLevels } from '../rule/record.ts';

/** Shifts begin and end on the quarter of an hour, so that who is on at any moment is found by a key. */
export const QUARTER = 15 * 60_000;
export const LONGEST = 24 * 3_600_000;

/** Post and surname (值班长 王), and who that is on this board where they have a name to sign in by. */
export const duty = z.object({ label: z.string().min(1).max(40), person: z.string().max(80).nullable() });

/** Minutes after which an alert nobody has acknowledged rises to the next, by its level. */
export const rise = z.object(Object.fromEntries(alertLevels.map((l) => [l, z.int().min(1).max(480)])) as Record<(typeof alertLevels)[number], z.ZodInt>);
export const defaultRise = { critical: 3, high: 5, medium: 15, low: 60 } as const;

/** 班次: who is on duty from when to when, in the order in which alerts rise. */
export const shift = defineRecord('shift', {
  name: open(z.string().max(40)),
  from: open(z.int()),
  to: open(z.int()),
  duty: open(z.array(duty).min(1).max(10)),
  rise: internal(rise),
  /** Taken off the roster: it never was. */
  cancelled: internal(z.boolean()),
});
export type Shift = Body<typeof shift>;

/** Finds the shift that is on at a moment. */
export const slotKey = (at: number): string => `at:${Math.floor(at / QUARTER)}`;

export const slots = (from: number, to: number): string[] => {
  const out: string[] = [];
  for (let at = from; at < to && out.length < LONGEST / QUARTER; at += QUARTER) out.push(slotKey(at));
  return out;
};
