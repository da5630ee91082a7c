import { expect, it } from 'vitest';
import { creditCheck } from '../../../shared/text/creditCode.ts';
import { codeAsTyped } from './codeAsTyped.ts';

const first = '91330100MA27XXXX0'.replace(/X/g, '1');
const good = first + (creditCheck(first) ?? '');

it('counts down, then says whether the check character fits', () => {
  expect(codeAsTyped('')).toEqual({ say: 'empty' });
  expect(codeAsTyped('9133')).toEqual({ say: 'left', n: 14 });
  expect(codeAsTyped(` ${good.toLowerCase().slice(0, 9)}-${good.slice(9)} `)).toEqual({ say: 'good', code: good });
  expect(codeAsTyped(`${good}1`)).toEqual({ say: 'over', n: 1 });
});

it('a swapped pair and a letter that cannot be are told apart', () => {
  const swapped = good.slice(0, 3) + good[4] + good[3] + good.slice(5);
  expect(swapped).not.toBe(good);
  expect(codeAsTyped(swapped)).toEqual({ say: 'wrong' });
  expect(codeAsTyped('91O')).toEqual({ say: 'letter' });
});
