import { describe, expect, it } from 'vitest';
import { everywhere } from '../access/access.ts';
import { defaultLists, defaultUnits } from './defaults.ts';
import { asPattern } from './index.ts';
import type { Level } from './level/record.ts';
import { levels } from './level/record.ts';
import type { List } from './list/record.ts';
import { listRules } from './list/commands.ts';
import { mapColours, type Locality } from './locality/record.ts';
import { levelOf } from './locality/commands.ts';
import { NIGHT, TinyBoard, person, startedBoard, why } from './testing.ts';
import type { Unit } from './unit/record.ts';

const admin = person('admin');
const leader = person('leader');
const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });

describe('what a new board starts with', () => {
  it('goes through the ordinary commands of an administrator', () => {
    const board = startedBoard(asPattern);
    expect(board.all('unit')).toHaveLength(defaultUnits.length);
    expect(board.all('list').map((l) => l.id).sort()).toEqual(Object.keys(defaultLists).sort());
  });

  it.each(Object.entries(defaultLists))('%s: codes are unique, and say what the list asks for', (name, items) => {
    expect(new Set(items.map((i) => i.code)).size).toBe(items.length);
    for (const item of items) for (const must of listRules[name as keyof typeof listRules].must) expect(item[must], item.code).toBeDefined();
  });
});

describe('unit', () => {
  it('is made once; a code taken is said so; fields merge', () => {
    const board = new TinyBoard(asPattern);
    const make = { code: 'health', create: true, changes: { name: set({ zh: '卫健局', en: 'Health' }), sort: set('department') } };
    expect(why(board.send('unit.save', make, admin))).toBe('ok');
    expect(why(board.send('unit.save', make, admin))).toBe('alreadyExists code:taken');
    expect(why(board.send('unit.save', { code: 'nobody', changes: {} }, admin))).toBe('notFound');
    expect(why(board.send('unit.save', { code: 'police', create: true, changes: { sort: set('department') } }, admin))).toBe('inputRejected changes.name:required');
    expect(why(board.send('unit.save', { code: 'health', changes: { deputies: { from: [], to: ['值班长 周'] } } }, admin))).toBe('ok');
    expect(why(board.send('unit.save', { code: 'health', changes: { deputies: { from: [], to: ['值班长 吴'] } } }, admin))).toBe('conflict');
    expect(why(board.send('unit.save', { code: 'health', changes: { localities: { from: [], to: ['330102'] } } }, admin))).toBe('inputRejected changes.localities.to.0:unknownLocality');
    expect(why(board.send('unit.save', make, leader))).toBe('notAllowed');
  });

  it('is not retired while a line of a list sends business to it; then it takes nothing new, and can be taken up again', () => {
    const board = startedBoard(asPattern);
    expect(why(board.send('unit.retire', { code: 'health' }, admin))).toBe('inputRejected code:inUse');
    expect(why(board.send('unit.retire', { code: 'rescue' }, admin))).toBe('ok');
    expect(why(board.send('call.log', { rung: NIGHT, answered: null, topic: 'other', locality: '330102', unit: 'rescue' }, person('operator')))).toBe('inputRejected unit:unknownUnit');
    expect(why(board.send('unit.save', { code: 'rescue', changes: { active: { from: false, to: true } } }, admin))).toBe('ok');
    expect((board.get('unit', 'rescue')?.body as Unit).active).toBe(true);
  });
});

describe('locality', () => {
  const save = (board: TinyBoard, code: string, more: Record<string, unknown> = {}): string =>
    why(board.send('locality.save', { code, create: true, changes: { name: set({ zh: code, en: code }), ...more } }, admin));

  it('knows its level by its code, and its parent must cover it', () => {
    expect(['330000', '330100', '330102', '330102003'].map(levelOf)).toEqual(['province', 'city', 'county', 'street']);
    const board = startedBoard(asPattern);
    expect(save(board, '330106', { parent: set('330100') })).toBe('ok');
    expect(save(board, '330108', { parent: set('330200') })).toBe('inputRejected changes.parent:invalid');
    expect(save(board, '330109', { parent: set('330900') })).toBe('inputRejected changes.parent:invalid');
    expect(save(board, '330110', { level: set('street') })).toBe('inputRejected changes.level:differs');
    expect(save(board, '33011')).toBe('inputRejected code:unknownLocality');
    expect(save(board, '330102')).toBe('alreadyExists code:taken');
    expect(save(board, '330111', { validFrom: set('2020-01-02'), validTo: set('2020-01-01') })).toBe('inputRejected changes.validTo:badTime');
    expect(save(board, '330112', { successors: set(['330199']) })).toBe('inputRejected changes.successors.to.0:unknownLocality');
  });

  const colours = (board: TinyBoard, lines: [string, string | null, string | null][], day = '2020-02-04', author = leader): ReturnType<TinyBoard['send']> =>
    board.send('locality.colour', { day, colours: lines.map(([code, from, to]) => ({ code, from, to })) }, author);
  const colourOf = (board: TinyBoard, code: string): Locality['colour'] => (board.get('locality', code)?.body as Locality).colour;

  it('many colours are one command; all or none', () => {
    const board = startedBoard(asPattern);
    expect(why(colours(board, [['330102', null, 'yellow'], ['330212', null, 'blue']]))).toBe('ok');
    expect(why(colours(board, [['330102', 'yellow', 'red'], ['330999', null, 'blue']]))).toBe('inputRejected colours.1.code:unknownLocality');
    expect(colourOf(board, '330102')).toBe('yellow');
    expect(why(colours(board, [['330102', 'yellow', 'red'], ['330103', null, 'red']]))).toBe('inputRejected colours.1.code:unknownLocality');
    expect(why(colours(board, [['330102', 'yellow', 'red'], ['330102', 'yellow', 'blue']]))).toBe('inputRejected colours:duplicate');
    expect(why(colours(board, Array.from({ length: 121 }, (_, i) => [String(330_000 + i), null, 'red'])))).toBe('inputRejected colours:tooLong');
  });

  it('a colour somebody else set meanwhile shows both; an older day never overwrites a newer one', () => {
    const board = startedBoard(asPattern);
    colours(board, [['330102', null, 'yellow']]);
    expect(colours(board, [['330102', null, 'red'], ['330212', null, 'blue']])).toMatchObject({ problem: { code: 'conflict', both: [{ field: '330102', yours: 'red', theirs: 'yellow' }] } });
    expect(colourOf(board, '330212')).toBeNull();
    expect(why(colours(board, [['330102', 'yellow', 'red']], '2020-02-03'))).toBe('inputRejected day:timeTooOld');
    expect(why(colours(board, [['330102', 'yellow', 'red']], '2020-02-06'))).toBe('inputRejected day:timeInFuture');
    expect(why(colours(board, [['330102', 'yellow', 'red']], '2020-02-05'))).toBe('ok');
  });

  it('who may colour: leader and administrator, within their scope', () => {
    const board = startedBoard(asPattern);
    expect(why(colours(board, [['330102', null, 'red']], undefined, person('operator')))).toBe('notAllowed');
    const ningbo = person('leader', { scope: { units: null, localities: ['330200'] } });
    expect(why(colours(board, [['330102', null, 'red']], undefined, ningbo))).toBe('notAllowed');
    expect(why(colours(board, [['330212', null, 'red']], undefined, ningbo))).toBe('ok');
    expect(mapColours).toHaveLength(5);
  });
});

describe('list', () => {
  const items = (board: TinyBoard, name = 'topics'): List['items'] => (board.get('list', name)?.body as List).items;
  const topic = (board: TinyBoard, code: string): List['items'][number] | undefined => items(board).find((i) => i.code === code);

  it('two people at one list meet only in the same field of the same line', () => {
    const board = startedBoard(asPattern);
    const advice = topic(board, 'advice');
    const other = topic(board, 'other');
    const save = (lines: unknown[]): ReturnType<TinyBoard['send']> => board.send('list.save', { name: 'topics', items: lines }, admin);
    expect(why(save([{ from: advice, to: { ...advice, minutes: 60 } }]))).toBe('ok');
    expect(why(save([{ from: other, to: { ...other, minutes: 90 } }]))).toBe('ok');
    expect(why(save([{ from: advice, to: { ...advice, urgency: 'soon' } }]))).toBe('ok');
    expect(save([{ from: advice, to: { ...advice, minutes: 30 } }])).toMatchObject({ problem: { code: 'conflict', both: [{ field: 'advice.minutes', yours: 30, theirs: 60 }] } });
    expect(topic(board, 'advice')).toMatchObject({ minutes: 60, urgency: 'soon' });
    expect(topic(board, 'other')).toMatchObject({ minutes: 90 });
  });

  it('a field can be taken away; a line only switched off', () => {
    const board = startedBoard(asPattern);
    const symptoms = topic(board, 'symptoms');
    const { unit: _unit, ...rest } = symptoms ?? { unit: '' };
    expect(why(board.send('list.save', { name: 'topics', items: [{ from: symptoms, to: { ...rest, active: false } }] }, admin))).toBe('ok');
    expect(topic(board, 'symptoms')).toEqual({ ...rest, active: false });
    expect(why(board.send('call.log', { rung: NIGHT, answered: null, topic: 'symptoms', locality: '330102' }, person('operator')))).toBe('inputRejected topic:unknownTopic');
  });

  it('the order is changed as a whole, and only as it was seen', () => {
    const board = startedBoard(asPattern);
    const seen = items(board, 'trades').map((i) => i.code);
    const turned = [...seen].reverse();
    const order = (from: string[], to: string[]): string => why(board.send('list.save', { name: 'trades', order: { from, to } }, admin));
    expect(order(seen, turned.slice(1))).toBe('inputRejected order.to:invalid');
    expect(order(seen, turned)).toBe('ok');
    expect(items(board, 'trades').map((i) => i.code)).toEqual(turned);
    expect(order(seen, [...seen.slice(1), seen[0] ?? ''])).toBe('conflict');
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['a topic without urgency', 'topics', { code: 'x', name: { zh: '一', en: 'x' }, active: true }, 'inputRejected items.0.to.urgency:required'],
    ['a topic with a measure', 'topics', { code: 'x', name: { zh: '一', en: 'x' }, active: true, urgency: 'soon', measure: { zh: '只', en: 'p' } }, 'inputRejected items.0.to.measure:notAllowedHere'],
    ['an item without measure', 'items', { code: 'x', name: { zh: '一', en: 'x' }, active: true }, 'inputRejected items.0.to.measure:required'],
    ['a unit nobody knows', 'topics', { code: 'x', name: { zh: '一', en: 'x' }, active: true, urgency: 'soon', unit: 'nobody' }, 'inputRejected items.0.to.unit:unknownUnit'],
    ['one language only', 'trades', { code: 'x', name: { zh: '一', en: '' }, active: true }, 'inputRejected items.0.to.name.en:required'],
  ])('refuses %s', (_name, list, to, expected) => {
    const board = startedBoard(asPattern);
    expect(why(board.send('list.save', { name: list, items: [{ from: null, to }] }, admin))).toBe(expected);
  });
});

describe('level', () => {
  const declare = (board: TinyBoard, from: string, to: string, occurred?: number, author = leader): ReturnType<TinyBoard['send']> =>
    board.send('level.declare', { from, level: to, grounds: '防控需要' }, author, occurred);

  it('keeps who, when, grounds and what it was before', () => {
    const board = startedBoard(asPattern);
    expect(why(declare(board, 'none', 'I', NIGHT - 1_000))).toBe('ok');
    expect(board.get('level', 'current')?.body as Level).toEqual({ level: 'I', previous: 'none', since: NIGHT - 1_000, by: '测试 leader', grounds: '防控需要', text: '' });
    expect(why(declare(board, 'I', 'II'))).toBe('ok');
    expect(board.get('level', 'current')?.version).toBe(2);
  });

  it('a second declaration on a level that has changed sees both', () => {
    const board = startedBoard(asPattern);
    declare(board, 'none', 'I');
    expect(declare(board, 'none', 'II')).toMatchObject({ problem: { code: 'conflict', both: [{ field: 'level', yours: 'II', theirs: 'I' }] } });
  });

  it.each<[string, () => string, string]>([
    ['the level it is', () => why(declare(startedBoard(asPattern), 'none', 'none')), 'inputRejected level:notAllowedHere'],
    ['nobody but a leader', () => why(declare(startedBoard(asPattern), 'none', 'I', undefined, admin)), 'notAllowed'],
    ['no grounds', () => why(startedBoard(asPattern).send('level.declare', { from: 'none', level: 'I', grounds: ' ' }, leader)), 'inputRejected grounds:required'],
    ['a level there is not', () => why(declare(startedBoard(asPattern), 'none', 'V')), 'inputRejected level:notInList'],
    [
      'before the one it replaces',
      () => {
        const board = startedBoard(asPattern);
        declare(board, 'none', 'I');
        return why(declare(board, 'I', 'II', NIGHT - 1));
      },
      'inputRejected occurred:badTime',
    ],
  ])('refuses %s', (_name, tried, expected) => {
    expect(tried()).toBe(expected);
  });

  it('raised is an alarm, lowered a warning, ended good', () => {
    const tone = (previous: Level['level'], level: Level['level']): string | undefined =>
      asPattern.level.headline({ kind: 'level', id: 'current', before: null, after: { level, previous, since: 0, by: '', grounds: '', text: '' }, revision: 1, recorded: 0, occurred: 0, command: 'level.declare' })?.tone;
    expect([tone('none', 'I'), tone('III', 'II'), tone('I', 'II'), tone('II', 'none')]).toEqual(['alarm', 'alarm', 'warn', 'good']);
    expect(levels.at(-1)).toBe('none');
  });
});

it('everyone reads what everything else refers to', () => {
  for (const kind of ['unit', 'locality', 'list', 'limit', 'calendar', 'level'] as const) {
    expect([...asPattern[kind].readers].sort()).toEqual(['admin', 'enterprises', 'leader', 'operator', 'supplies', 'unit']);
    expect(asPattern[kind].place({})).toEqual({ units: [], localities: [] });
  }
  expect(everywhere).toEqual({ units: null, localities: null });
});
