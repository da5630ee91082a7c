import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/protocol/messages.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { launch } from '../chromium.ts';
import { cacheDirectory } from '../paths.ts';
import { Footing } from '../setup/footing.ts';
import type { HubProcess } from '../setup/hub.ts';

/**
 * The operator's desk as it looks: sizes, languages, themes and states, each held to what can be measured (nothing cut off
 * sideways, the accessibility rules of WCAG 2 AA), each kept as a picture to be looked at. `PICTURES=1` writes README's.
 */
const pictures = cacheDirectory('operator');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MINUTE = 60_000;

/** Made up: the numbers lie in a range that is not in service. */
const night = [
  { topic: 'restart', locality: '330113', ago: 190, name: '陈经理', text: '口罩厂 120 人明日返岗，宿舍只够 80 人。', missed: false },
  { topic: 'hazard', locality: '330102', ago: 46, name: '俞先生', text: '临街仓库堆放酒精，无人看管，有气味。', missed: false },
  { topic: 'symptoms', locality: '330106', ago: 21, name: '李女士', text: '发热 38.1℃，昨日自外地返杭。', missed: false },
  { topic: 'affectedArea', locality: '330105', ago: 18, name: '赵大爷', text: '楼上住户前天自武汉返回，未登记。', missed: false },
  { topic: 'supplies', locality: '330102', ago: 11, name: '周老师', text: '社区门岗口罩只剩一天。', missed: false },
  { topic: 'psychology', locality: '330108', ago: 9, name: '', text: '', missed: true },
  { topic: 'complaint', locality: '330110', ago: 6, name: '吴先生', text: '药店口罩 30 元一只。', missed: false },
  { topic: 'symptoms', locality: '330102', ago: 4, name: '王女士', text: '3 幢有老人发热，自武汉返回。', missed: false },
] as const;

describe('the look of the operator’s desk', () => {
  let footing: Footing;
  let hub: HubProcess;
  let url: string;
  let browser: Browser;
  let li: { user: string; password: string };
  const open: Page[] = [];

  async function sit(look: { width: number; height: number; lang: 'zh' | 'en'; theme: 'light' | 'dark'; touch?: boolean }): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: look.width, height: look.height }, hasTouch: look.touch ?? false, isMobile: look.touch ?? false });
    await context.addInitScript(([lang, theme]) => {
      localStorage.setItem('language', lang ?? '');
      localStorage.setItem('theme', theme ?? '');
    }, [look.lang, look.theme]);
    const signed = await context.request.post(`${url}/api/v1/session`, { data: li, headers: { origin: url } });
    expect(signed.ok()).toBe(true);
    const page = await context.newPage();
    open.push(page);
    await page.goto(`${url}/operator`);
    await page.locator('.line.good').waitFor();
    return page;
  }

  async function keep(page: Page, name: string): Promise<void> {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
  const sideways = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  async function rulesBroken(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const found = await page.evaluate(() =>
      (window as unknown as { axe: { run(on: Document, how: object): Promise<AxeResults> } }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }),
    );
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  }

  /** A call half typed, by keyboard. */
  async function type(page: Page): Promise<void> {
    await page.locator('#call-number').focus();
    await page.keyboard.type('19900000126');
    await page.keyboard.press('Enter');
    await page.keyboard.type('王女士');
    await page.keyboard.press('Enter');
    await page.keyboard.type('上城区');
    await page.keyboard.press('Enter');
    await page.keyboard.type('青年路社区 3 幢');
    await page.keyboard.press('Enter');
    await page.keyboard.press('1');
    await page.keyboard.type('同住老人 38.2℃ 两天，1 月 22 日自武汉返杭，未出门。问去哪个发热门诊，能否派车。');
    // On a narrow screen what is like it lies behind a tab.
    if (await page.locator('.similar').isVisible()) await page.locator('.similar li').first().waitFor();
  }

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    footing = await Footing.lay();
    hub = footing.start();
    url = await hub.ready();
    const steward = await firstAdmin(hub, url);
    const first = await Desk.signIn(url, steward.user, steward.password);
    const made = await first.makePerson('operator', 'li');
    li = { user: made.user, password: made.password };
    first.leave();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await footing?.remove();
  });

  it('says how to begin while nothing is open', async () => {
    const page = await sit({ width: 1440, height: 900, lang: 'zh', theme: 'light' });
    await page.locator('.list-none').waitFor();
    expect(await page.locator('.list-none').textContent()).toMatch(/没有待办来电.*新来电/);
    await keep(page, 'empty');
    expect(await rulesBroken(page)).toEqual([]);
    await page.context().close();
  });

  it('orders a busy night by what presses most', async () => {
    const operator = await Desk.signIn(url, li.user, li.password);
    const now = Date.now();
    const said: Answer[] = [];
    for (const [i, c] of night.entries()) {
      const rung = now - c.ago * MINUTE;
      said.push(
        await operator.send('call.log', {
          origin: c.missed ? 'missed' : 'telephone',
          rung,
          answered: c.missed ? null : rung + 6_000,
          ended: null,
          topic: c.topic,
          locality: c.locality,
          callerNumber: i === night.length - 1 ? '19900000126' : `1990000${String(1000 + i)}`,
          ...(c.name ? { callerName: c.name, narrative: c.text } : {}),
        }),
      );
    }
    expect(said.every((a) => a.ok)).toBe(true);
    const idOf = (i: number): string => {
      const a = said[i];
      return a?.ok ? String(a.result.id) : '';
    };
    for (const to of ['inHand', 'answered', 'finished'] as const) {
      const from = { inHand: 'dispatched', answered: 'inHand', finished: 'answered' }[to];
      expect(await operator.send('call.move', { id: idOf(0), from, to, ...(to === 'answered' ? { reply: '已请经信局协调宿舍。' } : {}) })).toMatchObject({ ok: true });
    }
    operator.leave();

    const page = await sit({ width: 1440, height: 900, lang: 'zh', theme: 'light' });
    await page.locator('.opencalls li').nth(7).waitFor();
    const lines = await page.locator('.opencalls li').allTextContents();
    expect(lines[0]).toMatch(/险情事故.*超时/);
    expect(lines[1]).toMatch(/心理援助.*未接/);
    expect(lines.at(-1)).toMatch(/企业复工.*欠/);
    await type(page);
    expect(await page.locator('.similar li').first().textContent()).toMatch(/同一号码.*同一事项/);
    expect(await rulesBroken(page)).toEqual([]);
    await keep(page, 'busy');
    await page.context().close();
  });

  it.each([
    { width: 1440, height: 900, lang: 'en', theme: 'light' },
    { width: 1440, height: 900, lang: 'zh', theme: 'dark' },
    { width: 1920, height: 1080, lang: 'zh', theme: 'light' },
    { width: 1920, height: 1080, lang: 'en', theme: 'dark' },
    { width: 1024, height: 768, lang: 'zh', theme: 'light' },
    { width: 390, height: 844, lang: 'zh', theme: 'light', touch: true },
    { width: 390, height: 844, lang: 'en', theme: 'dark', touch: true },
  ] as const)('fits $width × $height in $lang, $theme', async (look) => {
    const page = await sit(look);
    const narrow = look.width <= 1100;
    await type(page);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    const name = `${look.width}-${look.lang}-${look.theme}`;
    await keep(page, `${name}-form`);
    expect(await rulesBroken(page)).toEqual([]);
    if (narrow) await page.locator('.panes button').first().click();
    await page.locator('.opencalls li').first().click();
    await page.locator('.calldetail .history').waitFor();
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await keep(page, `${name}-detail`);
    expect(await rulesBroken(page)).toEqual([]);
    // What is needed to go on is seen without scrolling.
    if (!narrow) expect((await page.locator('.callform .primary').boundingBox())?.y ?? Infinity).toBeLessThan(look.height - 40);
    await page.context().close();
  });

  it('says beside the fields what is wrong, and above all that the line is gone', async () => {
    const page = await sit({ width: 1440, height: 900, lang: 'zh', theme: 'light' });
    await page.locator('#call-number').fill('abc');
    await page.keyboard.press('Control+Enter');
    await page.locator('#call-topic-wrong').waitFor();
    await keep(page, 'refused');
    expect(await rulesBroken(page)).toEqual([]);
    await page.context().setOffline(true);
    await page.locator('.line.bad').waitFor();
    await keep(page, 'offline');
    await page.context().close();
  });
});
