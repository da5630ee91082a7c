import { createHash } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Packets, written, type Packet } from './packets.ts';

export interface AmiAddress {
  host: string;
  port: number;
  tls: boolean;
  user: string;
  secret: string;
}

export interface Patience {
  /** Milliseconds for the connection, and for each answer. */
  answer: number;
  /** Milliseconds between two looks whether the exchange is still there. */
  ping: number;
}

/** Events that came while the channels were listed; an exchange that says more meanwhile is asked anew. */
const BACKLOG = 20_000;
const CHANNELS = 20_000;

export class SessionFailed extends Error {}

/**
 * One connection to an exchange's Manager Interface, from the greeting to its end. Its secret is proved by a digest and
 * never sent, logged or part of an error.
 *
 * Lifecycle: `open` resolves when the exchange has let us in; then `channels` once, during which events wait; from its
 * answer on `event` hears them in order. `closed` is called once, however it ends.
 */
export class Session {
  private readonly packets = new Packets();
  private readonly waiting = new Map<string, { take(p: Packet): boolean; fail(why: Error): void; timer: NodeJS.Timeout }>();
  private actions = 0;
  private backlog: Packet[] | null = [];
  private over = false;
  private pinging: NodeJS.Timeout | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly patience: Patience,
    private readonly heard: { event(p: Packet): void; closed(why: string): void },
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.data(chunk));
    socket.on('error', (err: NodeJS.ErrnoException) => this.end(err.code ?? 'error'));
    socket.on('close', () => this.end('closed by the exchange'));
  }

  static async open(address: AmiAddress, patience: Patience, heard: { event(p: Packet): void; closed(why: string): void }): Promise<Session> {
    const socket = address.tls ? connectTls({ host: address.host, port: address.port, servername: address.host }) : connectTcp({ host: address.host, port: address.port });
    const session = new Session(socket, patience, heard);
    await session.connected(address.tls ? 'secureConnect' : 'connect');
    try {
      const { user, secret } = address;
      const challenge = (await session.ask({ Action: 'Challenge', AuthType: 'MD5' })).get('challenge') ?? '';
      await session.ask({ Action: 'Login', AuthType: 'MD5', Username: user, Key: createHash('md5').update(challenge + secret).digest('hex'), Events: 'call,agent' });
    } catch (cause) {
      session.end('not let in');
      throw cause;
    }
    session.pinging = setInterval(() => void session.ask({ Action: 'Ping' }).catch(() => session.end('no answer')), patience.ping);
    return session;
  }

  private connected(event: 'connect' | 'secureConnect'): Promise<void> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => this.end('no answer'), this.patience.answer);
      this.socket.once(event, () => {
        clearTimeout(timer);
        done();
      });
      this.socket.once('close', () => {
        clearTimeout(timer);
        fail(new SessionFailed('no connection'));
      });
    });
  }

  /** The answer to one action; of a list (`Event: …Complete` ends it) all of it. Fails where the exchange says no. */
  private ask(action: Record<string, string>, item?: { event: string; into: Packet[]; until: string }): Promise<Packet> {
    return new Promise((done, fail) => {
      if (this.over) return fail(new SessionFailed('the connection has ended'));
      const id = String(++this.actions);
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        fail(new SessionFailed(`no answer to ${action.Action}`));
      }, this.patience.answer);
      const end = (settle: () => void): boolean => {
        clearTimeout(timer);
        settle();
        return true;
      };
      this.waiting.set(id, {
        timer,
        fail,
        take(p) {
          const event = p.get('event');
          if (item && event === item.event) {
            if (item.into.length < CHANNELS) item.into.push(p);
            return false;
          }
          if (item && event === item.until) return end(() => done(p));
          if (event !== undefined) return false;
          if (p.get('response') !== 'Success') return end(() => fail(new SessionFailed(`${action.Action} was refused`)));
          return item ? false : end(() => done(p));
        },
      });
      this.socket.write(written({ ...action, ActionID: id }));
    });
  }

  /**
   * The channels there are now. `take` puts them in place; events that came meanwhile are told after it, in the same turn.
   * Null where the exchange does not let us ask.
   */
  async channels(take: (channels: Packet[] | null) => void): Promise<void> {
    const into: Packet[] = [];
    const all = await this.ask({ Action: 'CoreShowChannels' }, { event: 'CoreShowChannel', into, until: 'CoreShowChannelsComplete' }).then(
      () => into,
      () => null,
    );
    if (this.over) throw new SessionFailed('the connection has ended');
    take(all);
    const waited = this.backlog ?? [];
    this.backlog = null;
    for (const p of waited) this.heard.event(p);
  }

  private data(chunk: Buffer): void {
    if (this.over) return;
    try {
      for (const p of this.packets.push(chunk)) this.packet(p);
    } catch (err) {
      this.end(err instanceof Error ? err.message : 'not understood');
    }
  }

  private packet(p: Packet): void {
    const id = p.get('actionid');
    const asked = id === undefined ? undefined : this.waiting.get(id);
    if (id !== undefined && asked) {
      if (asked.take(p)) this.waiting.delete(id);
      return;
    }
    if (!p.has('event')) return;
    if (this.backlog === null) return this.heard.event(p);
    this.backlog.push(p);
    if (this.backlog.length > BACKLOG) this.end('too much at once');
  }

  end(why: string): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.pinging);
    for (const { fail, timer } of this.waiting.values()) {
      clearTimeout(timer);
      fail(new SessionFailed(why));
    }
    this.waiting.clear();
    this.socket.destroy();
    this.heard.closed(why);
  }
}
