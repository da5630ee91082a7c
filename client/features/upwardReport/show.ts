import { figureNames } from '../../../shared/features/incident/record.ts';
import type { ReportFigures, Sending, UpwardReport } from '../../../shared/features/upwardReport/record.ts';
import { grouped } from '../../ui/format.ts';
import type { Tone } from '../../ui/tone.ts';
import { colon, comma, semicolon } from '../parts/marks.ts';
import type { KindShow, ShowBy } from '../parts/show.ts';

export const stateTone: Record<UpwardReport['state'], Tone> = { draft: 'orange', signed: 'blue', sent: 'green', discarded: 'plain' };

export const figuresText = (f: ReportFigures, by: Pick<ShowBy, 'word' | 'name'>): string =>
  figureNames
    .filter((n) => f[n] !== null)
    .map((n) => `${by.word(`incident.figures.${n}`)} ${grouped(f[n] ?? 0)} ${by.word(`incident.measures.${n}`)}`)
    .join(by.name(comma));

const sendingText = (s: Sending, by: ShowBy): string => `${by.names.itemName('recipients', s.to)} ${by.word(`upwardReport.means.${s.means}`)} ${by.times.when(s.at)}${s.receipt ? ` ✓ ${s.receipt.who}` : ''}`;

/** How a report is shown, on its own and on timelines. */
export const show: KindShow = {
  kind: 'upwardReport',
  fields: {
    title: 'text',
    sort: { words: 'sorts' },
    correction: 'text',
    figures: (v, by) => figuresText(v as ReportFigures, by) || '—',
    figuresAsOf: 'time',
    source: 'text',
    cause: 'text',
    course: 'text',
    consequences: 'text',
    extent: 'text',
    trend: 'text',
    handling: 'text',
    measures: 'text',
    state: { words: 'states' },
    stateReason: 'text',
    sendings: (v, by) => (v as Sending[]).map((s) => sendingText(s, by)).join(by.name(semicolon)) || '—',
  },
  headline(line, by) {
    const [was, now] = (line.changes.sendings ?? [[], []]) as [Sending[] | null, Sending[] | null];
    if (line.command === 'upwardReport.send') {
      const more = (now ?? []).filter((s) => !(was ?? []).some((x) => x.n === s.n));
      return { words: `${by.word('upwardReport.commands.send')}${by.name(colon)}${more.map((s) => sendingText(s, by)).join(by.name(semicolon))}`, covers: ['sendings', 'state'] };
    }
    if (line.command === 'upwardReport.receive') {
      const moved = (now ?? []).filter((s) => s.receipt && !(was ?? []).find((x) => x.n === s.n)?.receipt);
      return { words: `${by.word('upwardReport.commands.receive')}${by.name(colon)}${moved.map((s) => sendingText(s, by)).join(by.name(semicolon))}`, covers: ['sendings'] };
    }
    if (line.command === 'upwardReport.sign') return { words: by.word('upwardReport.commands.sign'), covers: ['state'] };
    if (line.command === 'upwardReport.move') return { words: by.word(`upwardReport.states.${String(line.changes.state?.[1])}`), covers: ['state'] };
    return null;
  },
};
