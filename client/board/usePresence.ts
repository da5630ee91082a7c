import { computed, onBeforeUnmount, onMounted, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import type { Doing, PresentPerson } from '../../shared/protocol/messages.ts';
import type { At } from './presence.ts';
import { useBoard } from './store.ts';

export interface Others {
  people: ComputedRef<readonly PresentPerson[]>;
  more: ComputedRef<number>;
}

/** Says that this page has a record open for as long as the component is on screen, and who else has. */
export function usePresence(kind: string, id: MaybeRefOrGetter<string>, doing: MaybeRefOrGetter<Doing>): Others {
  const { presence } = useBoard();
  const at = (): At => ({ kind, id: toValue(id), doing: toValue(doing) });
  let put: ((now: At | null) => void) | null = null;
  onMounted(() => (put = presence.open(at())));
  watch([() => toValue(id), () => toValue(doing)], () => put?.(at()));
  onBeforeUnmount(() => put?.(null));
  const mine = computed(() => {
    const frame = presence.others.value;
    return frame?.kind === kind && frame.id === toValue(id) ? frame : null;
  });
  return { people: computed(() => mine.value?.people ?? []), more: computed(() => mine.value?.more ?? 0) };
}
