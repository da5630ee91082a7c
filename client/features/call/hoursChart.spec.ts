import { expect, test } from 'vitest';
import type { ChartLook } from '../../ui/chart.ts';
import { hoursChart } from './hoursChart.ts';

const look = (unit: number): ChartLook => ({ unit, font: 'x', ink: 'ink', dim: 'dim', line: 'line', bar: 'bar', barNow: 'now', barGround: 'ground' });
/** 23:00 on 4 February in Shanghai. */
const from = Date.UTC(2020, 1, 4, 15);
const counts = (...at: [number, number][]): number[] => Array.from({ length: 24 }, (_, i) => at.find(([hour]) => hour === i)?.[1] ?? 0);
interface Bar {
  value: number | '-';
  itemStyle: { color: string };
  label: { show: boolean; formatter: string; fontSize: number; align?: string };
}
const bars = (of: (number | null)[], unit = 1): Bar[] => (hoursChart({ from, counts: of }, 'Asia/Shanghai', look(unit)).series as { data: Bar[] }[])[0]!.data;
const named = (of: number[]): string[] => bars(of).filter((b) => b.label.show).map((b) => b.label.formatter);

test('hours are those of the board’s zone', () => {
  const axis = hoursChart({ from, counts: counts() }, 'Asia/Shanghai', look(1)).xAxis as { data: string[]; axisLabel: { interval(i: number, v: string): boolean } };
  expect(axis.data.slice(0, 3)).toEqual(['23', '0', '1']);
  expect(axis.data.filter((v, i) => axis.axisLabel.interval(i, v))).toEqual(['0', '6', '12', '18']);
});

test('the running hour is lit and named; of the whole ones only the busiest is', () => {
  const of = counts([3, 9], [10, 14], [23, 5]);
  expect(bars(of).map((b) => b.itemStyle.color).filter((c) => c !== 'ground')).toEqual(['bar', 'bar', 'now']);
  expect(named(of)).toEqual(['14', '5']);
  expect(named(counts([22, 14], [23, 5]))).toEqual(['5']);
  expect(named(counts())).toEqual(['0']);
  expect(named(counts([12, 1_400]))).toEqual(['1,400', '0']);
  // Under the title there is no room for a number.
  expect(named(counts([2, 1_400]))).toEqual(['0']);
});

test('an hour before anything was on record is a gap, not a quiet one', () => {
  const of = counts([23, 5]).map((n, i) => (i < 10 ? null : n));
  expect(bars(of).map((b) => b.value)).toEqual([...Array<string>(10).fill('-'), ...Array<number>(13).fill(0), 5]);
});

test('a few calls do not look like a flood, and nothing moves', () => {
  const option = hoursChart({ from, counts: counts([1, 3]) }, 'Asia/Shanghai', look(1));
  expect(option.yAxis).toMatchObject({ max: 8 });
  expect(option.animation).toBe(false);
  expect(option.tooltip).toBeUndefined();
});

test('every letter on it can be read by the front rows, on any screen', () => {
  for (const unit of [1, 2]) {
    const option = hoursChart({ from, counts: counts([1, 30]) }, 'Asia/Shanghai', look(unit));
    const sizes = [...bars(counts([1, 30]), unit).map((b) => b.label.fontSize), (option.xAxis as { axisLabel: { fontSize: number } }).axisLabel.fontSize];
    expect(Math.min(...sizes) / unit).toBeGreaterThanOrEqual(18);
  }
});

test('hours in the dark are a gap with a frame of their own, whatever was entered of them; named once', () => {
  const HOUR = 3_600_000;
  const spans = [{ from: from + 11.4 * HOUR, to: from + 14.6 * HOUR }];
  const option = hoursChart({ from, counts: counts([12, 9], [14, 3]) }, 'Asia/Shanghai', look(1), { spans, word: '中断', now: from + 23.5 * HOUR });
  const [calls, dark] = option.series as unknown as [{ data: Bar[] }, { data: Bar[] }];
  expect(calls.data.map((b, i) => (b.value === '-' ? i : -1)).filter((i) => i >= 0)).toEqual([11, 12, 13, 14]);
  expect(dark.data.map((b, i) => (b.value === '-' ? -1 : i)).filter((i) => i >= 0)).toEqual([11, 12, 13, 14]);
  expect(dark.data.filter((b) => b.label.show)).toHaveLength(1);
  // The word stands over the bars it reaches across, and takes the number of a busiest hour beside it.
  const beside = hoursChart({ from, counts: counts([14, 20], [12, 9], [18, 3]) }, 'Asia/Shanghai', look(1), { spans: [{ from: from + 12 * HOUR, to: from + 13 * HOUR }], word: 'Outage', now: from + 23.5 * HOUR });
  const [low, high] = beside.series as unknown as [{ data: Bar[] }, { data: Bar[] }];
  expect(high.data[12]).toMatchObject({ value: 20, label: { show: true, formatter: 'Outage' } });
  expect(low.data.filter((b) => b.label.show).map((b) => b.label.formatter)).toEqual(['0']);
  const apart = hoursChart({ from, counts: counts([18, 20]) }, 'Asia/Shanghai', look(1), { spans: [{ from: from + 12 * HOUR, to: from + 13 * HOUR }], word: 'Outage', now: from + 23.5 * HOUR });
  expect((apart.series as { data: Bar[] }[])[1]?.data[12]?.value).toBe(6);
  // A longer word reaches across more, so it clears a tall bar further off; it stands to the side on which it clears what is there.
  const outage = (at: number, ...of: [number, number][]): [number | '-', string | undefined] => {
    const told = hoursChart({ from, counts: counts(...of) }, 'Asia/Shanghai', look(1), { spans: [{ from: from + at * HOUR, to: from + (at + 1) * HOUR }], word: 'Outage', now: from + 23.5 * HOUR });
    const bar = (told.series as { data: Bar[] }[])[1]!.data[at]!;
    return [bar.value, bar.label.show ? bar.label.align : undefined];
  };
  expect(outage(14, [18, 20])).toEqual([20, 'center']);
  expect(outage(14, [19, 20])).toEqual([6, 'center']);
  expect(outage(16, [18, 20])).toEqual([6, 'right']);
  // Beside the running hour, whose number is always there; and under the title.
  expect(outage(20, [23, 20])).toEqual([6, 'right']);
  expect(outage(8)).toEqual([8 * 0.3, 'left']);
  expect(outage(3)).toEqual([8 * 0.3, undefined]);
  // An hour that was dark for a third of it is told as it is.
  const little = hoursChart({ from, counts: counts([12, 9]) }, 'Asia/Shanghai', look(1), { spans: [{ from: from + 12 * HOUR, to: from + 12.3 * HOUR }], word: '中断', now: from + 23.5 * HOUR });
  expect(little.series).toHaveLength(1);
});
