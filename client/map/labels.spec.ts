import { describe, expect, it } from 'vitest';
import { makeMap } from './build-map.mjs';
import { fit, type Box } from './fit.ts';
import { chooseLabels, guessWidth, labelWishes, type LabelWish, type PlacedLabel } from './labels.ts';
import { parseMap } from './map.ts';

const within = { left: 0, top: 0, width: 400, height: 400 };
const rules = { size: 20, within };
const wish = (code: string, x: number, y: number, text = '上城'): LabelWish => ({ code, text, at: [x, y] });
const boxOf = ({ x, y, text }: PlacedLabel, size: number): Box => ({
  left: x - guessWidth(text, size) / 2,
  top: y - size / 2,
  width: guessWidth(text, size),
  height: size,
});
const meet = (a: Box, b: Box): boolean => a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

describe('chooseLabels', () => {
  it('puts a label where it was wished', () => {
    expect(chooseLabels([wish('a', 100, 100)], rules)).toEqual([{ code: 'a', text: '上城', x: 100, y: 100, width: 40 }]);
  });

  it('keeps the first and leaves out what would lie over it', () => {
    expect(chooseLabels([wish('a', 100, 100), wish('b', 100, 100)], rules).map((l) => l.code)).toEqual(['a']);
    expect(chooseLabels([wish('b', 100, 100), wish('a', 100, 100)], rules).map((l) => l.code)).toEqual(['b']);
  });

  it('moves a label a little rather than leaving it out, but not out of its region', () => {
    const [a, b] = chooseLabels([wish('a', 100, 100), wish('b', 100, 112)], rules);
    expect(a).toMatchObject({ y: 100 });
    expect(b).toMatchObject({ x: 100, y: 126 });
  });

  it('asks for room for the text as it is measured', () => {
    const wishes = [wish('a', 100, 100), wish('b', 150, 100)];
    expect(chooseLabels(wishes, rules)).toHaveLength(2);
    expect(chooseLabels(wishes, { ...rules, measure: () => 60 }).map((l) => [l.code, l.y])).toEqual([['a', 100]]);
  });

  it('never cuts a label at the edge, nor covers what must stay clear', () => {
    expect(chooseLabels([wish('a', 10, 100), wish('b', 100, 395), wish('c', 200, 200)], rules).map((l) => [l.code, l.y])).toEqual([
      ['b', 381],
      ['c', 200],
    ]);
    expect(chooseLabels([wish('c', 200, 200)], { ...rules, clear: [{ left: 150, top: 150, width: 100, height: 100 }] })).toEqual([]);
  });

  it('shows no name that would stand in the neighbour, as far as the room is told', () => {
    expect(chooseLabels([{ ...wish('a', 100, 100), room: 30 }], rules)).toEqual([]);
    expect(chooseLabels([{ ...wish('a', 100, 100), room: 34 }], rules)).toHaveLength(1);
  });

  it('takes a code once, from its more important wish, and no empty text', () => {
    expect(chooseLabels([wish('a', 100, 100), wish('a', 300, 300), wish('b', 200, 200, '')], rules)).toHaveLength(1);
  });

  it('holds what is placed still when something less important comes or goes', () => {
    const many = Array.from({ length: 40 }, (_, i) => wish(String(i), 50 + (i % 7) * 45, 30 + Math.floor(i / 7) * 24));
    const all = chooseLabels(many, rules);
    for (const cut of [5, 20, 39]) expect(chooseLabels(many.slice(0, cut), rules)).toEqual(all.filter((l) => Number(l.code) < cut));
  });
});

describe('labels of Zhejiang', async () => {
  const map = parseMap(JSON.parse(JSON.stringify(await makeMap())));
  const names = new Map(map.regions.features.map((f) => [f.properties.code, f.properties.name.replace(/(畲族自治县|[区县市])$/, '')]));

  const choose = (room: Box, size: number, first: string[] = []): PlacedLabel[] =>
    chooseLabels(labelWishes(map, fit(map.bounds, room), (code) => names.get(code) ?? '', first), { size, within: room });

  it.each([
    ['1080 units, for the whole room', { left: 0, top: 0, width: 1080, height: 1080 }, 26, 60],
    ["the wall's middle, for the whole room", { left: 580, top: 100, width: 760, height: 840 }, 26, 35],
    ['4K: the same units, the same labels', { left: 1160, top: 200, width: 1520, height: 1680 }, 52, 35],
  ])('%s: all 11 seats, many more, none over another', (_, room, size, atLeast) => {
    const labels = choose(room, size);
    expect(labels.map((l) => l.code)).toEqual(expect.arrayContaining(map.seats));
    expect(labels.length).toBeGreaterThanOrEqual(atLeast);
    for (const [i, a] of labels.entries()) for (const b of labels.slice(i + 1)) expect(meet(boxOf(a, size), boxOf(b, size)), `${a.text} ${b.text}`).toBe(false);
  });

  it('shows the same on a wall of twice the pixels', () => {
    const wall = choose({ left: 580, top: 100, width: 760, height: 840 }, 26);
    const fourK = choose({ left: 1160, top: 200, width: 1520, height: 1680 }, 52);
    expect(fourK.map((l) => l.code)).toEqual(wall.map((l) => l.code));
    for (const [i, { x, y }] of fourK.entries()) expect([x / 2, y / 2]).toEqual([expect.closeTo(wall[i]!.x, 6), expect.closeTo(wall[i]!.y, 6)]);
  });

  it('names a county that is too small for its name only when it has something to say, and then before a seat', () => {
    const room = { left: 0, top: 0, width: 760, height: 840 };
    // 滨江, the smallest of Hangzhou's.
    expect(choose(room, 26).some((l) => l.code === '330108')).toBe(false);
    expect(choose(room, 26, ['330108'])[0]).toMatchObject({ code: '330108', text: '滨江' });
  });

  it('leaves out what the map or the names do not know', () => {
    const room = { left: 0, top: 0, width: 760, height: 840 };
    expect(choose(room, 26, ['330104', '999999'])).toEqual(choose(room, 26));
    expect(chooseLabels(labelWishes(map, fit(map.bounds, room), () => ''), { size: 26, within: room })).toEqual([]);
  });
});
