import type { CallView } from '../../../shared/features/call/stats.ts';
import { HOUR, hourOf } from '../../../shared/time/zone.ts';
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
export function hoursChart(hours: CallView['hours'], zone: string, look: ChartLook): ChartOption {
  const { counts, from } = hours;
  const last = counts.length - 1;
  const whole = counts.slice(0, last).map((n) => n ?? 0);
  const most = Math.max(0, ...whole);
  const busiest = whole.indexOf(most);
  const u = look.unit;
  const named = (i: number): boolean => i === last || (i === busiest && most > 0 && i >= TITLED && i < last - 3);
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
          // An hour before anything was on record is a gap, not a quiet hour.
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
    ],
  };
}
