import { computed, inject, provide, ref, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { Instant } from '../../shared/time/clock.ts';

/** What every part of a screen must know to say how much its figures are worth. */
export interface Glance {
  /** The board's zone: every time shown is in it. */
  zone: ComputedRef<string>;
  /** The board's time at which the picture stands: runs while it is live, and stops where the proof stopped. */
  shown: ComputedRef<Instant>;
  /** Nothing has proved this picture for more than five seconds (rule 7). */
  silent: ComputedRef<boolean>;
  /** The picture has just come or come back: what differs from before did not happen now, and is not highlighted. */
  settling: Readonly<Ref<boolean>>;
}

/** The part of the board's store that this needs. */
export interface Proof {
  info: { zone: string } | null;
  now: Instant;
  speed: number;
  stale: boolean;
  /** Milliseconds since the picture was last proved current; Infinity when it never was. */
  age: number;
}

/** How long after a picture came its differences are not news. */
export const SETTLE = 1_500;

const key: InjectionKey<Glance> = Symbol('glance');

export function provideGlance(board: Proof): Glance {
  const stopped = ref(board.now);
  watch(
    () => [board.now, board.age, board.stale] as const,
    ([now, age, stale]) => {
      // While it is live the last proof is at most a few seconds behind; once it is not, the moment of that proof stays.
      if (!stale && now > 0) stopped.value = now - (Number.isFinite(age) ? age * board.speed : 0);
    },
    { immediate: true, flush: 'sync' },
  );
  const settling = ref(true);
  watch(
    () => board.stale,
    (stale, _, onCleanup) => {
      if (stale) {
        settling.value = true;
        return;
      }
      const timer = setTimeout(() => {
        settling.value = false;
      }, SETTLE);
      onCleanup(() => clearTimeout(timer));
    },
    { immediate: true, flush: 'sync' },
  );
  const glance: Glance = {
    zone: computed(() => board.info?.zone ?? 'Asia/Shanghai'),
    silent: computed(() => board.stale),
    shown: computed(() => (board.stale ? stopped.value : board.now)),
    settling,
  };
  provide(key, glance);
  return glance;
}

export function useGlance(): Glance {
  const glance = inject(key);
  if (!glance) throw new Error('this part stands on a screen that provides no glance');
  return glance;
}
