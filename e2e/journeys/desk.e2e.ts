import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { findChromium } from '../chromium.ts';
import { Footing } from '../setup/footing.ts';
import type { HubProcess } from '../setup/hub.ts';

/** A night at one machine: what was typed and sent there is kept, sent once, under its author's name, and is nobody else's. */
describe('a desk that loses its line, its browser and its session', () => {
  let footing: Footing;
  let hub: HubProcess;
  let url: string;
  let admin: Desk;
  let li: { user: string; password: string };
  let wang: { user: string; password: string };
  const profile = mkdtempSync(join(tmpdir(), 'profile-'));
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];

  async function openBrowser(): Promise<void> {
    const found = await findChromium();
    const env = Object.fromEntries(Object.entries({ ...process.env, HOME: profile, ...found.env }).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
    context = await chromium.launchPersistentContext(profile, {
      executablePath: found.executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-quic'],
      env,
      locale: 'zh-CN',
      viewport: { width: 1440, height: 900 },
    });
    page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // Being offline and signed out is what this is about; the browser says so by itself.
      if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|status of 401/.test(message.text())) faults.push(message.text());
    });
  }

  async function signIn({ user, password }: { user: string; password: string }): Promise<void> {
    await page.getByLabel('用户名').fill(user);
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await live();
  }

  const live = (): Promise<void> => page.locator('.line.good').waitFor();
  const outbox = (): ReturnType<Page['locator']> => page.locator('header .outbox');
  const says = async (words: RegExp): Promise<void> => {
    await expect.poll(() => outbox().textContent(), { timeout: 30_000 }).toMatch(words);
  };

  /** As an operator does, by keyboard alone. */
  async function log(narrative: string): Promise<void> {
    await page.locator('#call-number').fill('19900000126');
    await page.locator('#call-place').fill('上城');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: '咨询建议' }).click();
    await page.locator('#call-narrative').fill(narrative);
    await page.keyboard.press('Control+Enter');
  }

  async function numbers(): Promise<string[]> {
    const answer = (await admin.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: 'main', kind: 'call', limit: 200 })) as {
      ok: boolean;
      records?: { body: { number: string } }[];
    };
    expect(answer).toMatchObject({ ok: true });
    return (answer.records ?? []).map((r) => r.body.number);
  }

  beforeAll(async () => {
    footing = await Footing.lay();
    hub = footing.start();
    url = await hub.ready();
    const steward = await firstAdmin(hub, url);
    const first = await Desk.signIn(url, steward.user, steward.password);
    li = await first.makePerson('operator', 'li');
    wang = await first.makePerson('operator', 'wang');
    const leader = await first.makePerson('leader', 'zhou');
    first.leave();
    admin = await Desk.signIn(url, leader.user, leader.password);
    await openBrowser();
  });

  afterAll(async () => {
    admin?.leave();
    await context?.close();
    await hub?.stop();
    rmSync(profile, { recursive: true, force: true });
    await footing?.remove();
  });

  it('keeps what is half typed over a reload', async () => {
    await page.goto(`${url}/operator`);
    await signIn(li);
    await page.locator('#call-number').fill('1990000');
    await page.locator('#call-narrative').fill('门岗口罩只剩');
    await page.reload();
    await live();
    await expect.poll(() => page.locator('#call-narrative').inputValue()).toBe('门岗口罩只剩');
    expect(await page.locator('#call-number').inputValue()).toBe('1990000');
  });

  it('says in words what waits while there is no line, survives a killed browser, and sends each once', async () => {
    await context.setOffline(true);
    await page.locator('.line.bad').waitFor();
    await log('断网时第一通');
    await says(/待发 1/);
    await log('断网时第二通');
    await says(/待发 2/);
    expect(await page.getByRole('alert').first().textContent()).toMatch(/已 \d+ (秒|分).*待发 2/);

    process.kill(browserPid(profile), 'SIGKILL');
    // Its browser is dead: what is left of it to close may say so.
    await context.close().catch(() => undefined);
    await openBrowser();
    await page.goto(`${url}/operator`);
    await page.locator('#user, .line.good').first().waitFor();
    if (await page.locator('#user').count()) await signIn(li);
    await says(/待发 0.*已存 2/);
    expect(await numbers()).toHaveLength(2);
  });

  it('asks for the password over the form when the session ends, lets nobody else go on in it, and loses nothing', async () => {
    await page.locator('#call-narrative').fill('正说到一半');
    await page.request.delete(`${url}/api/v1/session`, { headers: { origin: url } });
    const dialog = page.getByRole('dialog', { name: '请重新登录' });
    await dialog.waitFor();

    await dialog.getByLabel('用户名').fill(wang.user);
    await dialog.getByLabel('密码').fill(wang.password);
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toMatch(/另一个人/);

    await dialog.getByLabel('用户名').fill(li.user);
    await dialog.getByLabel('密码').fill(li.password);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await live();
    expect(await page.locator('#call-narrative').inputValue()).toBe('正说到一半');
    await log('登录后的一通');
    await says(/待发 0.*已存 3/);
    expect(await numbers()).toHaveLength(3);
  });

  it('hides drafts and outbox from the next person, and sends nothing in another name', async () => {
    await page.locator('#call-narrative').fill('李的半句话');
    await context.setOffline(true);
    await page.locator('.line.bad').waitFor();
    await log('李的待发');
    await says(/待发 1/);
    await page.locator('#call-narrative').fill('李的另外半句');
    await page.request.delete(`${url}/api/v1/session`, { headers: { origin: url } });
    await context.setOffline(false);
    await page.getByRole('button', { name: '换人登录' }).click();
    await page.locator('#user').waitFor();
    await signIn(wang);
    expect(await page.locator('#call-narrative').inputValue()).toBe('');
    await says(/待发 0.*已存 0/);
    expect(await numbers()).toHaveLength(3);

    await page.locator('header .me summary').click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('#user').waitFor();
    await signIn(li);
    await says(/待发 0.*已存 4/);
    await expect.poll(() => page.locator('#call-narrative').inputValue()).toBe('李的另外半句');
    expect(await numbers()).toHaveLength(4);
  });

  it('met no error on the way', () => expect(faults).toEqual([]));
});

/** The browser's own process of a profile: of those that name it, the one no other of them started. */
function browserPid(profile: string): number {
  const ours = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(profile)) continue;
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
      ours.set(Number(name), Number(parent));
    } catch {
      // Gone between being listed and being read.
    }
  }
  for (const [pid, parent] of ours) if (!ours.has(parent)) return pid;
  throw new Error('the browser was not found');
}
