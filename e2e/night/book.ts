import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';

/** What one command became, as its page's own socket says it. Moments are milliseconds of the epoch, by this machine. */
export interface Sent {
  seat: string;
  id: string;
  type: string;
  at: number;
  tries: number;
  answer: { at: number; ok: true; revision: number } | { at: number; ok: false; code: string } | null;
}

/** The night's notebook: what went wrong, how long things took, and a picture each board half hour. */
export class Book {
  readonly faults: string[] = [];
  readonly sent = new Map<string, Sent>();
  readonly times = new Map<string, number[]>();
  readonly keys = new Map<string, number[]>();
  readonly notes: string[] = [];

  constructor(
    readonly dir: string,
    /** The board's time, `HH:MM`. */
    private readonly now: () => string,
  ) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'night.log'), '');
  }

  private write(line: string): void {
    const text = `${this.now()} ${line}`;
    appendFileSync(join(this.dir, 'night.log'), `${text}\n`);
    process.stdout.write(`${text}\n`);
  }
  fault(seat: string, words: string): void {
    this.faults.push(`${this.now()} ${seat}: ${words}`);
    this.write(`✗ ${seat}: ${words}`);
  }
  note(words: string): void {
    this.notes.push(`${this.now()} ${words}`);
    this.write(words);
  }
  took(what: string, ms: number): void {
    this.times.set(what, [...(this.times.get(what) ?? []), Math.round(ms)]);
  }
  pressed(what: string, n: number): void {
    this.keys.set(what, [...(this.keys.get(what) ?? []), n]);
  }

  /** Listens to everything a page says, asks for and gets wrong. `expected`: what a browser says by itself of a hub that is killed. */
  async listen(seat: string, page: Page, expected: RegExp): Promise<void> {
    page.on('pageerror', (error) => this.fault(seat, `page error: ${error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !expected.test(message.text()) && !message.text().startsWith('The AudioContext was not allowed to start')) this.fault(seat, `console ${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (!['127.0.0.1', ''].includes(hostname) && !['data:', 'blob:'].includes(protocol)) this.fault(seat, `asked ${request.url()}`);
    });
    page.on('websocket', (socket) => {
      const asked = new Map<string, string>();
      socket.on('framesent', ({ payload }) => {
        const [, ack, rest] = /^42(\d+)(\["command",.*)$/s.exec(String(payload)) ?? [];
        if (ack === undefined || rest === undefined) return;
        const [, { id, type }] = JSON.parse(rest) as [string, { id: string; type: string }];
        asked.set(ack, id);
        const before = this.sent.get(id);
        this.sent.set(id, { seat, id, type, at: before?.at ?? Date.now(), tries: (before?.tries ?? 0) + 1, answer: before?.answer ?? null });
      });
      socket.on('framereceived', ({ payload }) => {
        const [, ack, rest] = /^43(\d+)(\[.*)$/s.exec(String(payload)) ?? [];
        const id = ack === undefined ? undefined : asked.get(ack);
        const mine = id === undefined ? undefined : this.sent.get(id);
        if (!mine || rest === undefined) return;
        const [said] = JSON.parse(rest) as [{ ok: boolean; revision: number; error?: { code: string; fields?: { path: string; code: string }[] } }];
        mine.answer = said.ok ? { at: Date.now(), ok: true, revision: said.revision } : { at: Date.now(), ok: false, code: said.error?.code ?? '?' };
        if (said.ok) this.took('sent to acknowledged', mine.answer.at - mine.at);
        else this.fault(seat, `refused ${mine.type}: ${JSON.stringify(said.error)}`);
      });
    });
  }

  async picture(seat: string, page: Page, label = this.now().replace(':', '')): Promise<void> {
    try {
      await page.screenshot({ path: join(this.dir, `${label}-${seat}.png`), animations: 'disabled', timeout: 20_000 });
    } catch (cause) {
      this.fault(seat, `no picture: ${String(cause).split('\n')[0]}`);
    }
  }

  /** As Markdown, for a person. */
  report(facts: string[]): string {
    const of = (list: number[]): string => {
      const s = [...list].sort((a, b) => a - b);
      const at = (q: number): number => s[Math.min(s.length - 1, Math.floor(s.length * q))] ?? 0;
      return `n ${s.length} · p50 ${at(0.5)} · p95 ${at(0.95)} · most ${s.at(-1)}`;
    };
    const text = [
      '# The night',
      '',
      ...facts.map((f) => `- ${f}`),
      '',
      '## Times, ms',
      ...[...this.times].map(([what, list]) => `- ${what}: ${of(list)}`),
      '',
      '## Keys pressed',
      ...[...this.keys].map(([what, list]) => `- ${what}: ${of(list)}`),
      '',
      `## Faults: ${this.faults.length}`,
      ...this.faults.map((f) => `- ${f}`),
      '',
      '## What was done',
      ...this.notes.map((n) => `- ${n}`),
      '',
    ].join('\n');
    writeFileSync(join(this.dir, 'report.md'), text);
    return text;
  }
}
