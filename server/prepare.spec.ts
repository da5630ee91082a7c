import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'prepare-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A process that takes its turn, writes that it is in, and leaves when its input ends. */
function worker(name: string) {
  const script = `
    import { appendFileSync } from 'node:fs';
    const { inTurn } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'prepare.mjs')).href)});
    await inTurn(async () => {
      appendFileSync(process.argv[1], '${name} in\\n');
      console.log('in');
      for await (const _ of process.stdin);
      appendFileSync(process.argv[1], '${name} out\\n');
    });
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', script, join(dir, 'turns')], { stdio: ['pipe', 'pipe', 'pipe'] });
}

test('two starts at once install and build one after the other', async () => {
  const first = worker('first');
  await once(first.stdout, 'data');
  const second = worker('second');
  // It says that it waits.
  await once(second.stderr, 'data');
  appendFileSync(join(dir, 'turns'), 'second waits\n');
  first.stdin.end();
  await once(first, 'close');
  second.stdin.end();
  await once(second, 'close');
  expect(readFileSync(join(dir, 'turns'), 'utf8').trim().split('\n')).toEqual(['first in', 'second waits', 'first out', 'second in', 'second out']);
});

test('one that is killed in its turn does not keep the next waiting', async () => {
  const first = worker('first');
  await once(first.stdout, 'data');
  first.kill('SIGKILL');
  await once(first, 'close');
  const second = worker('second');
  second.stdin.end();
  await once(second, 'close');
  expect(readFileSync(join(dir, 'turns'), 'utf8')).toContain('second out');
});
