import { describe, expect, it } from 'vitest';
import { dayState, type WorkCalendar } from '../../time/calendar.ts';
import { DAY, addDays, dayOf } from '../../time/zone.ts';
import { workYearOf, type Calendar } from '../calendar/record.ts';
import type { CalendarView } from '../calendar/stats.ts';
import { defaultCalendars, defaultLimits } from '../defaults.ts';
import { asPattern } from '../index.ts';
import { ZONE, person, startedBoard, why, type TinyBoard } from '../testing.ts';

const admin = person('admin');
const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });

describe('time limits', () => {
  const save = (board: TinyBoard, changes: Record<string, unknown>, more: Record<string, unknown> = {}): string => why(board.send('limit.save', { code: 'orderDay', changes, ...more }, admin));

  it('are made, changed field by field, switched off; each change is a version of its own', () => {
    const board = startedBoard(asPattern);
    expect(board.all('limit')).toHaveLength(defaultLimits.length);
    expect(save(board, { amount: { from: 1_440, to: 720 } })).toBe('ok');
    expect(board.get('limit', 'orderDay')?.version).toBe(2);
    expect(save(board, { amount: { from: 1_440, to: 600 } })).toBe('conflict');
    expect(save(board, { active: { from: true, to: false } })).toBe('ok');
    expect(board.get('limit', 'orderDay')?.body).toMatchObject({ amount: 720, active: false });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['one that is there', { name: set({ zh: '一', en: 'a' }) }, { create: true }, 'alreadyExists code:taken'],
    ['one that is not', { amount: set(5) }, { code: 'none' }, 'notFound'],
    ['one without a length', { name: set({ zh: '一', en: 'a' }), use: set('order'), unit: set('minutes') }, { code: 'new', create: true }, 'inputRejected changes.amount:required'],
    ['a reminder before it begins', { remindBefore: { from: 240, to: 1_440 } }, {}, 'inputRejected changes.remindBefore:tooBig'],
    ['passed up before it is urged', { urgeAfter: { from: 0, to: 300 } }, {}, 'inputRejected changes.escalateAfter:tooSmall'],
    ['nothing of a minute', { amount: { from: 1_440, to: 0 } }, {}, 'inputRejected changes.amount.to:tooSmall'],
  ])('refuses %s', (_name, changes, more, expected) => {
    expect(save(startedBoard(asPattern), changes, more)).toBe(expected);
  });

  it('are an administrator’s to change', () => {
    expect(why(startedBoard(asPattern).send('limit.save', { code: 'orderDay', changes: {} }, person('leader')))).toBe('notAllowed');
  });
});

describe('working calendars', () => {
  const save = (board: TinyBoard, year: number, changes: Record<string, unknown>, more: Record<string, unknown> = {}): string => why(board.send('calendar.save', { year, changes, ...more }, admin));

  it('are entered by the year, with weekends and office hours where nothing else is said, and kept in order', () => {
    const board = startedBoard(asPattern);
    const name = { zh: '春节', en: 'Spring Festival' };
    expect(save(board, 2021, { off: set([{ from: '2021-05-01', to: '2021-05-05', name }, { from: '2021-02-11', to: '2021-02-17', name }]), on: set(['2021-02-20', '2021-02-07']) }, { create: true })).toBe('ok');
    const body = board.get('calendar', '2021')?.body as Calendar;
    expect(body).toMatchObject({ week: [1, 2, 3, 4, 5], on: ['2021-02-07', '2021-02-20'], source: '' });
    expect(body.off.map((o) => o.from)).toEqual(['2021-02-11', '2021-05-01']);
  });

  it.each<[string, number, Record<string, unknown>, Record<string, unknown>, string]>([
    ['a year that is there', 2020, { on: set([]) }, { create: true }, 'alreadyExists year:taken'],
    ['a year that is not', 2023, { on: set([]) }, {}, 'notFound'],
    ['a day of another year', 2023, { on: set(['2024-01-01']) }, { create: true }, 'inputRejected changes.on.to.0:badTime'],
    ['a day there is not', 2023, { on: set(['2023-02-30']) }, { create: true }, 'inputRejected changes.on.to.0:badTime'],
    ['a holiday that ends before it begins', 2023, { off: set([{ from: '2023-05-05', to: '2023-05-01', name: { zh: '一', en: 'a' } }]) }, { create: true }, 'inputRejected changes.off.to.0:badTime'],
    ['hours that overlap', 2023, { hours: set([{ from: 540, to: 720 }, { from: 700, to: 900 }]) }, { create: true }, 'inputRejected changes.hours.to.1:badTime'],
    ['a day twice', 2023, { on: set(['2023-01-28', '2023-01-28']) }, { create: true }, 'inputRejected changes.on:duplicate'],
  ])('refuses %s', (_name, year, changes, more, expected) => {
    expect(save(startedBoard(asPattern), year, changes, more)).toBe(expected);
  });

  /** The totals are those of the notices: days a year minus weekends, holidays and what was made up for. */
  it.each(defaultCalendars.map((c) => [c.year, c] as const))('%i: every day made up for is a weekend, none lies in a holiday, and a holiday touches a day the week would work', (year, c) => {
    const board = startedBoard(asPattern);
    const calendar: WorkCalendar = { [year]: workYearOf(board.get('calendar', String(year))?.body as Calendar) };
    for (const d of c.on) {
      expect([0, 6], d).toContain(new Date(`${d}T00:00:00Z`).getUTCDay());
      expect(c.off.some((o) => o.from <= d && d <= o.to), d).toBe(false);
      expect(dayState(calendar, d).works).toBe(true);
    }
    const weekdaysOff = (o: Calendar['off'][number]): number => {
      let n = 0;
      for (let d = o.from; d <= o.to; d = addDays(d, 1)) if (![0, 6].includes(new Date(`${d}T00:00:00Z`).getUTCDay())) n++;
      return n;
    };
    for (const o of c.off) expect(weekdaysOff(o), o.from).toBeGreaterThan(0);
    // Statutory holidays are 11 days a year until 2024 and 13 from 2025 on (国务院令第795号); what is off beyond them is made up for.
    // 2020: 31 January more, and 1 February no longer made up for.
    const lost = c.off.reduce((sum, o) => sum + weekdaysOff(o), 0) - c.on.length;
    expect(lost).toBe({ 2020: 13, 2024: 11, 2025: 13, 2026: 13 }[year]);
  });

  it('the wall’s view says what today is, and whether anybody has entered it', () => {
    const { fold } = asPattern.calendar;
    const board = startedBoard(asPattern);
    const state = fold.empty();
    for (const change of board.changes) if (change.kind === 'calendar') fold.apply(state, change, ZONE);
    const view = (day: string): CalendarView => fold.view(state, Date.parse(`${day}T12:00:00+08:00`), ZONE) as CalendarView;
    expect(view('2020-02-01')).toMatchObject({ today: '2020-02-01', works: false, holiday: { zh: '春节' }, known: true });
    expect(view('2020-02-03')).toMatchObject({ works: true, holiday: null });
    expect(view('2021-02-12')).toMatchObject({ works: true, known: false });
    expect(dayOf(Date.parse('2020-02-01T12:00:00+08:00') + DAY, ZONE)).toBe('2020-02-02');
  });
});
