import { ref, watch, type Ref } from 'vue';
import { useGlance } from './glance.ts';

/** Counts the changes worth a soft highlight: not the first value, and nothing that a returning picture brought. */
export function useChanged(value: () => unknown): Ref<number> {
  const { settling, silent } = useGlance();
  const times = ref(0);
  watch(value, (now, before) => {
    if (before !== undefined && before !== null && now !== undefined && !settling.value && !silent.value) times.value++;
  });
  return times;
}
