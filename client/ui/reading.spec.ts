import { describe, expect, test } from 'vitest';
import { figureState } from './reading.ts';

const now = 10_000_000;
const live = { now, silent: false };

describe('rule 13: a figure is never a bare number', () => {
  test('a value, a reported zero, an unknown and nothing at all are four things', () => {
    expect(figureState({ value: 5, asOf: now }, live).what).toBe('value');
    expect(figureState({ value: 0, asOf: now }, live)).toMatchObject({ what: 'zero', why: null });
    expect(figureState({ value: null, asOf: null, why: 'notCounted' }, live)).toMatchObject({ what: 'unknown', why: 'notCounted' });
    expect(figureState({ value: null, asOf: null }, live).why).toBe('noReport');
    expect(figureState(undefined, live)).toMatchObject({ what: 'unknown', why: 'waiting' });
  });

  test('it ages by its own source, at limits of its own, and is exactly fresh at the limit', () => {
    const rules = { ...live, ageingAfter: 1_000, staleAfter: 5_000 };
    const at = (old: number): string => figureState({ value: 1, asOf: now - old }, rules).age;
    expect([0, 1_000, 1_001, 5_000, 5_001].map(at)).toEqual(['fresh', 'fresh', 'ageing', 'ageing', 'stale']);
    expect(figureState({ value: 1, asOf: now - 900_000 }, live).age).toBe('fresh');
    expect(figureState({ value: 1, asOf: now + 5_000 }, rules)).toMatchObject({ age: 'fresh', old: 0 });
  });

  test('how much of it has spoken is kept, none of many included', () => {
    expect(figureState({ value: null, asOf: null, reported: 0, expected: 638 }, live).coverage).toEqual({ reported: 0, expected: 638 });
    expect(figureState({ value: 3, asOf: now }, live).coverage).toBeNull();
  });
});

test('rule 7: in silence every figure is stale, whatever its own source says', () => {
  for (const reading of [{ value: 5, asOf: now }, { value: 0, asOf: now }, { value: null, asOf: null }, undefined]) {
    expect(figureState(reading, { now, silent: true }).age).toBe('stale');
  }
});
