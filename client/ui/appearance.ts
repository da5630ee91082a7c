import { ref, watch, type Ref } from 'vue';

/** Light or dark, remembered on this machine; `auto` follows it. Sets `dark` on the root, which every colour hangs on. */
export type Theme = 'light' | 'dark' | 'auto';

const REMEMBERED = 'theme';
let theme: Ref<Theme> | null = null;

export function useTheme(): Ref<Theme> {
  if (theme) return theme;
  const mine = ref<Theme>(read());
  theme = mine;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const dark = mine.value === 'dark' || (mine.value === 'auto' && system.matches);
    document.documentElement.classList.toggle('dark', dark);
  };
  system.addEventListener('change', apply);
  watch(mine, (to) => {
    apply();
    try {
      localStorage.setItem(REMEMBERED, to);
    } catch {
      // Storage is forbidden here: the choice lasts as long as the page.
    }
  });
  apply();
  return mine;
}

function read(): Theme {
  try {
    const kept = localStorage.getItem(REMEMBERED);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}
