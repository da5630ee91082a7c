import { WebSocket, type ClientOptions } from 'ws';
import { PROTOCOL } from '../../shared/protocol/version.ts';

/**
 * One end of a WebSocket that says what it is told to, in the words of Engine.IO and Socket.IO, and nothing by itself but
 * the answer to a ping: for those who speak too much, or not at all.
 */
export class BareLine {
  readonly heard: string[] = [];
  /** Resolves with the code when the other side, or somebody between, has ended it. */
  readonly ended: Promise<number>;
  private readonly ears = new Set<() => void>();

  constructor(
    url: string,
    cookie = '',
    more: ClientOptions = {},
    readonly web = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers: { origin: url, ...(cookie ? { cookie } : {}) }, perMessageDeflate: false, rejectUnauthorized: false, ...more }),
  ) {
    web.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === '2') return web.send('3');
      this.heard.push(text);
      for (const ear of this.ears) ear();
    });
    web.on('error', () => undefined);
    this.ended = new Promise((done) => web.once('close', (code) => done(code)));
  }

  /** The first that was heard, or will be, and begins so; rejects when the line ends without it. */
  hears(begin: string): Promise<string> {
    return new Promise((done, fail) => {
      const look = (): void => {
        const found = this.heard.find((text) => text.startsWith(begin));
        if (found === undefined) return;
        this.ears.delete(look);
        done(found);
      };
      this.ears.add(look);
      void this.ended.then((code) => fail(new Error(`ended with ${code}; heard ${this.heard.join().slice(0, 200)}`)));
      look();
    });
  }

  /** Greets, and is recognised or refused: `40…` or `44…`. */
  async greet(): Promise<string> {
    await this.hears('0{');
    this.web.send('40');
    return this.hears('4');
  }

  async join(more: Record<string, unknown> = {}): Promise<string> {
    this.web.send(`420${JSON.stringify(['board:join', { protocol: PROTOCOL, board: 'main', entries: false, views: true, ...more }])}`);
    return this.hears('430');
  }
}
