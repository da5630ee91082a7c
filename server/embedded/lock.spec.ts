import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Held, lockDirectory } from './lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a directory is held by one, and free again when he lets go', () => {
  const first = lockDirectory(dir);
  expect(() => lockDirectory(dir)).toThrow(Held);
  first.release();
  first.release();
  lockDirectory(dir).release();
});

test('whoever holds it is named', () => {
  const lock = lockDirectory(dir);
  try {
    lockDirectory(dir);
    expect.unreachable();
  } catch (cause) {
    expect((cause as Held).holder).toBe(process.pid);
  } finally {
    lock.release();
  }
});

test('a file left behind locks nothing, whatever number it holds', () => {
  writeFileSync(join(dir, 'hub.lock'), `${process.ppid}\n`);
  const lock = lockDirectory(dir);
  expect(readFileSync(join(dir, 'hub.lock'), 'utf8')).toBe(`${process.pid}\n`);
  lock.release();
});

test('kill -9 frees it', async () => {
  const script = `
    const { lockDirectory } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'lock.ts')).href)});
    lockDirectory(${JSON.stringify(dir)});
    console.log('held');
    setInterval(() => undefined, 1000);
  `;
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  expect(() => lockDirectory(dir)).toThrow(`process ${other.pid}`);
  other.kill('SIGKILL');
  await once(other, 'close');
  lockDirectory(dir).release();
});
