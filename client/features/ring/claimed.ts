import { shallowRef, type ShallowRef } from 'vue';
import type { Ring } from '../../../shared/features/ring/record.ts';
import type { Problem } from '../../../shared/protocol/errors.ts';
import { useBoard } from '../../board/store.ts';

/** A ring somebody has taken, as the form of a call takes it. */
export interface TakenRing {
  id: string;
  ring: Ring;
  /** Empty: withheld, or not told to us. */
  number: string;
}

/** Asks for the number of a ring this desk has claimed and so handles; that it did is written down before it is told (rule 16). */
export function useNumberOf(): { of(id: string): Promise<string>; failed: ShallowRef<Problem | null> } {
  const board = useBoard();
  const failed = shallowRef<Problem | null>(null);
  return {
    failed,
    async of(id) {
      failed.value = null;
      const boardId = board.info?.id;
      if (!boardId) return '';
      const answer = await board.ask({ name: 'reveal', board: boardId, kind: 'ring', id, purpose: 'handling', words: '' });
      if (answer.ok) return answer.personal?.number ?? '';
      failed.value = answer.error;
      return '';
    },
  };
}
