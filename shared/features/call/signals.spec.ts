import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, addDays, startOfDay } from '../../time/zone.ts';
import { REACH } from './ears.ts';
import { cells, countCell, signalKey, signalOfKey, signalsOf, type Cells } from './signals.ts';
import { fold } from './stats.ts';

const ZONE = 'Asia/Shanghai';
const TODAY = '2020-02-20';
const NOW = startOfDay(TODAY, ZONE) + 20 * HOUR;
type One = { topic: string; locality: string; rung: number };
const on = (day: number, topic: string, locality: string, n: number): One[] => Array.from({ length: n }, (_, i) => ({ topic, locality, rung: startOfDay(addDays(TODAY, day), ZONE) + (i % 20) * HOUR }));
const folded = (calls: readonly One[]): Cells => {
  const s = cells();
  for (const c of calls) countCell(s, c, 1, ZONE);
  return s;
};
/** Three a day of `symptoms` in 330102 for two weeks, one of another topic; and so many today. */
const weeks = (today: number): One[] => [...Array.from({ length: 14 }, (_, i) => [...on(-1 - i, 'symptoms', '330102', 3), ...on(-1 - i, 'advice', '330109', 1)]).flat(), ...on(0, 'symptoms', '330102003', today)];
const says = (calls: readonly One[], dark: Parameters<typeof signalsOf>[1] = []): string[] => signalsOf(folded(calls), dark, NOW, ZONE).map((s) => `${signalKey(s)} ${s.says}`);

describe('signals', () => {
  it('are of a topic, a county and a day: streets count with their county', () => {
    // Mean 3, deviation 0 taken for 0.5: C1 = C2 = (6 − 3)/0.5 = 6, C3 = 5.
    expect(signalsOf(folded(weeks(6)), [], NOW, ZONE)).toEqual([{ topic: 'symptoms', locality: '330102', day: TODAY, count: 6, c1: 6, c2: 6, c3: 5, says: 3, mean: 3, sd: 0.5, days: 7 }]);
    expect(says(weeks(4))).toEqual([]);
  });

  it('stay for the day after', () => {
    const s = folded(weeks(6));
    expect(signalsOf(s, [], NOW + DAY, ZONE).map((x) => x.day)).toEqual([TODAY]);
    expect(signalsOf(s, [], NOW + 2 * DAY, ZONE)).toEqual([]);
  });

  it('are not raised on a board that is too young, nor against its first day, of which only part was seen', () => {
    const young = weeks(9).filter((c) => c.rung >= startOfDay(addDays(TODAY, -5), ZONE));
    expect(says(young)).toEqual([]);
    const older = weeks(9).filter((c) => c.rung >= startOfDay(addDays(TODAY, -6), ZONE));
    expect(says(older)).toEqual([`symptoms@330102@${TODAY} 1`]);
  });

  it('are not raised against dark days: left out, and with too many of them nothing is said', () => {
    const span = (day: number, hours = 24) => ({ from: startOfDay(addDays(TODAY, day), ZONE), to: startOfDay(addDays(TODAY, day), ZONE) + hours * HOUR });
    // Nothing was written down four days ago: as a zero it would widen the deviation and hide what is there.
    const without = weeks(6).filter((c) => c.rung < span(-4).from || c.rung >= span(-4).to);
    expect(signalsOf(folded(without), [span(-4)], NOW, ZONE)[0]).toMatchObject({ c1: 6, days: 6 });
    expect(signalsOf(folded(weeks(6)), [span(-4, 2)], NOW, ZONE)[0]).toMatchObject({ days: 7 });
    expect(signalsOf(folded(weeks(6)), [span(-4, 3)], NOW, ZONE)[0]).toMatchObject({ days: 6 });
    expect(says(weeks(6), [-4, -5, -6].map((d) => span(d)))).toEqual([]);
  });

  it('hear of dark hours that are recorded afterwards, and of those that were none', () => {
    const s = { ...fold.empty(), cells: folded(weeks(6)) };
    const key = signalKey({ topic: 'symptoms', locality: '330102', day: TODAY });
    const hear = (id: string, day: number, withdrawn = false): void => {
      const from = startOfDay(addDays(TODAY, day), ZONE);
      fold.hears?.outage?.(s, { kind: 'outage', id, before: null, after: { from, to: from + DAY, withdrawn }, revision: 1, recorded: NOW, occurred: NOW, command: 'outage.record' }, ZONE);
    };
    const told = (): Record<string, number> => fold.view(s, NOW, ZONE).signals;
    expect(told()).toEqual({ [key]: 3 });
    for (const day of [-4, -5, -6]) hear(`o${day}`, day);
    expect(told()).toEqual({});
    hear('o-5', -5, true);
    expect(told()).toEqual({ [key]: 3 });
    // What is further back than a day is compared with is let go, and so is not carried for ever.
    for (const day of [-40, -41, -42]) hear(`o${day}`, day);
    expect(Object.keys(s.dark)).toEqual(['o-4', 'o-6']);
  });

  it('go when calls are given another topic, and come where they went', () => {
    const s = folded(weeks(6));
    const before = on(0, 'symptoms', '330102003', 3);
    for (const c of before) {
      countCell(s, c, -1, ZONE);
      countCell(s, { ...c, topic: 'advice' }, 1, ZONE);
    }
    expect(signalsOf(s, [], NOW, ZONE)).toEqual([]);
  });

  const many = fc.array(fc.tuple(fc.integer({ min: -13, max: 0 }), fc.constantFrom('symptoms', 'supplies', 'other'), fc.constantFrom('330102', '330109', '330212'), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 60 });
  const callsOf = (list: [number, string, string, number][]): One[] => list.flatMap(([day, topic, locality, n]) => on(day, topic, locality, n));

  it('topics by other names change names and nothing else, and so does another order of coming in', () => {
    const other: Record<string, string> = { symptoms: 'supplies', supplies: 'other', other: 'symptoms' };
    fc.assert(
      fc.property(many, (list) => {
        const calls = callsOf(list);
        const renamed = says(calls.map((c) => ({ ...c, topic: other[c.topic] ?? '' }))).sort();
        expect(renamed).toEqual(says(calls).map((s) => s.replace(/^\w+/, (topic) => other[topic] ?? '')).sort());
        expect(says([...calls].reverse())).toEqual(says(calls));
      }),
    );
  });

  it('what is counted and taken back leaves nothing, and calls from before it reaches change nothing', () => {
    fc.assert(
      fc.property(many, many, (list, more) => {
        // A first day long ago, so that it is not what is compared with.
        const calls = [...on(-40, 'other', '330102', 1), ...callsOf(list)];
        const s = folded(calls);
        for (const c of callsOf(more)) countCell(s, c, 1, ZONE);
        for (const c of callsOf(more)) countCell(s, c, -1, ZONE);
        expect(signalsOf(s, [], NOW, ZONE).map(signalKey)).toEqual(signalsOf(folded(calls), [], NOW, ZONE).map(signalKey));
        const old = callsOf(more).map((c) => ({ ...c, rung: c.rung - (REACH + 14) * DAY }));
        expect(says([...old, ...calls])).toEqual(says(calls));
      }),
    );
  });
});

it('a signal’s key says what it is of', () => {
  expect(signalOfKey(signalKey({ topic: 'affectedArea', locality: '330102', day: TODAY }))).toEqual({ topic: 'affectedArea', locality: '330102', day: TODAY });
  for (const not of ['330102', 'symptoms@330102', '@330102@2020-02-20', 'a@b@c', '']) expect(signalOfKey(not)).toBeNull();
});
