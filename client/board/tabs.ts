import type { DraftNews, DraftTabs } from './drafts.ts';
import type { Tabs } from './outbox.ts';

/**
 * Several tabs of one person at one desk share an outbox: one of them sends, the next takes over when it is closed. The
 * browser's own locks and channels; null where it has none (a plain http address off loopback).
 */
export function browserTabs(owner: string): Tabs | null {
  // Typed as always there; outside secure contexts they are not.
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks || typeof BroadcastChannel === 'undefined') return null;
  const name = `outbox ${owner}`;
  const channel = new BroadcastChannel(name);
  return {
    whenLeading(signal, lead) {
      locks
        .request(name, { signal }, () => {
          lead();
          // Held until the page goes or the outbox is closed.
          return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        })
        .catch((cause: unknown) => {
          // Closed while still in the queue: this tab never had to send.
          if (!signal.aborted) throw cause;
        });
      signal.addEventListener('abort', () => channel.close());
    },
    changed: () => channel.postMessage(null),
    onChanged(listen) {
      const heard = (): void => listen();
      channel.addEventListener('message', heard);
      return () => channel.removeEventListener('message', heard);
    },
  };
}

/** What is being typed in one tab, told to the others of the same person at the same desk; null where the browser has no channels. */
export function draftTabs(owner: string): DraftTabs | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  const channel = new BroadcastChannel(`drafts ${owner}`);
  return {
    tell: (news) => channel.postMessage(news),
    onTold(listen) {
      const heard = (event: MessageEvent<DraftNews>): void => listen(event.data);
      channel.addEventListener('message', heard);
      return () => {
        channel.removeEventListener('message', heard);
        channel.close();
      };
    },
  };
}
