import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { socketDirectory } from './sockets.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 's-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a socket lies where its server keeps its data', () => {
  const found = socketDirectory('/srv/board', 'redis.sock');
  expect(found.path).toBe('/srv/board');
  found.release();
});

test('where the path is too long for the kernel, in a short directory only this user can enter, for as long as it is needed', () => {
  const long = join(dir, '指挥中心'.repeat(12));
  const found = socketDirectory(long, 'redis.sock');
  expect(Buffer.byteLength(join(found.path, 'redis.sock'))).toBeLessThan(104);
  expect(statSync(found.path).mode & 0o777).toBe(0o700);
  expect(socketDirectory(long, 'redis.sock').path).toBe(found.path);
  found.release();
  expect(existsSync(found.path)).toBe(false);
});

test('a place that somebody else prepared is not used', () => {
  const long = join(dir, 'x'.repeat(120));
  const usual = socketDirectory(long, 'redis.sock');
  usual.release();
  const trap = join(dir, 'trap');
  mkdirSync(trap);
  symlinkSync(trap, usual.path);
  try {
    const other = socketDirectory(long, 'redis.sock');
    expect(other.path).not.toBe(usual.path);
    expect(basename(other.path)).toBe(basename(usual.path));
    other.release();
  } finally {
    rmSync(usual.path);
  }
  mkdirSync(usual.path);
  chmodSync(usual.path, 0o755);
  try {
    const other = socketDirectory(long, 'redis.sock');
    expect(other.path).not.toBe(usual.path);
    other.release();
  } finally {
    rmSync(usual.path, { recursive: true });
  }
});
