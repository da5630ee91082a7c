import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';
import { flawCodes } from './flaws.ts';

/** Priorities of alerts, after ISA-18.2: highest first. Each has a word and a shape of its own on every screen. */
export const alertLevels = ['critical', 'high', 'medium', 'low'] as const;
export const alertLevel = z.enum(alertLevels);
export type AlertLevel = z.infer<typeof alertLevel>;

/** What a rule looks at: each record of a kind by itself, or the board's figures. */
export const looks = ['records', 'figures'] as const;

const both = z.object({ zh: z.string().min(1).max(80), en: z.string().min(1).max(160) });
export const flaw = z.object({ code: z.enum(flawCodes), at: z.int().min(0), to: z.int().min(0) });

/** 告警规则: what raises an alert by itself. Each change is an edition of its own in the log. */
export const rule = defineRecord('rule', {
  code: open(z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/)),
  name: open(both),
  /** Why there is such a rule, in words. */
  note: internal(z.string().max(500)),
  looks: internal(z.enum(looks)),
  /** The kind whose records it looks at; null for figures. */
  kind: internal(z.string().max(30).nullable()),
  /** A figure kept for many places or units (`call.openBy`): looked at one by one, as `key` and `value`. */
  each: internal(z.string().max(60).nullable()),
  /** When it holds: an expression (expression.ts). */
  when: internal(z.string().max(500)),
  /** When it is over; null: when `when` no longer holds. Set apart from `when` it is a dead band. */
  clear: internal(z.string().max(500).nullable()),
  /** A time of the record; it must have been that long ago (`minutes`, negative: lie at most that far ahead) while `when` holds. */
  field: internal(z.string().max(60).nullable()),
  minutes: internal(z.int().min(-10_080).max(43_200)),
  /** An alert of it stands for at least so many minutes, so that it does not chatter. */
  least: internal(z.int().min(0).max(480)),
  level: open(alertLevel),
  /** Said on the wall: `{number}` and its like stand for public fields of the record. */
  title: open(both),
  active: open(z.boolean()),
  /** Counts the changes of what it says: an alert names the edition it comes from. */
  edition: open(z.int().min(1)),
  savedBy: internal(z.string()),
  savedAt: open(z.int()),
  /** It could not be worked out: on what, and how. It is passed over there and goes on everywhere else. */
  trouble: internal(z.object({ at: z.int(), flaw, id: z.string().nullable() }).nullable()),
});
export type Rule = Body<typeof rule>;
