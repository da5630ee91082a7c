import { z } from 'zod';
import { defineRecord, open, type Body } from '../fields.ts';

/** A line of a list that the centre keeps as data: a topic of calls, an item of supplies, a trade, a difficulty. */
export const listItem = z.object({
  code: z.string().regex(/^[a-zA-Z0-9-]{1,40}$/),
  name: z.object({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) }),
  active: z.boolean(),
  /** What the topic or item implies: read by the kind that uses the list, and checked by its `rules`. */
  urgency: z.enum(['urgent', 'soon', 'normal']).optional(),
  /** Minutes a call on this topic may take until it is answered. */
  minutes: z.int().min(1).max(43_200).optional(),
  /** The unit that answers for it unless the locality has its own. */
  unit: z.string().max(40).optional(),
  /** What to ask a caller about the topic: short labels, each put into the narrative by a key, the answer behind it. */
  prompts: z.array(z.object({ zh: z.string().min(1).max(20), en: z.string().min(1).max(40) })).max(8).optional(),
  /** Counting unit of a supply item, in both languages. */
  measure: z.object({ zh: z.string().max(10), en: z.string().max(20) }).optional(),
  /** GB 13690 / GB 6944 hazard class of a load. */
  hazard: z.enum(['flammable', 'oxidising', 'corrosive', 'toxic', 'gas']).optional(),
});
export type ListItem = z.infer<typeof listItem>;

export const listNames = ['topics', 'items', 'trades', 'difficulties', 'recipients', 'purposes'] as const;
export type ListName = (typeof listNames)[number];

/** The purpose that says nothing by itself: it takes one's own words. */
export const OTHER_PURPOSE = 'other';

export const list = defineRecord('list', {
  name: open(z.enum(listNames)),
  items: open(z.array(listItem).max(500)),
});
export type List = Body<typeof list>;
