import { describe, expect, it } from 'vitest';
import type { Feature } from '../feature.ts';
import { asPattern } from '../index.ts';
import { person, startedBoard, why } from '../testing.ts';
import { kindWords } from '../words.ts';
import { compile, type Sort } from './expression.ts';
import { eachNames, namesFor, offered, partOf, subjectKinds, timeFields, titleNames } from './subjects.ts';
import { words as ruleWords } from './words.ts';

const kinds = subjectKinds();
const of = (kind: string) => ({ looks: 'records', kind, each: null }) as const;
const figures = { looks: 'figures', kind: null, each: null } as const;
const feature = (kind: string): Feature => asPattern[kind as keyof typeof asPattern];

it('every kind that declares a subject is looked at, and no other', () => {
  expect(kinds).toEqual(expect.arrayContaining(['call', 'shipment', 'enterprise', 'level', 'order', 'incident', 'upwardReport', 'locality']));
  expect(kinds).toEqual(Object.values(asPattern).flatMap((f) => (f.subject ? [f.kind] : [])));
  // An alert about alerts would raise itself.
  expect(kinds).not.toContain('alert');
});

const said = (words: unknown, path: string): unknown => path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], words);

describe.each(kinds)('%s', (kind) => {
  const { subject, record, readers } = feature(kind);
  const names = namesFor(of(kind));

  it('offers no personal field, by name, part, time or title', () => {
    const all = [...Object.keys(names), ...offered(of(kind)).map(([path]) => path), ...timeFields(kind), ...titleNames(of(kind))];
    for (const path of all) expect(record.fields[path.split('.')[0] ?? '']?.mark, path).not.toBe('personal');
    for (const field of record.personalFields) expect(compile(`${field} != null`, names), field).toMatchObject({ ok: false, flaw: { code: 'unknownName' } });
  });

  it('offers what is internal only where everybody who reads alerts reads the kind', () => {
    const shared = asPattern.alert.readers.every((r) => readers.includes(r));
    for (const name of Object.keys(names)) if (!shared) expect(record.fields[name]?.mark, name).toBe('public');
    for (const name of titleNames(of(kind))) expect(record.fields[name]?.mark, name).toBe('public');
  });

  it('what it declares is there: fields that are hidden, parts, and times that are moments', () => {
    for (const hidden of subject?.hides ?? []) expect(Object.keys(record.fields)).toContain(hidden);
    for (const part of subject?.parts ?? []) expect(partOf(names, part), part).not.toBeNull();
    for (const time of subject?.times ?? []) {
      const is = partOf(names, time);
      expect(is?.whole ?? is?.sort, time).toBe('number');
    }
  });

  it.each(['zh', 'en'] as const)('everything offered is said in words in %s', (language) => {
    const words = kindWords[kind as keyof typeof kindWords][language];
    for (const [path] of offered(of(kind))) expect(typeof said(words, `${path.includes('.') ? 'parts' : 'fields'}.${path}`), path).toBe('string');
    for (const path of timeFields(kind)) expect(typeof said(words, `${path.includes('.') ? 'parts' : 'fields'}.${path}`), path).toBe('string');
    for (const name of Object.keys(namesFor(figures)).filter((n) => n.startsWith(`${kind}.`))) expect(typeof said(words, `readings.${name.slice(kind.length + 1)}`), name).toBe('string');
  });

  it('each field is held to its sort', () => {
    const wrong: Partial<Record<Sort, string>> = { number: '"ten"', text: '3', yesNo: '3' };
    for (const [path, is] of offered(of(kind))) {
      const other = wrong[is.whole ?? is.sort];
      if (other !== undefined) expect(compile(`${path} == ${other}`, names), path).toMatchObject({ ok: false, flaw: { code: 'types' } });
      if (is.among) expect(compile(`${path} == "no such word"`, names), path).toMatchObject({ ok: false, flaw: { code: 'notInList' } });
      if (is.sort !== 'map') expect(compile(`${path} == ${path}`, names).ok, path).toBe(true);
    }
  });
});

it('figures are those of the kinds that are looked at', () => {
  expect(Object.keys(namesFor(figures))).toEqual(expect.arrayContaining(['hour', 'order.late', 'incident.lateReports', 'call.overdue']));
  expect(eachNames()).toEqual(expect.arrayContaining(['call.openBy', 'incident.openBy']));
  for (const name of ['hour', 'key', 'value']) expect(ruleWords.zh.figures).toHaveProperty(name);
});

describe('parts of a field', () => {
  const names = namesFor(of('order'));
  it.each<[string, string, string]>([
    ['clock.dew != null', 'unknownName', 'clock.dew'],
    ['clock.due > "tomorrow"', 'types', '"tomorrow"'],
    ['clock.paused.reason == "rain"', 'notInList', '"rain"'],
    ['clock.paused.why == "rain"', 'unknownName', 'clock.paused.why'],
    ['report != null', 'unknownName', 'report'],
    ['text.contains("x")', 'unknownName', 'text'],
  ])('%s: %s', (source, code, part) => {
    const read = compile(source, names);
    expect(read.ok ? null : [read.flaw.code, source.slice(read.flaw.at, read.flaw.to)]).toEqual([code, part]);
  });

  it('says which part it reads; of an empty field nothing is more or less', () => {
    const read = compile('clock.paused.at > 3 || clock.due == null', names);
    expect(read.ok && read.expression.reads).toEqual(['clock.due', 'clock.paused.at']);
    const at = compile('clock.paused.at > 3', names);
    expect(at.ok && at.expression.holds({ clock: { paused: null } })).toBe(false);
    expect(at.ok && at.expression.holds({ clock: { paused: { at: 4 } } })).toBe(true);
  });
});

it('a rule may be made of an order or an incident, and of nothing that is not open to rules', () => {
  const board = startedBoard(asPattern);
  const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
  const save = (code: string, more: Record<string, unknown>): string => {
    const changes = { name: { zh: '试', en: 'Probe' }, looks: 'records', level: 'high', title: { zh: '告警', en: 'Alert' }, active: true, ...more };
    return why(board.send('rule.save', { code, create: true, changes: Object.fromEntries(Object.entries(changes).map(([k, v]) => [k, set(v)])) }, person('admin')));
  };
  expect(save('a', { kind: 'order', when: 'standing in ["given", "accepted"]', field: 'clock.due', minutes: 30, title: { zh: '{unit}逾期：{title}', en: '{unit} late: {title}' } })).toBe('ok');
  expect(save('b', { kind: 'incident', when: 'figures.dead.value >= 3', title: { zh: '{title}，{grade}', en: '{title}, {grade}' } })).toBe('ok');
  expect(save('c', { kind: 'incident', when: 'true', title: { zh: '{summary}', en: 'x' } })).toBe('inputRejected changes.title.to.zh:unknownField');
  expect(save('d', { kind: 'order', when: 'true', field: 'clock.started' })).toBe('inputRejected changes.field:notInList');
  expect(save('e', { kind: 'rule', when: 'true' })).toBe('inputRejected changes.kind:notInList');
  expect(save('f', { kind: 'alert', when: 'true' })).toBe('inputRejected changes.kind:notInList');
  expect(save('g', { kind: 'constructor', when: 'true' })).toBe('inputRejected changes.kind:notInList');
});
