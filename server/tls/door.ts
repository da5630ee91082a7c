import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Pair } from './authority.ts';

/** How long a caller may be connected without having said a word, and how long plain HTTP may take, in milliseconds. */
const SILENT = 15_000;
/** How often it is looked who takes too long over a request, in milliseconds. */
const LOOK = 2_000;
/** How long a request that is being answered when the hub ends may take, in milliseconds. */
const PATIENCE = 5_000;
/** First byte of every TLS record a client begins with (RFC 8446, 5.1: handshake). */
const HANDSHAKE = 0x16;

/** Connections that wait to be taken up: all screens of a centre come back in the same instant, and one that finds no room tries again only after a second or more. */
const BACKLOG = 4_096;

/**
 * One listening port. Over HTTPS a browser that was given the address without `https://` asks in plain HTTP first: what it
 * gets is `plain` (see DOORS.md), on the same port, so that an address typed by hand leads somewhere and nothing more has
 * to be opened in a firewall.
 */
export class Door {
  /** What requests and sockets are hung on. */
  readonly server: HttpServer;
  private readonly secure: ReturnType<typeof createHttpsServer> | null;
  /** Who has not said a word, and who is spoken to in plain HTTP. */
  private readonly beside = new Set<Socket>();

  constructor(pair: Pair | null, plain: RequestListener, guard: (server: HttpServer) => void) {
    this.secure = pair && createHttpsServer({ ...pair, minVersion: 'TLSv1.2', handshakeTimeout: 10_000, connectionsCheckingInterval: LOOK });
    this.server = this.secure ?? createHttpServer({ connectionsCheckingInterval: LOOK });
    guard(this.server);
    if (!this.secure) return;
    const other = createHttpServer({ connectionsCheckingInterval: LOOK }, plain);
    guard(other);
    // A device that does not trust us yet breaks off; that is no trouble of ours.
    this.secure.on('tlsClientError', (_, socket) => void socket.destroy());
    this.lookFirst(this.secure, other);
  }

  /** Rejects as `listen` fails. @returns the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((done, fail) => {
      this.server.once('error', fail);
      this.server.listen({ port, host, backlog: BACKLOG }, () => {
        this.server.removeListener('error', fail);
        done();
      });
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** From the next connection on; those that are open keep what they were given. */
  use(pair: Pair): void {
    this.secure?.setSecureContext({ ...pair, minVersion: 'TLSv1.2' });
  }

  /** Takes nobody new; requests being answered are answered; resolves when nobody is left, or has been shown out. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    for (const socket of this.beside) socket.destroy();
    // A connection that has been answered rests, and would rest until its time is over.
    const rest = setInterval(() => this.server.closeIdleConnections(), 50);
    const late = setTimeout(() => this.server.closeAllConnections(), PATIENCE);
    await closed;
    clearInterval(rest);
    clearTimeout(late);
  }

  /** Node's own listener of the HTTPS server is given a connection once its first byte is seen to be TLS. */
  private lookFirst(secure: HttpServer, other: HttpServer): void {
    const listeners = secure.listeners('connection') as ((socket: Socket) => void)[];
    secure.removeAllListeners('connection');
    secure.on('connection', (socket: Socket) => {
      this.beside.add(socket);
      socket.once('close', () => this.beside.delete(socket));
      socket.on('error', () => socket.destroy());
      const silent = setTimeout(() => socket.destroy(), SILENT);
      socket.once('close', () => clearTimeout(silent));
      socket.once('readable', () => {
        const first = socket.read(1) as Buffer | null;
        // It said nothing and left.
        if (first === null) return void socket.destroy();
        socket.unshift(first);
        // What is said in plain HTTP is soon said: the same time bounds it, from its beginning.
        if (first[0] !== HANDSHAKE) return void other.emit('connection', socket);
        clearTimeout(silent);
        this.beside.delete(socket);
        for (const listener of listeners) listener.call(secure, socket);
      });
    });
  }
}
