import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { read, utils } from '@e965/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { House, PATIENT, says } from '../setup/house.ts';

/** All calls ever, at the operator's desk, by keyboard: found, narrowed, kept under a name, opened, taken along as a file. */
describe('all calls', () => {
  let house: House;
  let page: Page;
  let desk: Desk;
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const rows = (): ReturnType<Page['locator']> => page.locator('.findtable .rowwindow-row');
  const marked = (): Promise<string> => page.locator('.findtable .rowwindow-row.marked').innerText();
  const log = async (i: number): Promise<void> => {
    const rung = Date.now() - i * 60_000;
    const answer = await desk.send('call.log', {
      rung,
      answered: rung + 4_000,
      topic: i % 2 === 0 ? 'symptoms' : 'supplies',
      locality: i % 3 === 0 ? '330102' : '330106',
      callerName: `王小${i}`,
      callerNumber: `1390000${String(i).padStart(4, '0')}`,
      narrative: i % 4 === 0 ? '发热两天，问去哪个门诊' : '口罩不足',
    });
    expect(answer).toMatchObject({ ok: true });
  };

  beforeAll(async () => {
    house = await House.open();
    const li = await house.chief.makePerson('operator', 'li');
    desk = await Desk.signIn(house.url, li.user, li.password);
    for (let i = 100; i > 0; i--) await log(i);
    page = await house.sit('operator', li);
  });
  afterAll(async () => {
    desk?.leave();
    await house?.close();
  });

  it('are one key away, found by two characters, by name and by the end of a number, and never unmasked', async () => {
    await page.locator('.line.good').waitFor();
    await press('Escape', 'a');
    await says(page.locator('.findtable-foot'), /共 100 条.*至第 \d+ 号/);
    await page.keyboard.type('发热');
    await says(page.locator('.findtable-foot'), /共 25 条/);
    await press('Control+a');
    await page.keyboard.type('王小8 13900000008');
    await says(page.locator('.findtable-foot'), /共 1 条/);
    await press('Enter');
    expect(await rows().first().innerText()).toMatch(/王\*{1,2}\s+139\*{4}0008/);
    expect(await page.locator('.findtable').innerText()).not.toContain('王小8');
    expect(page.url()).not.toMatch(/0008|%E7/);
    await press('Enter');
    await says(page.locator('.right'), /派单/);
    // Back to the same line, then out of what was typed.
    await press('Escape');
    await expect.poll(marked, PATIENT).toContain('0008');
    await press('/', 'Escape');
    await says(page.locator('.findtable-foot'), /共 100 条/);
  });

  it('are walked by arrows, screens and ends, with only what is seen in the page, and stay in place as calls come in', async () => {
    await press('Enter', 'ArrowDown', 'PageDown', 'PageDown');
    const at = await marked();
    expect(await rows().count()).toBeLessThan(60);
    await log(0);
    await says(page.locator('.findtable-foot'), /共 101 条/);
    await expect.poll(marked, PATIENT).toBe(at);
    await press('End');
    await expect.poll(marked, PATIENT).toContain('139****0100');
    await press('Home');
    await expect.poll(marked, PATIENT).toContain('139****0000');
  });

  it('are narrowed, kept under a name, had again by a key and by the address, which holds no word that was typed', async () => {
    await page.locator('.findtable select').first().selectOption('supplies');
    await page.locator('.findtable select').nth(6).selectOption('7');
    await says(page.locator('.findtable-foot'), /共 50 条/);
    const address = page.url();
    expect(address).toMatch(/w\.topic=supplies/);
    expect(address).toMatch(/last=7/);
    await press('Alt+0');
    await page.keyboard.type('一周物资');
    await press('Enter');
    await says(page.locator('.saved'), /一周物资/);
    await page.getByRole('button', { name: '清除条件' }).click();
    await says(page.locator('.findtable-foot'), /共 101 条/);
    await press('Escape');
    // Its key is heard also before the person's own conditions are there.
    await press('a', 'Alt+1');
    await says(page.locator('.findtable-foot'), /共 50 条/);
    await page.goto(address);
    await says(page.locator('.findtable-foot'), /共 50 条/);
  });

  it('go into a file just as they are shown', async () => {
    // The table has its height a frame after it is there.
    await rows().nth(7).waitFor();
    const shown = await page.evaluate(() => [...document.querySelectorAll('.rowwindow-row')].slice(0, 8).map((row) => [...row.querySelectorAll('[role=gridcell]')].map((c) => c.textContent ?? '')));
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出 Excel' }).click()]);
    await says(page.locator('.export'), /已导出 50 条：来电台账_\d{8}_\d{4}\.xlsx/);
    const book = read(readFileSync(await download.path()), { type: 'buffer', raw: true });
    const cells = utils.sheet_to_json<string[]>(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, { header: 1, defval: '', raw: true });
    expect(cells).toHaveLength(51);
    expect(cells.slice(1, 9)).toEqual(shown);
    // The telephone rings: one key, and the form has the hand.
    await page.locator('.findtable .rowwindow').focus();
    await press('n');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), PATIENT).toBe('call-number');
    expect(house.faults).toEqual([]);
  });
});
