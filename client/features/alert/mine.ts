import { computed, type ComputedRef } from 'vue';
import type { Alert } from '../../../shared/features/alert/record.ts';
import { useBoard } from '../../board/store.ts';
import { useSession } from '../../ui/session.ts';

/** The alerts nobody has acknowledged that are the turn of whoever sits here: by account, for names may be alike. */
export function useMine(): { is(a: Alert): boolean; ids: ComputedRef<string[]> } {
  const board = useBoard();
  const session = useSession();
  const is = (a: Alert): boolean => a.state === 'new' && a.whosePerson !== null && a.whosePerson === session.who?.person.id;
  return { is, ids: computed(() => [...board.records('alert').values()].filter((r) => is(r.body as Alert)).map((r) => r.id)) };
}
