import { expect, test } from 'vitest';
import { intendsIn } from './intends.ts';
import { words } from './words.ts';

test('what a key wrote in one language is read in the other; what a person wrote stands', () => {
  expect(intendsIn(words.en.intends.act).zh).toBe(words.zh.intends.act);
  expect(intendsIn(words.zh.intends.verify).en).toBe(words.en.intends.verify);
  expect(intendsIn('等消防回电')).toEqual({ zh: '等消防回电', en: '等消防回电' });
  expect(intendsIn(null)).toEqual({ zh: '', en: '' });
});
