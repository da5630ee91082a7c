import { z } from 'zod';

/**
 * What a list is narrowed to, as somebody keeps it under a name or in the page's address. Without the words that were typed:
 * they may be somebody's name or number, and neither an address nor a list of names is a place for those (rule 16).
 */
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
export const listFilter = z.strictObject({
  where: z.record(z.string().regex(/^[a-zA-Z]{1,40}$/), z.array(z.string().min(1).max(80)).min(1).max(50)).default({}),
  held: z.boolean().optional(),
  /** So many days back, today being one. */
  last: z.int().min(1).max(3_660).optional(),
  /** Days in the board's zone, both included; instead of `last`. */
  from: day.optional(),
  to: day.optional(),
  sort: z.enum(['newest', 'oldest']).default('newest'),
});
export type ListFilter = z.infer<typeof listFilter>;

export const savedFilter = z.object({ id: z.uuid(), name: z.string(), filter: listFilter });
export type SavedFilter = z.infer<typeof savedFilter>;
export const savedFilters = z.object({ filters: z.array(savedFilter) });

export const newFilter = z.strictObject({
  board: z.string().max(40),
  kind: z.string().max(30),
  name: z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}]*$/u),
  filter: listFilter,
});
/** Of one person, board and kind. */
export const MOST_FILTERS = 30;
