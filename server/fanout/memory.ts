import type { Fanout } from './fanout.ts';

/** The bus of a single process; hubs that share one see each other. Delivers in a later turn, as a network would. */
export class MemoryBus {
  private readonly listeners = new Map<string, Set<(message: string) => void>>();

  connect(): Fanout {
    const mine = new Map<string, (message: string) => void>();
    let open = true;
    const drop = (channel: string): void => {
      const listener = mine.get(channel);
      if (listener) this.listeners.get(channel)?.delete(listener);
      mine.delete(channel);
    };
    return {
      name: 'memory',
      publish: (channel, message) => {
        if (open) setImmediate(() => this.listeners.get(channel)?.forEach((l) => l(message)));
      },
      subscribe: (channel, listener) => {
        if (!open) return;
        drop(channel);
        mine.set(channel, listener);
        const all = this.listeners.get(channel) ?? new Set();
        all.add(listener);
        this.listeners.set(channel, all);
      },
      unsubscribe: drop,
      up: () => open,
      close: async () => {
        open = false;
        for (const channel of [...mine.keys()]) drop(channel);
      },
    };
  }
}
