import type { Call } from '../../../shared/features/call/record.ts';

/** 已催办 2 次 · 02:14; and how often because a caller rang again, where that is said. */
export function urgedWords(u: NonNullable<Call['urging']>, word: (key: string, params?: Record<string, string | number>) => string, when: (at: number) => string, callers = true): string {
  const params = { n: u.times, time: when(u.at), callers: u.byCallers };
  return word(callers && u.byCallers > 0 ? 'call.urgings.byCallers' : 'call.urgings.times', params);
}
