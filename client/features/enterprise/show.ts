import type { Enterprise } from '../../../shared/features/enterprise/record.ts';
import type { Shape, Tone } from '../../ui/tone.ts';
import { grouped, publishedDay, quantity } from '../../ui/format.ts';
import type { KindShow } from '../parts/show.ts';
import { comma, semicolon } from '../parts/marks.ts';

/** How an enterprise is shown, in record pages and histories. */
export const showEnterprise = (language: 'zh' | 'en'): KindShow => ({
  kind: 'enterprise',
  fields: {
    name: 'text',
    creditCode: 'text',
    state: { words: 'states' },
    stateReason: 'text',
    risk: { words: 'risks' },
    code: { words: 'codes' },
    judgedReason: 'text',
    judgedBy: 'text',
    locality: 'locality',
    address: 'text',
    contactName: 'personal',
    contactNumber: 'personal',
    trade: { list: 'trades' },
    headcount: (v) => grouped(Number(v)),
    hazards: (v, by) => (v as string[]).map((h) => by.word(`enterprise.hazards.${h}`)).join(by.name(comma)) || '—',
    unit: 'unit',
    reportedDay: (v) => publishedDay(String(v), language),
    zero: 'yesNo',
    capacity: (v) => `${String(v)}%`,
    staff: (v) => grouped(Number(v)),
    masksDays: 'text',
    difficulties: (v, by) => (v as string[]).map((d) => by.names.itemName('difficulties', d)).join(by.name(comma)) || '—',
    difficultyWords: 'text',
    output: (v, by) => (v as Enterprise['output']).map((l) => `${l.product} ${quantity(l.quantity, l.unit, language)}`).join(by.name(semicolon)) || '—',
    reportedBy: 'text',
    position: (v) => (v as [number, number]).map((n) => n.toFixed(4)).join(', '),
    inspector: 'text',
    registered: 'time',
  },
});

/** Three schemes share colour names: each mark here goes with its word and stands under its scheme's name. */
export const codeMark: Record<NonNullable<Enterprise['code']> | 'none', { tone: Tone; shape: Shape }> = {
  red: { tone: 'red', shape: 'triangle' },
  yellow: { tone: 'yellow', shape: 'square' },
  green: { tone: 'green', shape: 'disc' },
  none: { tone: 'plain', shape: 'ring' },
};
export const riskMark: Record<NonNullable<Enterprise['risk']> | 'none', { tone: Tone; shape: Shape }> = {
  red: { tone: 'red', shape: 'triangle' },
  orange: { tone: 'orange', shape: 'diamond' },
  yellow: { tone: 'yellow', shape: 'square' },
  blue: { tone: 'blue', shape: 'bar' },
  none: { tone: 'plain', shape: 'ring' },
};
export const stateMark: Record<Enterprise['state'], { tone: Tone; shape: Shape }> = {
  notResumed: { tone: 'plain', shape: 'ring' },
  applied: { tone: 'blue', shape: 'bar' },
  underReview: { tone: 'blue', shape: 'bar' },
  permitted: { tone: 'blue', shape: 'bar' },
  resumed: { tone: 'green', shape: 'disc' },
  stopped: { tone: 'red', shape: 'cross' },
};
