import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, pairOnPage, PATIENT, says } from '../setup/house.ts';

/** A technician puts up a screen of another shape from a desk: sees what it really is, says where its seams run, and looks at its test card. */
describe('a wall put up from a desk', () => {
  let house: House;
  let admin: Page;
  let wall: Page;
  beforeAll(async () => {
    house = await House.open(undefined, {});
    [admin, wall] = await Promise.all([house.sit('admin', house.admin), house.page()]);
    await wall.setViewportSize({ width: 1080, height: 1920 });
    await pairOnPage(admin, wall, house.url, '立式屏');
  });
  afterAll(() => house?.close());

  const line = () => admin.locator('.screen');
  /** Every text of the wall that lies over the middle of the screen, where the seam is. */
  const across = (): Promise<string[]> =>
    wall.evaluate(() => {
      const out: string[] = [];
      const walker = document.createTreeWalker(document.querySelector('.stage')!, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.textContent?.trim() || node.parentElement?.closest('.watermark')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        const inner = (box.bottom - box.top) * 0.2;
        if (box.width > 0 && box.top + inner < innerHeight / 2 && box.bottom - inner > innerHeight / 2) out.push(node.textContent.trim());
      }
      return out;
    });

  it('says its real pixels, and the page says when its profile has others', async () => {
    await says(line(), /实际 1080×1920/);
    await admin.getByRole('button', { name: '名称与参数' }).click();
    const id = (await line().getAttribute('data-screen')) ?? '';
    await admin.locator(`#preset-${id}`).selectOption({ label: 'LED 屏，宽 4 米（1080p）' });
    await admin.getByRole('button', { name: '保存', exact: true }).click();
    await says(line(), /实际 1080×1920，与所填像素不符/);
  });

  it('is told where its seam runs, and shows nothing across it', async () => {
    const id = (await line().getAttribute('data-screen')) ?? '';
    await admin.getByRole('button', { name: '名称与参数' }).click();
    await admin.getByRole('button', { name: '改为实际像素 1080×1920' }).click();
    await admin.locator(`#tiles-${id}`).fill('1');
    await admin.locator(`#tiles-${id} + input`).fill('2');
    await admin.locator(`#seam-${id}`).fill('8');
    await admin.locator(`#metres-${id}`).fill('1.2');
    await admin.locator(`#far-${id}`).fill('2');
    await admin.getByRole('button', { name: '保存', exact: true }).click();
    await says(line(), /1×2 拼接/);
    expect(await line().textContent()).not.toMatch(/不符/);
    await wall.locator('.stage.upright').waitFor();
    await expect.poll(across, PATIENT).toEqual([]);
  });

  it('shows its test card when asked to, which names it, its pixels and both tiles', async () => {
    await admin.getByRole('button', { name: '测试卡' }).click();
    const card = wall.locator('.card');
    await card.waitFor();
    const said = await card.innerText();
    for (const text of ['立式屏', '1080×1920', '1-1', '2-1']) expect([text, said.includes(text)]).toEqual([text, true]);
    await wall.keyboard.press('t');
    await card.waitFor({ state: 'detached' });
    expect(house.faults).toEqual([]);
  });
});
