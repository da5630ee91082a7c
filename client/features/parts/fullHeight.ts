import { onBeforeUnmount, onMounted } from 'vue';

/** On a wide screen the desk takes the window's height and its columns scroll; the page itself does not. */
export function useFullHeight(): void {
  onMounted(() => document.documentElement.classList.add('full-height'));
  onBeforeUnmount(() => document.documentElement.classList.remove('full-height'));
}
