import type { Instant } from '../../time/clock.ts';
import { compile, type Compiled, type Expression } from './expression.ts';
import type { Rule } from './record.ts';
import { figureValue, namesFor, subjectOf, titleNames, valueAt } from './subjects.ts';

/** What a rule says of something: pure, the same on every hub, in the page that tries it and in the command that raises the alert. */

/** The parts of a rule that decide what it says. */
export type Says = Pick<Rule, 'looks' | 'kind' | 'each' | 'when' | 'clear' | 'field' | 'minutes'>;

const KEPT = 500;
const kept = new Map<string, Compiled>();

/** Expressions are read once. */
function read(source: string, rule: Says): Compiled {
  const name = `${rule.looks} ${rule.kind ?? ''} ${rule.each === null ? '' : 'each'} ${source}`;
  let found = kept.get(name);
  if (!found) {
    found = compile(source, namesFor(rule));
    if (kept.size >= KEPT) kept.clear();
    kept.set(name, found);
  }
  return found;
}

export const compileWhen = (rule: Says): Compiled => read(rule.when, rule);
export const compileClear = (rule: Says): Compiled | null => (rule.clear === null ? null : read(rule.clear, rule));

function expression(compiled: Compiled): Expression {
  // Stored rules were checked; a newer build may know fewer names than the one that stored it.
  if (!compiled.ok) throw new Error(`a stored expression cannot be read: ${compiled.flaw.code} at ${compiled.flaw.at}`);
  return compiled.expression;
}

/** From when on it is so, if nothing changes; null: it is not. Throws `Failed`. */
export function holdsFrom(rule: Says, body: Record<string, unknown>, changed: Instant): Instant | null {
  if (!expression(compileWhen(rule)).holds(body)) return null;
  if (rule.field === null) return changed;
  const at = valueAt(body, rule.field);
  return typeof at === 'number' ? at + rule.minutes * 60_000 : null;
}

/** Whether an alert of it is over by now. */
export function isOver(rule: Says, body: Record<string, unknown>, now: Instant): boolean {
  const clear = compileClear(rule);
  if (clear) return expression(clear).holds(body);
  const from = holdsFrom(rule, body, 0);
  return from === null || from > now;
}

export const whenHolds = (rule: Says, values: Record<string, unknown>): boolean => expression(compileWhen(rule)).holds(values);

/** For figures: whether it is over, where no figure is unknown. */
export function figureOver(rule: Says, values: Record<string, unknown>): boolean {
  const clear = compileClear(rule);
  const asked = clear ?? compileWhen(rule);
  const e = expression(asked);
  if (e.reads.some((name) => values[name] === null || values[name] === undefined)) return false;
  return clear ? e.holds(values) : !e.holds(values);
}

/** The figures a rule reads, from the board's views; `hour` is that of the board's day. */
export function figures(rule: Says, viewOf: (kind: string) => unknown, hour: number): Record<string, unknown> {
  const out: Record<string, unknown> = { hour };
  for (const compiled of [compileWhen(rule), compileClear(rule)]) {
    if (!compiled?.ok) continue;
    for (const name of compiled.expression.reads) {
      const [kind = '', figure = ''] = name.split('.');
      if (figure !== '') out[name] = figureValue((viewOf(kind) as Record<string, unknown> | undefined)?.[figure]);
    }
  }
  return out;
}

/** The one-by-one values of a figure kept for many. */
export function eachOf(rule: Says, viewOf: (kind: string) => unknown): [key: string, value: number][] {
  if (rule.each === null) return [];
  const [kind = '', figure = ''] = rule.each.split('.');
  const by = (viewOf(kind) as Record<string, unknown> | undefined)?.[figure];
  return typeof by === 'object' && by !== null ? Object.entries(by).filter((e): e is [string, number] => typeof e[1] === 'number') : [];
}

export type Scalar = string | number | boolean | null;
const LONG = 120;

/** Name and value of what a rule looked at, short enough to stand in an alert. */
export function inputsOf(rule: Says, values: Record<string, unknown>): Record<string, Scalar> {
  const out: Record<string, Scalar> = {};
  for (const compiled of [compileWhen(rule), compileClear(rule)]) {
    if (compiled?.ok) for (const name of compiled.expression.reads) out[name] = scalar(Object.hasOwn(values, name) ? values[name] : valueAt(values, name));
  }
  if (rule.field !== null) out[rule.field] = scalar(valueAt(values, rule.field));
  return out;
}

function scalar(value: unknown): Scalar {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text;
}

const PLACES = /\{([^{}]*)\}/g;
/** Names in a title that it may not show. */
export function titleFlaws(rule: Pick<Rule, 'looks' | 'kind' | 'each'>, title: string): string[] {
  const allowed = titleNames(rule);
  return [...title.matchAll(PLACES)].map(([, name]) => name ?? '').filter((name) => !allowed.includes(name));
}

/** What a title's places stand for: codes stay codes, words come with the screen's language. */
export function titleParams(rule: Pick<Rule, 'looks' | 'kind' | 'each' | 'title'>, values: Record<string, unknown>): Record<string, Scalar> {
  const out: Record<string, Scalar> = {};
  for (const name of titleNames(rule)) {
    if (rule.title.zh.includes(`{${name}}`) || rule.title.en.includes(`{${name}}`)) out[name] = scalar(values[name]);
  }
  return out;
}

/** Only public and internal fields are ever looked at. */
export function lookedAt(kind: string, body: Record<string, unknown>): Record<string, unknown> {
  const fields = subjectOf(kind)?.record.fields ?? {};
  return Object.fromEntries(Object.entries(body).filter(([name]) => fields[name] !== undefined && fields[name].mark !== 'personal'));
}
