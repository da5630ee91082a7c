import { describe, expect, it } from 'vitest';
import { startClock, stopClock } from '../../../shared/time/dueClock.ts';
import { clockStandings, owes } from './clockText.ts';

const MIN = 60_000;
const by = { calendar: {}, zone: 'Asia/Shanghai' };
const half = startClock({ code: 'reportTelephone', version: 1, amount: 30, unit: 'minutes', remindBefore: null, urgeAfter: null, escalateAfter: null }, 0, by);
const at = (now: number, telephone = half): string | undefined => clockStandings({ clocks: { telephone, written: null } }, now)[0]?.state;

describe('a report clock on a desk', () => {
  it('is late the very moment it is due, and wants somebody ten minutes before', () => {
    expect([0, 20 * MIN - 1, 20 * MIN, 30 * MIN - 1, 30 * MIN].map((now) => at(now))).toEqual(['running', 'running', 'soon', 'soon', 'late']);
  });
  it('ended, says whether it was in time; nothing is owed any more', () => {
    expect(at(60 * MIN, stopClock(half, 29 * MIN, by))).toBe('inTime');
    expect(at(60 * MIN, stopClock(half, 31 * MIN, by))).toBe('tardy');
    expect([owes({ clocks: { telephone: half, written: null } }), owes({ clocks: { telephone: stopClock(half, 1, by), written: null } })]).toEqual([true, false]);
  });
});
