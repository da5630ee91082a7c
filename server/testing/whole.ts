import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { pino, type Logger } from 'pino';
import { freshDatabase } from '../../e2e/setup/database.ts';
import { everywhere, type Role, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { answer, joined, queryResult, type Answer, type Joined, type QueryResult } from '../../shared/protocol/messages.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { createApp, type App } from '../app.ts';
import { readConfig } from '../config.ts';
import { seedReference } from '../dev/seed.ts';
import type { RedisAddress } from '../fanout/redis.ts';
import { Browser, LITTLE, PASSWORD } from './httpHub.ts';

/** The whole product in this process: every real kind, sockets and REST, one database, as many hubs as asked for. */
export interface Whole {
  apps: App[];
  urls: string[];
  /** Of the outer doors, where `env` names a port for one. */
  outers: string[];
  /** A person of a role on a board; signed in at the first hub. */
  person(user: string, role: Role, more?: { board?: string; scope?: Scope }): Promise<Person>;
  /** A wall of a board, paired as a wall is. */
  wall(board?: string): Promise<Person>;
  board(id: string): Promise<void>;
  close(): Promise<void>;
}

export async function openWhole(
  more: { boards?: string[]; env?: Record<string, string>; hubs?: number; redis?: RedisAddress; log?: Logger; clock?: Clock; features?: Record<string, Feature> } = {},
): Promise<Whole & { database: Awaited<ReturnType<typeof freshDatabase>> }> {
  const database = await freshDatabase();
  const config = readConfig({ env: { LOG_LEVEL: 'silent', ...more.env }, argv: [], root: '/nowhere' });
  const log = more.log ?? pino({ level: 'silent' });
  const apps: App[] = [];
  const urls: string[] = [];
  const outers: string[] = [];
  for (let i = 0; i < (more.hubs ?? 1); i++) {
    const app = await createApp({ database: database.config, redis: more.redis ?? null, config, log, passwordCost: LITTLE, ...(more.features ? { features: more.features } : {}), ...(more.clock ? { clock: more.clock, clockMayBeApart: Infinity } : {}) });
    apps.push(app);
    const { port, outer } = await app.listen(0, '127.0.0.1');
    urls.push(`http://127.0.0.1:${port}`);
    if (outer) outers.push(outer.url);
  }
  const [first] = apps;
  const [url] = urls;
  if (!first || !url) throw new Error('no hub');
  const people: Person[] = [];
  const board = async (id: string): Promise<void> => {
    await first.core.create({ id, name: { zh: `${id} 中心`, en: `${id} centre` }, zone: 'Asia/Shanghai', exercise: false });
    const hub = first.core.boards.get(id);
    if (!hub) throw new Error(`board ${id} did not open`);
    await seedReference(hub);
    // The other hubs see with one of their next beats that there is one more.
    while (!apps.every((app) => app.core.boards.has(id))) await new Promise((later) => setTimeout(later, 5));
  };
  for (const id of more.boards ?? []) await board(id);
  const whole: Whole = {
    apps,
    urls,
    outers,
    board,
    async person(user, role, { board = 'main', scope = everywhere } = {}) {
      const id = (await first.access.people.make({ user, name: '李小明', post: '值班员', grants: [{ board, role, scope }] }, null, PASSWORD)).person.id;
      const browser = new Browser(url);
      const reply = await browser.signIn(user);
      if (reply.status !== 200) throw new Error(`${user} could not sign in: ${reply.text}`);
      const person = new Person(browser, urls, board, id);
      people.push(person);
      return person;
    },
    async wall(board = 'main') {
      const browser = new Browser(url);
      const { id, code, secret } = (await browser.ask('POST', '/api/v1/pairing')).json as { id: string; code: string; secret: string };
      const [chief] = await first.access.people.list();
      await first.access.screens.approve({ code, name: '指挥大厅', board, profile: {} }, { person: chief?.id ?? '', label: '管理员', address: '127.0.0.1' });
      const reply = await browser.ask('GET', `/api/v1/pairing/${id}`, undefined, { 'x-pairing-secret': secret });
      if ((reply.json as { state: string }).state !== 'approved') throw new Error(`the wall was not let in: ${reply.text}`);
      const person = new Person(browser, urls, board, id);
      people.push(person);
      return person;
    },
    async close() {
      for (const p of people) p.leave();
      await Promise.all(apps.map((a) => a.close()));
      await database.drop();
    },
  };
  return { ...whole, database };
}

/** Somebody who writes frames and requests by hand: nothing between them and the hub but the wire. */
export class Person {
  private readonly sockets = new Map<number, Socket>();
  /** Everything the hub ever said to this one's sockets, as it came. */
  readonly heard: string[] = [];

  constructor(
    readonly browser: Browser,
    private readonly urls: string[],
    readonly board: string,
    readonly id: string,
  ) {}

  async socket(hub = 0): Promise<Socket> {
    const there = this.sockets.get(hub);
    if (there) return there;
    const url = this.urls[hub] ?? '';
    const cookie = [...this.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    const socket = io(url, { transports: ['websocket'], extraHeaders: { origin: url, cookie }, reconnection: false, forceNew: true });
    this.sockets.set(hub, socket);
    socket.onAny((...said: unknown[]) => this.heard.push(JSON.stringify(said)));
    await new Promise<void>((done, fail) => {
      socket.once('connect', () => done());
      socket.once('connect_error', fail);
    });
    return socket;
  }

  /** Whatever is given, as it is. */
  async raw(event: 'board:join' | 'command' | 'query' | 'presence', message: unknown, hub = 0): Promise<unknown> {
    const socket = await this.socket(hub);
    const said: unknown = await socket.timeout(20_000).emitWithAck(event, message);
    this.heard.push(JSON.stringify(said));
    return said;
  }

  async join(more: { board?: string; entries?: boolean; views?: boolean } = {}, hub = 0): Promise<Joined> {
    return joined.parse(await this.raw('board:join', { board: this.board, protocol: PROTOCOL, entries: true, views: true, ...more }, hub));
  }

  async send(type: string, body: Record<string, unknown>, more: Record<string, unknown> = {}, hub = 0): Promise<Answer> {
    return answer.parse(await this.raw('command', { id: randomUUID(), board: this.board, type, sent: Date.now(), body, ...more }, hub));
  }

  async query(message: Record<string, unknown>): Promise<QueryResult> {
    return queryResult.parse(await this.raw('query', { board: this.board, ...message }));
  }

  leave(): void {
    for (const socket of this.sockets.values()) socket.disconnect();
    this.sockets.clear();
  }
}
