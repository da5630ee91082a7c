import { DAY } from '../../time/zone.ts';
import { erase } from '../erase.ts';
import { defineFeature } from '../feature.ts';
import { amend, attach, count, detach, grading, move, note, placeOf, report } from './commands.ts';
import { linkKeys } from './links.ts';
import { isOpen } from './moves.ts';
import { grades, incident } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 突发事件: what happened, how it stands, what belongs to it, and what was told upwards of it. */
export const incidentFeature = defineFeature({
  kind: 'incident',
  plural: 'incidents',
  version: 1,
  upgrade: (body) => body,
  record: incident,
  commands: {
    'incident.report': report,
    'incident.amend': amend,
    'incident.grade': grading,
    'incident.count': count,
    'incident.move': move,
    'incident.attach': attach,
    'incident.detach': detach,
    'incident.note': note,
    'incident.erase': erase(incident),
  },
  readers: ['operator', 'leader'],
  revealers: ['operator', 'leader'],
  // A year after it was closed or dismissed.
  erasure: { command: 'incident.erase', after: 365 * DAY },
  place: placeOf,
  held: (i) => isOpen(i.standing),
  words: (i) => [i.number, i.title, i.placeWords, i.spot ?? '', ...i.links.map((l) => l.name)],
  order: (i) => i.since,
  keys: (i) => [`number:${i.number}`, ...linkKeys(i.links)],
  filters: ['category', 'grade', 'standing', 'lead'],
  timeline: (i) => [...i.links.map((l): [string, string] => [l.kind, l.id]), ...i.reports.map((r): [string, string] => ['upwardReport', r.id])],
  fold,
  headline({ before, after }) {
    const params = { title: after.title, number: after.number };
    const { locality } = after;
    if (!before) return { code: 'incidentReported', tone: 'warn', params, locality };
    if (before.standing !== after.standing) {
      const grade = after.grade ?? 'none';
      if (after.standing === 'confirmed') return { code: 'incidentConfirmed', tone: 'alarm', params: { ...params, grade }, locality };
      const tone = after.standing === 'closed' || after.standing === 'underControl' ? 'good' : after.standing === 'inResponse' ? 'warn' : 'plain';
      return { code: 'incidentMoved', tone, params: { ...params, standing: after.standing }, locality };
    }
    if (before.grade !== after.grade && after.grade !== null) {
      const raised = before.grade === null || grades.indexOf(after.grade) < grades.indexOf(before.grade);
      return { code: 'incidentGraded', tone: raised ? 'alarm' : 'warn', params: { ...params, grade: after.grade }, locality };
    }
    return null;
  },
  samples,
});
