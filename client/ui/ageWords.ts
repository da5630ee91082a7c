import type { Words } from './i18n.ts';

/** `42 秒`, `3 分`, `2 小时`: one unit, rounded down, as one says it aloud. */
export function ageWords(ms: number, words: Pick<Words, 't'>): string {
  if (!Number.isFinite(ms)) return words.t('age.never');
  const s = Math.max(0, Math.floor(ms / 1_000));
  if (s < 60) return words.t('age.seconds', { n: s });
  if (s < 3_600) return words.t('age.minutes', { n: Math.floor(s / 60) });
  if (s < 86_400) return words.t('age.hours', { n: Math.floor(s / 3_600) });
  return words.t('age.days', { n: Math.floor(s / 86_400) });
}
