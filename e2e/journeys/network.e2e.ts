import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { io } from 'socket.io-client';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../shared/access/access.ts';
import { logCall, sitDown } from '../actions/console.ts';
import { launch } from '../chromium.ts';
import { AT_DESK, House, ON_WALL, pairOnPage, PATIENT, PHONE, says } from '../setup/house.ts';
import { ownAddress, reach, rootOf } from '../setup/trusted.ts';

/**
 * On the centre's network: by this machine's own address, over HTTPS, under an authority of the hub's own. One device was
 * told to trust it, as /trust says; another was not.
 */
describe('on the network', () => {
  let house: House;
  let stranger: Browser;
  let host = '';
  let root = '';
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
      if (message.type() === 'error' && !/status of 401/.test(message.text())) house.faults.push(`${about}: ${message.text()}`);
    });
    return page;
  }
  const device = (size: object, about: string, browser = house.browser): Promise<Page> =>
    browser.newContext({ locale: 'zh-CN', serviceWorkers: 'allow', ...size }).then((context) => noted(context, about));

  beforeAll(async () => {
    house = await House.open(/status of 401/, { HOST: ownAddress() });
    host = new URL(house.url).host;
    root = rootOf(house.url) ?? '';
    [people.operator, stranger] = await Promise.all([house.chief.makePerson('operator', 'li-operator'), launch()]);
    for (const role of roles) if (role !== 'operator' && role !== 'admin') people[role] = await house.chief.makePerson(role, `li-${role}`);
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
    expect((await reach(`http://${host}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(403);
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

  it('no page asks anything of anybody else', async () => {
    const signIn = await device(AT_DESK, 'sign-in');
    await signIn.goto(`${house.url}/`);
    await signIn.locator('#user').waitFor();
    await signIn.context().close();
    for (const role of roles.filter((role) => role !== 'operator' && role !== 'admin')) {
      const page = await device(AT_DESK, role);
      await sitDown(page, house.url, role, people[role] as { user: string; password: string });
      await page.context().close();
    }
    expect([...asked.keys()].sort()).toEqual([...roles, 'sign-in', 'trust, trusting', 'trust, untrusting', 'wall'].sort());
    for (const [page, urls] of asked) {
      const others = [...urls].filter((url) => !/^(data|blob):/.test(url) && new URL(url).host !== host);
      expect([page, others]).toEqual([page, []]);
      expect([page, urls.size > 3]).toEqual([page, true]);
    }
  });

  it('met no error on the way', () => expect(house.faults).toEqual([]));
});
