import { describe, expect, it } from 'vitest';
import { LONGEST } from '../../../shared/features/call/figures.ts';
import { DAY } from '../../../shared/time/zone.ts';
import { shareText, starsText, timeOf } from './figuresShow.ts';

const ZONE = 'Asia/Shanghai';
const NOW = Date.UTC(2020, 1, 9, 3);

describe('the time that is meant', () => {
  const own = (from: string, to: string): unknown => timeOf('own', { from, to }, NOW, ZONE, LONGEST);
  it('is counted back from now', () => {
    expect(timeOf('week', { from: '', to: '' }, NOW, ZONE, LONGEST)).toEqual({ from: NOW - 7 * DAY, to: NOW });
  });
  it('is whole days of the board’s zone where somebody chooses them, the last one included', () => {
    expect(own('2020-02-01', '2020-02-01')).toEqual({ from: Date.UTC(2020, 0, 31, 16), to: Date.UTC(2020, 1, 1, 16) });
  });
  it('is none that is turned round, half chosen or too long', () => {
    expect([own('2020-02-02', '2020-02-01'), own('2020-02-02', ''), own('2020-01-01', '2020-04-02'), own('2020-01-01', '2020-04-01')].map((t) => t === null)).toEqual([true, true, true, false]);
  });
});

it('a share of none and a rating nobody gave are no numbers', () => {
  expect([shareText(0, 0), shareText(0, 4), shareText(19, 20), starsText({ stars: 0, rated: 0 }), starsText({ stars: 9, rated: 2 })]).toEqual(['—', '0.0%', '95.0%', '—', '4.5']);
});
