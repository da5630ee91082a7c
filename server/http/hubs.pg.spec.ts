import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../e2e/setup/database.ts';
import { answer, joined, queryResult } from '../../shared/protocol/messages.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import { createApp, type App } from '../app.ts';
import { readConfig } from '../config.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { quiet } from '../testing/cluster.ts';
import { Browser, LITTLE, PASSWORD } from '../testing/httpHub.ts';

/** Two whole hubs over one PostgreSQL, each with its own sockets. */
let database: FreshDatabase;
let bus: MemoryBus;
let apps: App[];
let urls: string[];
let chief: Browser;
const sockets: Socket[] = [];

async function open(fanouts: [MemoryBus, MemoryBus]): Promise<void> {
  const config = readConfig({ env: { LOG_LEVEL: 'silent' }, argv: [], root: '/nowhere' });
  apps = [];
  for (const b of fanouts) apps.push(await createApp({ database: database.config, redis: null, config, log: quiet, fanout: b.connect(), passwordCost: LITTLE }));
  urls = [];
  for (const app of apps) urls.push(`http://127.0.0.1:${(await app.listen(0, '127.0.0.1')).port}`);
}

beforeAll(async () => {
  database = await freshDatabase();
  bus = new MemoryBus();
});
beforeEach(() => open([bus, bus]));
afterEach(async () => {
  for (const s of sockets.splice(0)) s.disconnect();
  await Promise.all(apps.map((a) => a.close()));
});
afterAll(() => database.drop());

const made = new Set<string>();
/** A person of a role on the first board, signed in at the first hub. */
async function someone(user: string, role: 'admin' | 'operator'): Promise<{ browser: Browser; id: string }> {
  const access = apps[0]?.access;
  if (!access) throw new Error('no hub');
  if (!made.has(user)) {
    await access.people.make({ user, name: '李小明', post: '接线员', grants: [{ board: 'main', role }] }, null, PASSWORD);
    made.add(user);
  }
  const browser = new Browser(urls[0] ?? '');
  const reply = await browser.signIn(user);
  expect(reply.status).toBe(200);
  return { browser, id: (reply.json as { person: { id: string } }).person.id };
}

/** Connects with a browser's cookies; resolves with what the server says. */
async function socketOf(hub: number, browser: Browser, headers: Record<string, string> = {}): Promise<Socket> {
  const url = urls[hub] ?? '';
  const cookie = [...browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const socket = io(url, { transports: ['websocket'], extraHeaders: { origin: url, cookie, ...headers }, reconnection: false, forceNew: true });
  sockets.push(socket);
  await new Promise<void>((done, fail) => {
    socket.once('connect', () => done());
    socket.once('connect_error', fail);
  });
  return socket;
}
const cut = (socket: Socket): Promise<string> => new Promise((done) => socket.once('disconnect', done));
const join = async (socket: Socket, entries: boolean) =>
  joined.parse(await socket.timeout(10_000).emitWithAck('board:join', { board: 'main', protocol: PROTOCOL, entries, views: true }));

describe('on every hub at once', () => {
  test('a revoked session is cut off and cannot come back; the person’s others go on', async () => {
    chief = (await someone('chief', 'admin')).browser;
    const li = await someone('li', 'operator');
    const other = await someone('li', 'operator');
    const [a, b, c] = [await socketOf(0, li.browser), await socketOf(1, li.browser), await socketOf(1, other.browser)];
    expect((await join(b, true)).ok).toBe(true);
    const ends = [cut(a), cut(b)];
    const { sessions } = (await chief.ask('GET', '/api/v1/sessions')).json as { sessions: { id: string; person: string; created: number }[] };
    const theirs = sessions.filter((s) => s.person === li.id).sort((x, y) => x.created - y.created);
    expect((await chief.ask('DELETE', `/api/v1/sessions/${theirs[0]?.id}`)).status).toBe(204);
    expect(await Promise.all(ends)).toEqual(['io server disconnect', 'io server disconnect']);
    await expect(socketOf(1, li.browser)).rejects.toThrow('notSignedIn');
    expect((await join(c, true)).ok).toBe(true);
  });

  test('a right that was taken ends the sockets; the session comes back with what is left', async () => {
    chief = (await someone('chief', 'admin')).browser;
    const { browser, id } = await someone('li', 'operator');
    const socket = await socketOf(1, browser);
    expect(await join(socket, true)).toMatchObject({ ok: true });
    const ended = cut(socket);
    expect((await chief.ask('PATCH', `/api/v1/people/${id}`, { grants: [] })).status).toBe(200);
    expect(await ended).toBe('io server disconnect');
    const again = await socketOf(1, browser);
    expect(await join(again, true)).toMatchObject({ ok: false });
    expect((await chief.ask('PATCH', `/api/v1/people/${id}`, { grants: [{ board: 'main', role: 'operator' }] })).status).toBe(200);
  });

  test('even when no bell reaches the other hub: it looks every second', async () => {
    await Promise.all(apps.map((a) => a.close()));
    await open([new MemoryBus(), new MemoryBus()]);
    const { browser } = await someone('li', 'operator');
    const socket = await socketOf(1, browser);
    const ended = cut(socket);
    expect((await browser.ask('DELETE', '/api/v1/session')).status).toBe(204);
    expect(await ended).toBe('io server disconnect');
  });
});

describe('a socket', () => {
  test('of another site’s page, or of nobody, is not let in', async () => {
    const { browser } = await someone('li', 'operator');
    for (const origin of ['https://evil.example', 'null', (urls[0] ?? '').replace('127.0.0.1', 'localhost')]) await expect(socketOf(0, browser, { origin })).rejects.toThrow();
    await expect(socketOf(0, new Browser(urls[0] ?? ''))).rejects.toThrow('notSignedIn');
    expect((await socketOf(0, browser)).connected).toBe(true);
  });

  test('of a wall looks and nothing else, until its credential is withdrawn', async () => {
    chief = (await someone('chief', 'admin')).browser;
    const wall = new Browser(urls[0] ?? '');
    const { id, code, secret } = (await wall.ask('POST', '/api/v1/pairing')).json as { id: string; code: string; secret: string };
    const { screen } = (await chief.ask('POST', '/api/v1/screens', { code, name: '指挥大厅', board: 'main' })).json as { screen: { id: string } };
    expect((await wall.ask('GET', `/api/v1/pairing/${id}`, undefined, { 'x-pairing-secret': secret })).json).toMatchObject({ state: 'approved' });

    // On the other hub as well: the credential is the centre's, not a hub's.
    const socket = await socketOf(1, wall);
    expect(await join(socket, false)).toMatchObject({ ok: true, entries: null });
    expect(await join(socket, true)).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    const command = { id: randomUUID(), board: 'main', type: 'call.log', sent: Date.now(), body: {} };
    expect(answer.parse(await socket.timeout(10_000).emitWithAck('command', command))).toEqual({ ok: false, error: { code: 'notAllowed' } });
    const query = { name: 'list', board: 'main', kind: 'call', limit: 10, q: '', where: {}, sort: 'newest' };
    expect(queryResult.parse(await socket.timeout(10_000).emitWithAck('query', query))).toEqual({ ok: false, error: { code: 'notAllowed' } });

    const ended = cut(socket);
    expect((await chief.ask('DELETE', `/api/v1/screens/${screen.id}`)).status).toBe(204);
    expect(await ended).toBe('io server disconnect');
    await expect(socketOf(0, wall)).rejects.toThrow('notSignedIn');
  });
});

test('every kind has its noun under /api/v1, for a role that reads it', async () => {
  const { browser } = await someone('chief', 'admin');
  for (const noun of ['units', 'localities', 'lists', 'limits', 'calendars', 'levels', 'calls', 'shipments', 'enterprises']) {
    const reply = await browser.ask('GET', `/api/v1/${noun}?limit=1`);
    expect([noun, [200, 403].includes(reply.status), (reply.json as { error?: { code: string } }).error?.code ?? 'ok']).toEqual([noun, true, expect.stringMatching(/^(ok|notAllowed)$/)]);
  }
});
