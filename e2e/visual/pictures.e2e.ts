import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { launch } from '../chromium.ts';
import { cacheDirectory, project } from '../paths.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';

/**
 * The pictures of README, taken of the product at work: the demo's night, played until there is enough on the board.
 * `PICTURES=1` puts them where README looks; any other run leaves them below .cache, and looks at the same things.
 */
const kept = process.env.PICTURES === '1';
const pictures = kept ? join(project, 'e2e', 'pictures') : cacheDirectory('pictures');
const MOST_BYTES = 640_000;
/** Only what is kept must be seen at a speed one can follow. */
const speed = kept ? '60' : '240';

describe('the demo, as README shows it', () => {
  let hub: HubProcess;
  let url: string;
  let browser: Browser;
  let passwords: Record<string, string>;
  const faults: string[] = [];

  async function open(options: BrowserContextOptions): Promise<Page> {
    const page = await (await browser.newContext({ locale: 'zh-CN', ...options })).newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // A wall without a credential, and a desk without a session, is told so.
      if (message.type() === 'error' && !/status of 401/.test(message.text())) faults.push(message.text());
    });
    return page;
  }
  async function sit(page: Page, desk: string): Promise<void> {
    await page.goto(`${url}/${desk}`);
    await page.getByLabel('用户名').fill(desk);
    await page.getByLabel('密码', { exact: true }).fill(passwords[desk] ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.line.good').waitFor();
  }
  async function shoot(page: Page, name: string): Promise<void> {
    const path = join(pictures, `${name}.png`);
    // Highlights of what came last are shown as they end.
    await page.screenshot({ path, animations: 'disabled' });
    expect(statSync(path).size, name).toBeLessThan(MOST_BYTES);
  }
  const number = async (page: Page, where: string): Promise<number> => Number((await page.locator(where).first().textContent({ timeout: 1_000 }).catch(() => '0'))?.replace(/[^\d.]/g, '') || 0);

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    hub = new HubProcess({ dataDir: dataDirectory(), argv: ['--demo', '--speed', speed, '--at', '2020-02-05T22:30:00+08:00'] });
    [url, browser] = await Promise.all([hub.ready(), launch()]);
    passwords = JSON.parse(readFileSync(join(hub.options.dataDir, 'people.json'), 'utf8')) as Record<string, string>;
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    rmSync(hub.options.dataDir, { recursive: true, force: true });
  });

  it('the wall in both languages, the operator’s desk, and the leader’s telephone', async () => {
    const chief = await Desk.signIn(url, 'admin2', passwords.admin2 ?? '', 'drill');
    const wall = await open({ viewport: { width: 1920, height: 1080 } });
    await pairWall(wall, chief, '大厅');
    chief.leave();
    const operator = await open({ viewport: { width: 1440, height: 900 } });
    await sit(operator, 'operator');
    const leader = await open({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    await sit(leader, 'leader');

    const wait = { timeout: 150_000, interval: 250 };
    await expect.poll(() => number(wall, '.calls .figure-number >> nth=1'), wait).toBeGreaterThanOrEqual(kept ? 8 : 5);
    await expect.poll(() => wall.locator('.supplies .fit-row').count(), wait).toBeGreaterThanOrEqual(3);
    await expect.poll(() => number(wall, '.enterprises .figure-number'), wait).toBeGreaterThan(0);
    await wall.locator('.level-badge.level-I').waitFor();
    await expect.poll(() => wall.locator('.recent li').count(), wait).toBe(3);
    await shoot(wall, 'wall');
    await wall.keyboard.press('l');
    await wall.keyboard.press('3');
    await wall.getByText('Work resumed').first().waitFor();
    await shoot(wall, 'wall-en');

    await operator.locator('.opencalls li').nth(4).waitFor();
    await operator.locator('#call-number').fill('199 0000 0126');
    await operator.locator('#call-name').fill('王女士');
    await operator.locator('#call-place').fill('上城');
    await operator.keyboard.press('Enter');
    await operator.locator('#call-address').fill('青年路社区 3 幢');
    await operator.getByRole('radio', { name: '症状或接触史' }).click();
    await operator.locator('#call-narrative').fill('同住老人 38.2℃ 两天，问去哪个发热门诊。');
    await operator.locator('.similar [role="status"]').waitFor();
    await shoot(operator, 'operator');

    expect(await leader.locator('[data-figure] .figure-number').count()).toBeGreaterThan(5);
    await shoot(leader, 'leader-phone');
  });

  it('met no error on the way', () => expect(faults).toEqual([]));
});
