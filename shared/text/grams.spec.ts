import { expect, test } from 'vitest';
import { grams, normalise, pieces, termGrams, termPieces, terms } from './grams.ts';

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

test('in the index of all records, too, every part of a text is found by it; where the pieces say it all, they are right', () => {
  const text = '西湖区 北山街道：口罩5,000只，N95-1860；电话０５７１－88880126 王小明 13900000126';
  const whole = normalise(text);
  const has = new Set(pieces(text));
  for (let from = 0; from < whole.length; from++) {
    for (let to = from + 1; to <= Math.min(whole.length, from + 12); to++) {
      const term = whole.slice(from, to).trim();
      if (term === '' || /\s/.test(term)) continue;
      expect(termPieces(term).pieces.every((p) => has.has(p)), term).toBe(true);
    }
  }
  expect(termPieces('0126')).toEqual({ pieces: ['0126'], whole: true });
  expect(termPieces('发热')).toEqual({ pieces: ['发热'], whole: true });
  expect(termPieces('发')).toEqual({ pieces: ['发'], whole: true });
  expect(termPieces('王小明')).toEqual({ pieces: ['王小', '小明'], whole: false });
  expect(termPieces('13900000126').pieces).toHaveLength(new Set(['1390', '3900', '9000', '0000', '0001', '0012', '0126']).size);
  expect(termPieces('发-热').whole).toBe(false);
  expect(termPieces('%')).toEqual({ pieces: [], whole: false });
});
