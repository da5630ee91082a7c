import type { Ref } from 'vue';
import { useWords } from '../../ui/i18n.ts';
import { useKeys } from './keys.ts';

/** The two keys of a form that opens over what it changes, while the hand is in it: one saves, the other leaves. */
export function useFormKeys(form: { root: Readonly<Ref<HTMLElement | null>>; title: () => string; saves: () => string; save: () => unknown; stop: () => unknown }): void {
  const { t } = useWords();
  useKeys({
    title: form.title,
    within: () => form.root.value,
    bindings: [
      { keys: 'Ctrl+Enter', words: form.saves, typing: true, run: () => void form.save() },
      { keys: 'Escape', words: () => t('common.cancel'), typing: true, run: () => void form.stop() },
    ],
  });
}
