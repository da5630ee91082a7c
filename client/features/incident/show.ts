import { clockNames } from '../../../shared/features/incident/clocks.ts';
import { figureNames, type Figures, type Grade, type Incident, type Link, type Standing } from '../../../shared/features/incident/record.ts';
import { grouped } from '../../ui/format.ts';
import type { Shape, Tone } from '../../ui/tone.ts';
import { colon, comma } from '../parts/marks.ts';
import type { KindShow, ShowBy } from '../parts/show.ts';

/** The grades' scheme, with its words; red is what is gravest. */
export const gradeMark: Record<Grade | 'none', { tone: Tone; shape: Shape }> = {
  I: { tone: 'red', shape: 'triangle' },
  II: { tone: 'orange', shape: 'diamond' },
  III: { tone: 'yellow', shape: 'square' },
  IV: { tone: 'blue', shape: 'bar' },
  none: { tone: 'plain', shape: 'ring' },
};
export const standingTone: Record<Standing, Tone> = { reported: 'orange', confirmed: 'red', inResponse: 'red', underControl: 'yellow', closed: 'green', dismissed: 'plain' };

const known = (f: Figures, name: keyof Figures, by: ShowBy): string => {
  const { value } = f[name];
  const said = value === null ? '—' : `${grouped(value)} ${by.word(`incident.measures.${name}`)}`;
  return `${by.word(`incident.figures.${name}`)} ${said}`;
};
const linkName = (l: Link, by: ShowBy): string => `${by.word(`${l.kind}.name`)} ${l.name}`;

/** How an incident is shown, in its page and on timelines. */
export const show: KindShow = {
  kind: 'incident',
  fields: {
    title: 'text',
    category: { words: 'categories' },
    grade: { words: 'gradesLong' },
    gradeReason: 'text',
    standing: { words: 'standings' },
    standingReason: 'text',
    locality: 'locality',
    spot: 'text',
    since: 'time',
    knownAt: 'time',
    lead: 'unit',
    units: (v, by) => (v as string[]).map((u) => by.names.unitName(u)).join(by.name(comma)) || '—',
    figures: (v, by) =>
      figureNames
        .filter((n) => (v as Figures)[n].value !== null)
        .map((n) => known(v as Figures, n, by))
        .join(by.name(comma)) || '—',
    figuresSource: 'text',
    summary: 'text',
    links: (v, by) => (v as Link[]).map((l) => linkName(l, by)).join(by.name(comma)) || '—',
    waived: (v) => (v as NonNullable<Incident['waived']>).reason,
    informant: 'personal',
    persons: 'personal',
    reportedBy: 'text',
    number: 'text',
  },
  headline(line, by) {
    const of = <K extends keyof Incident>(field: K): [Incident[K] | null, Incident[K] | null] => (line.changes[field] ?? [null, null]) as [Incident[K] | null, Incident[K] | null];
    switch (line.command) {
      case 'incident.note':
        return { words: `${by.word('incident.commands.note')}${by.name(colon)}${of('note')[1]?.text ?? ''}` };
      case 'incident.attach':
      case 'incident.detach': {
        const [was, now] = of('links');
        const [more, less] = line.command === 'incident.attach' ? [now, was] : [was, now];
        const moved = (more ?? []).filter((l) => !(less ?? []).some((x) => x.kind === l.kind && x.id === l.id));
        return { words: `${by.word(`incident.commands.${line.command.slice(9)}`)}${by.name(colon)}${moved.map((l) => linkName(l, by)).join(by.name(comma))}`, covers: ['links'] };
      }
      case 'incident.clock': {
        const [was, now] = of('clocks');
        // Facts of one moment are one piece of news: the gravest says it.
        const said = clockNames.flatMap((n) => {
          const fact = (['escalated', 'urged', 'passed', 'reminded'] as const).find((f) => now?.[n]?.[f] !== was?.[n]?.[f]);
          return fact ? [`${by.word(`incident.clocks.${n}`)} ${by.word(`incident.clockFacts.${fact}`)}`] : [];
        });
        return { words: said.join(by.name(comma)) };
      }
      case 'incident.count': {
        const [was, now] = of('figures');
        const moved = figureNames.filter((n) => now && (was?.[n].value !== now[n].value || was?.[n].asOf !== now[n].asOf));
        return { words: `${by.word('incident.commands.count')}${by.name(colon)}${moved.map((n) => (now ? known(now, n, by) : '')).join(by.name(comma))}`, covers: ['figures'] };
      }
      case 'incident.move': {
        const [was, now] = of('standing');
        return { words: `${by.word(`incident.standings.${was}`)} → ${by.word(`incident.standings.${now}`)}`, covers: ['standing'] };
      }
      default:
        return null;
    }
  },
};
