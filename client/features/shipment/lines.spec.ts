import { describe, expect, it } from 'vitest';
import { difference, quantityIn } from './lines.ts';

describe('a quantity as it is typed', () => {
  it.each([
    ['240000', 240_000],
    ['24万', 240_000],
    ['2.5 万', 25_000],
    ['1,200', 1_200],
    ['1,200', 1_200],
    ['400', 400],
    ['0', 0],
    ['0.125', 0.125],
  ])('%s is %d', (text, value) => expect(quantityIn(text)).toBe(value));
  it.each(['', 'abc', '-3', '1.2345', '12x', '2000000001', '99999999万'])('%s is none', (text) => expect(quantityIn(text)).toBeNull());
});

it('a difference is told without the noise of decimals', () => {
  expect(difference({ announced: 0.3, counted: 0.1 })).toBe(-0.2);
  expect(difference({ announced: 5, counted: 5 })).toBe(0);
  expect(difference({ announced: 5, counted: null })).toBeNull();
});
