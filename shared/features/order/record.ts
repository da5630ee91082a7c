import { z } from 'zod';
import { dueClock } from '../../time/dueClock.ts';
import { defineRecord, internal, open, type Body } from '../fields.ts';

const instant = z.int();

/** 待签收、已签收、已反馈、已办结（待核验）、已核验；退回（不属本单位）；已撤销. */
export const standings = ['given', 'accepted', 'reported', 'finished', 'verified', 'sentBack', 'cancelled'] as const;
export const standing = z.enum(standings);
export type Standing = z.infer<typeof standing>;

/** By a person, or by the board itself because a count differs from what was announced. */
export const origins = ['person', 'difference'] as const;

/**
 * 指令、督办: what one unit was told to do, until when, and how far it has come. An order to several units is one of these
 * for each, so that each has its own standing and clock and sees nothing of the others'; `given` is what they have in common.
 */
export const order = defineRecord('order', {
  /** Day and counter: `D20200205-003`; `D20200205-003-2` where several units were told the same. */
  number: open(z.string()),
  given: open(z.string()),
  /** How many units were told. */
  units: open(z.int().min(1)),
  /** Shown on walls: a few words, no private person. */
  title: open(z.string()),
  /** What is to be done, and on what grounds. */
  text: internal(z.string()),
  /** The record it is about. */
  aboutKind: open(z.string().nullable()),
  aboutId: open(z.string().nullable()),
  /** What it is called in public: a number, an enterprise's name. */
  aboutName: open(z.string().nullable()),
  locality: open(z.string().nullable()),
  placeWords: open(z.string()),
  unit: open(z.string()),
  standing: open(standing),
  standingSince: open(instant),
  givenAt: open(instant),
  /** Post and surname. */
  by: open(z.string()),
  byId: internal(z.string()),
  origin: open(z.enum(origins)),
  clock: open(dueClock),
  /** A leader has urged it: when last, and how often. */
  urgedSince: open(instant.nullable()),
  urges: open(z.int()),
  /** What the unit said last. */
  report: internal(z.string().nullable()),
  reportedAt: open(instant.nullable()),
  /** Why it was sent back, given again, paused or cancelled; why more time is wanted. */
  reason: internal(z.string().nullable()),
});
export type Order = Body<typeof order>;
