import type { LocationQuery } from 'vue-router';
import { expect, test } from 'vitest';
import type { ListFilter } from '../../../shared/protocol/filters.ts';
import { filterKey, fromQuery, isEmpty, rangeOf, toQuery } from './findState.ts';

const ZONE = 'Asia/Shanghai';
const now = Date.parse('2020-02-05T02:14:00+08:00');

test('a filter is the same after it has been an address', () => {
  const filters: ListFilter[] = [
    { where: { topic: ['supplies'], stage: ['accepted', 'sentBack'] }, held: true, last: 7, sort: 'oldest' },
    { where: {}, from: '2020-01-23', to: '2020-02-05', sort: 'newest' },
    { where: { unit: ['health'] }, held: false, sort: 'newest' },
  ];
  for (const f of filters) expect(filterKey(fromQuery(toQuery(f)) ?? { where: {}, sort: 'newest' })).toBe(filterKey(f));
  expect(toQuery({ where: {}, sort: 'newest' })).toEqual({});
});

test('an address that holds none, or something made up, is no filter', () => {
  const none: LocationQuery[] = [{}, { tab: 'find', id: 'x' }, { last: 'abc' }, { last: '0' }, { from: 'yesterday' }, { 'w.a b': 'x' }, { sort: 'worst' }];
  for (const query of none) expect(fromQuery(query)).toBeNull();
});

test('days are the board’s own, today being one of the last; what has no end ends with tomorrow', () => {
  const at = (text: string): number => Date.parse(text);
  const ends = at('2020-02-07T00:00:00+08:00') - 1;
  expect(rangeOf({ where: {}, last: 1, sort: 'newest' }, now, ZONE)).toEqual([at('2020-02-05T00:00:00+08:00'), ends]);
  expect(rangeOf({ where: {}, last: 7, sort: 'newest' }, now, ZONE)).toEqual([at('2020-01-30T00:00:00+08:00'), ends]);
  expect(rangeOf({ where: {}, from: '2020-02-01', to: '2020-02-03', sort: 'newest' }, now, ZONE)).toEqual([at('2020-02-01T00:00:00+08:00'), at('2020-02-04T00:00:00+08:00') - 1]);
  expect(rangeOf({ where: {}, to: '2020-02-03', sort: 'newest' }, now, ZONE)?.[0]).toBeNull();
  expect(rangeOf({ where: { topic: ['x'] }, sort: 'newest' }, now, ZONE)).toBeUndefined();
});

test('the same filter has the same key, in whatever order it was put together', () => {
  expect(filterKey({ where: { a: ['1'], b: ['2'] }, sort: 'newest' })).toBe(filterKey({ sort: 'newest', where: { b: ['2'], a: ['1'] } }));
  expect(isEmpty({ where: {}, sort: 'oldest' })).toBe(true);
});
