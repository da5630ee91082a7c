import { onMounted, onUnmounted, shallowRef, type Ref, type ShallowRef } from 'vue';

export interface Size {
  width: number;
  height: number;
}

/** The inner size of an element in pixels, watched; zero until it is on the page. */
export function useSize(element: Ref<HTMLElement | SVGElement | null>): ShallowRef<Size> {
  const size = shallowRef<Size>({ width: 0, height: 0 });
  let watcher: ResizeObserver | null = null;
  const look = (): void => {
    const at = element.value;
    if (!at || (at.clientWidth === size.value.width && at.clientHeight === size.value.height)) return;
    size.value = { width: at.clientWidth, height: at.clientHeight };
  };
  onMounted(() => {
    look();
    if (!element.value) return;
    watcher = new ResizeObserver(look);
    watcher.observe(element.value);
  });
  onUnmounted(() => watcher?.disconnect());
  return size;
}
