import { expect, it } from 'vitest';
import { owedOnWall } from './owedOnWall.ts';

const owed = (value: number, owedSince: number | null): Parameters<typeof owedOnWall>[0] & Parameters<typeof owedOnWall>[1] => ({ owed: { value, asOf: 1 }, owedSince });

it('missed rings and owed call-backs are one count, with the age of the longest waiting of both', () => {
  expect(owedOnWall(owed(2, 500), owed(3, 400))).toEqual({ count: 5, since: 400 });
  expect(owedOnWall(owed(2, 300), owed(3, 400))).toEqual({ count: 5, since: 300 });
  expect(owedOnWall(owed(0, null), owed(3, 400))).toEqual({ count: 3, since: 400 });
  expect(owedOnWall(owed(2, 300), { owed: { value: null, asOf: null, why: 'noReport' }, owedSince: null })).toEqual({ count: 2, since: 300 });
  expect(owedOnWall(owed(0, null), owed(0, null))).toBeNull();
  expect(owedOnWall(undefined, undefined)).toBeNull();
});
