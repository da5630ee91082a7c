import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { House, PHONE, says } from '../setup/house.ts';

/** What the leader reads of the line: of how many, against which standard; and what is unusual today, opened down to the calls. */
describe('figures of calls', () => {
  let house: House;
  let leader: Page;
  let li: Desk;
  let boss: { user: string; password: string };
  const DAY = 86_400_000;

  beforeAll(async () => {
    house = await House.open();
    boss = await house.chief.makePerson('leader', 'wang');
    const { user, password } = await house.chief.makePerson('operator', 'li');
    li = await Desk.signIn(house.url, user, password);
    leader = await house.sit('leader', boss);
  });
  afterAll(async () => {
    li?.leave();
    await house?.close();
  });
  const log = async (more: Record<string, unknown>): Promise<void> => {
    expect(await li.send('call.log', { topic: 'complaint', locality: '330106', ...more })).toMatchObject({ ok: true });
  };
  const measure = (name: string): ReturnType<Page['locator']> => leader.locator(`.figpage [data-measure="${name}"]`);

  it('are reached by a key; of no calls nothing is known, nor what would be unusual', async () => {
    await leader.locator('h1, h2').first().waitFor();
    await leader.keyboard.press('5');
    await says(leader.locator('.figpage'), /来电统计.*没有来电记录/s);
    await says(measure('within15'), /—.*无法判断/s);
    await says(leader.locator('.figpage'), /还不能比较：前 7 天中要有 5 天以上的记录/);
  });

  it('say of how many, and hold themselves to the standard that is chosen, by keyboard', async () => {
    const now = Date.now();
    // Two or three a day for six days before, the last of them more than 24 hours ago; today seven, of whom two waited 17 s and one was never answered.
    const past = Array.from({ length: 6 }, (_, i) => Array.from({ length: 2 + (i % 2) }, (_, k) => now - (i + 1) * DAY - (k + 1) * 60_000)).flat();
    await Promise.all(past.map((rung) => log({ rung, answered: rung + 5_000, reply: '已答复' })));
    const today = now - 1_000;
    const wait = [4, 6, 9, 12, 17, 17, null];
    await Promise.all(wait.map((s) => log({ rung: today - 20_000, answered: s === null ? null : today - 20_000 + s * 1_000, ...(s === null ? { origin: 'missed' } : {}) })));
    await says(measure('within15'), /57\.1%.*未达标.*4 \/ 7 通 · 应不低于 95%/s);
    await says(measure('connected'), /85\.7%.*未达标.*6 \/ 7 通/s);
    await leader.getByRole('radio', { name: '国标热线' }).focus();
    await leader.keyboard.press('ArrowRight');
    await says(measure('within20'), /85\.7%.*未达标.*应不低于 95%/s);
    await leader.getByRole('radio', { name: '24 小时' }).focus();
    await leader.keyboard.press('ArrowRight');
    await says(measure('within20'), /95\.\d%.*达标.*\d+ \/ 22 通/s);
    await leader.getByRole('radio', { name: '接线员' }).click();
    await says(leader.locator('.figpage table'), /值班员 试\s*22/);
    await leader.reload();
    await says(leader.locator('.figpage'), /NENA-STA-020/);
  });

  it('what is unusual raises an alert by the board’s own rule, and opens down to its calls', async () => {
    await says(leader.locator('.figpage'), /投诉举报 · 西湖区.*法报警.*7 件，近日平均 2/s);
    await leader.locator('.pages-nav').getByRole('button', { name: '告警' }).click();
    const line = leader.locator('.alertspage .rows li', { hasText: '来电异常增多：投诉举报 · 西湖区' });
    await line.waitFor();
    await line.focus();
    await leader.keyboard.press('o');
    await says(leader.locator('.signal'), /（7 − 2\.\d）÷ .*基线 \d 天.*相关来电/s);
    await expect.poll(() => leader.locator('.signal [role=option]').count()).toBe(7);
    await leader.locator('.signal [role=option]').first().click();
    await says(leader.locator('.record'), /投诉举报/);
  });

  it('on a telephone too', async () => {
    const phone = await house.sit('leader', boss, PHONE);
    await phone.goto(`${house.url}/leader?tab=figures`);
    await says(phone.locator('.figpage'), /投诉举报 · 西湖区.*15 秒内接听/s);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(house.faults).toEqual([]);
  });
});
