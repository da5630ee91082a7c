import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { launchWithProfile } from '../chromium.ts';
import { Footing } from '../setup/footing.ts';
import type { HubProcess } from '../setup/hub.ts';

/** A call being typed: how many keys it takes, what the hub says meanwhile, and that nothing typed is lost, whatever is killed. */
describe('typing a call', () => {
  const profile = mkdtempSync(join(tmpdir(), 'profile-'));
  let footing: Footing;
  let hub: HubProcess;
  let url: string;
  let chief: Desk;
  let leader: Desk;
  let li: { user: string; password: string };
  let zhou: { user: string; password: string };
  let context: BrowserContext;
  let kill: () => Promise<void>;
  let page: Page;
  let pressed = 0;

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      // Ctrl with another is two keys.
      pressed += key.split('+').length;
      await page.keyboard.press(key);
    }
  };
  const type = (text: string): Promise<void> => page.keyboard.type(text);
  const value = (id: string): Promise<string> => page.locator(`#${id}`).inputValue();
  const outcome = (): ReturnType<Page['locator']> => page.locator('.callform .outcome');
  const says = async (where: ReturnType<Page['locator']>, words: RegExp): Promise<void> => {
    await expect.poll(() => where.first().textContent(), { timeout: 30_000 }).toMatch(words);
  };
  /** What the browser has put away of the form, as another page of it reads it. */
  const kept = (words: string): Promise<void> =>
    expect
      .poll(
        () =>
          page.evaluate(
            () =>
              new Promise<string>((done, fail) => {
                const open = indexedDB.open('situation-board');
                open.onerror = () => fail(open.error ?? new Error('IndexedDB'));
                open.onsuccess = () => {
                  const all = open.result.transaction('drafts').objectStore('drafts').getAll();
                  all.onsuccess = () => {
                    open.result.close();
                    done(JSON.stringify(all.result));
                  };
                };
              }),
          ),
        { timeout: 20_000 },
      )
      .toContain(words) as unknown as Promise<void>;
  interface Found {
    id: string;
    body: Record<string, unknown>;
  }
  async function calls(): Promise<Found[]> {
    const answer = (await leader.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: 'main', kind: 'call', q: '', limit: 200 })) as { records?: Found[] };
    return answer.records ?? [];
  }

  async function open(): Promise<void> {
    const browser = await launchWithProfile(profile, { locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    context = browser.context;
    kill = browser.kill;
    page = context.pages()[0] ?? (await context.newPage());
    await sit();
  }
  async function sit(): Promise<void> {
    await page.goto(`${url}/operator`);
    await page.locator('#user, .line.good').first().waitFor();
    if ((await page.locator('#user').count()) > 0) {
      await page.locator('#user').fill(li.user);
      await page.getByLabel('密码', { exact: true }).fill(li.password);
      await page.keyboard.press('Enter');
    }
    await page.locator('.line.good').waitFor();
  }

  beforeAll(async () => {
    footing = await Footing.lay();
    hub = footing.start();
    url = await hub.ready();
    const steward = await firstAdmin(hub, url);
    chief = await Desk.signIn(url, steward.user, steward.password);
    li = await chief.makePerson('operator', 'li');
    zhou = await chief.makePerson('leader', 'zhou');
    leader = await Desk.signIn(url, zhou.user, zhou.password);
    await open();
  });
  afterAll(async () => {
    leader?.leave();
    chief?.leave();
    await context?.close();
    await hub?.stop();
    await footing?.remove();
    rmSync(profile, { recursive: true, force: true });
  });

  it('takes at most 12 keys beyond the text itself', async () => {
    await page.evaluate(() => {
      const seen = { keys: 0 };
      window.addEventListener('keydown', () => seen.keys++, true);
      Object.assign(window, { seen });
    });
    pressed = 0;
    await press('Space');
    await type('19900000126');
    await press('Enter');
    await type('Wang');
    await press('Enter');
    await type('sc');
    await press('Enter');
    await type('3-501');
    await press('Enter', '4');
    await type('masks for one day');
    await press('Control+Enter');
    await says(outcome(), /已存 \d{8}-0001/);
    const keys = await page.evaluate(() => (window as unknown as { seen: { keys: number } }).seen.keys);
    expect(keys - '19900000126Wangsc3-501masks for one day'.length).toBe(pressed);
    expect(pressed).toBeLessThanOrEqual(12);
  });

  it('finds the matter another caller rang about, and joins this caller to it with one key', async () => {
    const now = Date.now();
    const earlier = await leader.send('call.log', { rung: now, answered: now, topic: 'supplies', locality: '330106', callerNumber: '0571-87654321', address: '翠苑一区 12 幢', narrative: '小区门岗口罩只剩一天，六个人值守，问哪里领' });
    if (!earlier.ok) throw new Error(JSON.stringify(earlier.error));
    const number = String(earlier.result.number).slice(-4);
    // A whole line, and what it is about in other words.
    await type('李先生13900000007西湖区翠苑一区12幢门岗值守六个人，口罩快没了只够一天');
    await press('Enter');
    await says(page.locator('.similar li.several'), /内容相近/);
    expect(await page.locator('.similar').textContent()).not.toMatch(/只剩|8765/);
    await press('F7');
    await says(page.locator('.callform-join'), new RegExp(`并入 0*${number}`));
    expect(await page.getByRole('radio', { checked: true }).textContent()).toContain('物资需求');
    await press('F7');
    await page.locator('.callform-join').waitFor({ state: 'detached' });
    await press('F7');
    await page.locator('.callform-join').waitFor();
    await press('Control+Enter');
    await says(outcome(), /已存 \d{8}-0003/);
    const all = await calls();
    expect(all.find((c) => c.body.number === `${String(earlier.result.number).slice(0, 9)}0003`)?.body).toMatchObject({ stage: 'merged', mergedInto: earlier.result.id });
    expect(all.find((c) => c.id === earlier.result.id)?.body).toMatchObject({ callers: 2 });
  });

  it('takes a pasted line apart, shows each part to be checked, and what its topic decides', async () => {
    await page.locator('#call-number').focus();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '王女士 13900000008 上城区湖滨街道青年路3幢 发热咨询');
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => value('call-place')).toBe('杭州 · 上城区 · 湖滨街道');
    expect(await Promise.all(['number', 'name', 'address', 'narrative'].map((f) => value(`call-${f}`)))).toEqual(['13900000008', '王女士', '青年路3幢', '发热咨询']);
    const toCheck = (): Promise<number> => page.locator('.callform').getByText('请核对', { exact: true }).count();
    await expect.poll(toCheck).toBe(6);
    await page.locator('#call-name').fill('汪女士');
    await expect.poll(toCheck).toBe(5);
    await says(page.locator('.callform .implied'), /紧急.*卫生健康局.*30 分/);
    await page.getByRole('button', { name: '还原' }).click();
    expect(await Promise.all(['number', 'name', 'place', 'address', 'narrative'].map((f) => value(`call-${f}`)))).toEqual(['', '', '', '', '']);
    // A street that stands in the address is the place.
    await page.locator('#call-place').fill('上城');
    await press('Enter');
    await type('湖滨街道青年路3幢');
    await press('Enter');
    await expect.poll(() => value('call-place')).toBe('杭州 · 上城区 · 湖滨街道');
    expect(await value('call-address')).toBe('青年路3幢');
    await page.getByRole('button', { name: '清空' }).click();
    await press('Escape', '?');
    const help = page.getByRole('dialog', { name: '全部按键' });
    for (const key of ['F2', 'F3', 'F4', 'F6', 'F7', 'F8', 'F9', '1…9', '回车']) expect(await help.getByText(key, { exact: true }).count()).toBeGreaterThan(0);
    await press('Escape', 'n');
  });

  it('asks what the topic wants asked, and writes the answer behind each question', async () => {
    await page.getByRole('radio', { name: '症状或接触史' }).click();
    await page.locator('#call-narrative').focus();
    await press('F3');
    await type('38.2');
    await press('F3');
    await type('2');
    expect(await value('call-narrative')).toBe('体温：38.2；症状几天：2');
    expect(await page.locator('.callform .prompt .asked').count()).toBe(2);
  });

  it('a tab that is closed: what was typed is in the next', async () => {
    await kept('体温：38.2；症状几天：2');
    await page.close();
    page = await context.newPage();
    await sit();
    await expect.poll(() => value('call-narrative')).toBe('体温：38.2；症状几天：2');
    await page.getByRole('button', { name: '清空' }).click();
  });

  it('a hub killed -9, then the browser too: what waited is sent once, what was half typed is there', async () => {
    const before = (await calls()).length;
    const port = new URL(url).port;
    leader.leave();
    chief.leave();
    await hub.stop('SIGKILL');
    await page.locator('.line.bad').waitFor();
    await page.locator('#call-number').focus();
    await type('19900000133');
    await page.locator('#call-place').fill('上城');
    await press('Enter');
    await page.getByRole('radio', { name: '咨询建议' }).click();
    await page.locator('#call-narrative').fill('停机时的来电');
    await press('Control+Enter');
    await says(outcome(), /未发出/);
    await page.locator('#call-narrative').focus();
    await type('half of the next one');
    await kept('half of the next one');
    await kill();

    hub = footing.start({ PORT: port });
    await hub.ready();
    await open();
    await expect.poll(() => value('call-narrative')).toBe('half of the next one');
    await says(page.locator('header .outbox'), /待发 0/);
    leader = await Desk.signIn(url, zhou.user, zhou.password);
    expect(await calls()).toHaveLength(before + 1);
  });
});
