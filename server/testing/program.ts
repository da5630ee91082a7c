import { randomUUID } from 'node:crypto';
import type { Reply } from './httpHub.ts';

/** Another program with a key: no cookies, no origin, no headers of a browser. */
export class Program {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    let json: unknown = null;
    try {
      json = JSON.parse(text);
    } catch {
      // XML or figures, not JSON: `text` has it.
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  get(path: string): Promise<Reply> {
    return this.ask('GET', path);
  }

  /** A command at its own address, under a fresh id unless one is given. */
  post(path: string, body: unknown, id: string = randomUUID()): Promise<Reply> {
    return this.ask('POST', path, body, { 'idempotency-key': id });
  }
}
