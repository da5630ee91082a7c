import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { io } from 'socket.io-client';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everywhere, roles } from '../../shared/access/access.ts';
import { logCall, sitDown } from '../actions/console.ts';
import { launch } from '../chromium.ts';
import { AT_DESK, House, ON_WALL, pairOnPage, PATIENT, PHONE, says } from '../setup/house.ts';
import { ownAddress, reach, rootOf, trustRoot } from '../setup/trusted.ts';
import { findings } from '../accessibility/axe.ts';
import { Desk } from '../actions/desk.ts';

/**
 * On the centre's network: by this machine's own address, over HTTPS, under an authority of the hub's own. One device was
 * told to trust it, as /trust says; another was not.
 */
describe('on the network', () => {
  let house: House;
  let stranger: Browser;
  let host = '';
  let root = '';
  let outer = '';
  const people: Record<string, { user: string; password: string }> = {};
  /** Whatever any page asked for, by whatever road. */
  const asked = new Map<string, Set<string>>();

  /** Everything a device's pages ask for is written down under the page that was opened. */
  async function noted(context: BrowserContext, about: string): Promise<Page> {
    const all = asked.get(about) ?? new Set<string>();
    asked.set(about, all);
    // Workers' requests as well.
    context.on('request', (request) => void all.add(request.url()));
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('websocket', (socket) => void all.add(socket.url()));
    page.on('pageerror', (error) => house.faults.push(`${about}: ${error.message}`));
    page.on('console', (message) => {
      // A position refused and a link that has ended are what the driver's journey is about.
      const expected = about === 'driver' ? /status of 40[04]/ : /status of 401/;
      if (message.type() === 'error' && !expected.test(message.text())) house.faults.push(`${about}: ${message.text()}`);
    });
    return page;
  }
  const device = (size: object, about: string, browser = house.browser): Promise<Page> =>
    browser.newContext({ locale: 'zh-CN', serviceWorkers: 'allow', ...size }).then((context) => noted(context, about));

  beforeAll(async () => {
    house = await House.open(/status of 401/, { HOST: ownAddress(), PUBLIC_PORT: '0' });
    host = new URL(house.url).host;
    outer = /Outer door, [^:]*: (\S+)/.exec(house.hub.stdout)?.[1] ?? '';
    trustRoot(outer, rootOf(house.url) ?? '');
    root = rootOf(house.url) ?? '';
    [people.operator, stranger] = await Promise.all([house.chief.makePerson('operator', 'li-operator'), launch()]);
    for (const role of roles) if (role !== 'operator' && role !== 'admin') people[role] = await house.chief.makePerson(role, `li-${role}`, role === 'unit' ? { units: ['health'], localities: null } : everywhere);
    people.admin = house.admin;
  });
  afterAll(async () => {
    await stranger?.close();
    await house?.close();
  });

  /** A TLS client of its own making: what it says of the hub's chain. */
  const chain = (ca?: string): Promise<string> =>
    new Promise((done) => {
      const socket = connect({ host: new URL(house.url).hostname, port: Number(new URL(house.url).port), ca, rejectUnauthorized: false }, () => {
        done(socket.authorized ? 'verified' : String(socket.authorizationError));
        socket.destroy();
      });
      socket.once('error', (error) => done(error.message));
    });

  it('the certificate verifies under the root whose fingerprint was printed, and under nothing else', async () => {
    expect(house.url).toMatch(/^https:\/\/(?!localhost|127\.)/);
    expect(house.hub.stdout).toContain(new X509Certificate(root).fingerprint256);
    expect(house.hub.stdout).toContain(`${house.url}/`);
    expect(await chain(root)).toBe('verified');
    expect(await chain()).toMatch(/UNABLE_TO_|SELF_SIGNED/);
  });

  it('an address typed without https:// says to a device what to do, shows the same fingerprint, and gives the root', async () => {
    const warned = await stranger.newPage();
    const refused = await warned.goto(`${house.url}/`).then(
      () => 'opened',
      (error: Error) => error.message,
    );
    expect(refused).toContain('ERR_CERT_AUTHORITY_INVALID');
    await warned.close();
    const page = await device(PHONE, 'trust, untrusting', stranger);
    // The browser says by itself that it refused to ask over HTTPS.
    page.removeAllListeners('console');
    await page.goto(`http://${host}/operator`);
    expect(new URL(page.url()).pathname).toBe('/trust');
    await page.locator('[data-trust=not]').waitFor();
    await page.locator('.fingerprint code').first().waitFor();
    const shown = (await page.locator('.fingerprint code').allTextContents()).join(':');
    expect(shown).toBe(new X509Certificate(root).fingerprint256);
    expect(await findings(page)).toEqual([]);
    const [file, text] = await Promise.all([reach(`http://${host}/trust/situation-board-root.crt`), reach(`http://${host}/trust/situation-board-root.pem`)]);
    expect(file.headers.get('content-type')).toBe('application/x-x509-ca-cert');
    expect(new X509Certificate(Buffer.from(await file.arrayBuffer())).fingerprint256).toBe(shown);
    expect(await text.text()).toBe(root);
    await page.context().close();
  });

  it('nothing else is to be had in plain HTTP', async () => {
    for (const path of ['/', '/wall', '/api/v1/session', '/healthz', '/map.json', '/assets/none.js', '/socket.io/?EIO=4&transport=polling']) {
      const answer = await reach(`http://${host}${path}`);
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, `/trust?to=${encodeURIComponent(path)}`]);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    for (const [language, said] of [
      ['zh-CN', '此处只接受 HTTPS，请改用以 https:// 开头的地址'],
      ['en', 'Only HTTPS is taken here: use the address that begins with https://'],
    ] as const) {
      const posted = await reach(`http://${host}/api/v1/commands`, { method: 'POST', headers: { 'content-type': 'application/json', 'accept-language': language }, body: '{}' });
      expect([posted.status, await posted.json()]).toEqual([403, { ok: false, error: { code: 'httpsOnly', message: said } }]);
    }
  });

  it('a device that trusts us is led on to HTTPS by itself', async () => {
    const page = await device(AT_DESK, 'trust, trusting');
    await page.goto(`http://${host}/operator`);
    await page.waitForURL(`${house.url}/**`);
    await page.locator('#user').waitFor();
    await page.goto(`${house.url}/trust`);
    await page.locator('[data-trust=trusted]').waitFor();
    await page.context().close();
  });

  it('a wall is paired and a call goes from a desk to it, in secure contexts, by cookies no other site can plant', async () => {
    const admin = await device(AT_DESK, 'admin');
    await sitDown(admin, house.url, 'admin', house.admin);
    const wall = await device(ON_WALL, 'wall');
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    const desk = await device(AT_DESK, 'operator');
    await sitDown(desk, house.url, 'operator', people.operator as { user: string; password: string });
    await logCall(desk, '网络上的一通来电');
    await says(desk.locator('.callform .outcome'), /已存/);
    await says(wall.locator('.recent'), /来电/);
    expect(await wall.evaluate(() => isSecureContext)).toBe(true);
    // The page is kept for when the hub is away, which plain HTTP would not have.
    await expect.poll(() => wall.evaluate(async () => (await navigator.serviceWorker.getRegistration('/wall'))?.active?.state), PATIENT).toBe('activated');
    for (const page of [wall, desk]) {
      const cookies = await page.context().cookies();
      expect(cookies.length).toBeGreaterThan(0);
      for (const cookie of cookies) expect(cookie).toMatchObject({ name: expect.stringMatching(/^__Host-/) as string, secure: true, httpOnly: true, sameSite: 'Strict', path: '/' });
    }
    for (const page of [wall, desk, admin]) await page.context().close();
  });

  it('every page is sent with strict transport and a policy of our own files alone', async () => {
    for (const path of ['/', '/wall', '/trust', '/operator', '/no/such/page', '/healthz', '/api/v1/session']) {
      const { headers } = await reach(house.url + path, { headers: { accept: 'text/html' } });
      expect([path, headers.get('strict-transport-security')]).toEqual([path, 'max-age=31536000']);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    }
  });

  it('a socket is opened from our own pages alone', async () => {
    const opens = (origin: string): Promise<boolean> =>
      new Promise((done) => {
        const socket = io(house.url, { transports: ['websocket'], reconnection: false, ca: root, extraHeaders: { cookie: house.chief.cookie, origin } });
        const end = (opened: boolean): void => {
          socket.close();
          done(opened);
        };
        socket.once('connect', () => end(true));
        socket.once('connect_error', () => end(false));
      });
    expect(await opens(house.url)).toBe(true);
    for (const origin of ['https://evil.example', `http://${host}`, `https://${new URL(house.url).hostname}`, 'null']) expect([origin, await opens(origin)]).toEqual([origin, false]);
  });

  it('a driver with a link tells with one tap where the load is, and the desk sees it; when the load has come in, it is over', async () => {
    const zhou = people.supplies as { user: string; password: string };
    const by = await Desk.signIn(house.url, zhou.user, zhou.password);
    const done = async (type: string, body: Record<string, unknown>): Promise<string> => {
      const answer = await by.send(type, body);
      if (!answer.ok) throw new Error(`${type}: ${JSON.stringify(answer.error)}`);
      return String(answer.result.id);
    };
    const id = await done('shipment.announce', {
      from: { locality: '330782', place: '义乌国际物流中心' },
      to: { locality: '330212', place: '鄞州应急物资仓库' },
      lines: [{ item: 'masks', announced: 400 }],
      vehicle: '浙B00001',
      driverName: '赵师傅',
    });
    await done('shipment.move', { id, from: 'planned', to: 'departed' });
    const desk = await device(AT_DESK, 'supplies');
    await sitDown(desk, house.url, 'supplies', zhou);
    await desk.goto(`${house.url}/supplies?id=${id}`);
    await desk.getByRole('button', { name: '驾驶员链接' }).click();
    await desk.getByRole('button', { name: '生成链接' }).click();
    await desk.locator('.outer-link svg').waitFor();
    const link = await desk.locator('.outer-link input').inputValue();
    expect(link.startsWith(`${outer}/d#`)).toBe(true);
    expect(await findings(desk)).toEqual([]);

    const phone = await device({ ...PHONE, geolocation: { longitude: 120.6, latitude: 29.8 }, permissions: ['geolocation'] }, 'driver');
    await phone.goto(link);
    await says(phone.locator('main'), /义乌国际物流中心.*鄞州应急物资仓库.*还没有报告过位置/s);
    expect(await phone.locator('main').textContent()).not.toMatch(/赵师傅|浙B00001/);
    expect(await findings(phone)).toEqual([]);
    await phone.getByRole('button', { name: '报告我现在的位置' }).click();
    await phone.locator('[data-step=done]').waitFor();
    await says(desk.locator('.record'), /驾驶员/);
    const told = async (): Promise<unknown> => ((await by.rest('GET', `/shipments/${id}`)).json.record as { body: { position: unknown } }).body.position;
    expect(await told()).toMatchObject({ lon: 120.6, lat: 29.8 });

    // A phone that may not say where it is: its driver says it.
    await phone.context().clearPermissions();
    await phone.reload();
    await phone.getByRole('button', { name: '报告我现在的位置' }).click();
    await phone.locator('[data-step=denied]').waitFor();
    await phone.locator('#place').selectOption('330604');
    await phone.getByRole('button', { name: '报告在这里' }).click();
    // Thirty kilometres in a second: the kind's own rule refuses it, and says why.
    await phone.locator('[data-step=refused]').waitFor();
    await says(phone.locator('[data-step]'), /未收到：.*公里/);
    expect(await told()).toMatchObject({ lon: 120.6, lat: 29.8 });

    await done('shipment.move', { id, from: 'departed', to: 'arrived' });
    await phone.reload();
    await phone.locator('[data-state=gone]').waitFor();
    expect(await findings(phone)).toEqual([]);
    by.leave();
    for (const page of [phone, desk]) await page.context().close();
  });

  it("whoever scans an enterprise's code sees its colour and nothing else", async () => {
    const chen = people.enterprises as { user: string; password: string };
    const by = await Desk.signIn(house.url, chen.user, chen.password);
    const made = await by.send('enterprise.register', { name: '演练氯碱化工有限公司', creditCode: '91330211MA0DEM013F', locality: '330211', trade: 'chemicals', headcount: 420 });
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    await by.send('enterprise.judge', { id: made.result.id, changes: { code: { from: null, to: 'green' } }, reason: '现场检查合格' });
    const desk = await device(AT_DESK, 'enterprises');
    await sitDown(desk, house.url, 'enterprises', chen);
    await desk.goto(`${house.url}/enterprises?tab=all&id=${String(made.result.id)}`);
    await desk.getByRole('button', { name: '安全码二维码' }).click();
    await desk.getByRole('button', { name: '生成二维码' }).click();
    await desk.locator('.outer-link svg').waitFor();
    // The sheet at the gate is one sheet.
    const sheet = (await desk.pdf({ format: 'A4' })).toString('latin1');
    expect(sheet.match(/\/Type \/Page\b/g)).toHaveLength(1);
    const phone = await device(PHONE, 'code');
    await phone.goto(await desk.locator('.outer-link input').inputValue());
    await phone.locator('[data-code=green]').waitFor();
    expect((await phone.locator('main').textContent())?.replace(/\s+/g, ' ')).toMatch(/^应急指挥中心 ?English ?企业安全码 ?绿码 ?\d+\/\d+ \d\d:\d\d 查询$/);
    expect(await findings(phone)).toEqual([]);
    by.leave();
    for (const page of [phone, desk]) await page.context().close();
  });

  it('the outer door gives out its page, and nothing of the inner site', async () => {
    expect((await reach(`${outer}/d`)).status).toBe(200);
    const pages = ['/', '/wall', '/operator', '/trust', '/map.json', '/healthz', '/readyz', '/api/v1/session', '/socket.io/?EIO=4&transport=polling', '/wall.html', '/console.html', '/wall-worker.js', '/.vite/manifest.json'];
    const inner = [...(asked.get('wall') ?? []), ...(asked.get('operator') ?? [])].filter((url) => url.startsWith(house.url)).map((url) => new URL(url).pathname);
    const mine = new Set([...(asked.get('driver') ?? []), ...(asked.get('code') ?? [])].map((url) => new URL(url).pathname));
    for (const path of new Set([...pages, ...inner])) if (!mine.has(path)) expect([path, (await reach(outer + path)).status]).toEqual([path, 404]);
    expect((await reach(`http://${new URL(outer).host}/d`)).headers.get('location')).toBe(`${outer}/d`);
    expect((await reach(`http://${new URL(outer).host}/`)).status).toBe(404);
  });

  /** Each page of a desk, opened by its button and shown. */
  async function everyTab(page: Page): Promise<void> {
    const tabs = page.locator('.pages-nav button');
    for (let i = 0; i < (await tabs.count()); i++) {
      await tabs.nth(i).click();
      await expect.poll(() => tabs.nth(i).getAttribute('aria-current'), PATIENT).toBe('page');
    }
  }

  it('no page asks anything of anybody else', async () => {
    const signIn = await device(AT_DESK, 'sign-in');
    await signIn.goto(`${house.url}/`);
    await signIn.locator('#user').waitFor();
    await signIn.context().close();
    for (const role of roles) {
      const page = await device(AT_DESK, role);
      await sitDown(page, house.url, role, people[role] as { user: string; password: string });
      await everyTab(page);
      await page.context().close();
    }
    expect([...asked.keys()].sort()).toEqual([...roles, 'code', 'driver', 'sign-in', 'trust, trusting', 'trust, untrusting', 'wall'].sort());
    for (const [page, urls] of asked) {
      const others = [...urls].filter((url) => !/^(data|blob):/.test(url) && new URL(url).host !== (page === 'driver' || page === 'code' ? new URL(outer).host : host));
      expect([page, others]).toEqual([page, []]);
      expect([page, urls.size > 3]).toEqual([page, true]);
    }
  });

  it('met no error on the way', () => expect(house.faults).toEqual([]));
});
