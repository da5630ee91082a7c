import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';

/** 响应级别: I is the highest; `none` is a level too: the response has ended or was never declared. */
export const levels = ['I', 'II', 'III', 'IV', 'none'] as const;
export const levelName = z.enum(levels);
export type LevelName = z.infer<typeof levelName>;

/** One record, id `current`; what went before is its history. */
export const CURRENT = 'current';

export const level = defineRecord('level', {
  level: open(levelName),
  /** What it was before this declaration. */
  previous: open(levelName),
  /** When it took effect, as declared. */
  since: open(z.int()),
  /** Post and surname of whoever declared it. */
  by: open(z.string()),
  grounds: open(z.string()),
  /** The order itself. */
  text: internal(z.string()),
});
export type Level = Body<typeof level>;
