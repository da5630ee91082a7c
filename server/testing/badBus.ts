import { createServer, connect, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fanout } from '../fanout/fanout.ts';
import { connectRedis } from '../fanout/redis.ts';
import { quiet } from './cluster.ts';
import type { Chance } from './seeded.ts';

/** A bus a test can break. What hubs say on it is kept, since nothing personal may ever be among it (rule 16). */
export interface BadBus {
  connect(): Promise<Fanout>;
  /** Gone, or back. */
  set(up: boolean): void;
  /** Brings up to so many messages to those they are for, in any order. */
  deliver(most: number): void;
  readonly said: string[];
  close(): Promise<void>;
}

/** Loses one message in ten, doubles one in ten, and brings the rest when it likes, in whatever order. */
export function lossyBus(chance: Chance): BadBus {
  const listeners = new Map<string, Set<(message: string) => void>>();
  const underway: { channel: string; to: (message: string) => void; message: string }[] = [];
  const said: string[] = [];
  let up = true;
  return {
    said,
    set: (is) => {
      up = is;
      if (!up) underway.length = 0;
    },
    deliver: (most) => {
      for (let n = 0; n < most && underway.length > 0; n++) {
        const [one] = underway.splice(chance.below(underway.length), 1);
        if (one && listeners.get(one.channel)?.has(one.to)) one.to(one.message);
      }
    },
    connect: async () => {
      const mine = new Map<string, (message: string) => void>();
      const drop = (channel: string): void => {
        const listener = mine.get(channel);
        if (listener) listeners.get(channel)?.delete(listener);
        mine.delete(channel);
      };
      return {
        name: 'memory',
        publish: (channel, message) => {
          said.push(message);
          if (!up) return;
          for (const to of listeners.get(channel) ?? []) {
            if (chance.oneIn(10)) continue;
            underway.push({ channel, to, message });
            if (chance.oneIn(10)) underway.push({ channel, to, message });
          }
        },
        subscribe: (channel, listener) => {
          drop(channel);
          mine.set(channel, listener);
          listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
        },
        unsubscribe: drop,
        up: () => up,
        close: async () => {
          for (const channel of [...mine.keys()]) drop(channel);
        },
      };
    },
    close: async () => undefined,
  };
}

/** Something between a client and a server on a Unix socket that can be cut, and mended. */
export interface Cable {
  path: string;
  set(up: boolean): void;
  close(): Promise<void>;
}

export async function cable(to: string): Promise<Cable> {
  const directory = mkdtempSync(join(tmpdir(), 'cable-'));
  const path = join(directory, 's');
  const open = new Set<Socket>();
  let up = true;
  const server: Server = createServer((near) => {
    if (!up) {
      near.destroy();
      return;
    }
    const far = connect(to);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      // Either end may be torn off at any time: that is what a cable is here for.
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(path, done));
  return {
    path,
    set: (is) => {
      up = is;
      if (!up) for (const socket of open) socket.destroy();
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A real Redis at the end of a cable that is cut now and then. */
export async function cutRedis(path: string): Promise<BadBus> {
  const wire = await cable(path);
  const said: string[] = [];
  return {
    said,
    set: (up) => wire.set(up),
    deliver: () => undefined,
    connect: async () => {
      wire.set(true);
      const fanout = await connectRedis({ path: wire.path }, quiet);
      return {
        ...fanout,
        publish: (channel, message) => {
          said.push(message);
          fanout.publish(channel, message);
        },
      };
    },
    close: () => wire.close(),
  };
}
