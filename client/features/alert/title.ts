import type { Alert } from '../../../shared/features/alert/record.ts';
import type { AlertLevel } from '../../../shared/features/rule/record.ts';
import type { ListName } from '../../../shared/features/list/record.ts';
import type { Shape, Tone } from '../../ui/tone.ts';

/** Each priority of ISA-18.2 has a colour, a shape and a word of its own; none of them stands alone. */
export const toneOf: Record<AlertLevel, Tone> = { critical: 'red', high: 'orange', medium: 'yellow', low: 'blue' };
export const shapeOfLevel: Record<AlertLevel, Shape> = { critical: 'triangle', high: 'diamond', medium: 'square', low: 'bar' };

/** What codes are called on this screen. */
export interface Say {
  place(code: string): string;
  unit(code: string): string;
  item(list: ListName, code: string): string;
  /** Words of a kind; `otherwise` where it has none. */
  word(key: string, params: Record<string, string | number>, otherwise: string): string;
  time(at: number): string;
  /** `2020-02-09`, of the board's zone. */
  day(day: string): string;
}

const lists: Record<string, ListName> = { topic: 'topics', trade: 'trades' };
const groups: Record<string, string> = { urgency: 'urgencies', origin: 'origins', level: 'levels', previous: 'levels', code: 'codes', risk: 'risks', state: 'states', stage: 'stages', standing: 'standings', category: 'categories', grade: 'gradesLong', sort: 'sorts', colour: 'colours' };
/** Later than anything that is counted and earlier than any moment of a board. */
const MOMENT = 1e11;

function said(kind: string | null, name: string, value: string | number | boolean | null, say: Say): string {
  if (value === null || value === '') return '—';
  if (typeof value === 'number') return value > MOMENT ? say.time(value) : String(Math.round(value * 100) / 100);
  if (typeof value === 'boolean') return say.word(`alert.inputs.${value ? 'yes' : 'no'}`, {}, String(value));
  if (name === 'locality' || (name === 'key' && /^\d{6}(\d{3})?$/.test(value))) return say.place(value);
  if (name === 'unit') return say.unit(value);
  if (name === 'key') return keyed(value, say).value;
  const list = lists[name];
  if (list) return say.item(list, value);
  const group = groups[name];
  return group && kind ? say.word(`${kind}.${group}.${value}`, {}, value) : value;
}

/**
 * One of the things figures are kept by: a place, a day, a unit, or else a topic. Several, with @ between, are those of early
 * warning: a topic, whatever unit is called the same (`supplies` is both).
 */
function keyed(key: string, say: Say, within = false): { name: string; value: string } {
  if (key.includes('@')) return { name: 'of', value: key.split('@').map((part) => keyed(part, say, true).value).join(' · ') };
  if (/^\d{4}-\d{2}-\d{2}$/.test(key)) return { name: 'day', value: say.day(key) };
  if (/^\d{6}(\d{3})?$/.test(key)) return { name: 'place', value: say.place(key) };
  const unit = say.unit(key);
  if (unit !== key && !within) return { name: 'unit', value: unit };
  const topic = say.item('topics', key);
  return topic !== key ? { name: 'topic', value: topic } : { name: 'of', value: key };
}

/** What a rule looked at, name and value in words. */
export function inputsText(a: Pick<Alert, 'inputs' | 'about'>, say: Say): [name: string, value: string][] {
  const kind = a.about?.kind ?? null;
  return Object.entries(a.inputs).map(([name, value]) => {
    const own = kind !== null ? null : name === 'key' && typeof value === 'string' ? keyed(value, say).name : name === 'value' ? 'value' : null;
    return [own === null ? say.word(nameKey(kind, name), {}, name) : say.word(`alert.inputs.${own}`, {}, name), said(kind, name, value, say)];
  });
}

/** An alert's title in the language of the screen, its codes in words. */
export function titleText(a: Pick<Alert, 'title' | 'params'> & { kind: string | null }, language: 'zh' | 'en', say: Say): string {
  return a.title[language].replace(/\{(\w+)\}/g, (whole, name: string) => (name in a.params ? said(a.kind, name, a.params[name] ?? null, say) : whole));
}

/** The word for what a rule reads: a field or part of one of a kind, or, where there is no kind, a figure of one. */
export function nameKey(kind: string | null, path: string): string {
  if (kind !== null) return `${kind}.${path.includes('.') ? 'parts' : 'fields'}.${path}`;
  const [first = '', second] = path.split('.');
  return second === undefined ? `rule.figures.${first}` : `${first}.readings.${second}`;
}
