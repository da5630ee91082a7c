import { watch } from 'vue';
import { useBoard } from '../../board/store.ts';
import type { LogDraft } from './logDraft.ts';

/** An earlier call as the form needs it to join this one to. */
export interface Attached {
  id: string;
  number: string;
  locality: string;
  topic: string;
  /** A unit has it, who may be urged. */
  urgeable: boolean;
}

/**
 * 并入: this caller joins an earlier call when the form is saved. Place and topic not yet given are that call's; the same key, or the
 * button beside what was joined, takes it back with what it filled in, after a reload too: the draft remembers which they were.
 */
export function useAttach(d: LogDraft, placeName: (code: string) => string): { attach(to: Attached): void; undo(): void } {
  function undo(): void {
    // What was put right by hand meanwhile stays.
    if (d.attached?.topic !== null && d.attached?.topic === d.topic) d.topic = '';
    if (d.attached?.locality != null && d.attached.locality === d.locality) Object.assign(d, { locality: null, placeText: '' });
    d.attached = null;
    d.urge = false;
  }
  return {
    undo,
    attach(to) {
      const same = d.attached?.id === to.id;
      if (d.attached !== null) undo();
      if (same) return;
      const topic = d.topic === '' ? to.topic : null;
      // Half a name typed is no place yet, and stays where it is.
      const locality = d.locality === null && d.placeText.trim() === '' ? to.locality : null;
      d.attached = { id: to.id, number: to.number, topic, locality, urgeable: to.urgeable };
      if (topic !== null) d.topic = topic;
      if (locality !== null) Object.assign(d, { locality, placeText: placeName(locality) });
    },
  };
}

/** A call that was sent and came back to the form names the earlier one by its id alone: its number is asked for. */
export function useJoinedNumber(d: LogDraft): void {
  const board = useBoard();
  watch(
    () => (d.attached?.number === '' ? d.attached.id : null),
    async (id) => {
      const at = board.info?.id;
      if (id === null || !at) return;
      const answer = await board.ask({ name: 'record', board: at, kind: 'call', id });
      if (answer.ok && d.attached?.id === id) d.attached.number = String(answer.record?.body.number ?? '');
    },
    { immediate: true },
  );
}
