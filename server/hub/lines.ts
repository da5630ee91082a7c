import type { Socket as NetSocket } from 'node:net';
import { Bucket } from './limits.ts';

/**
 * What one socket's line may say, and what may wait on it (rule 11). Reaches into Engine.IO 6.6 and ws 8: what is missing
 * in another build is not counted, and nothing breaks.
 */
export interface Line {
  readonly readyState?: string;
  readonly transport: Transport;
  readonly writeBuffer?: readonly { data?: unknown }[];
  on(event: 'packet', listener: () => void): void;
  on(event: 'packetCreate', listener: (packet: Packet) => void): void;
  on(event: 'upgrade', listener: (transport: Transport) => void): void;
  once(event: 'close', listener: () => void): void;
  close(discard?: boolean): void;
}
interface Transport {
  name?: string;
  socket?: WebSocketLine;
}
interface WebSocketLine {
  bufferedAmount?: number;
  _socket?: NetSocket;
  on?(event: 'ping' | 'pong', listener: () => void): void;
  terminate?(): void;
}
interface Packet {
  data?: unknown;
  options?: { wsPreEncodedFrame?: Buffer[] };
}

/** Before anybody is recognised there is a greeting to say, and perhaps a better transport to try. */
const STRANGER = { perSecond: 5, burst: 30 };
/** More than commands, questions and joins may ever be (sockets.ts), answered or not. */
const KNOWN = { perSecond: 100, burst: 400 };
/** What all that may weigh: of the smallest frames, a hundred thousand would otherwise be read for one that is counted. */
const BYTES = { perSecond: 512 * 1024, burst: 4 * 1024 * 1024 };
const STRANGER_BYTES = { perSecond: 8 * 1024, burst: 64 * 1024 };

/** Listens to how much is said on a line; beyond measure it calls `flooded`, once. */
export class Listening {
  private frames: Bucket;
  private bytes: Bucket;
  private over = false;

  constructor(
    line: Line,
    private readonly monotonic: () => number,
    private readonly flooded: () => void,
  ) {
    const now = monotonic();
    this.frames = new Bucket(STRANGER.perSecond, STRANGER.burst, now);
    this.bytes = new Bucket(STRANGER_BYTES.perSecond, STRANGER_BYTES.burst, now);
    const frame = (): void => this.count(this.frames, 1);
    const over = ({ socket }: Transport): void => {
      socket?.on?.('ping', frame);
      socket?.on?.('pong', frame);
      socket?._socket?.on('data', (piece: Buffer) => this.count(this.bytes, piece.length));
    };
    line.on('packet', frame);
    line.on('upgrade', over);
    over(line.transport);
  }

  /** Somebody is recognised on it. */
  known(): void {
    const now = this.monotonic();
    this.frames = new Bucket(KNOWN.perSecond, KNOWN.burst, now);
    this.bytes = new Bucket(BYTES.perSecond, BYTES.burst, now);
  }

  private count(bucket: Bucket, cost: number): void {
    if (this.over || bucket.take(this.monotonic(), cost) === 0) return;
    this.over = true;
    this.flooded();
  }
}

/** Ends it now. Engine.IO would wait until everything has been read, and ws half a minute for the other side to say goodbye. */
export function sever(line: Line): void {
  const { socket } = line.transport;
  line.close(true);
  socket?.terminate?.();
}

/** What is sent to a whole room was encoded once, and its bytes are known; what is sent to one socket is measured. */
export function bytesOf({ data, options }: Packet): number {
  const frame = options?.wsPreEncodedFrame;
  if (frame) return frame.reduce((sum, part) => sum + part.length, 0);
  return typeof data === 'string' ? Buffer.byteLength(data) : 0;
}

export interface Waiting {
  packets: number;
  bytes: number;
}

/** What may wait for one socket before it is let go. */
const MAX_WAITING: Waiting = { packets: 500, bytes: 2 * 1024 * 1024 };
/** What may wait for all of them together: beyond it those that make others wait most are cut off. */
export const MAX_WAITING_IN_ALL = 256 * 1024 * 1024;

export const beyond = (waiting: Waiting, times = 1): boolean => waiting.bytes > times * MAX_WAITING.bytes || waiting.packets > times * MAX_WAITING.packets;

/** What Engine.IO and the stream below it still hold for a line. */
export function waitingFor(line: Line): Waiting {
  const queue = line.writeBuffer ?? [];
  let bytes = line.transport.socket?.bufferedAmount ?? 0;
  for (const { data } of queue) bytes += typeof data === 'string' ? data.length : 0;
  return { packets: queue.length, bytes };
}
