import { onMounted, onUnmounted, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

export interface Size {
  width: number;
  height: number;
}

/** The inner size of an element in pixels, watched whenever it is on the page; zero until it first is. */
export function useSize(element: Ref<HTMLElement | SVGElement | null>): ShallowRef<Size> {
  const size = shallowRef<Size>({ width: 0, height: 0 });
  let watcher: ResizeObserver | null = null;
  const look = (): void => {
    const at = element.value;
    if (!at || (at.clientWidth === size.value.width && at.clientHeight === size.value.height)) return;
    size.value = { width: at.clientWidth, height: at.clientHeight };
  };
  onMounted(() => {
    watcher = new ResizeObserver(look);
    watch(
      element,
      (now, before) => {
        if (before) watcher?.unobserve(before);
        if (!now) return;
        look();
        watcher?.observe(now);
      },
      { immediate: true, flush: 'post' },
    );
  });
  onUnmounted(() => watcher?.disconnect());
  return size;
}
