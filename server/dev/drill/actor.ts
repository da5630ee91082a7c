import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { answer, joined, queryResult, type Answer, type CommandMessage, type EntryFrame, type WireRecord } from '../../../shared/protocol/messages.ts';
import { errorCodes } from '../../../shared/protocol/errors.ts';
import { PROTOCOL } from '../../../shared/protocol/version.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Log } from '../../log.ts';
import { ask } from '../../tls/ask.ts';
import type { Random } from '../random.ts';

const people = z.object({ people: z.array(z.object({ id: z.string(), label: z.string() })) });

/** Somebody at a desk of the drill: signs in and sends commands through the same gates as a real console. */
export class Actor {
  private constructor(
    private readonly socket: Socket,
    private readonly board: string,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly log: Log,
    readonly label: string,
    private readonly get: (path: string) => Promise<Response>,
  ) {}

  static async signIn(options: {
    url: string;
    /** Of the hub's private authority, where it has one. */
    ca?: string | null;
    user: string;
    password: string;
    board: string;
    clock: Clock;
    random: Random;
    log: Log;
  }): Promise<Actor> {
    const { url, user, password } = options;
    const { ca } = options;
    const knock = (): Promise<Response> =>
      ask(`${url}/api/v1/session`, {
        method: 'POST',
        ca,
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ user, password }),
      });
    let response = await knock();
    for (let tries = 0; response.status === 429 && tries < 5; tries++) {
      await new Promise((next) => setTimeout(next, 1_000 * Number(response.headers.get('retry-after') ?? 1)));
      response = await knock();
    }
    if (!response.ok) throw new Error(`${user} could not sign in: ${response.status}`);
    const cookie = response.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ');
    const socket = io(url, { transports: ['websocket'], extraHeaders: { cookie, origin: url }, ...(ca ? { ca } : {}), reconnectionDelayMax: 3_000 });
    await new Promise<void>((done, fail) => {
      socket.once('connect', () => done());
      socket.once('connect_error', fail);
    });
    return new Actor(socket, options.board, options.clock, options.random, options.log, user, (path) => ask(`${url}/api/v1${path}`, { ca, headers: { cookie } }));
  }

  /** Who works at this board, with their accounts: a leader may ask. */
  async colleagues(): Promise<{ id: string; label: string }[]> {
    const response = await this.get(`/boards/${this.board}/people`);
    if (!response.ok) throw new Error(`${this.label} was not told who works here: ${response.status}`);
    return people.parse(await response.json()).people;
  }

  /** The open records this desk holds. */
  async held(): Promise<WireRecord[]> {
    const reply = joined.parse(await this.socket.timeout(20_000).emitWithAck('board:join', { board: this.board, protocol: PROTOCOL, entries: true, views: false }));
    if (!reply.ok) throw new Error(`${this.label} could not join: ${reply.error.code}`);
    return reply.entries?.records ?? [];
  }

  /** One record as it is now. */
  async record(kind: string, id: string): Promise<WireRecord | undefined> {
    const reply = queryResult.parse(await this.socket.timeout(20_000).emitWithAck('query', { name: 'record', board: this.board, kind, id }));
    if (!reply.ok) throw new Error(`${this.label} could not open ${kind} ${id}: ${reply.error.code}`);
    return reply.record;
  }

  /** Whether there is a record of a kind in a stretch of its order. */
  async any(kind: string, range: [from: number | null, to: number | null]): Promise<boolean> {
    const reply = queryResult.parse(await this.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: this.board, kind, limit: 1, range }));
    if (!reply.ok) throw new Error(`${this.label} could not list ${kind}: ${reply.error.code}`);
    return (reply.records ?? []).length > 0;
  }

  /** All records of a kind, page by page. */
  async list(kind: string): Promise<WireRecord[]> {
    const out: WireRecord[] = [];
    let after: string | undefined;
    do {
      const raw: unknown = await this.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: this.board, kind, limit: 200, ...(after ? { after } : {}) });
      const reply = queryResult.parse(raw);
      if (!reply.ok) throw new Error(`${this.label} could not list ${kind}: ${reply.error.code}`);
      out.push(...(reply.records ?? []));
      after = reply.next ?? undefined;
    } while (after);
    return out;
  }

  onEntries(listener: (frame: EntryFrame) => void): void {
    this.socket.on('board:entry', listener);
  }

  /** Sends until it is answered for good; the id stays the same, so it is stored once (rule 4). */
  async send(type: string, body: Record<string, unknown>, occurred?: number): Promise<Answer> {
    const message: CommandMessage = { id: this.random.uuid(), board: this.board, type, sent: this.clock.now(), body, ...(occurred === undefined ? {} : { occurred }) };
    for (;;) {
      const got = await this.once(message);
      if (got === null || (!got.ok && errorCodes[got.error.code] === 'retry')) {
        await new Promise((next) => setTimeout(next, 500));
        if (!this.socket.active) throw new Error('the drill has ended');
        continue;
      }
      if (!got.ok) this.log.warn({ type, code: got.error.code, fields: got.error.fields, by: this.label }, 'drill: refused');
      return got;
    }
  }

  private async once(message: CommandMessage): Promise<Answer | null> {
    try {
      return answer.parse(await this.socket.timeout(5_000).emitWithAck('command', message));
    } catch (err) {
      this.log.debug({ err: String(err), type: message.type }, 'drill: no answer yet, asked again');
      return null;
    }
  }

  leave(): void {
    this.socket.close();
  }
}
