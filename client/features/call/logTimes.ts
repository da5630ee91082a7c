import { computed, type ComputedRef } from 'vue';
import { useTimes } from '../parts/times.ts';
import { useWordsOf } from '../parts/wordsOf.ts';
import type { LogDraft } from './logDraft.ts';
import { words } from './words.ts';

/** When it rang, was answered and ended: by a key each, and by itself where somebody is plainly speaking already. */
export function useLogTimes(d: LogDraft, blank: ComputedRef<boolean>): { answer(): void; end(): void; typing(by?: EventTarget | null): void; state: ComputedRef<string> } {
  const times = useTimes();
  const say = useWordsOf(words);

  /** One key: it rang (unless that is known) and was answered now. */
  function answer(): void {
    const now = times.now();
    d.rung ??= now;
    d.answered ??= now;
    if (d.origin === 'missed') d.origin = 'telephone';
  }
  return {
    answer,
    end() {
      if (!blank.value) d.ended ??= times.now();
    },
    /** Whoever types is already speaking with the caller. */
    typing(by) {
      // A time or the origin put in by hand says itself when it was.
      if (by instanceof HTMLSelectElement || (by instanceof HTMLElement && by.classList.contains('time'))) return;
      if (d.rung === null && d.answered === null && d.origin === 'telephone') answer();
    },
    state: computed(() => {
      const now = times.now();
      if (d.answered !== null && d.ended !== null) return say('form.talked', { span: talk(d.ended - d.answered) });
      if (d.answered !== null) return say('form.talking', { span: talk(now - d.answered) });
      if (d.rung !== null) return say('form.ringing', { span: talk(now - d.rung) });
      return '';
    }),
  };
}

/** `03:07`, or `1:03:07`. */
function talk(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  const two = (n: number): string => String(n).padStart(2, '0');
  return s < 3_600 ? `${two(Math.floor(s / 60))}:${two(s % 60)}` : `${Math.floor(s / 3_600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
