import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { alive } from './processes.ts';

/** Somebody who is alive holds the directory. */
export class Held extends Error {
  constructor(
    public readonly dir: string,
    public readonly holder: number | null,
  ) {
    super(`${dir} is in use by process ${holder ?? '?'}`);
  }
}

export interface DirectoryLock {
  release(): void;
}

/**
 * One hub to a directory. The lock is the kernel's (`flock` on a descriptor this process keeps), so it ends with the
 * process however that ends, and a file left behind by a dead hub locks nothing. `flock(1)` comes with every Debian; it
 * locks the open file it is handed, which is ours, and leaves. Where it is missing (macOS) the number in the file decides.
 * Throws {@link Held}, or the file system's own error.
 */
export function lockDirectory(dir: string, name = 'hub.lock'): DirectoryLock {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, name);
  const fd = openSync(path, 'a+', 0o600);
  try {
    const flock = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    if (flock.status === 1) throw new Held(dir, holderOf(path));
    if (flock.status !== 0) {
      // No flock(1), or a file system without locks.
      const holder = holderOf(path);
      if (holder !== null && holder !== process.pid && alive(holder)) throw new Held(dir, holder);
    }
    ftruncateSync(fd);
    writeSync(fd, `${process.pid}\n`);
  } catch (cause) {
    closeSync(fd);
    throw cause;
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      // The file stays: taking it away would let a third hub lock a new file of the same name beside a second one.
      ftruncateSync(fd);
      closeSync(fd);
    },
  };
}

function holderOf(path: string): number | null {
  const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
