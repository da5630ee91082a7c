import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressOf } from './guards.ts';

/**
 * Everybody who is connected and has not been recognised on a socket: whoever has only just come, pages and programs that
 * ask and go, and those who connect to say nothing. They cost memory and open files, so there is room for so many; where it
 * is full, whoever has been silent longest makes way for whoever comes. A screen is through in a moment and has nothing to
 * fear from ten thousand who stay; a request of somebody whose connection was taken is simply made again.
 *
 * One address has less room than all, so that one machine does not crowd out the rest; but everybody may come through the
 * centre's own balancers.
 */
export interface Room {
  inAll: number;
  /** Also more than the screens of a centre behind one address (NAT) that come back in the same instant. */
  oneAddress: number;
}

export const room: Room = { inAll: 8_000, oneAddress: 4_000 };

interface Guest {
  name: string;
  caller: string;
  socket: Socket;
}

export class Lobby {
  /** The longest silent first, all of them and by address. */
  private readonly all = new Map<string, Guest>();
  private readonly callers = new Map<string, Map<string, Guest>>();

  constructor(
    private readonly isBalancer: (ip: string) => boolean,
    private readonly bounds: Room = room,
  ) {}

  get size(): number {
    return this.all.size;
  }

  /** By `address port`. */
  has(name: string): boolean {
    return this.all.has(name);
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.come(socket));
    server.on('request', (req: IncomingMessage) => this.spoke(req.socket));
  }

  /** Recognised, and bounded from here on as somebody who is known (hub/sockets.ts). */
  letIn(socket: Socket): void {
    const guest = this.all.get(nameOf(socket));
    if (guest) this.forget(guest);
  }

  private come(socket: Socket): void {
    const ip = socket.remoteAddress;
    // Gone again already.
    if (ip === undefined) return void socket.destroy();
    const guest: Guest = { name: nameOf(socket), caller: addressOf(ip), socket };
    const own = this.callers.get(guest.caller);
    if (own && own.size >= this.bounds.oneAddress && !this.isBalancer(ip)) this.showOut(own);
    else if (this.all.size >= this.bounds.inAll) this.showOut(this.all);
    this.add(guest);
    // By then the same port may be somebody else's.
    socket.once('close', () => this.all.get(guest.name) === guest && this.forget(guest));
  }

  private spoke(socket: Socket): void {
    // Over TLS a request names another object than the connection that came: what is kept is the latter.
    const guest = this.all.get(nameOf(socket));
    if (!guest) return;
    this.forget(guest);
    this.add(guest);
  }

  private add(guest: Guest): void {
    this.all.set(guest.name, guest);
    const own = this.callers.get(guest.caller) ?? new Map<string, Guest>();
    this.callers.set(guest.caller, own.set(guest.name, guest));
  }

  private showOut(queue: ReadonlyMap<string, Guest>): void {
    const [longest] = queue.values();
    if (!longest) return;
    this.forget(longest);
    longest.socket.destroy();
  }

  private forget({ name, caller }: Guest): void {
    this.all.delete(name);
    const own = this.callers.get(caller);
    own?.delete(name);
    if (own?.size === 0) this.callers.delete(caller);
  }
}

/** The other end of a connection: while it lives, no other has the same. */
const nameOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;
