import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../../e2e/paths.ts';
import { startRedis } from './redis.ts';

const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
const cache = join(project, '.cache', 'redis');
const path = process.env.PATH;
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'redis-'));
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(dir, { recursive: true });
});

test('it listens on no network, keeps nothing on disk, and is gone when stopped', async () => {
  const server = await startRedis({ dir: join(dir, 'redis'), cache, log });
  if (!server) throw new Error('no Redis here');
  const client = new Redis({ path: server.path });
  try {
    expect(await client.ping()).toBe('PONG');
    expect(await client.config('GET', 'port')).toEqual(['port', '0']);
    expect(await client.config('GET', 'save')).toEqual(['save', '']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
  } finally {
    client.disconnect();
    await server.stop();
  }
  expect(existsSync(server.path)).toBe(false);
});

test('a directory that a living hub holds is refused in one sentence', async () => {
  const options = { dir: join(dir, 'redis'), cache, log };
  const server = await startRedis(options);
  try {
    await expect(startRedis(options)).rejects.toThrow(/正被另一个运行中的服务.* \/ .*in use by another running hub/);
  } finally {
    await server?.stop();
  }
});

test('where there is none and none can be fetched, it says so by null, and does not keep the next start waiting', async () => {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  for (const name of ['dpkg', 'flock', 'sh']) {
    const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
    if (found) symlinkSync(found, join(bin, name));
  }
  const asked = join(dir, 'asked');
  writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\necho asked >> '${asked}'\necho 'no way out' >&2\nexit 100\n`, { mode: 0o755 });
  process.env.PATH = bin;
  const options = { dir: join(dir, 'redis'), cache: join(dir, 'cache'), log };
  expect(await startRedis(options)).toBeNull();
  const times = readFileSync(asked, 'utf8').length;
  expect(readFileSync(join(dir, 'cache', 'failed'), 'utf8')).toContain('no way out');
  expect(await startRedis(options)).toBeNull();
  expect(readFileSync(asked, 'utf8').length).toBe(times);
  expect(await startRedis({ ...options, insist: true })).toBeNull();
  expect(readFileSync(asked, 'utf8').length).toBeGreaterThan(times);
});
