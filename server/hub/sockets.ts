import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { WebSocketServer, type ServerOptions } from 'ws';
import { admit, refuse, Refused } from '../../shared/protocol/errors.ts';
import { MAX_FRAME_BYTES, joinMessage, type Answer, type Joined, type PresenceAnswer, type QueryResult } from '../../shared/protocol/messages.ts';
import type { ToHub, ToScreen } from '../../shared/protocol/socketEvents.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { ScreenInfo } from '../../shared/screen/profile.ts';
import type { Log } from '../log.ts';
import { answerWritten, numberAnswers } from './answers.ts';
import type { BoardHub, Delivery } from './boardHub.ts';
import { broadcasting } from './broadcast.ts';
import { grantFor, type Gate } from './gate.ts';
import { Bucket, Limiter, weightOf } from './limits.ts';
import { beyond, bytesOf, Listening, MAX_WAITING_IN_ALL, sever, waitingFor, type Line } from './lines.ts';
import { Seats, seatOf } from './seats.ts';
import type { Meter } from './meter.ts';
import type { Presence } from './presence.ts';
import { Turns } from './turns.ts';
import { cutBy, type Cut, type Visitor } from './visitor.ts';

/**
 * Sockets of this hub. A socket is let in only with a session or a device credential and from our own origin; it hears
 * nothing until it joins, and whatever it says goes through the gate. Rooms come from the board hub alone.
 */

interface SocketData {
  visitor: Visitor;
  /** Where it comes from. */
  address: string;
  /** When the visitor began to be looked up: what was revoked since then is held against it. */
  since: number;
  commands: Bucket;
  queries: Bucket;
  joins: Bucket;
  moves: Bucket;
  /** Counts what it said of where it is: an answer to an older word seats nobody. */
  moved: number;
  /** Queries of its that are being answered. */
  asking: number;
  /** Fell behind and was let go, and how little has waited for it since when (monotonic); told to join again once it has read all (rule 11). */
  behind: { least: number; since: number } | null;
  board: string | null;
  /** Of a wall: what it is told of itself, and when that was so (monotonic). */
  screen: { info: ScreenInfo; at: number } | null;
}

type Hub = Server<ToHub, ToScreen, Record<string, never>, SocketData>;
type HubSocket = Socket<ToHub, ToScreen, Record<string, never>, SocketData>;

export interface SocketParts {
  http: HttpServer;
  log: Log;
  hub: { id: string; build: string };
  monotonic(): number;
  whoIs(cookie: string | undefined): Promise<Visitor | null>;
  /** What a wall is told of itself; null when it has been sent away. */
  screenOf(device: string): Promise<ScreenInfo | null>;
  originAllowed(origin: string | undefined, host: string | undefined): boolean;
  /** Whether a request came by the way it must; left out: any way is right. */
  cameRight?(req: IncomingMessage): boolean;
  /** Somebody works at this session's socket: it is not idle. */
  atWork(session: string): void;
  /** Somebody is recognised on this connection. */
  letIn?(connection: NetSocket): void;
  /** Where a request comes from, whoever passed it on. */
  callerOf?(req: IncomingMessage): string;
  meter?: Meter;
}

/** Queries of one socket in hand at a time: what they find is held until it has been read. */
const MAX_ASKING = 8;
/** For so many times as long as one of its joins took, a person's next one waits: all of them take a fifth of this hub at most. */
const REST_AFTER_JOIN = 4;
/** Times the bound at which even answers to its own questions are too much, and it is cut off. */
const CUT_AT = 4;
/** Milliseconds for which one that was let go may read nothing at all before it is cut off. */
const READS_WITHIN = 10_000;
/** New sockets from one address: a centre's screens all at once, and again. */
const COMING = { perSecond: 300, burst: 6_000 };
/** Sockets on which nobody is recognised yet. */
const MAX_STRANGERS = 8_000;
/** Milliseconds before one too many is told so. */
const SLOW_NO = 500;
/** Milliseconds for which a revocation is held against sockets that were being let in. */
const CUTS_KEPT = 60_000;

/** Of what one socket says at once, one thing is heard in each turn of the loop: who says a thousand holds up his own thousand. */
class OneAtATime extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, allowSynchronousEvents: false });
  }
}

export class Sockets implements Delivery {
  private readonly io: Hub;
  private boards: ReadonlyMap<string, BoardHub> = new Map();
  private gate: Gate | null = null;
  private presence: Presence | null = null;
  private cuts: { what: Cut; at: number }[] = [];
  private readonly listening = new WeakMap<object, Listening>();
  /** Whose a line is, once somebody is recognised on it. */
  private readonly holders = new WeakMap<object, string>();
  private readonly seats: Seats;
  private readonly coming: Limiter;
  private readonly joining = new Turns(1);

  constructor(private readonly parts: SocketParts) {
    this.seats = new Seats(parts);
    this.coming = new Limiter(parts, COMING);
    this.io = new Server(parts.http, {
      adapter: broadcasting(parts.meter),
      transports: ['websocket', 'polling'],
      maxHttpBufferSize: MAX_FRAME_BYTES,
      wsEngine: OneAtATime,
      serveClient: false,
      pingInterval: 10_000,
      pingTimeout: 8_000,
      connectTimeout: 10_000,
      allowRequest: (req, done) => done(null, (parts.cameRight?.(req) ?? true) && parts.originAllowed(req.headers.origin, req.headers.host) && this.mayCome(req)),
    });
    const { meter } = parts;
    this.io.engine.on('connection', (line: Line) => {
      if (meter) line.on('packetCreate', (packet) => meter.packet(bytesOf(packet)));
      this.listening.set(line, new Listening(line, parts.monotonic, () => this.cutFlood(line)));
    });
    this.io.use((socket, next) => {
      const since = parts.monotonic();
      parts
        .whoIs(socket.handshake.headers.cookie)
        .then(async (visitor) => {
          if (!visitor) {
            next(new Error('notSignedIn'));
            return;
          }
          this.letIn(socket, visitor);
          socket.data.screen = null;
          if (visitor.type === 'device') await this.learn(socket, visitor.device);
          const now = parts.monotonic();
          socket.data.visitor = visitor;
          socket.data.address = this.addressOf(socket.request);
          socket.data.since = since;
          socket.data.commands = new Bucket(30, 120, now);
          socket.data.queries = new Bucket(30, 120, now);
          socket.data.joins = new Bucket(1, 10, now);
          socket.data.moves = new Bucket(4, 40, now);
          socket.data.moved = 0;
          socket.data.asking = 0;
          socket.data.behind = null;
          socket.data.board = null;
          next();
        })
        .catch((err: unknown) => {
          // The page reads what is to be done from the data, as it does in any answer.
          // Said slowly: whoever comes again and again without end waits for it each time.
          if (err instanceof Refused) return void setTimeout(() => next(Object.assign(new Error(err.problem.code), { data: err.problem })), SLOW_NO);
          parts.log.warn({ err }, 'a socket could not be recognised');
          next(new Error('notReady'));
        });
    });
    this.io.on('connection', (socket) => this.greet(socket));
  }

  serve(boards: ReadonlyMap<string, BoardHub>, gate: Gate, presence: Presence | null = null): void {
    this.boards = boards;
    this.gate = gate;
    this.presence = presence;
  }

  entry: Delivery['entry'] = (room, frame) => void this.io.to(room).emit('board:entry', frame);
  view: Delivery['view'] = (room, frame) => void this.io.to(room).emit('board:view', frame);
  beat: Delivery['beat'] = (room, beat) => void this.io.to(room).emit('board:beat', beat);
  occupied: Delivery['occupied'] = (room) => (this.io.of('/').adapter.rooms.get(room)?.size ?? 0) > 0;

  get connected(): number {
    return this.io.engine.clientsCount;
  }

  /** Sockets by who listens at them. */
  audiences(): Map<string, number> {
    const out = new Map<string, number>();
    for (const { data } of this.io.of('/').sockets.values()) {
      const { visitor, board } = data;
      const audience = board === null ? 'none' : visitor.type === 'device' ? 'wall' : (grantFor(visitor, board)?.role ?? 'none');
      out.set(audience, (out.get(audience) ?? 0) + 1);
    }
    return out;
  }

  /** The walls that hang on this hub, and from where. */
  devices(): { device: string; address: string }[] {
    return [...this.io.of('/').sockets.values()].flatMap(({ data }) => (data.visitor.type === 'device' ? [{ device: data.visitor.device, address: data.address }] : []));
  }

  /** Rule 10: whose session, credential or role has ended is cut off at once. */
  cut(what: Cut): void {
    const now = this.parts.monotonic();
    this.cuts = [...this.cuts.filter((c) => c.at > now - CUTS_KEPT), { what, at: now }];
    for (const socket of this.io.of('/').sockets.values()) if (cutBy(what, socket.data.visitor)) socket.disconnect(true);
  }

  private async learn(socket: HubSocket, device: string): Promise<void> {
    const info = await this.parts.screenOf(device);
    if (info) socket.data.screen = { info, at: this.parts.monotonic() };
  }

  /** What a wall is told of itself has changed: it joins again, and learns it with the answer. */
  async look(device: string): Promise<void> {
    const here = [...this.io.of('/').sockets.values()].filter(({ data }) => data.visitor.type === 'device' && data.visitor.device === device);
    for (const socket of here) {
      try {
        await this.learn(socket, device);
        const board = socket.data.board === null ? undefined : this.boards.get(socket.data.board);
        if (board && socket.connected) socket.emit('board:beat', { ...board.beatNow(null), rejoin: true });
      } catch (err) {
        this.parts.log.warn({ err: String(err), device }, 'a screen could not be told of itself; it will be when it connects again');
      }
    }
  }

  /** Rule 11: a socket that does not read is taken out of its rooms; when it has read, it is told to join again. */
  sweep(): void {
    const now = this.parts.monotonic();
    const held: { socket: HubSocket; bytes: number }[] = [];
    for (const socket of this.io.of('/').sockets.values()) {
      const waiting = waitingFor(lineOf(socket));
      const { behind } = socket.data;
      if (beyond(waiting, CUT_AT)) this.cutOff(socket);
      else if (behind) {
        if (waiting.packets === 0 && waiting.bytes === 0) this.callBack(socket);
        else if (waiting.bytes < behind.least) socket.data.behind = { least: waiting.bytes, since: now };
        else if (now - behind.since >= READS_WITHIN) this.cutOff(socket);
      } else if (beyond(waiting)) {
        socket.data.behind = { least: waiting.bytes, since: now };
        leaveRooms(socket);
        this.parts.log.warn({ socket: socket.id, ...waiting }, 'a screen does not keep up and is let go');
      }
      if (waiting.bytes > 0) held.push({ socket, bytes: waiting.bytes });
    }
    let all = held.reduce((sum, { bytes }) => sum + bytes, 0);
    if (all <= MAX_WAITING_IN_ALL) return;
    for (const { socket, bytes } of held.sort((a, b) => b.bytes - a.bytes)) {
      this.cutOff(socket);
      all -= bytes;
      if (all <= MAX_WAITING_IN_ALL) return;
    }
  }

  private callBack(socket: HubSocket): void {
    socket.data.behind = null;
    const board = socket.data.board === null ? undefined : this.boards.get(socket.data.board);
    if (board) socket.emit('board:beat', { ...board.beatNow(null), rejoin: true });
  }

  /** Every screen comes back at once, through whatever stands before this hub. */
  sendAway(): void {
    this.io.disconnectSockets(true);
  }

  private mayCome(req: IncomingMessage): boolean {
    if (this.io.engine.clientsCount - this.io.of('/').sockets.size >= MAX_STRANGERS) return false;
    return this.coming.take(this.addressOf(req)) === 0;
  }

  private addressOf(req: IncomingMessage): string {
    return this.parts.callerOf?.(req) ?? req.socket.remoteAddress ?? '';
  }

  private letIn(socket: HubSocket, visitor: Visitor): void {
    const line = lineOf(socket);
    const who = seatOf(visitor);
    const leave = this.seats.take(who);
    this.holders.set(line, who);
    // It may have gone while it was being looked up.
    if (line.readyState !== 'open') return leave();
    line.once('close', leave);
    this.listening.get(line)?.known();
    const connection = line.transport.socket?._socket;
    if (connection) this.parts.letIn?.(connection);
  }

  private cutFlood(line: Line): void {
    const who = this.holders.get(line);
    this.parts.log.warn({ who }, 'a socket says more than any screen does and is cut off');
    if (who !== undefined) this.seats.shutOut(who);
    sever(line);
  }

  private cutOff(socket: HubSocket): void {
    const line = lineOf(socket);
    this.parts.log.warn({ socket: socket.id, ...waitingFor(line) }, 'a screen reads nothing and is cut off');
    socket.disconnect(true);
    sever(line);
  }

  /** Screens that were let go and have not yet read what waits for them. */
  get letGo(): number {
    return [...this.io.of('/').sockets.values()].filter((s) => s.data.behind !== null).length;
  }

  async close(): Promise<void> {
    await this.io.close();
  }

  private greet(socket: HubSocket): void {
    const { log } = this.parts;
    const now = (): number => this.parts.monotonic();
    const { visitor, since } = socket.data;
    const who = seatOf(visitor);
    numberAnswers(socket);
    if (this.cuts.some((c) => c.at >= since && cutBy(c.what, visitor))) {
      socket.disconnect(true);
      return;
    }
    socket.on('error', (err: Error) => log.debug({ err: err.message, socket: socket.id }, 'socket error'));
    socket.on('board:join', (raw, answer) => {
      if (typeof answer !== 'function') return;
      const wait = beyond(waitingFor(lineOf(socket))) ? 1 : socket.data.joins.take(now()) || this.seats.joins.take(who);
      if (wait > 0) return answer({ ok: false, error: { code: 'tooMany', retryAfter: wait } });
      this.joining.take(who, () => this.join(socket, raw, answer), (took) => took * REST_AFTER_JOIN).catch((error: unknown) => {
        if (!(error instanceof Refused)) log.error({ err: error }, 'a screen could not join');
        answer({ ok: false, error: error instanceof Refused ? error.problem : { code: 'notReady', retryAfter: 1 } });
      });
    });
    socket.on('disconnect', () => this.presence?.leave(socket.id));
    socket.on('presence', (raw, answer) => {
      if (typeof answer !== 'function') return;
      const wait = socket.data.moves.take(now()) || this.seats.moves.take(who);
      if (wait > 0) return answer({ ok: false, error: { code: 'tooMany', retryAfter: wait } });
      void this.move(socket, raw).then(answer);
    });
    socket.on('command', (raw, answer) => {
      if (typeof answer !== 'function') return;
      const wait = socket.data.commands.take(now()) || this.seats.commands.take(who);
      if (wait > 0) return answer({ ok: false, error: { code: 'tooMany', retryAfter: wait } } satisfies Answer);
      if (visitor.type === 'person') this.parts.atWork(visitor.session);
      void (this.gate ?? notYet).submit(visitor, raw).then(answer);
    });
    socket.on('query', (raw, answer) => {
      if (typeof answer !== 'function') return;
      const full = socket.data.asking >= MAX_ASKING || beyond(waitingFor(lineOf(socket)));
      const wait = full ? 1 : socket.data.queries.take(now()) || this.seats.queries.take(who);
      if (wait > 0) return answer({ ok: false, error: { code: 'tooMany', retryAfter: wait } } satisfies QueryResult);
      const answered = this.seats.ask(who);
      if (!answered) return answer({ ok: false, error: { code: 'tooMany', retryAfter: 1 } } satisfies QueryResult);
      socket.data.asking += 1;
      void (this.gate ?? notYet).query(visitor, raw).then((result) => {
        socket.data.asking -= 1;
        answered();
        if (result.ok) this.seats.queries.owe(who, weightOf(result));
        if (beyond(waitingFor(lineOf(socket)), CUT_AT)) this.cutOff(socket);
        else answer(result);
      });
    });
  }

  private async move(socket: HubSocket, raw: unknown): Promise<PresenceAnswer> {
    const { visitor } = socket.data;
    const mine = (socket.data.moved += 1);
    const where = await (this.gate ?? notYet).attend(visitor, raw);
    // It has moved on, or gone, while it was looked up.
    if (mine !== socket.data.moved || !socket.connected) return { ok: true };
    if (!where.ok || where.at === null || where.author.role === 'system' || visitor.type !== 'person') {
      this.presence?.leave(socket.id);
      return where.ok ? { ok: true } : where;
    }
    const { board, author, at } = where;
    this.presence?.serve(board.info.id, board.identity);
    this.presence?.come(socket.id, {
      board: board.info.id,
      ...at,
      person: { id: author.id, name: visitor.name ?? author.label },
      reader: { role: where.author.role, scope: author.scope },
      tell: (frame) => {
        // Whoever does not keep up is told when it joins again (rule 11).
        if (socket.data.behind === null) socket.emit('board:presence', frame);
      },
    });
    return { ok: true };
  }

  private toldOf(socket: HubSocket): { screen?: ScreenInfo } {
    const { screen } = socket.data;
    return screen ? { screen: { ...screen.info, card: Math.max(0, screen.info.card - (this.parts.monotonic() - screen.at)) } } : {};
  }

  /** Returns the milliseconds for which it kept this hub from all else. */
  private async join(socket: HubSocket, raw: unknown, answer: (joined: Joined) => void): Promise<number> {
    const message = admit(joinMessage, raw);
    if (message.protocol !== PROTOCOL) throw refuse('upgradeNeeded');
    const visitor = socket.data.visitor;
    const id = message.board ?? (visitor.type === 'device' ? visitor.board : visitor.grants[0]?.board);
    const board = id === undefined ? undefined : this.boards.get(id);
    if (!board) throw refuse('boardUnknown');
    const grant = grantFor(visitor, board.info.id);
    if (visitor.type === 'device' ? visitor.board !== board.info.id || message.entries : !grant) throw refuse('notAllowed');
    const audience = message.entries && grant ? ({ type: 'console', role: grant.role, scope: grant.scope } as const) : null;
    let took = 0;
    await board.join(audience, message.views, (rooms, start, written) => {
      if (!socket.connected) return;
      const begun = this.parts.monotonic();
      leaveRooms(socket);
      void socket.join(rooms);
      socket.data.board = board.info.id;
      socket.data.behind = null;
      const weight = Math.floor((start.entries?.records.length ?? 0) / 1_000);
      socket.data.joins.owe(weight);
      this.seats.joins.owe(seatOf(visitor), weight);
      const joined = { ok: true as const, hub: this.parts.hub, board: board.info, ...start, ...this.toldOf(socket) };
      if (!answerWritten(socket, answer, joined, written, this.parts.meter)) answer(joined);
      took = this.parts.monotonic() - begun;
    });
    return took;
  }
}

const notYet: Pick<Gate, 'submit' | 'query' | 'attend'> = {
  submit: async () => ({ ok: false, error: { code: 'notReady', retryAfter: 1 } }),
  query: async () => ({ ok: false, error: { code: 'notReady', retryAfter: 1 } }),
  attend: async () => ({ ok: false, error: { code: 'notReady', retryAfter: 1 } }),
};

function leaveRooms(socket: HubSocket): void {
  for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
}

const lineOf = (socket: HubSocket): Line => socket.conn as unknown as Line;
