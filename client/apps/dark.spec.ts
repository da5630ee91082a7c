import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { noSums, type CallFigures } from '../../shared/features/call/figures.ts';
import type { CallView } from '../../shared/features/call/stats.ts';
import { asPattern } from '../../shared/features/index.ts';
import type { OutageView } from '../../shared/features/outage/stats.ts';
import { NIGHT, ZONE, person, startedBoard, type TinyBoard } from '../../shared/features/testing.ts';
import { DAY, HOUR, dayOf, startOfDay } from '../../shared/time/zone.ts';
import { useBoard } from '../board/store.ts';
import { asOnWall, mountAtDesk, type Mounted } from '../testing/desk.ts';
import type { ChartLook } from '../ui/chart.ts';
import { words as wallWords } from './wall/words.ts';
import CallPanel from '../features/call/CallPanel.vue';
import FiguresPage from '../features/call/FiguresPage.vue';
import type { ChartOption } from '../ui/chart.ts';

/** [R19] Every trend of calls there is, over the same night without power: a gap in each, never a zero, whatever was entered of it later. What early warning compares with: signals.spec.ts. */
let drawn: ((look: ChartLook) => ChartOption) | null = null;
vi.mock('../ui/ChartHost.vue', () => ({
  default: defineComponent({
    props: ['make', 'label', 'silent'],
    setup: (props) => () => {
      drawn = props.make as typeof drawn;
      return h('i');
    },
  }),
}));

const NOW = startOfDay(dayOf(NIGHT, ZONE), ZONE) + 4 * DAY + 10.5 * HOUR;
const TODAY = startOfDay(dayOf(NOW, ZONE), ZONE);
/** From ten at night to four in the morning. */
const NIGHT_OUT = { from: TODAY - 2 * HOUR, to: TODAY + 4 * HOUR };
const operator = person('operator');
const leader = person('leader');
const told = (b: TinyBoard, type: string, body: Record<string, unknown>, by = operator): void => {
  const said = b.send(type, body, by);
  if (!said.ok) throw new Error(`${type}: ${JSON.stringify(said)}`);
};

/** Ten days of calls, two an hour by day; then a night of which three calls were entered from paper. */
function board(dark: readonly { from: number; to: number }[]): TinyBoard {
  const b = startedBoard(asPattern);
  for (let at = TODAY - 8 * DAY; at < NOW - 60_000; at += 30 * 60_000) {
    if (dark.some((d) => at >= d.from && at < d.to)) continue;
    b.now = at + 60_000;
    told(b, 'call.log', { rung: at, answered: at + 5_000, topic: 'symptoms', locality: '330102' });
  }
  b.now = NOW;
  for (const { from, to } of dark) told(b, 'outage.record', { from, to, cause: 'power', reason: '' }, leader);
  for (const { from } of dark) for (const i of [0, 1, 2]) told(b, 'call.log', { rung: from + 90 * 60_000 + i, answered: null, topic: 'symptoms', locality: '330102', backEntered: true, writtenBy: '接线员 赵' });
  return b;
}
function views(b: TinyBoard): { call: CallView; outage: OutageView } {
  const call = asPattern.call.fold.empty();
  const outage = asPattern.outage.fold.empty();
  for (const c of b.changes) {
    if (c.kind === 'call') asPattern.call.fold.apply(call, c, ZONE);
    if (c.kind === 'outage') {
      asPattern.call.fold.hears?.outage?.(call, c, ZONE);
      asPattern.outage.fold.apply(outage, c, ZONE);
    }
  }
  return { call: asPattern.call.fold.view(call, b.now, ZONE) as CallView, outage: asPattern.outage.fold.view(outage, b.now, ZONE) as OutageView };
}
/** As the hub reckons them of the same calls. */
function figures(b: TinyBoard, from: number, to: number, dark: readonly { from: number; to: number }[]): CallFigures {
  const base = from - (from % HOUR);
  const by = new Map<number, number>();
  let calls = 0;
  for (const c of b.changes) {
    const rung = Number((c.after as { rung?: number }).rung);
    if (c.kind !== 'call' || rung < from || rung >= to) continue;
    calls++;
    by.set(Math.floor((rung - base) / HOUR), (by.get(Math.floor((rung - base) / HOUR)) ?? 0) + 1);
  }
  const all = { ...noSums, calls };
  return { from, to, now: NOW, since: TODAY - 10 * DAY, all, base, hours: [...by].map(([slot, n]) => ({ slot, calls: n, offered: n, connected: n, within15: n })), topics: [], localities: [], units: [], operators: [], ratings: [0, 0, 0, 0, 0], missed: 0, live: { late: 0, soon: 0 }, dark: [...dark] };
}

let at: Mounted | null = null;
beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  localStorage.clear();
});
afterEach(() => {
  at?.stop();
  at = null;
  drawn = null;
  vi.useRealTimers();
});

describe('the night without power', () => {
  it('is a gap in the wall’s hours', async () => {
    const now = views(board([NIGHT_OUT]));
    const Wall = defineComponent(() => {
      const store = useBoard();
      return () => h(CallPanel, { view: store.views.call, dark: store.views.outage?.spans });
    });
    at = await mountAtDesk(asOnWall(Wall), {}, { now: NOW, words: { wall: wallWords }, prepare: (hub) => hub.view({ ...now }) });
    const look: ChartLook = { unit: 1, font: 'x', ink: 'ink', dim: 'dim', line: 'line', bar: 'bar', barNow: 'now', barGround: 'ground' };
    const option = drawn?.(look) as unknown as { xAxis: { data: string[] }; series: { data: { value: number | '-' }[] }[] };
    const gaps = option.xAxis.data.filter((_, i) => option.series[0]?.data[i]?.value === '-');
    expect(gaps).toEqual(['22', '23', '0', '1', '2', '3']);
    expect(now.call.hours.counts.some((n) => n === 3)).toBe(true);
  });

  it.each<[string, number, number]>([
    ['by hour', 0, 6],
    ['by day', 1, 1],
    ['of the hours of a day', 1, 0],
  ])('is a gap on the page of figures, %s', async (name, period, gaps) => {
    // For the trend by day the whole of a day.
    const dark = name === 'by hour' ? [NIGHT_OUT] : [{ from: TODAY - 2 * DAY, to: TODAY - DAY }];
    const b = board(dark);
    at = await mountAtDesk(asOnWall(FiguresPage), { opened: null }, {
      now: NOW,
      role: 'leader',
      prepare(hub) {
        hub.onQuery = (q) => ({ ok: true, at: { epoch: 1, revision: 0 }, ...(q.name === 'figures' && { figures: figures(b, Number(q.body?.from), Number(q.body?.to), dark) as never }) });
      },
    });
    at.root.querySelectorAll<HTMLButtonElement>('header [role=radio]')[period]?.click();
    await at.pass(1_000);
    const trends = [...at.root.querySelectorAll('.trend')];
    const shown = trends.map((t) => [...t.querySelectorAll('li')].map((li) => ({ gap: li.querySelector('.trend-gap') !== null, says: li.querySelector('.hidden')?.textContent ?? '' })));
    if (name === 'of the hours of a day') {
      // The dark day is no day of which an hour is the mean: two an hour, not less.
      expect(shown[1]).toHaveLength(24);
      for (const { says } of shown[1] ?? []) expect(says).toMatch(/ 2 通$/);
      return;
    }
    expect(shown[0]?.filter((s) => s.gap)).toHaveLength(gaps);
    expect(shown[0]?.filter((s) => s.gap && s.says.includes('中断，事后补录 3 通'))).toHaveLength(1);
  });

  it('is nothing that today is compared with', () => {
    const quiet = views(board([])).call.yesterdaySoFar;
    expect(quiet).toMatchObject({ value: 21 });
    expect(views(board([{ from: TODAY - DAY, to: TODAY - DAY + 4 * HOUR }])).call.yesterdaySoFar.value).not.toBeNull();
    expect(views(board([{ from: TODAY - DAY, to: TODAY - DAY + 6 * HOUR }])).call.yesterdaySoFar).toMatchObject({ value: null, why: 'dark' });
  });
});
