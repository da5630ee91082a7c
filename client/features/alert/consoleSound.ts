import { onBeforeUnmount, onMounted, ref, watch } from 'vue';
import type { AlertLevel } from '../../../shared/features/rule/record.ts';
import { patterns, Sounder, webSpeaker } from './sound.ts';

/** The sound of this console: one for the page, whoever shows its controls. The volume belongs to the machine. */
const KEY = 'alert-volume';
const kept = (): number => {
  const text = localStorage.getItem(KEY);
  const value = text === null ? 0.7 : Number(text);
  return value >= 0 && value <= 1 ? value : 0.7;
};
export const volume = ref(kept());
export const blocked = ref(false);
/** The list of alerts has been asked for, from the header or by its key. */
export const alertsOpen = ref(false);

const speaker = webSpeaker();
const sounder = new Sounder(speaker, () => volume.value);
watch(volume, (v) => localStorage.setItem(KEY, String(v)));

export async function test(level: AlertLevel): Promise<void> {
  await speaker.allow();
  blocked.value = !speaker.allowed();
  speaker.play(patterns[level].notes, Math.max(volume.value, 0.05));
}

/**
 * For the part that is on screen at every desk. `turns`: alerts that are the turn of whoever sits here; what joins them is
 * heard at once, whatever stood before.
 */
export function useConsoleSound(level: () => AlertLevel | null, turns: () => readonly string[]): void {
  let tried = false;
  const look = (): void => {
    const before = blocked.value;
    blocked.value = tried && !speaker.allowed();
    if (before && !blocked.value) sounder.again();
  };
  async function pressed(): Promise<void> {
    if (tried && !blocked.value) return;
    tried = true;
    await speaker.allow();
    look();
  }
  let off = (): unknown => undefined;
  onMounted(() => {
    off = speaker.onChange(look);
    addEventListener('keydown', pressed);
    addEventListener('pointerdown', pressed);
  });
  onBeforeUnmount(() => {
    off();
    removeEventListener('keydown', pressed);
    removeEventListener('pointerdown', pressed);
    sounder.stop();
  });
  watch(
    level,
    (now) => {
      // Asked for only when there is something to be heard: a quiet desk says nothing of sound.
      if (now !== null && !tried) {
        tried = true;
        void speaker.allow().then(look);
      }
      sounder.set(now);
    },
    { immediate: true },
  );
  watch(turns, (now, before) => {
    if (now.some((id) => !before.includes(id))) sounder.again();
  });
}
