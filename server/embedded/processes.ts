import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A dead child nobody has asked about yet still answers signals.
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    // No /proc here (macOS), or it ended this very moment, which the next question will show.
    return true;
  }
}

/**
 * Whether the process works in this directory. PostgreSQL and Redis both sit in their data directory, so a number that
 * the system has since given to another program is told apart from an orphan of ours. Where /proc is missing the answer
 * is undefined.
 */
export function worksIn(pid: number, dir: string): boolean | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dir);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Another's process: not ours to look into, so not ours.
    if (code === 'EACCES' || code === 'EPERM') return false;
    return undefined;
  }
}

/** True when it ended within the time. */
export async function waitForEnd(pid: number, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (alive(pid)) {
    if (performance.now() > until) return false;
    await sleep(20);
  }
  return true;
}

/** Orderly, then hard. Resolves when the process is gone; rejects when even the last signal did not help. */
export async function endOrphan(pid: number, steps: readonly { signal: NodeJS.Signals; ms: number }[]): Promise<void> {
  for (const { signal, ms } of steps) {
    try {
      process.kill(pid, signal);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw cause;
    }
    if (await waitForEnd(pid, ms)) return;
  }
  throw new Error(`process ${pid} does not end`);
}
