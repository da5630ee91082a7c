import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Refused } from '../protocol/errors.ts';
import { merge, same } from './merge.ts';

describe('rule 9: nothing is silently overwritten', () => {
  const record = { topic: 'advice', unit: null, lines: [{ item: 'masks', n: 1 }] };

  it('takes what nobody else touched', () => {
    expect(merge(record, { topic: { from: 'advice', to: 'complaint' }, unit: { from: null, to: 'health' } })).toEqual({ topic: 'complaint', unit: 'health' });
    expect(merge(record, { lines: { from: [{ n: 1, item: 'masks' }], to: [] } })).toEqual({ lines: [] });
  });

  it('shows both values of what somebody else changed, and takes nothing', () => {
    try {
      merge(record, { topic: { from: 'other', to: 'complaint' }, unit: { from: null, to: 'health' } });
      expect.unreachable();
    } catch (error) {
      expect((error as Refused).problem).toEqual({ code: 'conflict', both: [{ field: 'topic', yours: 'complaint', theirs: 'advice' }] });
    }
  });

  it('two who wrote the same do not disagree', () => {
    expect(merge(record, { topic: { from: 'other', to: 'advice' } })).toEqual({});
  });

  it('a field not there yet was seen as nothing', () => {
    expect(merge({}, { unit: { from: undefined, to: 'health' } })).toEqual({ unit: 'health' });
    expect(merge({}, { unit: { from: null, to: 'health' } })).toEqual({ unit: 'health' });
  });

  it('two edits of different fields lead to the same, whichever comes first', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
    fc.assert(
      fc.property(fc.record({ a: value, b: value }), value, value, (start, x, y) => {
        const first = { ...start, ...merge(start, { a: { from: start.a, to: x } }) };
        const both = { ...first, ...merge(first, { b: { from: start.b, to: y } }) };
        expect(both).toEqual({ a: x, b: y });
      }),
    );
  });

  it('same() is by value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (v) => {
        expect(same(v, JSON.parse(JSON.stringify(v)))).toBe(true);
      }),
    );
    expect(same(-0, 0)).toBe(true);
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(same({ a: 1 }, { b: 1 })).toBe(false);
    expect(same([], {})).toBe(false);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same(null, {})).toBe(false);
  });
});
