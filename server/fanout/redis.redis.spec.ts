import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheDirectory } from '../../e2e/paths.ts';
import { redisConnection } from '../../e2e/setup/database.ts';
import { startRedis } from '../embedded/redis.ts';
import { cable } from '../testing/badBus.ts';
import { quiet } from '../testing/cluster.ts';
import { Ear, fanoutContract, ringUntilHeard } from './fanout.contract.ts';
import { connectRedis } from './redis.ts';

describe('Redis', () => {
  fanoutContract(async () => ({ connect: () => connectRedis(redisConnection(), quiet), close: async () => undefined }));

  test('[R5] cut off and back again: saying goes on without waiting, and every channel is heard again', async () => {
    const wire = await cable(redisConnection().path);
    const [here, there] = [await connectRedis({ path: wire.path }, quiet), await connectRedis(redisConnection(), quiet)];
    const [ear, second] = [new Ear(), new Ear()];
    const [a, b] = [`cut:${process.pid}:a`, `cut:${process.pid}:b`];
    here.subscribe(a, ear.listen);
    await ringUntilHeard(there, a, ear, 'before');
    wire.set(false);
    for (let i = 0; i < 50; i++) here.publish(a, 'lost');
    // Asked for while it was away.
    here.subscribe(b, second.listen);
    wire.set(true);
    await ringUntilHeard(there, a, ear, 'after');
    await ringUntilHeard(there, b, second, 'after');
    await ringUntilHeard(here, a, ear, 'said after');
    expect(here.up()).toBe(true);
    await here.close();
    await there.close();
    await wire.close();
  });

  test('[R5] a Redis that ended and was started anew is found again by both ends', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'redis-'));
    const start = (): ReturnType<typeof startRedis> => startRedis({ dir: directory, cache: cacheDirectory('redis'), log: quiet });
    let redis = await start();
    if (!redis) throw new Error('no Redis for this test');
    const { path } = redis;
    const [one, two] = [await connectRedis({ path }, quiet), await connectRedis({ path }, quiet)];
    const ear = new Ear();
    one.subscribe('a', ear.listen);
    await ringUntilHeard(two, 'a', ear, 'before');
    await redis.stop();
    expect(two.publish('a', 'while it is away')).toBeUndefined();
    redis = await start();
    expect(redis?.path).toBe(path);
    await ringUntilHeard(two, 'a', ear, 'after');
    await one.close();
    await two.close();
    await redis?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test('an address where no Redis answers is an error at once, not a bus that is never there', async () => {
    await expect(connectRedis({ path: join(tmpdir(), 'nobody-is-here') }, quiet)).rejects.toThrow();
  });
});
