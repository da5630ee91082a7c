import { createServer, get, Agent, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeRoot } from '../tls/authority.ts';
import { Door } from '../tls/door.ts';
import { guardServer } from './http.ts';
import { Lobby } from './lobby.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function serve(lobby: Lobby, server: Server = createServer((_req, res) => void res.end('served'))): Promise<number> {
  lobby.watch(server);
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}
/** Connects, and says so much; resolved when the server knows of it. */
async function comes(lobby: Lobby, port: number, { from = '127.0.0.1', says = '' } = {}): Promise<{ socket: Socket; ended: Promise<void> }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  ends.push(() => socket.destroy());
  socket.on('error', () => undefined);
  const ended = new Promise<void>((done) => socket.once('close', () => done()));
  socket.resume();
  await new Promise<void>((done) => socket.once('connect', () => done()));
  const { localPort } = socket;
  await expect.poll(() => lobby.has(`${from} ${localPort}`), { interval: 1 }).toBe(true);
  if (says) socket.write(says);
  return { socket, ended };
}
const asks = (port: number, more: object = {}): Promise<number | undefined> =>
  new Promise((done, fail) => {
    get({ port, host: '127.0.0.1', ...more }, (res) => res.resume().once('end', () => done(res.statusCode))).once('error', fail);
  });

test('whoever has been silent longest makes way for whoever comes; those that come are served', async () => {
  const lobby = new Lobby(() => false, { inAll: 20, oneAddress: 20 });
  const port = await serve(lobby);
  const silent = [];
  for (let i = 0; i < 20; i++) silent.push(await comes(lobby, port, { says: i % 2 ? '' : 'GET / HTTP/1.1\r\nHost: x\r\n' }));
  expect(await asks(port)).toBe(200);
  await silent[0]?.ended;
  expect(await asks(port)).toBe(200);
  expect(lobby.size).toBeLessThanOrEqual(20);
  expect(silent[19]?.socket.closed).toBe(false);
});

test('one address has less room than all, but for the centre’s own balancer', async () => {
  const lobby = new Lobby((ip) => ip === '127.0.0.9', { inAll: 12, oneAddress: 5 });
  const port = await serve(lobby);
  const other = await comes(lobby, port, { from: '127.0.0.2' });
  const [first] = [await comes(lobby, port)];
  for (let i = 0; i < 5; i++) await comes(lobby, port);
  await first.ended;
  // The other came before any of them, and stays.
  expect(other.socket.closed).toBe(false);
  expect(lobby.size).toBe(6);
  for (let i = 0; i < 6; i++) await comes(lobby, port, { from: '127.0.0.9' });
  expect(lobby.size).toBe(12);
  await comes(lobby, port, { from: '127.0.0.9' });
  await other.ended;
  expect(lobby.size).toBe(12);
});

test('who speaks again is not the longest silent; who was let in is not counted, and not shown out', async () => {
  const lobby = new Lobby(() => false, { inAll: 3, oneAddress: 3 });
  const server = createServer((_req, res) => void res.end('served'));
  const port = await serve(lobby, server);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  ends.push(() => agent.destroy());
  const inside: Socket[] = [];
  server.on('connection', (socket: Socket) => inside.push(socket));
  expect(await asks(port, { agent })).toBe(200);
  const known = await comes(lobby, port);
  lobby.letIn(inside[1] as Socket);
  expect(lobby.size).toBe(1);
  const [quiet] = [await comes(lobby, port), await comes(lobby, port)];
  expect(await asks(port, { agent })).toBe(200);
  await comes(lobby, port);
  await quiet.ended;
  expect(inside[0]?.destroyed).toBe(false);
  for (let i = 0; i < 4; i++) await comes(lobby, port);
  expect(known.socket.closed).toBe(false);
  expect(lobby.size).toBe(3);
});

test('the same over TLS: handshakes that are never ended make way, whoever ends one is served', async () => {
  const lobby = new Lobby(() => false, { inAll: 10, oneAddress: 10 });
  const { cert, key } = await makeRoot({ dns: ['board'], ip: [] }, Date.now());
  const door = new Door({ cert, key }, (_req, res) => void res.end('plain'), guardServer);
  lobby.watch(door.server);
  door.server.on('request', (_req, res) => void res.end('served'));
  const port = await door.listen(0, '127.0.0.1');
  ends.push(() => void door.close());
  const begun = [];
  // The first bytes of a handshake whose rest never comes.
  for (let i = 0; i < 10; i++) begun.push(await comes(lobby, port, { says: i % 2 ? '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' : '' }));
  const { get: getSecure } = await import('node:https');
  const status = await new Promise((done, fail) => getSecure({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }, (res) => done(res.resume().statusCode)).once('error', fail));
  expect(status).toBe(200);
  await begun[0]?.ended;
  for (const { socket } of begun) socket.destroy();
  await expect.poll(() => lobby.size).toBe(0);
});

test('who says nothing, or half of something, or does not read its answer, is shown out by time', async () => {
  const server = createServer({ connectionsCheckingInterval: 20 }, (_req, res) => void res.end('x'.repeat(64 * 1024 * 1024)));
  guardServer(server);
  expect([server.headersTimeout, server.requestTimeout, server.timeout].every((ms) => ms > 0 && ms <= 120_000)).toBe(true);
  // The same guards with less patience than a person has.
  Object.assign(server, { headersTimeout: 150, requestTimeout: 300, timeout: 300 });
  const lobby = new Lobby(() => false);
  const port = await serve(lobby, server);
  const [silent, half, dribbling, deaf] = [
    await comes(lobby, port),
    await comes(lobby, port, { says: 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ' }),
    await comes(lobby, port, { says: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{' }),
    await comes(lobby, port),
  ];
  deaf.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  deaf.socket.pause();
  await Promise.all([silent.ended, half.ended, dribbling.ended]);
  await expect.poll(() => lobby.size).toBe(0);
});
