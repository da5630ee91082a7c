import { words } from './words.ts';

const languages = ['zh', 'en'] as const;
const keys = ['verify', 'sent', 'called', 'act'] as const satisfies readonly (keyof (typeof words)['zh']['intends'])[];

/** What one key wrote for whoever acknowledged, in both languages; what somebody wrote themselves stands as written. */
export function intendsIn(written: string | null): { zh: string; en: string } {
  const key = keys.find((k) => languages.some((l) => words[l].intends[k] === written));
  return key === undefined ? { zh: written ?? '', en: written ?? '' } : { zh: words.zh.intends[key], en: words.en.intends[key] };
}
