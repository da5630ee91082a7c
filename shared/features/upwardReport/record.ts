import { z } from 'zod';
import { defineRecord, internal, open, type Body } from '../fields.ts';
import { category, figureNames, grade, reportRef, type FigureName } from '../incident/record.ts';

const instant = z.int();

/** 首报、续报、终报. */
export const sorts = ['first', 'followUp', 'final'] as const;
export const sort = reportRef.shape.sort;
export type Sort = (typeof sorts)[number];

/** 电话、书面、系统. */
export const meansOf = ['telephone', 'written', 'system'] as const;
export const means = z.enum(meansOf);
export type Means = z.infer<typeof means>;

export const states = ['draft', 'signed', 'sent', 'discarded'] as const;
export const state = z.enum(states);
export type ReportState = z.infer<typeof state>;

/**
 * What a report says, in the order such offices write it: 信息来源、事件起因和性质、基本过程、已造成的后果、影响范围、
 * 事件发展趋势、处置情况、拟采取的措施. No private person is named in it.
 */
export const sections = ['source', 'cause', 'course', 'consequences', 'extent', 'trend', 'handling', 'measures'] as const;
export type Section = (typeof sections)[number];

/** Figures as this report gives them; null: not known. People, and the loss in 万元. */
export const reportFigures = z.object(Object.fromEntries(figureNames.map((n) => [n, z.number().min(0).nullable()])) as Record<FigureName, z.ZodNullable<z.ZodNumber>>);
export type ReportFigures = z.infer<typeof reportFigures>;

export const sending = z.object({
  /** 1, 2, 3 within the report. */
  n: z.int(),
  /** Code of the list `recipients`. */
  to: z.string(),
  means,
  at: instant,
  by: z.string(),
  /** Who there took it, by post and surname, when, and who wrote that down. */
  receipt: z.object({ who: z.string(), at: instant, by: z.string() }).nullable(),
});
export type Sending = z.infer<typeof sending>;

const section = internal(z.string());

/** 信息报送: one report of an incident to those above. Once sent it is never changed; what was wrong is put right by a further one. */
export const upwardReport = defineRecord('upwardReport', {
  /** The incident's number and its own: `E20200205-001-02`. */
  number: open(z.string()),
  incident: open(z.string()),
  no: open(z.int().min(1)),
  sort: open(sort),
  /** The report this one puts right (更正); both are shown. */
  corrects: open(z.string().nullable()),
  /** What is put right, and why. */
  correction: internal(z.string().nullable()),
  title: open(z.string()),
  /** The incident as it was when this was written. */
  category: open(category),
  grade: open(grade.nullable()),
  locality: open(z.string()),
  units: open(z.array(z.string())),
  placeWords: open(z.string()),
  spot: internal(z.string().nullable()),
  since: open(instant),
  figures: open(reportFigures),
  figuresAsOf: open(instant.nullable()),
  source: section,
  cause: section,
  course: section,
  consequences: section,
  extent: section,
  trend: section,
  handling: section,
  measures: section,
  state: open(state),
  stateSince: open(instant),
  /** Why it was taken back or discarded. */
  stateReason: internal(z.string().nullable()),
  author: internal(z.string()),
  /** 签发. */
  signedBy: internal(z.string().nullable()),
  signedAt: open(instant.nullable()),
  sendings: internal(z.array(sending).max(50)),
});
export type UpwardReport = Body<typeof upwardReport>;
