import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import type { AlertLevel } from '../../../shared/features/rule/record.ts';
import { Sounder, webSpeaker, type Speaker } from './sound.ts';

/**
 * Sound on a wall. A wall whose browser was started to allow it is simply heard; any other says once, quietly, that it is
 * not, and the first key or press lets it. `V` sounds a trial.
 */
export function useWallSound(level: () => AlertLevel | null, speaker: Speaker = webSpeaker()): { blocked: Readonly<Ref<boolean>> } {
  const blocked = ref(false);
  const sounder = new Sounder(speaker, () => 1);
  const look = (): void => {
    const before = blocked.value;
    blocked.value = !speaker.allowed();
    if (before && !blocked.value) sounder.again();
  };
  async function pressed(event: Event): Promise<void> {
    if (blocked.value) await speaker.allow();
    look();
    if (event instanceof KeyboardEvent && event.key.toLowerCase() === 'v' && !event.ctrlKey && !event.metaKey && !event.altKey) speaker.play(trial, 1);
  }
  let off = (): unknown => undefined;
  onMounted(() => {
    off = speaker.onChange(look);
    addEventListener('keydown', pressed);
    addEventListener('pointerdown', pressed);
    void speaker.allow().then(look);
  });
  onBeforeUnmount(() => {
    off();
    removeEventListener('keydown', pressed);
    removeEventListener('pointerdown', pressed);
    sounder.stop();
  });
  watch(level, (now) => sounder.set(now), { immediate: true });
  return { blocked };
}

const trial = [
  { at: 0, length: 0.2, hertz: 523 },
  { at: 0.3, length: 0.3, hertz: 659 },
];
