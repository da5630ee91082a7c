import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grams, normalise, terms } from './grams.ts';

const found = (text: string, term: string): boolean => {
  const of = new Set(grams(text));
  return grams(term).every((g) => of.has(g)) && normalise(text).includes(normalise(term));
};

describe('what a text is found by', () => {
  it.each([
    ['上城区湖滨街道青年路社区', '湖滨'],
    ['上城区湖滨街道青年路社区', '青年路'],
    ['20200205-0126', '0126'],
    ['５％次氯酸钠', '5%'],
    ['ABC 口罩 N95', 'n95'],
    ['老人发热38.2度', '发热'],
    ['𠮷野家门口', '𠮷野'],
  ])('%s by %s', (text, term) => {
    expect(found(text, term)).toBe(true);
  });

  it('finds a single character of Chinese, and nothing that is not there', () => {
    expect(found('湖滨', '湖')).toBe(true);
    expect(found('湖滨街道', '滨湖')).toBe(false);
  });

  it('every part of a text that is one run of characters is found by its grams', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[一-龥a-z0-9]{2,30}$/), fc.nat(), fc.nat(), (text, a, b) => {
        const chars = [...text];
        const from = a % chars.length;
        const term = chars.slice(from, from + 2 + (b % 6)).join('');
        if (chars.length - from >= 2) expect(found(text, term)).toBe(true);
      }),
    );
  });

  it('a question has at most eight terms', () => {
    expect(terms('  上城  口罩 ')).toEqual(['上城', '口罩']);
    expect(terms('a '.repeat(50))).toHaveLength(8);
    expect(terms('   ')).toEqual([]);
  });
});
