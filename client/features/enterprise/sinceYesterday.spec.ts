import { expect, it } from 'vitest';
import { sinceYesterday } from './sinceYesterday.ts';

const day = (reported: number, capacity: number | null): Parameters<typeof sinceYesterday>[0][number] => ({ day: '2020-02-06', reported, capacity, staff: null });

it('today is compared with yesterday once at least half as many have reported', () => {
  expect(sinceYesterday([day(569, 34), day(284, 40)])).toBeNull();
  expect(sinceYesterday([day(569, 34), day(285, 40)])).toBe(6);
  expect(sinceYesterday([day(10, 34), day(500, 30)])).toBe(-4);
});

it('where one of the two is not known there is nothing to compare', () => {
  expect(sinceYesterday([day(0, null), day(500, 40)])).toBeNull();
  expect(sinceYesterday([day(500, 40), day(0, null)])).toBeNull();
  expect(sinceYesterday([day(500, 40)])).toBeNull();
  expect(sinceYesterday([])).toBeNull();
});
