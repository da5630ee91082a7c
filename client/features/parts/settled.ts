import { onBeforeUnmount, ref, watch, type Ref } from 'vue';

/** Milliseconds in which the second of two quick presses still comes. */
export const IMPATIENT = 500;

/**
 * True for a moment after what can be pressed has changed: the next step's button comes to lie under the finger, and its key
 * under the hand, that pressed the last. The second of two quick presses is not for it.
 */
export function useFresh(offered: () => string): Readonly<Ref<boolean>> {
  const fresh = ref(false);
  let settle: ReturnType<typeof setTimeout> | undefined;
  watch(offered, () => {
    fresh.value = true;
    clearTimeout(settle);
    settle = setTimeout(() => (fresh.value = false), IMPATIENT);
  });
  onBeforeUnmount(() => clearTimeout(settle));
  return fresh;
}
