import { expect, test } from 'vitest';
import { ageParts, dayWords, duration, grouped, partsText, percent, publishedDay, quantity, signed, weekdayWords } from './format.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;

test('numbers are grouped the same whatever the machine speaks', () => {
  expect([0, 126, 1_342, 18_204, 1_234_567, -2_500, 12.5].map(grouped)).toEqual(['0', '126', '1,342', '18,204', '1,234,567', '−2,500', '12.5']);
});

test('only all of it is 100 %, and only nothing is 0 %', () => {
  expect([percent(1), percent(0.9996), percent(0.995), percent(0.0001), percent(0)]).toEqual(['100', '99', '99', '1', '0']);
  expect([percent(0.9312, 1), percent(0.99999, 1), percent(1, 1)]).toEqual(['93.1', '99.9', '100']);
});

test('a wait is told in the two largest units, rounded down, never as digits that could be minutes or hours', () => {
  const say = (ms: number, l: 'zh' | 'en' = 'zh'): string => partsText(duration(ms, l));
  expect([0, 59_999, 26 * MIN, 60 * MIN, 72 * MIN, 24 * HOUR, 76 * HOUR, -5].map((ms) => say(ms))).toEqual(['0 分', '0 分', '26 分', '1 时', '1 时 12 分', '1 天', '3 天 4 时', '0 分']);
  expect([say(72 * MIN, 'en'), say(76 * HOUR, 'en')]).toEqual(['1 h 12 m', '3 d 4 h']);
  expect([partsText(ageParts(42_900, 'zh')), partsText(ageParts(60_000, 'en'))]).toEqual(['42 秒', '1 m']);
});

test('days are those of the board’s zone, not of the machine', () => {
  // 00:30 on 6 February in Shanghai, still the 5th in UTC and New York.
  const at = Date.UTC(2020, 1, 5, 16, 30);
  expect([dayWords(at, 'Asia/Shanghai', 'zh'), weekdayWords(at, 'Asia/Shanghai', 'zh')]).toEqual(['2 月 6 日', '周四']);
  expect([dayWords(at, 'Asia/Shanghai', 'en'), weekdayWords(at, 'Asia/Shanghai', 'en')]).toEqual(['6 Feb', 'Thu']);
  expect([publishedDay('2020-02-09', 'zh'), publishedDay('2020-02-09', 'en')]).toEqual(['2 月 9 日', '9 Feb']);
});

test('quantities are said as in each language and never rounded', () => {
  expect([quantity(240_000, '只', 'zh'), quantity(1_200, '套', 'zh'), quantity(12_345, '只', 'zh'), quantity(25_500, '', 'zh')]).toEqual(['24 万只', '1,200 套', '12,345 只', '2.55 万']);
  expect([quantity(240_000, 'pieces', 'en'), signed(3), signed(-2), signed(0)]).toEqual(['240,000 pieces', '+3', '−2', '±0']);
});
