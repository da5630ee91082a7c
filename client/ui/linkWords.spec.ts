import { expect, it } from 'vitest';
import type { LinkState } from '../board/link.ts';
import type { Words } from './i18n.ts';
import { linkTone, linkWords } from './linkWords.ts';
import { words } from './words.ts';

const t: Words['t'] = (key, params = {}) => {
  const found = key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], words.zh) as string;
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
};
const say = (link: LinkState, stale: boolean, age = 0): string => linkWords(link, stale, age, 100_000, { t });

it('says in words how the line stands, and for how long', () => {
  expect(say({ name: 'live', since: 1 }, false)).toBe('实时');
  expect(say({ name: 'live', since: 1 }, true, 42_000)).toBe('停更 42 秒');
  expect(say({ name: 'live', since: 1 }, true, Infinity)).toBe('核对中');
  expect(say({ name: 'lost', since: 40_000, reason: 'unreachable' }, true)).toBe('连不上中心，已 1 分');
  expect(say({ name: 'signIn', since: 1 }, true)).toBe('登录已失效');
});

it('does not flicker while a missed frame is asked for and the picture is still fresh', () => {
  expect(say({ name: 'joining', since: 1, lostSince: null }, false)).toBe('实时');
  expect(linkTone({ name: 'joining', since: 1, lostSince: null }, false)).toBe('good');
  expect(say({ name: 'joining', since: 1, lostSince: 1 }, true)).toBe('正在接入');
});

it('is never good while the picture is stale', () => {
  for (const link of [
    { name: 'live', since: 1 },
    { name: 'joining', since: 1, lostSince: null },
    { name: 'lost', since: 1, reason: 'closed' },
    { name: 'signIn', since: 1 },
    { name: 'idle' },
  ] satisfies LinkState[])
    expect(linkTone(link, true)).not.toBe('good');
});
