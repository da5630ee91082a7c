import { nextTick, ref, watch, type Ref } from 'vue';
import type { FieldProblem } from '../../../shared/protocol/errors.ts';
import { useWordsOf } from '../parts/wordsOf.ts';
import { words as partWords } from '../parts/words.ts';
import { emptyLog, type LogDraft } from './logDraft.ts';

/** What is wrong with the form's fields: marked beside each until it is touched, the hand put into the first. */
export function useLogProblems(d: LogDraft, first: () => void): {
  of(path: string): FieldProblem[];
  general: Ref<string | null>;
  /** @param otherwise what is said when no field is to blame. */
  mark(fields: readonly FieldProblem[], otherwise: string): void;
  clear(): void;
} {
  const say = useWordsOf(partWords);
  const wrong = ref<FieldProblem[]>([]);
  const general = ref<string | null>(null);
  const pathOf: Partial<Record<keyof LogDraft, string>> = { placeText: 'locality', attached: 'attachTo' };
  for (const field of Object.keys(emptyLog()) as (keyof LogDraft)[]) {
    watch(
      () => d[field],
      () => {
        wrong.value = wrong.value.filter((w) => w.path !== (pathOf[field] ?? field));
        if (wrong.value.length === 0) general.value = null;
      },
    );
  }
  return {
    of: (path) => wrong.value.filter((w) => w.path === path),
    general,
    mark(fields, otherwise) {
      wrong.value = [...fields];
      general.value = fields.length > 0 ? say('form.mend', { n: fields.length }) : otherwise;
      void nextTick(first);
    },
    clear() {
      wrong.value = [];
      general.value = null;
    },
  };
}
