import type { Clock } from '../../shared/time/clock.ts';

/** Within this long after a reload that did not help, it is not tried again by itself. */
export const RELOAD_REST = 2 * 60_000;
const LOOK_EVERY = 1_000;
const KEY = 'reloadedAt';

export interface ReloadParts {
  clock: Clock;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Nobody is in the middle of something. */
  quiet(): boolean;
  reload(): void;
}

/**
 * A page older than its hub loads itself again at a quiet moment, and once: where that did not help (a cache in between,
 * a hub half replaced) it waits before the next try instead of going round in circles. Answers how to call it off.
 */
export function reloadWhenQuiet(parts: ReloadParts): () => void {
  const timer = setInterval(look, LOOK_EVERY);
  function look(): void {
    const now = parts.clock.now();
    const last = Number(parts.storage.getItem(KEY) ?? -Infinity);
    // A clock that was set back must not hold it up for ever.
    const rested = now - last >= RELOAD_REST || now < last;
    if (!rested || !parts.quiet()) return;
    clearInterval(timer);
    parts.storage.setItem(KEY, String(now));
    parts.reload();
  }
  look();
  return () => clearInterval(timer);
}
