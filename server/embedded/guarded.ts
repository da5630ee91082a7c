import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

/**
 * A shell stands between the hub and a private server, and holds the reading end of a pipe whose writing end only the
 * hub has. However the hub ends, `kill -9` included, the pipe closes and the shell stops the server in the orderly way.
 *
 * What must hold:
 * - the shell ignores the signals a terminal or a service manager sends to a whole group, so that the server is not
 *   taken away before the hub has flushed; only the pipe decides;
 * - no trap handler runs while `wait` waits (it would return early and report "stopped" too soon), signals are ignored
 *   instead;
 * - the watcher neither holds the server's output open nor outlives the shell.
 *
 * $1 signal for an orderly stop, $2 tenths of a second to wait, $3 signal after that, rest: the command.
 */
const script = `
trap '' TERM INT HUP
soft=$1 patience=$2 hard=$3
shift 3
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
echo "$child"
(
  exec >/dev/null 2>&1
  while read -r _ <&3; do :; done
  kill -s "$soft" "$child"
  while [ "$patience" -gt 0 ] && kill -0 "$child"; do sleep 0.1; patience=$((patience - 1)); done
  kill -s "$hard" "$child"
) &
watcher=$!
exec 3<&- >/dev/null
wait "$child"
code=$?
kill -s KILL "$watcher" 2>/dev/null
exit "$code"
`;

export interface Guarded {
  /** The server's own process, not the shell's. */
  readonly pid: number;
  /** Resolves, never rejects, when the server has ended; `code` as a shell gives it (128 + signal). */
  readonly ended: Promise<{ code: number; lastWords: string[] }>;
  /** The server's standing, readable at once. */
  readonly running: boolean;
  /** Orderly stop; resolves when the process is gone. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

export interface GuardedOptions {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  soft: 'INT' | 'TERM';
  hard: 'QUIT' | 'KILL';
  /** How long the orderly stop may take before the hard one. */
  patienceMs: number;
  onLine(line: string): void;
}

/** Starts a server that ends with this process. Rejects when it could not even be started. */
export async function startGuarded(options: GuardedOptions): Promise<Guarded> {
  const shell = spawn(
    '/bin/sh',
    [
      '-c',
      script,
      'board-guard',
      options.soft,
      String(Math.ceil(options.patienceMs / 100)),
      options.hard,
      options.command,
      ...options.args,
    ],
    // A session of its own: Ctrl-C reaches the hub only, which then stops its servers in the right order.
    { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env: options.env ?? process.env, cwd: options.cwd },
  );
  // The shell may be gone before its pipe: then there is nobody left to tell.
  shell.stdin.on('error', () => undefined);

  const lastWords: string[] = [];
  let pid: number | undefined;
  let running = true;
  const heard = (line: string): void => {
    lastWords.push(line);
    if (lastWords.length > 20) lastWords.shift();
    options.onLine(line);
  };
  const named = new Promise<number>((resolve, reject) => {
    shell.once('error', reject);
    lines(shell.stdout, (line) => {
      if (pid === undefined && /^\d+$/.test(line)) {
        pid = Number(line);
        resolve(pid);
      } else heard(line);
    });
    shell.once('exit', () => reject(new Error('the guard ended before it named its server')));
  });
  lines(shell.stderr, heard);
  const ended = new Promise<{ code: number; lastWords: string[] }>((resolve) => {
    shell.once('close', (code, signal) => {
      running = false;
      shell.stdin.destroy();
      resolve({ code: code ?? (signal ? 128 : 1), lastWords });
    });
  });
  await named;

  return {
    get pid() {
      return pid as number;
    },
    ended,
    get running() {
      return running;
    },
    async stop() {
      shell.stdin.end();
      await ended;
    },
  };
}

function lines(stream: Readable, each: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() !== '') each(line);
  });
}
