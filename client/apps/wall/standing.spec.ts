import { expect, test } from 'vitest';
import type { LinkState } from '../../board/link.ts';
import { reasonOf, standing } from './standing.ts';

const at = { epoch: 1, revision: 4 };
const is = (link: LinkState, stale: boolean, known = true): string => standing({ link, stale, at: known ? at : null });

test('live means proved: a line without proof is not live', () => {
  expect(is({ name: 'live', since: 0 }, false)).toBe('live');
  expect(is({ name: 'live', since: 0 }, true)).toBe('stale');
  expect(reasonOf({ link: { name: 'live', since: 0 } })).toBe('database');
});

test('a moment’s break with a proved picture is catching up, a longer one is lost', () => {
  expect(is({ name: 'lost', since: 0, reason: 'closed' }, false)).toBe('catching');
  expect(is({ name: 'lost', since: 0, reason: 'closed' }, true)).toBe('lost');
  expect(is({ name: 'joining', since: 0, lostSince: 0 }, true)).toBe('lost');
  expect(is({ name: 'joining', since: 0, lostSince: null }, true, false)).toBe('waiting');
});

test('why it stands still is told by who broke it', () => {
  for (const reason of ['closed', 'silent', 'unreachable', 'notReady'] as const) expect(reasonOf({ link: { name: 'lost', since: 0, reason } })).toBe(reason);
  expect(reasonOf({ link: { name: 'connecting', since: 0 } })).toBe('waiting');
  expect(reasonOf({ link: { name: 'refused', since: 0, problem: { code: 'boardUnknown' } } })).toBe('refused');
});
