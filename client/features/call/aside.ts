import { ref, watch, type ComputedRef, type Ref } from 'vue';
import { useDraft } from '../../board/desk.ts';
import type { Draft } from '../../board/drafts.ts';
import { useTimes } from '../parts/times.ts';
import { emptyLog, type LogDraft } from './logDraft.ts';

interface Parked {
  at: number | null;
  value: LogDraft | null;
  /** Set aside before it, the newest last. */
  older?: { at: number | null; value: LogDraft }[];
}

/** What to do with a call that is half written when another comes: it waits beside, kept like a draft; or it is cleared, and can be had back. */
export function useAside(draft: Draft<LogDraft>, d: LogDraft, blank: ComputedRef<boolean>, form: string): {
  parked: Parked;
  setAside(): void;
  /** The form is empty afterwards, whatever stood in it and whatever lay beside already: nothing half written is lost or comes up unasked. */
  makeRoom(): void;
  /** Sets aside, swaps, or takes back; false when there is nothing to do. */
  park(): boolean;
  cleared: Ref<LogDraft | null>;
  clear(): Promise<void>;
  undoClear(): void;
} {
  const times = useTimes();
  const kept = useDraft<Parked>(`${form}.aside`, () => ({ at: null, value: null }));
  const parked = kept.value as Parked;
  const cleared = ref<LogDraft | null>(null);
  watch(blank, (now) => {
    if (!now) cleared.value = null;
  });

  function setAside(): void {
    const before = parked.value;
    const mine = { ...d };
    Object.assign(parked, { at: times.now(), value: mine });
    Object.assign(d, before ?? emptyLog());
    if (!before) void draft.clear();
  }
  function makeRoom(): void {
    if (blank.value) return;
    const older = [...(parked.older ?? []), ...(parked.value ? [{ at: parked.at, value: { ...parked.value } }] : [])];
    Object.assign(parked, { at: times.now(), value: { ...d }, older });
    void draft.clear();
  }
  /** What lay beneath it comes up beside the form. */
  function takeBack(): void {
    const below = parked.older?.at(-1);
    Object.assign(d, parked.value);
    if (!below) return void kept.spend();
    Object.assign(parked, { ...below, older: parked.older?.slice(0, -1) ?? [] });
  }
  return {
    parked,
    setAside,
    makeRoom,
    park() {
      if (blank.value && parked.value !== null) {
        takeBack();
      } else if (!blank.value) setAside();
      else return false;
      return true;
    },
    cleared,
    async clear() {
      const before = { ...d };
      const gone = draft.clear();
      cleared.value = before;
      await gone;
    },
    undoClear() {
      if (cleared.value) Object.assign(d, cleared.value);
      cleared.value = null;
    },
  };
}
