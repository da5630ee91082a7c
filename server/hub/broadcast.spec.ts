import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { broadcasting } from './broadcast.ts';
import { noMeter } from './meter.ts';

let close = async (): Promise<void> => undefined;
afterEach(() => close());

/** A server whose sockets are all in one room, and screens of two transports in it. */
async function open(transports: ('websocket' | 'polling')[]): Promise<{ server: Server; screens: Socket[]; heard: number[][]; pieces: [number, number][] }> {
  const http = createServer();
  const pieces: [number, number][] = [];
  const server = new Server(http, { adapter: broadcasting({ ...noMeter, packet: (bytes, sockets = 0) => void pieces.push([bytes, sockets]) }) });
  server.on('connection', (socket) => void socket.join('all'));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const heard: number[][] = transports.map(() => []);
  const screens = transports.map((transport, i) => io(url, { transports: [transport], forceNew: true }).on('n', (n: number) => heard[i]?.push(n)));
  close = async () => {
    for (const screen of screens) screen.close();
    await server.close();
  };
  await Promise.all(screens.map((screen) => new Promise<void>((done) => screen.once('connect', done))));
  return { server, screens, heard, pieces };
}

/** Everything sent before has arrived when this has. */
const settled = (server: Server, screens: Socket[]): Promise<unknown> => {
  const all = screens.map((screen) => new Promise<void>((done) => screen.once('end', done)));
  server.to('all').emit('end');
  return Promise.all(all);
};

describe('[R12] a message to a room', () => {
  test('is one piece for each open WebSocket; this build of the libraries lets it be', async () => {
    const { server, screens, heard, pieces } = await open(['websocket', 'websocket']);
    server.to('all').emit('n', 7);
    await settled(server, screens);
    expect(heard).toEqual([[7], [7]]);
    expect(pieces[0]).toEqual([Buffer.byteLength('42["n",7]') + 2, 2]);
  });

  test('goes the usual way to whoever polls', async () => {
    const { server, screens, heard, pieces } = await open(['websocket', 'polling']);
    server.to('all').emit('n', 7);
    await settled(server, screens);
    expect(heard).toEqual([[7], [7]]);
    expect(pieces[0]?.[1]).toBe(1);
  });

  test('comes in the order it was sent, whatever else is sent to the socket, whole or in part', async () => {
    const { server, screens, heard } = await open(['websocket', 'polling', 'websocket']);
    const step = fc.record({ way: fc.constantFrom('room', 'socket', 'turn', 'except'), size: fc.integer({ min: 0, max: 200_000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        for (const all of heard) all.length = 0;
        const sent = heard.map((): number[] => []);
        const sockets = screens.map((screen) => server.of('/').sockets.get(screen.id ?? ''));
        for (const [n, { way, size }] of steps.entries()) {
          const more = '态'.repeat(size);
          if (way === 'turn') await new Promise(setImmediate);
          else if (way === 'room') server.to('all').emit('n', n, more);
          else if (way === 'socket') sockets[0]?.emit('n', n, more);
          else sockets[0]?.to('all').emit('n', n, more);
          sent.forEach((all, i) => {
            if (way === 'room' || (way === 'socket' && i === 0) || (way === 'except' && i > 0)) all.push(n);
          });
        }
        await settled(server, screens);
        expect(heard).toEqual(sent);
      }),
      { numRuns: 20 },
    );
  });
});
