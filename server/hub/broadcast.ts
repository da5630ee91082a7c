import { Adapter, type BroadcastOptions, type SocketId } from 'socket.io-adapter';
import type { Meter } from './meter.ts';

/**
 * How one message reaches everybody in a room: encoded once, framed once, and handed to each socket's stream as one
 * piece.
 *
 * Socket.IO encodes and frames a broadcast once as well. What it costs is what it then makes for every socket: a packet
 * object, a queue, a write of two pieces with a callback, half a dozen events, all of which live until the last of ten
 * thousand has been served (figures: e2e/bench/RESULTS.md). None of that is needed where nothing waits for the socket:
 * what was sent before it is already in its stream, so what is written there now comes after it.
 *
 * Where anything is otherwise (long polling, an upgrade under way, packets that wait, compression, another build of the
 * libraries below), the message goes the usual way. Nothing here makes a slow reader slower to find: its stream's length
 * is what `sweep` looks at. No acknowledgement and no outgoing listener is served: nobody here has any.
 */
export function broadcasting(meter: Meter | undefined): typeof Adapter {
  return class extends Adapter {
    override broadcast(packet: unknown, options: BroadcastOptions): void {
      const [room] = options.rooms;
      if (room === undefined || options.rooms.size > 1 || (options.except?.size ?? 0) > 0) return super.broadcast(packet, options);
      const namespace = this.nsp as Namespace;
      const more: PacketOptions = { preEncoded: true };
      Object.assign(packet as object, { nsp: namespace.name });
      const encoded = (this as unknown as Encoder)._encode(packet, more);
      const frame = more.wsPreEncodedFrame && Buffer.concat(more.wsPreEncodedFrame);
      let written = 0;
      for (const id of this.rooms.get(room) ?? []) {
        const client = namespace.sockets.get(id)?.client;
        if (!client) continue;
        const stream = frame && idle(client.conn);
        if (stream) {
          stream.write(frame);
          written += 1;
        } else client.writeToEngine(encoded, more);
      }
      if (frame && written > 0) meter?.packet(frame.length, written);
    }
  };
}

/** The stream of a socket for which nothing waits; null where it is anything but a plain open WebSocket. */
export function idle(conn: Conn): Stream | null {
  if (conn.readyState !== 'open' || conn.upgrading || conn.writeBuffer?.length !== 0) return null;
  const { transport } = conn;
  if (transport?.name !== 'websocket' || transport.perMessageDeflate) return null;
  const line = transport.socket;
  // 1: WebSocket's OPEN. 0: the sender is neither compressing nor waiting for a blob.
  if (line?.readyState !== 1 || line._sender?._state !== 0) return null;
  return line._socket?.writable ? line._socket : null;
}

/** What is reached into, of socket.io 4.8, engine.io 6.6 and ws 8: any of it may be missing in another build. */
interface Namespace {
  name: string;
  sockets: ReadonlyMap<SocketId, { client: { conn: Conn; writeToEngine(encoded: unknown, options: PacketOptions): void } }>;
}
interface Encoder {
  _encode(packet: unknown, options: PacketOptions): unknown;
}
interface PacketOptions {
  preEncoded: true;
  /** Header and payload. Absent where the packet is not one text. */
  wsPreEncodedFrame?: readonly Buffer[];
}
export interface Conn {
  readyState?: string;
  upgrading?: boolean;
  writeBuffer?: readonly unknown[];
  transport?: { name?: string; perMessageDeflate?: unknown; socket?: { readyState?: number; _sender?: { _state?: number }; _socket?: Stream } };
}
interface Stream {
  readonly writable: boolean;
  write(piece: Buffer): boolean;
}
