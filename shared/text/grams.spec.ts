import { expect, test } from 'vitest';
import { grams, normalise, termGrams, terms } from './grams.ts';

const found = (text: string, term: string): boolean => {
  const has = new Set(grams(text));
  return termGrams(normalise(term)).every((g) => has.has(g)) && normalise(text).includes(normalise(term));
};

test('every part of a text is found by it, from one character on', () => {
  const text = '西湖区 北山街道：口罩5,000只，N95-1860；电话０５７１－8888';
  const whole = normalise(text);
  for (let from = 0; from < whole.length; from++) {
    for (let to = from + 1; to <= Math.min(whole.length, from + 6); to++) {
      const term = whole.slice(from, to).trim();
      if (term !== '' && !/\s/.test(term)) expect(found(text, term), term).toBe(true);
    }
  }
});

test('what is not in a text is not found by characters that are', () => {
  expect(found('口罩 酒精', '罩酒')).toBe(false);
  expect(found('发热门诊', '热发')).toBe(false);
});

test('a search box is cut into at most eight terms, in one form', () => {
  expect(terms('  ＡＢｃ 口罩\t西湖 ')).toEqual(['abc', '口罩', '西湖']);
  expect(terms('a b c d e f g h i j')).toHaveLength(8);
  expect(terms('   ')).toEqual([]);
});
