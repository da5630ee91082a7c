import { DAY } from '../../time/zone.ts';
import { erase } from '../erase.ts';
import { duesOf } from '../../time/dueClock.ts';
import { defineFeature } from '../feature.ts';
import { amend, attach, clock, count, detach, grading, move, note, placeOf, report, waive } from './commands.ts';
import { clockNames, runs } from './clocks.ts';
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
    'incident.waive': waive,
    'incident.clock': clock,
    'incident.erase': erase(incident),
  },
  // A unit reads of its own incidents what it is to do something about; it writes nothing of them.
  readers: ['operator', 'leader', 'unit'],
  revealers: ['operator', 'leader'],
  // A year after it was closed or dismissed.
  erasure: { command: 'incident.erase', after: 365 * DAY },
  place: placeOf,
  // What is owed upwards of it keeps it in hand, though it be over.
  held: (i) => isOpen(i.standing) || runs(i.clocks),
  words: (i) => [i.number, i.title, i.placeWords, i.spot ?? '', ...i.links.map((l) => l.name)],
  order: (i) => i.since,
  keys: (i) => [`number:${i.number}`, ...linkKeys(i.links)],
  filters: ['category', 'grade', 'standing', 'lead'],
  timeline: (i) => [...i.links.map((l): [string, string] => [l.kind, l.id]), ...i.reports.map((r): [string, string] => ['upwardReport', r.id])],
  dues: (i) => clockNames.flatMap((which) => duesOf(i.clocks[which], which, 'incident.clock').map((due) => ({ ...due, body: { ...due.body, which } }))),
  subject: {
    hides: ['placeWords', 'gradeReason', 'standingReason', 'summary', 'note'],
    parts: ['figures.dead.value', 'figures.missing.value', 'figures.gravelyInjured.value', 'figures.lightlyInjured.value', 'figures.trapped.value', 'figures.evacuated.value', 'figures.loss.value', 'clocks.telephone.due', 'clocks.telephone.passed', 'clocks.written.due', 'clocks.written.passed'],
    times: ['since', 'knownAt', 'standingSince', 'clocks.telephone.due', 'clocks.written.due'],
  },
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
    for (const name of clockNames) {
      if ((before.clocks[name]?.passed ?? null) === null && (after.clocks[name]?.passed ?? null) !== null) return { code: 'reportLate', tone: 'alarm', params: { ...params, clock: name }, locality };
    }
    if (before.grade !== after.grade && after.grade !== null) {
      const raised = before.grade === null || grades.indexOf(after.grade) < grades.indexOf(before.grade);
      return { code: 'incidentGraded', tone: raised ? 'alarm' : 'warn', params: { ...params, grade: after.grade }, locality };
    }
    return null;
  },
  samples,
});
