/** The same texts to the same rooms by other means, in a process of its own: bare `ws`, or Socket.IO as it comes with its Redis adapter. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ToContender } from './words.ts';

const [kind, redis] = process.argv.slice(2);
const http = createServer();
const roomOf = (url: string | undefined): string => new URL(url ?? '', 'http://x').searchParams.get('room') ?? '';
let tell: (room: string, text: string) => void;
if (kind === 'ws') {
  const rooms = new Map<string, Set<WebSocket>>();
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (client, request) => {
    const room = roomOf(request.url);
    rooms.set(room, (rooms.get(room) ?? new Set()).add(client));
  });
  tell = (room, text) => {
    for (const client of rooms.get(room) ?? []) client.send(text);
  };
} else {
  const pub = new Redis({ path: redis as string });
  const io = new Server(http, { adapter: createAdapter(pub, pub.duplicate()), serveClient: false });
  io.on('connection', (socket) => void socket.join(roomOf(socket.request.url)));
  tell = (room, text) => {
    const [event, body] = JSON.parse(text.slice(2)) as [string, unknown];
    io.to(room).emit(event, body);
  };
}
process.on('message', (message: ToContender) => {
  for (const [room, text] of message.tell) tell(room, text);
});
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
