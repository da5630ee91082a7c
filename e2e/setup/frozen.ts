import { readdirSync, readFileSync } from 'node:fs';

/** A process with all it has begun, newest last; Linux alone. PostgreSQL's servers each have a session of their own, so no group holds them. */
export function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    } catch (cause) {
      // It ended while we looked.
      if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) continue;
      throw cause;
    }
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [pid];
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found;
}

/** Stops a server with all its parts in the middle of whatever they do: alive, connected, and silent. @returns how it goes on. */
export function freeze(pid: number): () => void {
  const stopped: number[] = [];
  const stop = (one: number): void => {
    if (stopped.includes(one)) return;
    signal(one, 'SIGSTOP');
    stopped.push(one);
  };
  // The first one is stopped first and begins nothing more; what it began meanwhile is found by looking again.
  for (let before = -1; before !== stopped.length; ) {
    before = stopped.length;
    for (const one of family(pid)) stop(one);
  }
  let going = false;
  return () => {
    if (going) return;
    going = true;
    for (const one of stopped.reverse()) signal(one, 'SIGCONT');
  };
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    // It has ended by itself.
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
