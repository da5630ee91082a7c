import { onBeforeUnmount, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { systemClock } from '../../../shared/time/clock.ts';
import type { Desk } from '../../board/desk.ts';
import { openDrafts, type DraftRow } from '../../board/drafts.ts';
import { browserKeep, ownerOf } from '../../board/keep.ts';
import { openOutbox, type Entry } from '../../board/outbox.ts';
import { useBoard } from '../../board/store.ts';
import { browserTabs, draftTabs } from '../../board/tabs.ts';
import { socketTransport } from '../../board/transport.ts';
import type { SessionInfo } from '../../../shared/protocol/messages.ts';
import type { Grant } from './router.ts';

export type Sitting = { grant: Grant; person: SessionInfo['person'] };

/** Sits somebody down at a desk: their outbox and drafts, and the board as their role sees it. Leaves with the page. */
export function useDeskOf(sitting: Ref<Sitting | null>, ended: () => void): ShallowRef<Desk | null> {
  const board = useBoard();
  const desk = shallowRef<Desk | null>(null);
  /** Counts sittings: what was opened for one who has left meanwhile is closed again. */
  let turn = 0;

  function leave(): void {
    turn++;
    board.useOutbox(null);
    board.stop();
    desk.value?.outbox.close();
    desk.value?.drafts.close();
    desk.value = null;
  }

  async function sit({ grant, person }: Sitting): Promise<void> {
    const mine = ++turn;
    const owner = ownerOf(grant.board, person.id, grant.role);
    const outbox = await openOutbox({
      owner,
      board: grant.board,
      keep: browserKeep<Entry>('outbox'),
      clock: systemClock,
      boardNow: () => board.now || null,
      carry: (message, timeout) => board.carry(message, timeout),
      sessionEnded: ended,
      tooOld: () => board.tooOld(),
      tabs: browserTabs(owner),
    });
    const drafts = await openDrafts({
      owner,
      keep: browserKeep<DraftRow>('drafts'),
      clock: systemClock,
      tabs: draftTabs(owner),
      sent: (command) => outbox.entries.value.some((e) => e.key === command),
    });
    if (mine !== turn) {
      drafts.close();
      outbox.close();
      return;
    }
    board.start({ transport: socketTransport({ role: grant.role }), board: grant.board, entries: true, views: true });
    board.useOutbox(outbox);
    desk.value = { role: grant.role, board: grant.board, scope: grant.scope, person, outbox, drafts, toReopen: shallowRef(null) };
  }

  const key = (s: Sitting | null): string => (s ? JSON.stringify([s.person.id, s.grant]) : '');
  watch(
    () => key(sitting.value),
    () => {
      leave();
      if (sitting.value) void sit(sitting.value);
    },
    { immediate: true },
  );
  onBeforeUnmount(leave);
  return desk;
}
