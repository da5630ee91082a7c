import { computed, type ComputedRef } from 'vue';
import { createI18n, useI18n, type I18n } from 'vue-i18n';
import type { FieldProblem, Problem } from '../../shared/protocol/errors.ts';
import { words as protocolWords } from '../../shared/protocol/words.ts';
import { words } from './words.ts';

/** Chinese first; both are complete. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

export interface Bilingual {
  zh: object;
  en: object;
}

const REMEMBERED = 'language';

export function rememberedLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  const kept = asked ?? read();
  return languages.find((l) => l === kept) ?? 'zh';
}

function read(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    // Storage is forbidden here: the first language it is.
    return null;
  }
}

/**
 * General words, those of the protocol, and those of each kind under its own name: `call.stages.inHand`. Messages are
 * compiled to trees, not to code, so that the page needs no `unsafe-eval`.
 */
export function createWords(kinds: Record<string, Bilingual>, language: Language = rememberedLanguage()): I18n {
  const of = (l: Language): Record<string, object | string> => ({
    ...words[l],
    ...protocolWords[l],
    ...Object.fromEntries(Object.entries(kinds).map(([kind, both]) => [kind, both[l]])),
  });
  const i18n = createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: 'zh',
    missingWarn: import.meta.env.DEV,
    fallbackWarn: import.meta.env.DEV,
    messages: { zh: of('zh'), en: of('en') } as never,
  });
  say(language);
  return i18n as unknown as I18n;
}

function say(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

type Leaves<T, P extends string = ''> = { [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`> }[keyof T & string];
/** Every general word. Words of kinds are reached with {@link Words.word}. */
export type WordKey = Leaves<(typeof words)['zh']>;
type Params = Record<string, string | number>;

export interface Words {
  t(key: WordKey, params?: Params): string;
  /** A word by a key made at run time; `otherwise` (or the key's last part) where there is none. */
  word(key: string, params?: Params, otherwise?: string): string;
  problem(problem: Problem): string;
  field(problem: FieldProblem): string;
  /** A name that is kept in both languages. */
  name(both: { zh: string; en: string } | null | undefined): string;
  language: ComputedRef<Language>;
  setLanguage(language: Language): void;
}

export function useWords(): Words {
  const { t, te, locale } = useI18n({ useScope: 'global' });
  const language = computed(() => languages.find((l) => l === locale.value) ?? 'zh');
  const word = (key: string, params: Params = {}, otherwise?: string): string =>
    te(key) ? t(key, params) : (otherwise ?? key.slice(key.lastIndexOf('.') + 1));
  return {
    t: (key, params = {}) => t(key, params),
    word,
    problem: (p) => word(`errors.${p.code}`) + (p.ref ? ` · ${t('common.ref', { ref: p.ref })}` : ''),
    field: (p) => word(`fields.${p.code}`, p.params ?? {}),
    name: (both) => both?.[language.value] ?? '',
    language,
    setLanguage(to) {
      locale.value = to;
      say(to);
      try {
        localStorage.setItem(REMEMBERED, to);
      } catch {
        // Storage is forbidden here: the choice lasts as long as the page.
      }
    },
  };
}
