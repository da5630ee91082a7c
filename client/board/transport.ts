import { io } from 'socket.io-client';

/**
 * The seam between what we mean and what carries it: Socket.IO here, a scripted hub in the tests. Everything that comes
 * in is unknown until the connection has parsed it.
 */
export interface Transport {
  connect(): void;
  /** Lets go of the line. No event follows. */
  disconnect(): void;
  readonly connected: boolean;
  /** Rejects with {@link Unanswered} when the line breaks or `timeout` milliseconds pass: the message may have arrived or not. */
  request(event: 'board:join' | 'command' | 'query' | 'presence', message: unknown, timeout: number): Promise<unknown>;
}

export interface TransportEvents {
  connected(): void;
  disconnected(): void;
  /** No connection came about. `problem`: what the hub said, if one answered. */
  failed(problem: unknown): void;
  received(event: 'board:entry' | 'board:view' | 'board:beat' | 'board:presence', message: unknown): void;
}

export type OpenTransport = (events: TransportEvents) => Transport;

export class Unanswered extends Error {
  constructor() {
    super('no answer');
  }
}

/**
 * Socket.IO with its own memory switched off: it neither reconnects nor repeats by itself, since positions and the outbox
 * do both and know what may be repeated. WebSocket first; long polling only where a WebSocket cannot be had.
 * A page talks with where it came from; `to` is for a screen that is no page.
 */
export const socketTransport =
  (auth: Record<string, unknown> = {}, to: { url: string; headers: Record<string, string> } | null = null): OpenTransport =>
  (events) => {
    const socket = io(to?.url, {
      // What a browser sends by itself.
      ...(to ? { extraHeaders: to.headers } : {}),
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      timeout: 5_000,
      auth,
    });
    let letGo = true;
    socket.on('connect', () => {
      socket.sendBuffer.length = 0;
      events.connected();
    });
    socket.on('disconnect', () => {
      if (!letGo) events.disconnected();
    });
    // A hub that answers "no" says the code in the message; anything else in it is the transport's own.
    socket.on('connect_error', (error: Error & { data?: unknown }) => events.failed(error.data ?? { code: error.message }));
    for (const name of ['board:entry', 'board:view', 'board:beat', 'board:presence'] as const) {
      socket.on(name, (message: unknown) => {
        if (!letGo) events.received(name, message);
      });
    }
    return {
      get connected() {
        return socket.connected;
      },
      connect() {
        letGo = false;
        socket.connect();
      },
      disconnect() {
        letGo = true;
        socket.disconnect();
      },
      async request(event, message, timeout) {
        if (!socket.connected) throw new Unanswered();
        try {
          return (await socket.timeout(timeout).emitWithAck(event, message)) as unknown;
        } catch {
          // Socket.IO tells a timeout and a broken line apart; to whoever asked they are the same: not known.
          throw new Unanswered();
        }
      },
    };
  };
