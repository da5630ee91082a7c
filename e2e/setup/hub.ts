import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project } from '../paths.ts';

export interface HubOptions {
  dataDir: string;
  env?: Record<string, string>;
  argv?: string[];
  /** What `node` runs; by default what `npm start` does. */
  program?: string;
  /** Goes before `node`: another identity, a namespace. */
  prefix?: string[];
}

/** The hub as a person starts it, in a process of its own. */
export class HubProcess {
  readonly child: ChildProcess;
  /** Resolves when the process has ended and its output is whole. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stdout = '';
  stderr = '';
  private readonly listeners = new Set<() => void>();

  constructor(readonly options: HubOptions) {
    const [command, ...args] = [
      ...(options.prefix ?? []),
      process.execPath,
      options.program ?? join(project, 'server', 'start.mjs'),
      ...(options.argv ?? []),
    ];
    this.child = spawn(command as string, args, {
      cwd: project,
      env: { ...process.env, PORT: '0', LOG_LEVEL: 'error', DATA_DIR: options.dataDir, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => this.heard('stdout', chunk));
    this.child.stderr?.on('data', (chunk) => this.heard('stderr', chunk));
    this.ended = new Promise((done, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        done({ code, signal });
        for (const listener of this.listeners) listener();
      });
    });
  }

  private heard(stream: 'stdout' | 'stderr', chunk: unknown): void {
    this[stream] += String(chunk);
    for (const listener of this.listeners) listener();
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get over(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The address it printed. Rejects with its words when it ended instead. */
  ready(): Promise<string> {
    return new Promise((done, reject) => {
      const look = (): void => {
        const url = /ready: (https?:\/\/\S+?)\/\s/.exec(this.stdout)?.[1];
        if (!url && !this.over) return;
        this.listeners.delete(look);
        if (url) done(url);
        else reject(new Error(`the hub ended with ${this.child.exitCode}: ${this.stderr}${this.stdout}`));
      };
      this.listeners.add(look);
      look();
    });
  }

  /** What it said to the person, without the log's JSON lines. */
  get sentences(): string[] {
    return this.stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{'));
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.over) this.child.kill(signal);
    return (await this.ended).code;
  }

  /** For `new pg.Client(…)`, as the hub itself reaches its private PostgreSQL. */
  get privatePostgres(): { host: string; port: number; user: string; database: string } {
    const [, , , port, host] = readFileSync(join(this.options.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
    return { host: String(host).trim(), port: Number(port), user: 'board', database: 'board' };
  }

  /** Of its private servers; null where there is none. */
  get postgresPid(): number | null {
    return pidIn(join(this.options.dataDir, 'postgres', 'data', 'postmaster.pid'));
  }
  get redisPid(): number | null {
    return pidIn(join(this.options.dataDir, 'redis', 'work', 'redis.pid'));
  }
}

export function pidIn(file: string): number | null {
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

export function dataDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'hub-'));
}
