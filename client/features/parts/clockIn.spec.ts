import { describe, expect, it } from 'vitest';
import { clockIn } from './clockIn.ts';

const zone = 'Asia/Shanghai';
/** 5 Feb 2020, 00:05:00 in Shanghai. */
const now = Date.UTC(2020, 1, 4, 16, 5, 0);

describe('a time of day as it is typed', () => {
  it.each([
    ['00:04', Date.UTC(2020, 1, 4, 16, 4)],
    ['0004', Date.UTC(2020, 1, 4, 16, 4)],
    ['000430', Date.UTC(2020, 1, 4, 16, 4, 30)],
    ['0:04:30', Date.UTC(2020, 1, 4, 16, 4, 30)],
    ['00:04', Date.UTC(2020, 1, 4, 16, 4)],
    ['0时04分', Date.UTC(2020, 1, 4, 16, 4)],
    ['00:05:30', Date.UTC(2020, 1, 4, 16, 5, 30)],
    // Not yet come today: yesterday's.
    ['23:50', Date.UTC(2020, 1, 4, 15, 50)],
  ])('%s', (text, at) => expect(clockIn(text, now, zone)).toBe(at));

  it.each(['', '25:00', '12:60', 'soon', '12', '1234567'])('%s is none', (text) => expect(clockIn(text, now, zone)).toBeNull());
});
