import { expect, test } from 'vitest';
import type { CallView } from '../../../shared/features/call/stats.ts';
import type { EnterpriseView } from '../../../shared/features/enterprise/stats.ts';
import type { LocalityView } from '../../../shared/features/locality/stats.ts';
import { mapFigures, paintMap, scaleFor } from './mapFigures.ts';

const codes = ['330102', '330106', '330212', '330302'];
const calls = (openBy: Record<string, number>, lateBy: Record<string, number> = {}): { call: CallView } => ({ call: { openBy, lateBy } as unknown as CallView });

test('without a view everything is unknown, never nought', () => {
  for (const figure of mapFigures) {
    const { regions, legend } = paintMap(figure, codes, {});
    expect(codes.map((c) => regions[c]?.paint), figure).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(legend.reduce((n, l) => n + l.count, 0)).toBe(4);
  }
});

test('every legend counts every region once', () => {
  const views = {
    ...calls({ '330102': 3, '330106': 1 }, { '330102': 2 }),
    enterprise: { counties: { '330102': { total: 4, resumed: 1, reported: 3, capacitySum: 0 }, '330106': { total: 4, resumed: 4, reported: 0, capacitySum: 0 } } } as unknown as EnterpriseView,
    locality: { places: [{ code: '330102', colour: 'red' }, { code: '330106', colour: null }] } as unknown as LocalityView,
  };
  for (const figure of mapFigures) expect(paintMap(figure, codes, views).legend.reduce((n, l) => n + l.count, 0), figure).toBe(4);
});

test('open calls: a county not named has none, and says so plainly', () => {
  const { regions, legend, total } = paintMap('open', codes, calls({ '330102': 12, '330106': 2 }));
  expect(codes.map((c) => regions[c]?.paint)).toEqual(['amount-4', 'amount-1', 'none', 'none']);
  expect(codes.map((c) => regions[c]?.text)).toEqual(['12', '2', '', '']);
  expect(total).toBe(14);
  expect(legend.map((l) => [l.range, l.count])).toEqual([['10+', 1], ['6–9', 0], ['3–5', 0], ['1–2', 1], ['0', 2]]);
});

test('late calls have colours of their own, at limits that never move', () => {
  const { regions } = paintMap('late', codes, calls({}, { '330102': 1, '330106': 3, '330212': 400 }));
  expect(codes.map((c) => regions[c]?.paint)).toEqual(['late-1', 'late-2', 'late-3', 'none']);
});

test('scales change seldom, and the largest amount stands out in each', () => {
  expect([0, 12, 30, 31, 120, 600, 3_000, 50_000].map((n) => scaleFor(n)[3])).toEqual([10, 10, 10, 40, 40, 200, 1_000, 5_000]);
});

test('resumed: silence is hatched, a county without enterprises is bare, and who lags is brightest', () => {
  const county = (total: number, resumed: number, reported = total): object => ({ total, resumed, reported, capacitySum: 0 });
  const enterprise = { counties: { '330102': county(100, 10), '330106': county(100, 100), '330212': county(5, 5, 0) } } as unknown as EnterpriseView;
  const { regions } = paintMap('resumed', codes, { enterprise });
  expect(codes.map((c) => regions[c]?.paint)).toEqual(['amount-4', 'amount-1', 'unknown', 'none']);
  expect(codes.map((c) => regions[c]?.text)).toEqual(['10%', '', '', '']);
  expect(regions['330102']?.weight).toBeGreaterThan(regions['330106']?.weight ?? 0);
});

test('five colours: one not set is hatched, the worst asks to be named first', () => {
  const places = [
    { code: '330102', colour: 'red' },
    { code: '330106', colour: 'orange' },
    { code: '330212', colour: 'green' },
    { code: '330302', colour: null },
  ];
  const { regions, legend } = paintMap('colour', codes, { locality: { places } as unknown as LocalityView });
  expect(codes.map((c) => regions[c]?.paint)).toEqual(['map-red', 'map-orange', 'map-green', 'unknown']);
  expect(codes.map((c) => regions[c]?.weight)).toEqual([2, 1, 0, 0]);
  expect(legend.every((l) => l.paint === 'unknown' || l.tone !== null)).toBe(true);
});
