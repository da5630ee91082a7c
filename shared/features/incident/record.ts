import { z } from 'zod';
import { dueClock } from '../../time/dueClock.ts';
import { defineRecord, internal, open, personal, type Body } from '../fields.ts';

const instant = z.int();

/** 突发事件四类 (突发事件应对法 art. 3): 自然灾害、事故灾难、公共卫生事件、社会安全事件. */
export const categories = ['naturalDisaster', 'accident', 'publicHealth', 'publicSecurity'] as const;
export const category = z.enum(categories);
export type Category = z.infer<typeof category>;

/** 特别重大、重大、较大、一般 (same article, which grades the first three categories). I is the gravest. */
export const grades = ['I', 'II', 'III', 'IV'] as const;
export const grade = z.enum(grades);
export type Grade = z.infer<typeof grade>;

export const standings = ['reported', 'confirmed', 'inResponse', 'underControl', 'closed', 'dismissed'] as const;
export const standing = z.enum(standings);
export type Standing = z.infer<typeof standing>;

/** People by what happened to them, and the direct loss in 万元 (10,000 yuan). */
export const figureNames = ['dead', 'missing', 'gravelyInjured', 'lightlyInjured', 'trapped', 'evacuated', 'loss'] as const;
export type FigureName = (typeof figureNames)[number];
/** Rule 13: null is not known, 0 is a zero somebody gave. `asOf`: the moment the figure speaks of. */
export const figure = z.object({ value: z.number().min(0).nullable(), asOf: instant.nullable() });
export const figures = z.object(Object.fromEntries(figureNames.map((n) => [n, figure])) as Record<FigureName, typeof figure>);
export type Figures = z.infer<typeof figures>;
export const unknownFigures = (): Figures => Object.fromEntries(figureNames.map((n) => [n, { value: null, asOf: null }])) as Figures;

/** A record of another kind that belongs to it, and what that is called: a number or a public name. */
export const link = z.object({ kind: z.string(), id: z.string(), name: z.string() });
export type Link = z.infer<typeof link>;
export const LINKS = 300;

/** What the incident keeps of its upward reports: enough for its clocks and its timeline. */
export const reportRef = z.object({
  id: z.string(),
  no: z.int(),
  sort: z.enum(['first', 'followUp', 'final']),
  /** The report it puts right. */
  corrects: z.string().nullable(),
  /** When it first went out by each means; none while it is a draft. */
  sent: z.partialRecord(z.enum(['telephone', 'written', 'system']), instant),
  discarded: z.boolean(),
});
export type ReportRef = z.infer<typeof reportRef>;

/** 突发事件: what happened, how it stands, and everything on the board that belongs to it. */
export const incident = defineRecord('incident', {
  /** Day and counter: `E20200205-001`. */
  number: open(z.string()),
  /** Shown on walls: what and where, no private person. */
  title: open(z.string()),
  category: open(category),
  /** Null: not graded yet, which is not the lowest grade. */
  grade: open(grade.nullable()),
  gradeReason: internal(z.string().nullable()),
  locality: open(z.string()),
  /** What its localities were called when this was written: lists are searched by it. */
  placeWords: open(z.string()),
  /** The exact spot: a plant, a road, a building. */
  spot: internal(z.string().nullable()),
  /** When it happened, as far as is known. */
  since: open(instant),
  /** When the centre came to know of it (接报时间): its report clocks run from here. */
  knownAt: open(instant),
  standing: open(standing),
  standingSince: open(instant),
  /** Grounds of its last move. */
  standingReason: internal(z.string().nullable()),
  figures: open(figures),
  figuresSource: internal(z.string().nullable()),
  /** The unit that leads, and those that take part. */
  lead: open(z.string().nullable()),
  units: open(z.array(z.string()).max(30)),
  /** What is known of it, for the desks; no private person. */
  summary: internal(z.string().nullable()),
  links: internal(z.array(link).max(LINKS)),
  reports: internal(z.array(reportRef).max(200)),
  /** When the first report is due by each means; null: none is asked for. */
  clocks: open(z.object({ telephone: dueClock.nullable(), written: dueClock.nullable() })),
  /** A leader has said that it need not be reported upwards (免报), and why. */
  waived: internal(z.object({ by: z.string(), at: instant, reason: z.string() }).nullable()),
  /** The newest note by hand; those before it are in the log, one entry each. `n` counts them. */
  note: internal(z.object({ n: z.int(), text: z.string() }).nullable()),
  reportedBy: internal(z.string()),
  /** Who told it, and how to reach them. */
  informant: personal(),
  /** Whoever was hurt, is missing or is asked for, by name. */
  persons: personal(),
});
export type Incident = Body<typeof incident>;
