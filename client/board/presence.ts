import { shallowRef, type ShallowRef } from 'vue';
import { presenceAnswer, type Doing, type PresenceFrame } from '../../shared/protocol/messages.ts';

/**
 * Who else has the record open that this page has (rule 18). A page is at one record, the one opened last; it says so when
 * that changes and when the line is back. What it knows of others holds for as long as the line does.
 */
export interface Presence {
  /** Opens a place; what is returned puts it right, and closes it with null. The one opened last is where the page is. */
  open(place: At): (now: At | null) => void;
  /** The line is live, or not any more. */
  line(live: boolean): void;
  heard(frame: PresenceFrame): void;
  readonly others: ShallowRef<PresenceFrame | null>;
}
export interface At {
  kind: string;
  id: string;
  doing: Doing;
}

/** Milliseconds between two words: who runs through a list is where they stop. */
const SAY_EVERY = 300;

export function createPresence(parts: { board(): string | null; say(message: unknown): Promise<unknown> }): Presence {
  const places: { at: At }[] = [];
  const others = shallowRef<PresenceFrame | null>(null);
  let live = false;
  let told = 'null';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let spoke = -Infinity;

  const here = (): At | null => places.at(-1)?.at ?? null;
  function soon(atLeast = 0): void {
    const at = here();
    if (others.value && (at?.kind !== others.value.kind || at.id !== others.value.id)) others.value = null;
    if (!live) return;
    timer ??= setTimeout(() => void say(), Math.max(atLeast, spoke + SAY_EVERY - performance.now(), 0));
  }
  async function say(): Promise<void> {
    timer = undefined;
    const board = parts.board();
    const at = here();
    const now = JSON.stringify(at);
    if (!live || board === null || now === told) return;
    told = now;
    spoke = performance.now();
    let retry = 0;
    try {
      const answer = presenceAnswer.safeParse(await parts.say({ board, at }));
      // What is not to be seen, or not to be said here, is not asked for again; a hub that is busy is.
      if (answer.success && !answer.data.ok && ['tooMany', 'notReady', 'internal'].includes(answer.data.error.code)) retry = (answer.data.error.retryAfter ?? 1) * 1_000;
    } catch {
      // Unanswered: said again when the line is back.
      retry = 1_000;
    }
    if (retry > 0 && told === now) {
      told = '';
      soon(retry);
    }
  }

  return {
    others,
    open(place) {
      const mine = { at: place };
      places.push(mine);
      soon();
      return (now) => {
        const i = places.indexOf(mine);
        if (now !== null) mine.at = now;
        else if (i >= 0) places.splice(i, 1);
        soon();
      };
    },
    line(now) {
      live = now;
      // A new line is a new socket: the hub knows nothing of where this page is.
      told = 'null';
      if (!now) others.value = null;
      else soon();
    },
    heard(frame) {
      const at = here();
      if (at?.kind === frame.kind && at.id === frame.id) others.value = frame;
    },
  };
}
