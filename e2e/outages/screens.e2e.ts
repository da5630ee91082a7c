import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { words } from '../../client/apps/wall/words.ts';
import { logCall, sitDown } from '../actions/console.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { layGround } from '../actions/ground.ts';
import { openCalls, pairWall, wallReaches } from '../actions/wall.ts';
import { arm, freshAt, isFresh, isStale, paintedAt, reaches, read, staleAfter, watch } from '../actions/watch.ts';
import { launch } from '../chromium.ts';
import { cacheDirectory } from '../paths.ts';
import { Cable } from '../setup/cable.ts';
import { freeze } from '../setup/frozen.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';

const { reason } = words.zh.banner;

/** Waits until the browser keeps the wall's page with all it is made of. */
async function kept(page: Page): Promise<void> {
  const paths = async (): Promise<string[]> => (await (await caches.open('wall')).keys()).map((request) => new URL(request.url).pathname);
  await expect
    // A browser that does not answer is asked again: a poll by itself waits for its first answer without end.
    .poll(() => page.evaluate(`Promise.race([(${paths.toString()})(), new Promise((done) => setTimeout(done, 5_000, ['no answer']))])`), { timeout: 40_000 })
    .toEqual(expect.arrayContaining(['/wall', '/map.json', expect.stringMatching(/^\/assets\/wall-.*\.js$/), expect.stringMatching(/\.css$/), expect.stringMatching(/\.woff2$/)]));
}

/**
 * Rule 7 on real screens: whatever is lost, every screen says so on its data within five seconds of its last proof, by the
 * page's own clock, with the last picture whole; and comes back by itself.
 */
describe('screens that lose their hub, their network, their database', () => {
  let hub: HubProcess;
  /** Between every page and the hub; the test's own desks have their own way. */
  let cable: Cable;
  let browser: Browser;
  let wallContext: BrowserContext;
  let wall: Page;
  let desk: Page;
  let leader: Desk;
  let zhou: { user: string; password: string };
  let url: string;
  let goOn: (() => void) | null = null;
  const faults: string[] = [];
  const pictures = cacheDirectory('outages');
  const told: Record<string, Record<string, number>> = {};

  const screens = (): [string, Page][] => [
    ['wall', wall],
    ['desk', desk],
  ];
  const each = <T>(work: (page: Page, name: string) => Promise<T>): Promise<T[]> => Promise.all(screens().map(([name, page]) => work(page, name)));
  const shoot = (what: string): Promise<unknown> => each((page, name) => page.screenshot({ path: join(pictures, `${name}-${what}.png`) }));

  function listen(page: Page): void {
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // What is lost here is lost on purpose; the browser says so by itself.
      if (message.type() === 'error' && !/net::ERR_|WebSocket connection|status of 401/.test(message.text())) faults.push(`${message.text()} ${message.location().url}`);
    });
  }

  async function logged(words: string): Promise<number> {
    const now = Date.now();
    const answer = await leader.send('call.log', { rung: now, answered: now, topic: 'symptoms', locality: '330105', narrative: words });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.revision;
  }

  /** Both screens show it: all that was acknowledged, and nothing older. */
  async function caughtUp(revision: number): Promise<void> {
    await each((page) => reaches(page, revision));
    await each(isFresh);
  }

  /** Nobody was misled on the way, and nobody loaded anything anew. @returns milliseconds from `since` until it was painted. */
  async function cameBack(what: string, since: number, revision: number, born: number[]): Promise<void> {
    const seen = await each(read);
    told[what] = { ...told[what] };
    screens().forEach(([name], i) => {
      const one = seen[i];
      if (!one) throw new Error('no witness');
      expect(one.wrongs, `${name}, ${what}`).toEqual([]);
      expect(one.born, `${name} was loaded anew`).toBe(born[i]);
      Object.assign(told[what] as object, { [`${name} back`]: Math.round(Math.max(freshAt(one), paintedAt(one, revision)) - since) });
    });
  }

  async function wentStale(what: string): Promise<void> {
    const seen = await each(read);
    told[what] = Object.fromEntries(screens().map(([name], i) => [`${name} stale after`, Math.round(staleAfter(seen[i] as NonNullable<(typeof seen)[0]>))]));
    for (const one of seen) expect(one.wrongs, what).toEqual([]);
  }

  const banner = async (): Promise<string> => (await wall.locator('.banner').textContent()) ?? '';

  const armed = async (): Promise<number[]> => {
    await each(isFresh);
    await each(arm);
    return (await each(read)).map((w) => w.born);
  };

  beforeAll(async () => {
    hub = new HubProcess({ dataDir: dataDirectory(), env: { LOG_LEVEL: 'silent' } });
    const direct = await hub.ready();
    cable = await Cable.lay({ host: '127.0.0.1', port: Number(new URL(direct).port) });
    url = `http://127.0.0.1:${cable.port}`;
    const steward = await firstAdmin(hub, direct);
    const chief = await Desk.signIn(url, steward.user, steward.password);
    const li = await chief.makePerson('operator', 'li');
    zhou = await chief.makePerson('leader', 'zhou');
    leader = await Desk.signIn(direct, zhou.user, zhou.password);
    const revision = await layGround(leader);
    browser = await launch();
    wallContext = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1920, height: 1080 } });
    const deskContext = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    await Promise.all([watch(wallContext), watch(deskContext)]);
    wall = await wallContext.newPage();
    desk = await deskContext.newPage();
    listen(wall);
    listen(desk);
    await pairWall(wall, chief, '大厅');
    chief.leave();
    await sitDown(desk, url, 'operator', li);
    await caughtUp(revision);
    await desk.locator('.opencalls li').nth(2).waitFor();
    await wall.locator('.calls .fit-row').nth(2).waitFor();
    await wall.locator('.supplies .fit-row').nth(1).waitFor();
  });

  beforeEach(() => {
    goOn = null;
  });
  afterEach(() => {
    goOn?.();
    cable.plug();
  });

  afterAll(async () => {
    writeFileSync(join(cacheDirectory('outages'), 'screens.json'), `${JSON.stringify(told, null, 2)}\n`);
    leader?.leave();
    await browser?.close();
    await cable?.remove();
    // With its servers: killed, it would leave them writing for a moment where nothing may be any more.
    await hub?.stop();
    if (hub) rmSync(hub.options.dataDir, { recursive: true, force: true });
  });

  it('a hub killed -9: stale within five seconds, and back by itself when it is', async () => {
    const born = await armed();
    await shoot('fresh');
    await hub.stop('SIGKILL');
    await each(isStale);
    await wentStale('hub killed');
    await shoot('killed');
    const said = await banner();
    expect(said).toMatch(/数据停在 \d{2}:\d{2}:\d{2}/);
    expect([reason.closed, reason.unreachable].some((why) => said.includes(why)), said).toBe(true);

    leader.leave();
    hub = new HubProcess({ dataDir: hub.options.dataDir, env: { LOG_LEVEL: 'silent', PORT: String((cable.to as { port: number }).port) } });
    const direct = await hub.ready();
    const since = Date.now();
    leader = await Desk.signIn(direct, zhou.user, zhou.password);
    const revision = await logged('恢复后的第一通');
    await caughtUp(revision);
    await cameBack('hub killed', since, revision, born);
    await shoot('killed-back');
  });

  it('the network pulled out: the same, and what was acknowledged meanwhile comes in one picture', async () => {
    const born = await armed();
    const before = await openCalls(wall);
    cable.pull();
    const revision = await logged('断网期间的一通');
    await each(isStale);
    await wentStale('network pulled');
    // What is wrong is named rightly: nobody is sent to a database that is well.
    expect(await banner()).toContain(reason.silent);
    await shoot('pulled');
    expect((await each(read)).map((w) => w.revisions.at(-1)?.revision ?? 0).every((r) => r < revision)).toBe(true);

    const since = Date.now();
    cable.plug();
    await caughtUp(revision);
    await cameBack('network pulled', since, revision, born);
    // The first frame that claimed to be current held what had been acknowledged: never the old picture with a fresh face.
    for (const one of await each(read)) expect(one.turns.at(-1)).toMatchObject({ stale: false, revision });
    expect(await openCalls(wall)).toBe(before + 1);
    await shoot('pulled-back');
  });

  it('a database frozen behind a living hub: stale although beats still come, and what waited is saved once', async () => {
    const born = await armed();
    goOn = freeze(hub.postgresPid as number);
    await each(isStale);
    await wentStale('database frozen');
    expect(await banner()).toContain(reason.database);
    await logCall(desk, '数据库停住时的来电');
    await desk.locator('header .outbox', { hasText: '待发 1' }).waitFor();
    await shoot('frozen');

    const since = Date.now();
    goOn();
    await desk.locator('header .outbox', { hasText: '待发 0' }).waitFor();
    const outcome = await desk.locator('.callform .outcome').textContent();
    expect(outcome).toMatch(/已存/);
    const held = (await leader.join(true)) as { beat: { revision: number } };
    await caughtUp(held.beat.revision);
    await cameBack('database frozen', since, held.beat.revision, born);
    const all = (await leader.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: 'main', kind: 'call', q: '数据库停住', limit: 200 })) as { records: unknown[] };
    expect(all.records).toHaveLength(1);
    await shoot('frozen-back');
  });

  it('a wall comes back by its credential after its browser ended, and in words while the hub is away', async () => {
    const state = await wallContext.storageState();
    await wallContext.close();
    wallContext = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1920, height: 1080 }, storageState: state });
    await watch(wallContext);
    wall = await wallContext.newPage();
    listen(wall);
    await wall.goto(`${url}/wall`);
    await isFresh(wall);
    expect(await wall.locator('.pairing-code').count()).toBe(0);

    await kept(wall);
    cable.cut();
    // The hub is away: the browser says so, and the page kept by the wall answers in its stead.
    await wall.reload({ waitUntil: 'commit' }).catch(() => undefined);
    await wall.locator('.banner', { hasText: reason.unreachable }).waitFor();
    expect(await banner()).toContain(words.zh.banner.never);
    await wall.screenshot({ path: join(pictures, 'wall-away-at-load.png') });
    const revision = await logged('大屏重启时的来电');
    cable.plug();
    await wallReaches(wall, revision);
    await isFresh(wall);
  });

  it('met no error on the way', () => expect(faults).toEqual([]));
});
