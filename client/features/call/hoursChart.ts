import type { CallView } from '../../../shared/features/call/stats.ts';
import { isDark, type Span } from '../../../shared/features/outage/dark.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { HOUR, hourOf } from '../../../shared/time/zone.ts';
import type { BarSeriesOption } from 'echarts/charts';
import type { ChartLook, ChartOption } from '../../ui/chart.ts';
import { grouped } from '../../ui/format.ts';

/** Letters on the chart, in units: what the front rows read, like every chart label. */
const LABEL = 22;
/** The chart's title stands above these first hours: a number there would run into it. */
const TITLED = 9;

/**
 * Calls in each of the last 24 hours, the running one lit: it is not over, so it is never compared as if it were. Only the
 * busiest hour and the running one carry their number, and never two that would touch; a quiet day keeps its scale, so that three calls do not look like a flood.
 */
/** Hours in which nothing could be written down, what they are called, and the board's time. */
export interface Dark {
  spans: readonly Span[];
  word: string;
  now: Instant;
}

export function hoursChart(hours: CallView['hours'], zone: string, look: ChartLook, dark?: Dark): ChartOption {
  const { from } = hours;
  // An hour in the dark is not a quiet one, whatever was entered of it since.
  const out = hours.counts.map((_, i) => dark !== undefined && isDark(dark.spans, from + i * HOUR, Math.min(from + (i + 1) * HOUR, Math.max(dark.now, from + i * HOUR + 1)), dark.now));
  const counts = hours.counts.map((n, i) => (out[i] ? null : n));
  const last = counts.length - 1;
  const whole = counts.slice(0, last).map((n) => n ?? 0);
  const most = Math.max(0, ...whole);
  const busiest = whole.indexOf(most);
  const u = look.unit;
  const reach = reachOf(dark?.word ?? '');
  const worded = out.flatMap((_, i) => (dark !== undefined && middleOf(out, i) ? (placeOf(i, reach, counts) ?? []) : []));
  const named = (i: number): boolean => i === last || (i === busiest && most > 0 && i >= TITLED && i < last - 3 && !worded.some((w) => i >= w.from - 2 && i <= w.to + 2));
  return {
    animation: false,
    grid: { left: 2 * u, right: 14 * u, top: 34 * u, bottom: 34 * u },
    xAxis: {
      type: 'category',
      data: counts.map((_, i) => String(hourOf(from + i * HOUR, zone))),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line, width: Math.max(1, u) } },
      axisLabel: {
        interval: (_: number, value: string) => Number(value) % 6 === 0,
        color: look.dim,
        fontFamily: look.font,
        fontSize: LABEL * u,
        margin: 8 * u,
        showMinLabel: null,
        showMaxLabel: null,
      },
    },
    yAxis: { type: 'value', show: false, min: 0, max: Math.max(8, most, counts[last] ?? 0) },
    series: [
      {
        type: 'bar',
        silent: true,
        barCategoryGap: '22%',
        barMinHeight: 2 * u,
        showBackground: false,
        data: counts.map((count, i) => ({
          // An hour before anything was on record, or in the dark, is a gap, not a quiet hour.
          value: count ?? '-',
          itemStyle: { color: count === 0 ? look.barGround : i === last ? look.barNow : look.bar },
          label: {
            show: named(i),
            position: 'top' as const,
            distance: 4 * u,
            formatter: grouped(count ?? 0),
            color: i === last ? look.ink : look.dim,
            fontFamily: look.font,
            fontSize: LABEL * u,
            fontWeight: 600,
          },
        })),
      },
      ...(out.includes(true) ? [darkBars(out, worded, dark?.word ?? '', Math.max(8, most, counts[last] ?? 0), look)] : []),
    ],
  };
}

/** Units of a bar with its gap where the chart is narrowest, and of a letter. */
const SLOT = 10;
const letter = (c: string): number => (c > '\u2e7f' ? LABEL : 0.58 * LABEL);
/** How many bars beside the one it stands over a word reaches across: 中断 2, Outage 4. */
const reachOf = (word: string): number => Math.round([...word].reduce((sum, c) => sum + letter(c), 0) / 2 / SLOT);

/** Where a word stands: at which hour, centred on it or ending or beginning there, and over which bars, the highest of them. */
interface Place {
  at: number;
  align: 'center' | 'right' | 'left';
  from: number;
  to: number;
  high: number;
}

/** Where it stands lowest: not over the running hour's number if it can be helped, and never under the title. Null: nowhere. */
function placeOf(at: number, reach: number, counts: readonly (number | null)[]): Place | null {
  const last = counts.length - 1;
  const ways = ([['center', at - reach, at + reach], ['right', at - 2 * reach, at], ['left', at, at + 2 * reach]] as const)
    .filter(([, from, to]) => from >= TITLED - 2 && to <= last + 1)
    .map(([align, from, to]): Place => ({ at, align, from, to, high: Math.max(0, ...counts.slice(from, to + 1).map((n) => n ?? 0)) }));
  const cost = (p: Place): number => (p.to >= last ? Infinity : p.high);
  return ways.reduce<Place | null>((best, p) => (best === null || cost(p) < cost(best) ? p : best), null);
}

/** The first and the last hour of the dark run this hour is of. */
function runOf(out: readonly boolean[], i: number): [number, number] {
  let [a, b] = [i, i];
  while (out[a - 1]) a--;
  while (out[b + 1]) b++;
  return [a, b];
}
const middleOf = (out: readonly boolean[], i: number): boolean => {
  const [a, b] = runOf(out, i);
  return (out[i] ?? false) && i === Math.floor((a + b) / 2);
};

/**
 * Empty frames where the bars would be, named once a run: told apart from a quiet hour by its shape, and by a word. The frames of a
 * named run are as high as the bars the word reaches across, so that it stands over them and not in them.
 */
function darkBars(out: readonly boolean[], worded: readonly Place[], word: string, most: number, look: ChartLook): BarSeriesOption {
  const u = look.unit;
  const high = (i: number): number => {
    const [a, b] = runOf(out, i);
    return Math.max(most * 0.3, ...worded.filter((w) => w.at >= a && w.at <= b).map((w) => w.high));
  };
  return {
    type: 'bar',
    silent: true,
    barGap: '-100%',
    barCategoryGap: '22%',
    data: out.map((is, i) => ({
      value: is ? high(i) : '-',
      itemStyle: { color: 'transparent', borderColor: look.dim, borderWidth: Math.max(1, u), borderType: 'dashed' as const },
      label: { show: worded.some((w) => w.at === i), align: worded.find((w) => w.at === i)?.align ?? ('center' as const), position: 'top' as const, distance: 4 * u, formatter: word, color: look.dim, fontFamily: look.font, fontSize: LABEL * u },
    })),
  };
}
