import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../log.ts';
import type { Fanout } from './fanout.ts';

export type RedisAddress = { url: string } | { path: string };

const options: RedisOptions = {
  lazyConnect: true,
  // Nothing waits for a bus that is away: what was not rung is read from the log.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  enableAutoPipelining: true,
  connectTimeout: 3_000,
  retryStrategy: (times) => Math.min(50 * times, 1_000),
};

/** What may wait for a Redis that takes nothing; beyond it nothing is rung. */
const MAX_FLYING = 10_000;

const client = (to: RedisAddress, more: RedisOptions = {}): Redis =>
  'url' in to ? new Redis(to.url, { ...options, ...more }) : new Redis({ ...options, path: to.path, ...more });

/** Throws when Redis does not answer at the start; later it may come and go. */
export async function connectRedis(to: RedisAddress, log: Log): Promise<Fanout> {
  const out = client(to);
  const into = client(to, { enableOfflineQueue: true, maxRetriesPerRequest: null });
  const listeners = new Map<string, (message: string) => void>();
  let told = true;
  const watch = (redis: Redis, side: string): void => {
    redis.on('error', (err: Error) => {
      if (told) log.warn({ err: err.message, side }, 'redis is away; changes are read from the log until it is back');
      told = false;
    });
    redis.on('ready', () => {
      if (!told) log.info({ side }, 'redis is back');
      told = true;
    });
  };
  watch(out, 'publish');
  watch(into, 'subscribe');
  try {
    await Promise.all([out.connect(), into.connect()]);
  } catch (error) {
    out.disconnect();
    into.disconnect();
    throw error;
  }
  into.on('message', (channel: string, message: string) => listeners.get(channel)?.(message));
  const failed = (channel: string) => (err: Error): void => log.debug({ err: err.message, channel }, 'not rung; the log stands');
  let flying = 0;
  let closed = false;
  return {
    name: 'redis',
    publish: (channel, message) => {
      if (closed || flying >= MAX_FLYING) return;
      flying += 1;
      out
        .publish(channel, message)
        .catch(failed(channel))
        .finally(() => (flying -= 1));
    },
    subscribe: (channel, listener) => {
      if (closed) return;
      listeners.set(channel, listener);
      into.subscribe(channel).catch(failed(channel));
    },
    unsubscribe: (channel) => {
      listeners.delete(channel);
      if (closed) return;
      into.unsubscribe(channel).catch(failed(channel));
    },
    up: () => !closed && out.status === 'ready' && into.status === 'ready',
    close: async () => {
      closed = true;
      listeners.clear();
      out.disconnect();
      into.disconnect();
    },
  };
}
