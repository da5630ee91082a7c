import { describe, expect, it } from 'vitest';
import { samples as incidents } from '../../../shared/features/incident/samples.ts';
import type { Incident } from '../../../shared/features/incident/record.ts';
import { samples as reports } from '../../../shared/features/upwardReport/samples.ts';
import { correcting, nextSorts, prefilled } from './prefill.ts';

const incident = incidents()[0]?.body as Incident;
const last = reports()[0]?.body;
const title = (t: string): string => `关于${t}的报告`;

describe('what a report begins with', () => {
  it('the first: what is known of the incident; unknown stays empty and a zero is a zero', () => {
    const d = prefilled({ ...incident, reports: [] }, null, 'first', title);
    expect(d).toMatchObject({ title: '关于镇海区一消毒用品仓库起火的报告', texts: { course: incident.summary, cause: '' } });
    expect(d.figures).toMatchObject({ dead: '0', missing: '', lightlyInjured: '2' });
    expect(d.figuresAsOf).toBe(incident.figures.lightlyInjured.asOf);
  });
  it('a follow-up: the last one’s words and the incident’s figures of now', () => {
    const d = prefilled(incident, last ?? null, 'followUp', title);
    expect(d.texts.extent).toBe(last?.extent);
    expect(d.figures.lightlyInjured).toBe('2');
  });
  it('a correction: what was sent, word for word, figures too', () => {
    expect(last && correcting(last)).toMatchObject({ sort: 'first', correction: '', texts: { course: last?.course }, figures: { dead: '0', lightlyInjured: '' }, figuresAsOf: last?.figuresAsOf });
  });
  it('which may be written next', () => {
    expect(nextSorts({ ...incident, reports: [] })).toEqual(['first']);
    expect(nextSorts(incident)).toEqual(['followUp']);
    expect(nextSorts({ ...incident, standing: 'underControl' })).toEqual(['followUp', 'final']);
    const final = { ...incident.reports[0], sort: 'final' } as Incident['reports'][number];
    expect(nextSorts({ ...incident, standing: 'closed', reports: [...incident.reports, final] })).toEqual([]);
    expect(nextSorts({ ...incident, reports: incident.reports.map((r) => ({ ...r, discarded: true })) })).toEqual(['first']);
  });
});
