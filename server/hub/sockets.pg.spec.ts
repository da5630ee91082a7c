import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { io, type Socket as ClientSocket } from 'socket.io-client';
import type { FreshDatabase } from '../../e2e/setup/database.ts';
import { everywhere, type Role, type Scope } from '../../shared/access/access.ts';
import type { Answer, Beat, EntryFrame, Joined, QueryResult, ViewFrame } from '../../shared/protocol/messages.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { ScreenInfo } from '../../shared/screen/profile.ts';
import { accepted, author, commandOf, noteDatabase, openHub, quiet, testBoard, type TestHub } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { Sockets } from './sockets.ts';
import type { Visitor } from './visitor.ts';

let database: FreshDatabase;
let hub: TestHub;
let http: HttpServer;
let sockets: Sockets;
let clients: Client[];
/** Runs between looking a visitor up and letting it in. */
let afterLookup: () => Promise<void>;

const person = (id: string, role: Role = 'operator', scope: Scope = everywhere): Visitor => ({
  type: 'person',
  session: `session-${id}`,
  person: id,
  label: `值班员 ${id}`,
  grants: [{ board: 'test', role, scope }],
});
const visitors: Record<string, Visitor> = {
  li: person('li'),
  wang: person('wang'),
  zhao: person('zhao', 'operator', { units: ['b'], localities: null }),
  wall: { type: 'device', device: 'wall-1', board: 'test' },
};

const screens: Record<string, ScreenInfo> = {};

beforeEach(async () => {
  database = await noteDatabase();
  http = createServer();
  clients = [];
  afterLookup = async () => undefined;
  const mono = performance.now();
  sockets = new Sockets({
    http,
    log: quiet,
    hub: { id: 'hub', build: 'test' },
    monotonic: () => performance.now() - mono,
    whoIs: async (cookie) => {
      const who = visitors[cookie?.replace('who=', '') ?? ''] ?? null;
      await afterLookup();
      return who;
    },
    screenOf: async (device) => screens[device] ?? null,
    originAllowed: () => true,
    atWork: () => undefined,
  });
  hub = await openHub({ database: database.config, features: noteFeatures, through: () => sockets });
  sockets.serve(hub.core.boards, hub.core.gate);
  await hub.core.create(testBoard);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
});

afterEach(async () => {
  for (const c of clients) c.socket.disconnect();
  await sockets.close();
  await hub.close();
  await database.drop();
});

/** A real client, with what it heard and a way to wait for more. */
class Client {
  readonly entries: EntryFrame[] = [];
  readonly views: ViewFrame[] = [];
  readonly beats: Beat[] = [];
  private watchers: (() => void)[] = [];
  constructor(readonly socket: ClientSocket) {
    socket.on('board:entry', (f: EntryFrame) => this.heard(this.entries, f));
    socket.on('board:view', (f: ViewFrame) => this.heard(this.views, f));
    socket.on('board:beat', (b: Beat) => this.heard(this.beats, b));
    socket.on('disconnect', () => this.look());
  }
  private heard<T>(list: T[], one: T): void {
    list.push(one);
    this.look();
  }
  private look(): void {
    for (const w of [...this.watchers]) w();
  }
  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((done) => {
      const watch = (): void => {
        if (!met()) return;
        this.watchers = this.watchers.filter((w) => w !== watch);
        done();
      };
      this.watchers.push(watch);
    });
  }
  ask<T>(event: string, message: unknown): Promise<T> {
    return new Promise((done) => this.socket.emit(event, message, done));
  }
  async join(more: Record<string, unknown> = {}): Promise<Extract<Joined, { ok: true }>> {
    const joined = await this.ask<Joined>('board:join', { protocol: PROTOCOL, entries: true, views: true, ...more });
    if (!joined.ok) throw new Error(joined.error.code);
    return joined;
  }
  /** The TCP connection below, so that a test can stop reading from it. */
  get line(): NetSocket {
    return (this.socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } }).ws._socket;
  }
}

function client(who: string): Client {
  const { port } = http.address() as AddressInfo;
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: `who=${who}` },
  });
  const c = new Client(socket);
  clients.push(c);
  return c;
}

const connected = (c: Client): Promise<void> =>
  new Promise((done, fail) => {
    if (c.socket.connected) return done();
    c.socket.once('connect', done);
    c.socket.once('connect_error', fail);
  });

test('a wall is told of itself when it joins, and anew when that has changed, without a new connection', async () => {
  screens['wall-1'] = { id: 'wall-1', name: '大厅', profile: { widthMetres: 4 }, card: 0 };
  const wall = client('wall');
  await connected(wall);
  expect((await wall.join({ entries: false })).screen).toEqual(screens['wall-1']);
  const desk = client('li');
  await connected(desk);
  expect((await desk.join()).screen).toBeUndefined();

  screens['wall-1'] = { ...screens['wall-1'], name: '大厅东', card: 60_000 };
  await sockets.look('wall-2');
  await sockets.look('wall-1');
  await wall.until(() => wall.beats.some((b) => b.rejoin));
  expect(desk.beats.some((b) => b.rejoin)).toBe(false);
  const { screen } = await wall.join({ entries: false });
  expect(screen).toMatchObject({ name: '大厅东', profile: { widthMetres: 4 } });
  expect(screen?.card).toBeGreaterThan(50_000);
  expect(screen?.card).toBeLessThanOrEqual(60_000);
  expect(wall.socket.connected).toBe(true);
});

let titles = 0;
const add = async (more: Record<string, unknown> = {}): Promise<number> =>
  accepted(await hub.board().submit(author('operator'), commandOf('note.add', { title: `t${titles++}`, unit: 'a', ...more }))).revision;

const to = (frames: { to: number }[]): number => frames.at(-1)?.to ?? -1;

describe('[R11] a slow reader', () => {
  test('is let go while everyone else is told at once, and told to join again when it has read', async () => {
    const [slow, quick] = [client('li'), client('wang')];
    await Promise.all([connected(slow), connected(quick)]);
    await slow.join();
    await quick.join();
    slow.line.pause();
    const page = '态'.repeat(60_000);
    let revision = 0;
    // The kernel takes some megabytes for a reader that does not read; then it is the hub's turn.
    for (let i = 0; i < 400 && sockets.letGo === 0; i++) {
      revision = await add({ remark: page });
      await quick.until(() => to(quick.entries) >= revision);
      sockets.sweep();
    }
    expect(sockets.letGo).toBe(1);
    const heardSoFar = revision;
    for (let i = 0; i < 5; i++) revision = await add();
    await quick.until(() => to(quick.entries) >= revision);
    expect(quick.beats.some((b) => b.rejoin)).toBe(false);

    slow.line.resume();
    await slow.until(() => to(slow.entries) >= heardSoFar);
    // What came after it was let go was never queued for it.
    expect(to(slow.entries)).toBeLessThan(revision);
    while (!slow.beats.some((b) => b.rejoin)) {
      sockets.sweep();
      await new Promise(setImmediate);
    }
    expect(sockets.letGo).toBe(0);
    const again = await slow.join();
    expect(again.entries?.at.revision).toBe(revision);
    revision = await add();
    await slow.until(() => to(slow.entries) >= revision);
  }, 60_000);

  test('that goes on asking without reading any answer is cut off, and the others are not', async () => {
    for (let i = 0; i < 40; i++) await add({ remark: '势'.repeat(30_000) });
    const [hostile, quick] = [client('li'), client('wang')];
    await Promise.all([connected(hostile), connected(quick)]);
    await quick.join();
    hostile.line.pause();
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    let most = 0;
    while (sockets.connected === 2) {
      for (let i = 0; i < 20; i++) {
        hostile.socket.emit('query', { name: 'list', board: 'test', kind: 'note', limit: 200 }, () => undefined);
        hostile.socket.emit('board:join', { protocol: PROTOCOL, entries: true, views: true }, () => undefined);
      }
      await quick.ask<QueryResult>('query', { name: 'list', board: 'test', kind: 'note', limit: 1 });
      sockets.sweep();
      most = Math.max(most, process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before);
    }
    expect(most).toBeLessThan(300 * 1024 * 1024);
    const revision = await add();
    await quick.until(() => to(quick.entries) >= revision);
    expect(quick.socket.connected).toBe(true);
  }, 60_000);
});

describe('[R10] who may hear', () => {
  test('whose session is revoked is cut off at once and hears nothing more', async () => {
    const [li, wang] = [client('li'), client('wang')];
    await Promise.all([connected(li), connected(wang)]);
    await li.join();
    await wang.join();
    sockets.cut({ session: 'session-li' });
    await li.until(() => !li.socket.connected);
    const revision = await add();
    await wang.until(() => to(wang.entries) >= revision);
    expect(li.entries).toEqual([]);
  });

  test('whose session is revoked while it is being let in does not get in', async () => {
    afterLookup = async () => sockets.cut({ person: 'li' });
    const li = client('li');
    await new Promise<void>((done) => li.socket.once('disconnect', () => done()));
    afterLookup = async () => undefined;
    const again = client('li');
    await connected(again);
    await again.join();
  });

  test('a stranger is not let in, and is told why', async () => {
    await expect(connected(client('nobody'))).rejects.toThrow('notSignedIn');
  });

  test('a wall gets figures, no records, and may neither command nor ask', async () => {
    const wall = client('wall');
    await connected(wall);
    expect(await wall.ask<Joined>('board:join', { protocol: PROTOCOL, entries: true, views: true })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    const joined = await wall.join({ entries: false });
    expect(joined.entries).toBeNull();
    const revision = await add({ remark: 'INTERNAL', who: 'PERSONAL' });
    await wall.until(() => to(wall.views) >= revision);
    expect(wall.entries).toEqual([]);
    expect(JSON.stringify([joined, wall.views])).not.toMatch(/INTERNAL|PERSONAL/);
    expect(await wall.ask<Answer>('command', commandOf('note.add', { title: 'x', unit: 'a' }))).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    expect(await wall.ask<QueryResult>('query', { name: 'list', board: 'test', kind: 'note' })).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
  });

  test('two scopes on one hub are told each its own', async () => {
    const [li, zhao] = [client('li'), client('zhao')];
    await Promise.all([connected(li), connected(zhao)]);
    await li.join();
    await zhao.join();
    await add({ unit: 'a', title: 'for a' });
    const revision = await add({ unit: 'b', title: 'for b' });
    await Promise.all([li.until(() => to(li.entries) >= revision), zhao.until(() => to(zhao.entries) >= revision)]);
    expect(li.entries.flatMap((f) => f.puts.map((p) => p.body.title))).toEqual(['for a', 'for b']);
    expect(zhao.entries.flatMap((f) => f.puts.map((p) => p.body.title))).toEqual(['for b']);
  });
});

describe('[R6] over real sockets', () => {
  test('screens that join while commands come lose nothing between the answer and the first frame', async () => {
    const writing = Array.from({ length: 120 }, () => add());
    const joined: { c: Client; start: Extract<Joined, { ok: true }> }[] = [];
    for (let i = 0; i < 8; i++) {
      const c = client(i % 2 ? 'li' : 'wang');
      await connected(c);
      joined.push({ c, start: await c.join() });
    }
    const head = Math.max(...(await Promise.all(writing)));
    for (const { c, start } of joined) {
      const from = start.entries?.at.revision ?? -1;
      await c.until(() => from >= head || to(c.entries) >= head);
      // Each frame continues the one before, the first one the answer.
      const chain = [from, ...c.entries.filter((f) => f.to > from).flatMap((f) => [f.from, f.to])];
      for (let i = 0; i + 1 < chain.length; i += 2) expect(chain[i + 1]).toBe(chain[i]);
      const ids = new Set([...(start.entries?.records ?? []), ...c.entries.flatMap((f) => f.puts)].map((r) => r.id));
      expect(ids.size).toBe(head);
    }
  });

  test('an older page is told to load itself again, an unknown board is named, rubbish is refused in words', async () => {
    const li = client('li');
    await connected(li);
    expect(await li.ask<Joined>('board:join', { protocol: PROTOCOL + 1, entries: true, views: true })).toMatchObject({ ok: false, error: { code: 'upgradeNeeded' } });
    expect(await li.ask<Joined>('board:join', { protocol: PROTOCOL, board: 'no-such', entries: true, views: true })).toMatchObject({ ok: false, error: { code: 'boardUnknown' } });
    for (const rubbish of [null, 7, 'x', [], {}, { entries: 'yes' }]) {
      expect(await li.ask<Joined>('board:join', rubbish)).toMatchObject({ ok: false, error: { code: 'inputRejected' } });
    }
    // Without a way to answer there is nothing to do, and nothing breaks.
    li.socket.emit('board:join', {});
    li.socket.emit('command', {});
    li.socket.emit('query', {}, 'not a function');
    await li.join();
  });
});
