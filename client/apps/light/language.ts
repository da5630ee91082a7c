import { ref, watchEffect, type Ref } from 'vue';

export type Language = 'zh' | 'en';

/**
 * The language of a page for somebody who has no desk: `lang` in the address, else what was chosen here before, else the
 * first of the browser's languages that we speak, else Chinese.
 */
export function useLanguage(): Ref<Language> {
  const asked = new URLSearchParams(location.search).get('lang') ?? kept();
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'zh' || tag === 'en');
  const language = ref<Language>(asked === 'en' || asked === 'zh' ? asked : spoken === 'en' ? 'en' : 'zh');
  watchEffect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  });
  return language;
}

export function keep(language: Language): void {
  try {
    localStorage.setItem('language', language);
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
}

function kept(): string | null {
  try {
    return localStorage.getItem('language');
  } catch {
    return null;
  }
}
