import { expect, test } from 'vitest';
import { fit } from '../../map/fit.ts';
import { linePath, placeDiscs } from './scene.ts';

test('discs cover neither each other nor what must stay clear', () => {
  const trucks = Array.from({ length: 8 }, (_, i) => ({ id: String(i), spot: [200 + (i % 3), 200] as const }));
  const label = { left: 160, top: 160, width: 80, height: 26 };
  const discs = placeDiscs(trucks, 38, [label]);
  expect(discs.map((d) => d.spot)).toEqual(trucks.map((t) => t.spot));
  discs.forEach((a, i) => {
    for (const b of discs.slice(i + 1)) expect(Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1])).toBeGreaterThanOrEqual(38);
    const inside = a.at[0] + 19 > label.left && a.at[0] - 19 < label.left + label.width && a.at[1] + 19 > label.top && a.at[1] - 19 < label.top + label.height;
    expect(inside).toBe(false);
  });
});

test('one that stands alone stays on its truck; one that finds no room does too', () => {
  expect(placeDiscs([{ id: 'a', spot: [50, 50] }], 38, [])[0]?.at).toEqual([50, 50]);
  expect(placeDiscs([{ id: 'a', spot: [50, 50] }], 38, [{ left: -1_000, top: -1_000, width: 3_000, height: 3_000 }])[0]?.at).toEqual([50, 50]);
});

test('where names lie close all around, a disc goes further out rather than onto one', () => {
  const names = [-2, -1, 0, 1, 2].map((row) => ({ left: 60, top: 200 + row * 50 - 16, width: 280, height: 32 }));
  const [disc] = placeDiscs([{ id: 'a', spot: [200, 200] }], 42, names);
  for (const b of names) expect(disc!.at[0] + 21 > b.left && disc!.at[0] - 21 < b.left + b.width && disc!.at[1] + 21 > b.top && disc!.at[1] - 21 < b.top + b.height).toBe(false);
});

test('a way begins where it began and ends where the truck is', () => {
  const frame = fit([120, 28, 122, 30], { left: 0, top: 0, width: 400, height: 400 });
  const d = linePath([[120, 30], [121, 29], [122, 28]], frame);
  const points = d.slice(1).split('L').map((p) => p.split(' ').map(Number));
  expect(points).toHaveLength(3);
  expect(points[0]).toEqual(frame.toPixel([120, 30]).map((v) => Number(v.toFixed(1))));
  expect(points[2]).toEqual(frame.toPixel([122, 28]).map((v) => Number(v.toFixed(1))));
});
