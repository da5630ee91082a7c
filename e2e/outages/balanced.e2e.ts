import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { io } from 'socket.io-client';
import { answer } from '../../shared/protocol/messages.ts';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAdmin, Desk } from '../actions/desk.ts';
import { layGround } from '../actions/ground.ts';
import { pairWall, wallReaches } from '../actions/wall.ts';
import { arm, reaches, read, watch } from '../actions/watch.ts';
import { cacheDirectory, project } from '../paths.ts';
import { Balancer, freePorts } from '../setup/balancer.ts';
import { Pair } from '../setup/pair.ts';
import { launchTrusting, reach, type TrustingBrowser } from '../setup/trusted.ts';

/**
 * Two hubs of the build on the machine's real PostgreSQL and Redis, behind the real balancer with the project's own
 * configuration: a hub that is restarted under load costs its screens at most three seconds and loses nothing, and two
 * builds stand side by side.
 */
describe('two hubs behind a balancer', () => {
  let pair: Pair;
  let balancer: Balancer;
  let device: TrustingBrowser;
  let record: pg.Pool;
  let admin: { user: string; password: string };
  let zhou: { user: string; password: string };
  let [chief, leader] = [] as unknown as [Desk, Desk];
  const walls: Page[] = [];
  const told: Record<string, number> = {};
  let driver = '';
  const behind = { HTTPS_AT_PROXY: '1', TRUST_PROXY: '127.0.0.1' };
  let ports: number[] = [];
  const start = (index: number, program?: string): ReturnType<Pair['startHub']> => pair.startHub(index, { env: { ...behind, PORT: String(ports[index]), PUBLIC_PORT: String(ports[index + 2]), PUBLIC_URL: balancer.outer }, ...(program ? { program } : {}) });

  async function wall(name: string): Promise<Page> {
    const context = await device.browser.newContext({ locale: 'zh-CN', viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' });
    await watch(context);
    const page = await context.newPage();
    await pairWall(page, chief, name);
    walls.push(page);
    return page;
  }
  /** Which hub answers a wall: told by the hub itself, over the wall's own socket. */
  // A hub that is gone is not ready.
  const isReady = async (index: number): Promise<boolean> => (await fetch(`http://127.0.0.1:${ports[index]}/readyz`).catch(() => null))?.status === 200;

  /** Until the balancer sends callers to a hub: to the one with the fewest, which is the one that has just come. */
  async function taken(index: number): Promise<void> {
    const of = async (answer: Response): Promise<string> => ((await answer.json()) as { hub: { id: string } }).hub.id;
    const id = await of(await fetch(`http://127.0.0.1:${ports[index]}/healthz`));
    await balancer.until(async (answer) => (await of(answer)) === id, '/healthz');
  }

  beforeAll(async () => {
    pair = await Pair.start();
    ports = await freePorts(4);
    const [hub1, hub2, outer1, outer2] = ports.map((port) => `127.0.0.1:${port}`) as [string, string, string, string];
    balancer = await Balancer.start([hub1, hub2], [outer1, outer2]);
    const first = await start(0);
    await balancer.until((answer) => answer.status === 200);
    admin = await firstAdmin(first.hub, balancer.url);
    await start(1);
    await taken(1);
    [chief, device] = [await Desk.signIn(balancer.url, admin.user, admin.password), await launchTrusting(balancer.root)];
    zhou = await chief.makePerson('leader', 'zhou');
    leader = await Desk.signIn(balancer.url, zhou.user, zhou.password);
    const revision = await layGround(leader);
    await wall('大厅');
    await wall('走廊');
    await Promise.all(walls.map((page) => wallReaches(page, revision)));
    record = new pg.Pool(pair.connection);
  });
  afterAll(async () => {
    writeFileSync(join(cacheDirectory('outages'), 'balanced.json'), `${JSON.stringify(told, null, 2)}\n`);
    await record?.end();
    for (const one of [chief, leader]) one?.leave();
    await device?.close();
    await balancer?.stop();
    await pair?.stop();
  });

  it('a hub answers the balancer alone, and believes it about who calls', async () => {
    const direct = await fetch(`http://127.0.0.1:${ports[0]}/`);
    expect([direct.status, ((await direct.json()) as { error: { code: string } }).error.code]).toEqual([403, 'httpsOnly']);
    expect((await fetch(`http://127.0.0.1:${ports[0]}/api/v1/session`)).status).toBe(403);
    expect(await isReady(0)).toBe(true);
    const signed = await reach(`${balancer.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: balancer.url, 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-forwarded-proto': 'http' },
      body: JSON.stringify({ user: zhou.user, password: zhou.password }),
    });
    expect(signed.status).toBe(200);
    expect(signed.headers.getSetCookie()[0]).toMatch(/^__Host-board_session=.*Secure/);
    expect(signed.headers.get('strict-transport-security')).toBe('max-age=31536000');
    const { json } = await chief.rest('GET', '/sessions');
    expect(new Set((json.sessions as { address: string }[]).map((s) => s.address))).toEqual(new Set(['127.0.0.1']));
  });

  const look = (link: string): Promise<Response> =>
    reach(`${balancer.outer}/look`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ link }) });
  it("a driver's link leads through the balancer's outer door to either hub, and to nothing of the inner site", async () => {
    const load = ((await leader.rest('GET', '/shipments')).json.records as { id: string }[])[0]?.id;
    const made = await leader.rest('POST', '/links', { board: 'main', purpose: 'driver', record: load });
    expect(made.json.url).toMatch(`${balancer.outer}/d#`);
    driver = new URL(String(made.json.url)).hash.slice(1);
    // Each hub has its turn.
    for (let i = 0; i < 4; i++) expect((await look(driver)).status).toBe(200);
    const page = await reach(`${balancer.outer}/d`);
    expect([page.status, page.headers.get('strict-transport-security')]).toEqual([200, 'max-age=31536000']);
    for (const path of ['/', '/operator', '/api/v1/session', '/healthz', '/readyz', '/metrics']) expect([path, (await reach(balancer.outer + path)).status]).toEqual([path, 404]);
    // Whoever reaches a hub's own outer port is not the balancer.
    expect((await fetch(`http://127.0.0.1:${ports[2]}/d`)).status).toBe(404);
  });

  /** Somebody at a desk whose browser keeps what is not acknowledged, comes back by itself, and sends it again under its id (rule 4). */
  class Caller {
    readonly acknowledged = new Map<string, number>();
    private going = true;
    private readonly done: Promise<void>;
    constructor(private readonly everyMs: number) {
      this.done = this.run();
    }
    private async run(): Promise<void> {
      const socket = io(balancer.url, { transports: ['websocket'], ca: balancer.root, extraHeaders: { cookie: leader.cookie, origin: balancer.url }, reconnectionDelay: 100, reconnectionDelayMax: 400, forceNew: true });
      while (this.going) {
        const [id, now] = [randomUUID(), Date.now()];
        const message = { id, board: 'main', type: 'call.log', sent: now, body: { rung: now, answered: now, topic: 'advice', locality: '330106', narrative: '均衡' } };
        for (;;) {
          // Not answered in time: asked again with the same id, until it is.
          const said: unknown = socket.connected ? await socket.timeout(1_000).emitWithAck('command', message).catch(() => null) : null;
          const read = answer.safeParse(said);
          if (read.data?.ok) {
            this.acknowledged.set(id, read.data.revision);
            break;
          }
          if (read.data && read.data.error.code !== 'notReady') throw new Error(read.data.error.code);
          await new Promise((next) => setTimeout(next, 50));
        }
        await new Promise((next) => setTimeout(next, this.everyMs));
      }
      socket.close();
    }
    async stop(): Promise<Map<string, number>> {
      this.going = false;
      await this.done;
      return this.acknowledged;
    }
  }

  /** The longest a wall went without a newer picture while there was always something new, less what its own machine kept it. */
  async function longestGap(page: Page): Promise<{ gap: number; stall: number; stale: number }> {
    const seen = await read(page);
    const at = seen.revisions.map((r) => r.at).filter((moment) => moment >= since);
    const gaps = at.slice(1).map((moment, i) => moment - (at[i] ?? moment));
    return { gap: Math.round(Math.max(0, ...gaps)), stall: seen.stall, stale: seen.turns.filter((t) => t.at >= since && t.stale).length };
  }
  let since = 0;

  async function underLoad(what: () => Promise<void>): Promise<number> {
    await Promise.all(walls.map(arm));
    const callers = Array.from({ length: 3 }, () => new Caller(150));
    // They are at it before anything is taken away.
    await expect.poll(() => callers.every((caller) => caller.acknowledged.size > 1), { timeout: 30_000 }).toBe(true);
    since = performance.timeOrigin + performance.now();
    await what();
    const acknowledged = new Map((await Promise.all(callers.map((caller) => caller.stop()))).flatMap((map) => [...map]));
    const last = Math.max(...acknowledged.values());
    await Promise.all(walls.map((page) => reaches(page, last)));
    // Every one that was acknowledged is there once, under the number it was told, and nothing twice.
    const { rows } = await record.query<{ id: string; revision: string }>(`select command_id as id, revision from entry where command_id = any($1::text[])`, [[...acknowledged.keys()]]);
    expect(rows.length).toBe(acknowledged.size);
    for (const row of rows) expect(acknowledged.get(row.id)).toBe(Number(row.revision));
    return acknowledged.size;
  }

  it.each([
    ['told to end, as at an upgrade', 'SIGTERM'],
    ['killed', 'SIGKILL'],
  ] as const)('a hub %s under load costs its screens at most three seconds and loses nothing', async (how, signal) => {
    for (const index of [0, 1]) {
      const count = await underLoad(async () => {
        const ended = pair.hubs[index]?.stop(signal);
        await ended;
        if (signal === 'SIGTERM') expect(await ended).toBe(0);
        await start(index);
        await taken(index);
      });
      expect(count).toBeGreaterThan(5);
      const gaps = await Promise.all(walls.map(longestGap));
      told[`${how}, hub ${index + 1}: longest gap of a wall, ms`] = Math.max(...gaps.map((g) => g.gap));
      for (const { gap, stall, stale } of gaps) {
        expect([gap <= 3_000 + stall, gap, stall]).toEqual([true, gap, stall]);
        expect(stale).toBe(0);
      }
    }
    for (const page of walls) expect((await read(page)).wrongs).toEqual([]);
  });

  it('two builds stand side by side; where the older cannot read what the newer wrote, its screens go over to the newer', async () => {
    // The build before: the same, but for one kind whose shape has not yet grown. It proves how hubs and screens fare between
    // two builds, not that this build's upgraders read an older one's entries: the golden files do that.
    const root = join(cacheDirectory('tmp'), 'older');
    rmSync(root, { recursive: true, force: true });
    mkdirSync(join(root, 'server'), { recursive: true });
    cpSync(join(project, 'dist'), join(root, 'dist'), { recursive: true });
    cpSync(join(project, 'server', 'serve.mjs'), join(root, 'server', 'serve.mjs'));
    // What only the older build's page is made of.
    const part = '/assets/older-1a2b3c4d.js';
    writeFileSync(join(root, 'dist', 'client', part), 'export {};');
    const file = join(root, 'dist', 'server', 'index.js');
    const text = readFileSync(file, 'utf8');
    const earlier = text.replace(/(kind: "incident",\s+plural: "incidents",\s+version: )(\d+)/, (_, head: string, version: string) => head + String(Number(version) - 1));
    expect(earlier).not.toBe(text);
    writeFileSync(file, earlier);
    await pair.hubs[0]?.stop('SIGTERM');
    await start(0, join(root, 'server', 'serve.mjs'));
    await taken(0);

    // Whichever hub a page's part is asked of, it is had; what no build has is nowhere.
    for (let i = 0; i < 6; i++) expect((await reach(balancer.url + part)).status).toBe(200);
    expect((await reach(`${balancer.url}/assets/nowhere-1a2b3c4d.js`)).status).toBe(404);

    // Both write and both read, on whichever a desk or a wall happens to be.
    const desks = await Promise.all(Array.from({ length: 4 }, () => Desk.signIn(balancer.url, zhou.user, zhou.password)));
    const revisions = await Promise.all(desks.map(async (desk) => desk.send('call.log', { rung: Date.now(), answered: Date.now(), topic: 'advice', locality: '330106', narrative: '并行' })));
    for (const answer of revisions) expect(answer.ok).toBe(true);
    const extra = await Promise.all([wall('侧厅'), wall('前厅')]);
    const newest = Math.max(...revisions.map((answer) => (answer.ok ? answer.revision : 0)));
    await Promise.all([...walls, ...extra].map((page) => reaches(page, newest)));
    const hubs = await Promise.all(ports.slice(0, 2).map(async (port) => ((await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as { connections: number }).connections));
    expect(Math.min(...hubs)).toBeGreaterThan(0);

    // Now the newer writes what the older does not know.
    const from = performance.now();
    const id = randomUUID();
    const made = await fetch(`http://127.0.0.1:${ports[1]}/api/v1/commands`, {
      method: 'POST',
      // As it comes from the balancer.
      headers: { 'content-type': 'application/json', cookie: leader.cookie, 'x-forwarded-proto': 'https' },
      body: JSON.stringify({ id, board: 'main', type: 'incident.report', sent: Date.now(), body: { title: '演练事件', category: 'accident', locality: '330106', since: Date.now() } }),
    });
    expect(made.status).toBe(200);
    const written = ((await made.json()) as { revision: number }).revision;
    await expect.poll(() => isReady(0), { timeout: 20_000 }).toBe(false);
    expect(((await (await fetch(`http://127.0.0.1:${ports[0]}/readyz`)).json()) as { why: string }).why).toMatch(/incident \d+, which this build does not know/);
    await Promise.all([...walls, ...extra].map((page) => reaches(page, written)));
    told['an older build met what it does not know: until every wall shows it, ms'] = Math.round(performance.now() - from);
    // The outer door as well is open by the hub that is ready.
    for (let i = 0; i < 3; i++) expect((await look(driver)).status).toBe(200);
    for (const desk of desks) desk.leave();
  });
});
