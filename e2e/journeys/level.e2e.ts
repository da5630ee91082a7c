import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, ON_WALL, pairOnPage, PATIENT, PHONE, says } from '../setup/house.ts';

/** A level is declared from a telephone, never in one press; every wall and desk has it at once, and two leaders cannot pass each other. */
describe('the duty leader’s desk', () => {
  let house: House;
  let wall: Page;
  let other: Page;
  let phone: Page;
  let second: Page;
  let operator: Page;

  beforeAll(async () => {
    house = await House.open();
    const wang = await house.chief.makePerson('leader', 'wang');
    const chen = await house.chief.makePerson('leader', 'chen');
    const li = await house.chief.makePerson('operator', 'li');
    const admin = await house.sit('admin', house.admin);
    wall = await house.page(ON_WALL);
    other = await house.page(ON_WALL);
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    await pairOnPage(admin, other, house.url, '会商室');
    phone = await house.sit('leader', wang, PHONE);
    second = await house.sit('leader', chen);
    operator = await house.sit('operator', li);
  });
  afterAll(() => house?.close());

  const toLevels = async (page: Page): Promise<void> => {
    await page.locator('.pages-nav').getByRole('button', { name: '响应级别' }).click();
    await page.locator('.level-now').waitFor();
  };

  it('says that none was ever declared', async () => {
    await toLevels(phone);
    await says(phone.locator('.level-now'), /未启动响应.*尚未启动过响应/s);
    await says(wall.locator('.level'), /未启动响应/);
  });

  it('asks for grounds, says what will happen on every wall, and only then declares', async () => {
    await phone.getByRole('radio', { name: '一级响应' }).click();
    await phone.getByRole('button', { name: '核对后发布' }).click();
    await says(phone.locator('.row-wrong'), /必填/);
    await phone.locator('#declare-grounds').fill('省政府决定启动重大突发公共卫生事件一级响应');
    await phone.locator('#declare-text').fill('各级各部门 24 小时值班，日报告、零报告。');
    await phone.getByRole('button', { name: '核对后发布' }).click();
    await says(phone.locator('.confirm'), /所有大屏和席位立即由“未启动响应”改为“一级响应”/);
    expect(await wall.locator('.level-badge').textContent()).toMatch(/未启动响应/);

    await phone.getByRole('button', { name: '发布 一级响应' }).click();
    await says(wall.locator('.level-badge'), /一级响应/);
    await says(other.locator('.level-badge'), /一级响应/);
    await says(operator.locator('header .level'), /一级响应/);
    await says(wall.locator('.recent'), /启动一级响应/);
    await says(phone.locator('.level-now'), /一级响应.*第 1 天/s);
    await says(phone.locator('.outcome-line'), /已存/);
  });

  it('the second leader, whose screen changed meanwhile, is not let pass the first', async () => {
    await toLevels(second);
    await second.getByRole('radio', { name: '二级响应' }).click();
    await second.locator('#declare-grounds').fill('疫情趋缓');
    await second.getByRole('button', { name: '核对后发布' }).click();
    await second.locator('.confirm').waitFor();

    await phone.getByRole('radio', { name: '三级响应' }).click();
    await phone.locator('#declare-grounds').fill('省领导小组第 9 次会议');
    await phone.getByRole('button', { name: '核对后发布' }).click();
    await says(phone.locator('.confirm'), /这是降低响应级别/);
    await phone.getByRole('button', { name: '发布 三级响应' }).click();
    await says(other.locator('.level-badge'), /三级响应/);
    await says(wall.locator('.recent'), /响应级别由一级响应调整为三级响应/);

    // What was to be confirmed spoke of level I: the question is withdrawn, what was typed is kept.
    await expect.poll(() => second.locator('.confirm').count(), PATIENT).toBe(0);
    await says(second.locator('.level-now'), /三级响应/);
    expect(await second.locator('#declare-grounds').inputValue()).toBe('疫情趋缓');
    await second.getByRole('button', { name: '核对后发布' }).click();
    await says(second.locator('.confirm'), /这是提升响应级别/);
    await second.getByRole('button', { name: '发布 二级响应' }).click();
    await says(wall.locator('.level-badge'), /二级响应/);
    await says(second.locator('.history'), /发布响应级别.*发布响应级别.*发布响应级别/s);
  });

  it('ends it, and the wall says that it has ended', async () => {
    await phone.getByRole('radio', { name: '终止响应' }).click();
    await phone.locator('#declare-grounds').fill('连续 14 天无新增');
    await phone.getByRole('button', { name: '核对后发布' }).click();
    await says(phone.locator('.confirm'), /立即显示响应已终止/);
    await phone.getByRole('button', { name: '终止响应' }).click();
    await says(wall.locator('.level'), /终止/);
    await says(wall.locator('.recent'), /响应终止，原为二级响应/);
  });

  it('sets the five-colour map of the day in one piece', async () => {
    await second.locator('.pages-nav').getByRole('button', { name: '五色图' }).click();
    await says(second.locator('.colours'), /未定 90/);
    await second.locator('.colours-rest').getByRole('button', { name: '绿' }).click();
    await second.locator('[data-code="330382"]').getByRole('radio', { name: '高风险', exact: true }).click();
    await says(second.locator('.colours-counts'), /红 1.*绿 89/s);
    await second.locator('.colours footer .primary').click();
    await says(second.locator('.colours'), /现行为/);
    await says(wall.locator('.recent'), /五色图转红/);
  });

  it('urges a call that is late, and the wall says so', async () => {
    const now = Date.now();
    const logged = await house.chief.makePerson('operator', 'sun');
    const { Desk } = await import('../actions/desk.ts');
    const sun = await Desk.signIn(house.url, logged.user, logged.password);
    const call = await sun.send('call.log', { rung: now - 3 * 3_600_000, answered: now - 3 * 3_600_000 + 5_000, ended: now - 3 * 3_600_000 + 60_000, topic: 'hazard', locality: '330102', narrative: '储罐异味' });
    expect(call).toMatchObject({ ok: true });
    sun.leave();
    await phone.locator('.pages-nav button').first().click();
    await says(phone.locator('.late'), /来电超时 1.*应急管理局 1.*险情事故/s);
    await phone.getByRole('button', { name: '督办' }).click();
    await says(phone.locator('.late'), /已督办/);
    await says(wall.locator('.recent'), /领导督办来电/);
    await says(phone.locator('[data-figure=urged] .figure-number'), /^1$/);
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
