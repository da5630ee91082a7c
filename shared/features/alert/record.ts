import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';
import { alertLevel } from '../rule/record.ts';

const instant = z.int();

export const alertStates = ['new', 'acknowledged', 'acting', 'shelved', 'cleared'] as const;
export const alertState = z.enum(alertStates);
export type AlertState = z.infer<typeof alertState>;

/** A shelving ends with the shift that is on at the latest, and so does an acknowledgement; after so long where no roster is kept. */
export const LONGEST_PAUSE = 8 * 3_600_000;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** 告警: something that wants somebody, raised by a rule or by a person, until it is over. */
export const alert = defineRecord('alert', {
  /** Day and counter: `A20200205-003`. */
  number: open(z.string()),
  level: open(alertLevel),
  /** Short and public: it stands on the wall. `{number}` and its like stand for `params`. */
  title: open(z.object({ zh: z.string(), en: z.string() })),
  params: open(z.record(z.string(), scalar)),
  /** The record it is about. */
  about: open(z.object({ kind: z.string(), id: z.string() }).nullable()),
  units: open(z.array(z.string())),
  localities: open(z.array(z.string())),
  state: open(alertState),
  stateSince: open(instant),
  raised: open(instant),
  /** Post and surname of whoever raised it; null: a rule did. */
  raisedBy: open(z.string().nullable()),
  /** Which rule, in which edition; null: a person raised it. */
  rule: open(z.object({ code: z.string(), edition: z.int(), name: z.object({ zh: z.string(), en: z.string() }) }).nullable()),
  /** Of what the rule found it, where that is no record: a place, a unit. */
  key: open(z.string().nullable()),
  /** What the rule looked at, by name. */
  inputs: internal(z.record(z.string(), scalar)),
  /** Whether what raised it still is so; null: only a person can say. While it is, the rule raises no second one. */
  holds: open(z.boolean().nullable()),
  /** Stands for at least so many minutes. */
  least: internal(z.int()),
  notes: internal(z.string()),
  /** Whose it is just now: the place on the roster it has risen to (0: the first), by post and surname. */
  rank: open(z.int().min(0)),
  whose: open(z.string().nullable()),
  whosePerson: internal(z.string().nullable()),
  roseAt: open(instant.nullable()),
  /** When it rises to the next, unless somebody acknowledges it; null: nobody is left, or it waits for nobody. */
  riseAt: open(instant.nullable()),
  /** Who acknowledged or shelved it, what they intend, and until when that holds. */
  by: open(z.string().nullable()),
  byPerson: internal(z.string().nullable()),
  intends: open(z.string().nullable()),
  until: open(instant.nullable()),
  /** Why it was shelved or cleared. */
  reason: internal(z.string().nullable()),
  /** How often it came back because a shelving or an acknowledgement ran out. */
  back: open(z.int().min(0)),
});
export type Alert = Body<typeof alert>;
