import { computed, type ComputedRef } from 'vue';
import { useWords } from '../../ui/i18n.ts';

type Leaves<T, P extends string = ''> = { [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`> }[keyof T & string];
type Params = Record<string, string | number>;
export type Say<T> = (key: Leaves<T>, params?: Params) => string;

/**
 * Words that belong to one room of the consoles: typed keys, the language of the page, named places. Reading them in a
 * template follows the language.
 */
export function useWordsOf<T extends object>(both: { zh: T; en: unknown }): Say<T> {
  const { language } = useWords();
  const mine: ComputedRef<object> = computed(() => both[language.value] as object);
  return (key, params = {}) => fill(find(mine.value, key), params);
}

function find(words: object, key: string): string {
  let at: unknown = words;
  for (const part of key.split('.')) at = (at as Record<string, unknown>)[part];
  return at as string;
}

export const fill = (words: string, params: Params): string => words.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
