import { figureNames, type Incident } from '../../../shared/features/incident/record.ts';
import { sections, type Section, type Sort, type UpwardReport } from '../../../shared/features/upwardReport/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** A report as the form holds it; figures are text, empty where nothing is known. */
export interface ReportDraft {
  sort: Sort;
  title: string;
  correction: string;
  texts: Record<Section, string>;
  figures: Record<(typeof figureNames)[number], string>;
  figuresAsOf: Instant | null;
}

const said = (n: number | null): string => (n === null ? '' : String(n));

/**
 * What a new report begins with: the texts of the last one, since most of it still holds; figures as the incident has them
 * now, each as known as it is, as of the newest of them.
 */
export function prefilled(incident: Incident, last: UpwardReport | null, sort: Sort, titleOf: (title: string) => string): ReportDraft {
  const asOf = Math.max(0, ...figureNames.map((n) => (incident.figures[n].value === null ? 0 : (incident.figures[n].asOf ?? 0))));
  return {
    sort,
    title: last?.title ?? titleOf(incident.title),
    correction: '',
    texts: Object.fromEntries(sections.map((s) => [s, last?.[s] ?? (s === 'course' ? (incident.summary ?? '') : '')])) as ReportDraft['texts'],
    figures: Object.fromEntries(figureNames.map((n) => [n, said(incident.figures[n].value)])) as ReportDraft['figures'],
    figuresAsOf: asOf === 0 ? null : asOf,
  };
}

/** A correction begins with what was sent, word for word. */
export const correcting = (wrong: UpwardReport): ReportDraft => ({ ...heldIn(wrong), correction: '' });

export const heldIn = (r: UpwardReport): ReportDraft => ({
  sort: r.sort,
  title: r.title,
  correction: r.correction ?? '',
  texts: Object.fromEntries(sections.map((s) => [s, r[s]])) as ReportDraft['texts'],
  figures: Object.fromEntries(figureNames.map((n) => [n, said(r.figures[n])])) as ReportDraft['figures'],
  figuresAsOf: r.figuresAsOf,
});

/** Which report may be written next, by what has been: a first one, then follow-ups, and a final one when it is over. */
export function nextSorts(incident: Incident): Sort[] {
  const standing = incident.reports.filter((r) => !r.discarded && r.corrects === null);
  if (!standing.some((r) => r.sort === 'first')) return ['first'];
  if (standing.some((r) => r.sort === 'final')) return [];
  return ['underControl', 'closed', 'dismissed'].includes(incident.standing) ? ['followUp', 'final'] : ['followUp'];
}
