import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { House, says } from '../setup/house.ts';

/** A caller asks that what is personal be erased: a leader does it after a second look, and an operator who has the call open sees it gone. */
describe('personal values at their end', () => {
  let house: House;
  let leader: Page;
  let operator: Page;
  let id = '';

  beforeAll(async () => {
    house = await House.open(undefined, {});
    const wang = await house.chief.makePerson('leader', 'wang');
    const li = await house.chief.makePerson('operator', 'li');
    const desk = await Desk.signIn(house.url, li.user, li.password);
    const now = Date.now();
    const logged = await desk.send('call.log', { rung: now - 60_000, answered: now - 55_000, topic: 'advice', locality: '330102', callerName: '王小明', callerNumber: '19900000126', narrative: '咨询返岗手续' });
    if (!logged.ok) throw new Error(JSON.stringify(logged.error));
    id = String(logged.result.id);
    desk.leave();
    leader = await house.sit('leader', wang);
    operator = await house.sit('operator', li);
    await leader.goto(`${house.url}/leader?id=${id}`);
    await operator.goto(`${house.url}/operator?call=${id}`);
  });
  afterAll(() => house?.close());

  it('is not an operator’s to do', async () => {
    // Whoever logged it handles it.
    await says(operator.locator('.record'), /王小明/);
    expect(await operator.getByRole('button', { name: '抹除个人信息' }).count()).toBe(0);
  });

  it('says what it does, and does nothing when one thinks better of it', async () => {
    await leader.getByRole('button', { name: '抹除个人信息' }).click();
    await says(leader.getByRole('alertdialog'), /不能找回.*编号、经过和统计不变/s);
    // Enter at once is "no".
    await leader.keyboard.press('Enter');
    await leader.getByRole('alertdialog').waitFor({ state: 'detached' });
    await says(leader.locator('.record'), /王\*\*/);
  });

  it('leaves the call and its way, on every desk that has it open, and nothing of the caller', async () => {
    await says(operator.locator('.record'), /王小明/);
    await leader.getByRole('button', { name: '抹除个人信息' }).click();
    await leader.getByRole('button', { name: '确认抹除' }).click();
    for (const page of [leader, operator]) {
      await says(page.locator('.record'), /抹除个人信息/);
      await page.locator('.personal').waitFor({ state: 'detached' });
      expect(await page.locator('.record').textContent()).not.toMatch(/王|1990000|返岗/);
      await says(page.locator('.record'), /登记来电/);
    }
    expect(await leader.getByRole('button', { name: '抹除个人信息…' }).count()).toBe(0);
  });

  it('met no error on the way', () => expect(house.faults).toEqual([]));
});
