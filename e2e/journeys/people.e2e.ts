import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, ON_WALL, pairOnPage, PHONE, says } from '../setup/house.ts';

/** People come in by an administrator's hand and go the same way, at once; so do walls. */
describe('the administrator’s desk', () => {
  let house: House;
  let admin: Page;
  let li: Page;
  let wall: Page;
  let oneTime = '';
  const own = `mine-${Math.random().toString(36).slice(2, 12)}`;

  const tab = (name: string): Promise<void> => admin.locator('.pages-nav').getByRole('button', { name }).click();

  beforeAll(async () => {
    // Refusals are part of this journey, and the browser says so by itself.
    house = await House.open(/status of 4(00|01|09)/);
    admin = await house.sit('admin', house.admin);
  });
  afterAll(() => house?.close());

  it('makes a person with a desk and a scope; the password is shown once', async () => {
    await admin.getByRole('button', { name: '新增人员' }).click();
    await admin.locator('#person-user').fill('Li.Jing');
    await admin.locator('#person-name').fill('李静');
    await admin.locator('#person-post').fill('接线员');
    await admin.getByRole('radio', { name: '按属地' }).click();
    await says(admin.locator('.person'), /范围是空的/);
    expect(await admin.getByRole('button', { name: '建立' }).isDisabled()).toBe(true);
    await admin.locator('#person-locality').fill('上城');
    await admin.locator('#person-locality-list [role=option]').first().waitFor();
    await admin.locator('#person-locality').press('Enter');
    await says(admin.locator('.person .chips'), /上城区/);
    await admin.getByRole('button', { name: '建立' }).click();
    await admin.locator('[data-secret]').waitFor();
    oneTime = (await admin.locator('[data-secret]').textContent())?.trim() ?? '';
    expect(oneTime.length).toBeGreaterThan(12);
    await says(admin.locator('.rows'), /李静.*接线 · 上城区.*待设新密码/s);
    // Nothing of it is kept in this browser.
    await admin.reload();
    await admin.locator('.rows li').first().waitFor();
    expect(await admin.content()).not.toContain(oneTime);
    expect(await admin.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(oneTime);
  });

  it('the same user name twice is refused beside its field', async () => {
    await admin.getByRole('button', { name: '新增人员' }).click();
    await admin.locator('#person-user').fill('li.jing');
    await admin.locator('#person-name').fill('李敬');
    await admin.locator('#person-post').fill('接线员');
    await admin.getByRole('button', { name: '建立' }).click();
    await says(admin.locator('.person .row-wrong'), /已被用过/);
    await says(admin.locator('.outcome-line'), /没有存上/);
  });

  it('whoever signs in first must choose an own password, and then sits at the desk', async () => {
    li = await house.page(PHONE);
    await li.goto(`${house.url}/operator`);
    await li.getByLabel('用户名').fill('LI.JING');
    await li.getByLabel('密码', { exact: true }).fill(oneTime);
    await li.keyboard.press('Enter');
    await says(li.locator('.card'), /请设置新密码/);
    await li.locator('#pw-next').fill(own);
    await li.locator('#pw-repeat').fill(own);
    await li.getByRole('button', { name: '设置新密码' }).click();
    await li.locator('.line.good').waitFor();
    await says(li.locator('header'), /接线员 李/);
  });

  it('a session ended by the administrator ends the console at once; what was typed is still there', async () => {
    await li.locator('#call-narrative').fill('话说到一半');
    await admin.locator('.rows button', { hasText: '李静' }).click();
    await says(admin.locator('.person .sessions'), /接线员 李 · 李静/);
    await admin.locator('.person .sessions').getByRole('button', { name: '令其退出' }).click();
    await admin.locator('.person .sessions .ask .primary').click();
    await says(li.getByRole('dialog'), /登录已失效/);
    await says(admin.locator('.person .sessions'), /没有登录中的席位/);
    await li.getByLabel('密码', { exact: true }).fill(own);
    await li.getByRole('button', { name: /继续/ }).click();
    await li.locator('.line.good').waitFor();
    expect(await li.locator('#call-narrative').inputValue()).toBe('话说到一半');
  });

  it('a new one-time password and being put out of service each do the same', async () => {
    await admin.getByRole('button', { name: '重置密码' }).click();
    await says(admin.locator('.person .sure'), /立即退出所有席位/);
    await admin.locator('.person .sure .primary').click();
    await admin.locator('[data-secret]').waitFor();
    expect(((await admin.locator('[data-secret]').textContent()) ?? '').trim()).not.toBe(oneTime);
    await says(li.getByRole('dialog'), /登录已失效/);
    await admin.getByRole('button', { name: '已告知，收起' }).click();

    await admin.getByRole('button', { name: '停用', exact: true }).click();
    await admin.locator('.person .sure .primary').click();
    await says(admin.locator('.person'), /已停用/);
    await says(admin.locator('.rows'), /李静.*已停用/s);
    await admin.getByRole('button', { name: '恢复使用' }).click();
    await says(admin.locator('.person'), /在用/);
  });

  it('the last administrator cannot be put out of service', async () => {
    await admin.locator('.rows button', { hasText: '管理员' }).first().click();
    await admin.getByRole('button', { name: '停用', exact: true }).click();
    await admin.locator('.person .sure .primary').click();
    await says(admin.locator('.person .outcome-line'), /至少要留一名在用的管理员/);
  });

  it('a wall is let in by its code, named, and sent away at once', async () => {
    wall = await house.page(ON_WALL);
    await tab('大屏');
    await admin.locator('#screen-code').fill('000000');
    await admin.locator('#screen-name').fill('猜的');
    await admin.getByRole('button', { name: '准许接入' }).click();
    await says(admin.locator('.row-wrong'), /配对码不对或已过期/);

    await pairOnPage(admin, wall, house.url, '大厅主屏');
    await says(admin.locator('.rows .screen'), /大厅主屏.*在线/s);
    await admin.getByRole('button', { name: '名称与参数' }).click();
    await admin.locator('.screen .ask input').first().fill('指挥大厅西墙');
    await admin.locator('.screen .ask .primary').click();
    await says(admin.locator('.rows .screen'), /指挥大厅西墙/);

    await admin.locator('.screen').getByRole('button', { name: '撤销' }).click();
    await says(admin.locator('.screen .sure'), /指挥大厅西墙 立即变为配对页/);
    await admin.locator('.screen .sure .primary').click();
    await wall.locator('.pairing-code').waitFor();
    await says(admin.locator('.form'), /还没有接入大屏/);
  });

  it('the centre’s name reaches a wall without a reload', async () => {
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    await tab('中心');
    await admin.locator('#centre-zh').fill('上城区疫情防控指挥中心');
    await admin.locator('#centre-en').fill('Shangcheng Command Centre');
    await admin.getByRole('button', { name: '保存' }).click();
    await says(wall.locator('.top h1'), /上城区疫情防控指挥中心/);
    await says(admin.locator('header .centre'), /上城区疫情防控指挥中心/);
  });

  it('units, localities and lists are changed one at a time, each with its history', async () => {
    await tab('单位');
    await admin.getByRole('button', { name: '新增单位' }).click();
    await admin.locator('#unit-code').fill('jiubao');
    await admin.locator('#unit-zh').fill('九堡街道');
    await admin.locator('#unit-en').fill('Jiubao Subdistrict');
    await admin.getByRole('radio', { name: '街道' }).click();
    await admin.getByRole('button', { name: '加值班电话' }).click();
    await admin.getByLabel('到', { exact: true }).fill('8');
    await says(admin.locator('.pages-side'), /时间请写成 08:00/);
    await admin.getByLabel('到', { exact: true }).fill('24:00');
    await admin.getByLabel('电话', { exact: true }).fill('0571-86900000');
    await admin.getByRole('button', { name: '建立' }).click();
    await says(admin.locator('.record'), /九堡街道.*00:00–24:00 0571-86900000/s);
    await says(admin.locator('.list-rows'), /九堡街道.*现在打 0571-86900000/s);

    await tab('清单');
    await admin.locator('[data-code=advice]').getByRole('button', { name: '修改' }).click();
    await admin.locator('#line-zh').fill('咨询与建议');
    await admin.getByRole('button', { name: '保存这一行' }).click();
    await says(admin.locator('[data-code=advice]'), /咨询与建议/);
    await admin.locator('[data-code=other]').getByRole('button', { name: '停用' }).click();
    await says(admin.locator('[data-code=other]'), /已停用/);

    await tab('属地');
    await admin.locator('.list input[type=search]').fill('临平');
    await says(admin.locator('.list-rows li'), /临平区/);
    await admin.locator('.list-rows li').first().click();
    await says(admin.locator('.record .history'), /修改属地/);
  });

  it('what was done is written down', async () => {
    await tab('日志');
    await says(admin.locator('.log'), /改中心名称.*撤销大屏.*准许大屏.*重置密码.*令其退出.*新增人员/s);
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
