import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditCheck } from '../../shared/text/creditCode.ts';
import { choose, House, ON_WALL, pairOnPage, PATIENT, PHONE, says } from '../setup/house.ts';

/** A chlor-alkali plant on its way back to work, by its inspector's telephone; what the wall knows of it is what was reported. */
describe('the enterprises desk', () => {
  let house: House;
  let wall: Page;
  let phone: Page;
  let desk: Page;
  const name = '演练氯碱化工有限公司';
  const first = '91330211MA0DEM013';
  const code = first + (creditCheck(first) ?? '');

  const record = (page: Page): ReturnType<Page['locator']> => page.locator('.record');
  const figure = (label: string): ReturnType<Page['locator']> => wall.locator('.enterprises .figure', { hasText: label });

  beforeAll(async () => {
    house = await House.open();
    const chen = await house.chief.makePerson('enterprises', 'chen');
    const wang = await house.chief.makePerson('leader', 'wang');
    const admin = await house.sit('admin', house.admin);
    wall = await house.page(ON_WALL);
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    phone = await house.sit('enterprises', chen, PHONE);
    desk = await house.sit('leader', wang);
  });
  afterAll(() => house?.close());

  it('checks the credit code as it is typed', async () => {
    await phone.getByRole('button', { name: '登记', exact: true }).click();
    const says_ = (words: RegExp): Promise<void> => says(phone.locator('#register-code-says'), words);
    await phone.locator('#register-code').fill(code.slice(0, 10));
    await says_(/还差 8 位/);
    await phone.locator('#register-code').fill(`${code.slice(0, 8)}${code[9]}${code[8]}${code.slice(10)}`);
    await says_(/校验位不符/);
    await phone.locator('#register-code').fill(code.toLowerCase());
    await says_(/校验通过/);
  });

  it('registers it, and tells the next who tries that it is known', async () => {
    await phone.locator('#register-name').fill(name);
    await choose(phone, '#register-locality', '镇海');
    await choose(phone, '#register-trade', '化工');
    await phone.locator('#register-headcount').fill('420');
    await phone.getByRole('button', { name: '腐蚀性' }).click();
    await phone.locator('.form .primary').click();
    await says(phone.locator('.form'), /已登记/);
    await says(figure('未报'), /1/);
    await phone.locator('#register-code').fill(code);
    await says(phone.locator('.form'), new RegExp(`已登记过：${name}`));
    await phone.getByRole('button', { name: '打开已登记的企业' }).click();
    await says(record(phone), new RegExp(name));
  });

  it('is named among those that have not reported, until one tap says zero', async () => {
    await phone.getByRole('button', { name: '返回' }).click();
    await phone.locator('.pages-nav button').first().click();
    await says(phone.locator('.list-rows li'), new RegExp(`${name}.*从未报过`, 's'));
    await says(figure('产能'), /无人上报/);
    await phone.locator('.list-rows li').getByRole('button', { name: '零报告' }).click();
    await says(phone.locator('.list'), /今天各企业都已报/);
    // A zero that was reported is a figure; silence was none.
    await expect.poll(() => figure('产能').locator('.figure-number').textContent(), PATIENT).toBe('0');
    await expect.poll(() => figure('未报').locator('.figure-number').textContent(), PATIENT).toBe('0');
  });

  it('goes back to work by the table, and not before its risk was judged', async () => {
    await phone.getByRole('button', { name: '查找' }).click();
    await phone.locator('.list input[type=search]').fill('氯碱');
    await phone.locator('.list-rows li').first().click();
    await phone.getByRole('button', { name: '申请复工' }).click();
    await phone.getByRole('button', { name: '开始审核' }).click();
    const permit = phone.getByRole('button', { name: '准予复工' });
    await permit.waitFor();
    expect(await permit.isDisabled()).toBe(true);
    await says(phone.locator('.moves'), /先评定安全风险/);

    await phone.getByRole('button', { name: '评定风险、赋码' }).click();
    await phone.getByRole('radio', { name: '重大风险' }).click();
    await phone.getByRole('radio', { name: '红码' }).click();
    await says(record(phone), /红码立即显示在大屏上/);
    await phone.locator('#judge-reason').fill('次氯酸钠储罐围堰破损');
    await phone.getByRole('button', { name: '保存评定' }).click();
    await says(record(phone).locator('.facts'), /红码.*重大风险/s);
    await says(wall.locator('.enterprise-legend'), /红\s*1/);
    await says(wall.locator('.recent'), /安全码转为红/);
    expect(await permit.isDisabled()).toBe(true);
    await says(desk.locator('.late'), new RegExp(`红码、停工 1.*${name}`, 's'));
  });

  it('two who judge at once: the second is shown both', async () => {
    await desk.locator('.late .rows button').first().click();
    await desk.getByRole('button', { name: '评定风险、赋码' }).click();
    await desk.getByRole('radio', { name: '黄码' }).click();
    await desk.locator('#judge-reason').fill('围堰已修，待复查');

    await phone.getByRole('button', { name: '评定风险、赋码' }).click();
    await phone.getByRole('radio', { name: '绿码' }).click();
    await phone.getByRole('radio', { name: '一般风险' }).click();
    await phone.locator('#judge-reason').fill('现场复查合格');
    await phone.getByRole('button', { name: '保存评定' }).click();
    await says(record(phone).locator('.facts'), /绿码.*一般风险/s);

    await desk.getByRole('button', { name: '保存评定' }).click();
    const both = desk.locator('.conflict');
    await says(both, /您填的\s*黄码.*他人填的\s*绿码/s);
    await both.locator('input[value=theirs]').check();
    await both.getByRole('button', { name: '按所选保存' }).click();
    await expect.poll(() => desk.locator('#judge-reason').count(), PATIENT).toBe(0);
    await says(record(desk).locator('.facts'), /绿码/);
  });

  it('is permitted, resumes, and its report is filled in from the last one', async () => {
    await phone.getByRole('button', { name: '准予复工' }).click();
    await phone.getByRole('button', { name: '确认复工' }).click();
    await says(record(phone).locator('.facts'), /已复工/);
    await expect.poll(() => figure('复工').first().locator('.figure-number').textContent(), PATIENT).toBe('1');

    await phone.getByRole('button', { name: '填日报' }).click();
    await phone.getByRole('button', { name: '交日报' }).click();
    await says(phone.locator('.report .row-wrong'), /必填/);
    await phone.locator('#report-capacity').fill('80');
    await phone.locator('#report-staff').fill('318');
    // A telephone that reloads in the middle has the form up again, with what was typed.
    await phone.reload();
    await says(phone.locator('.report'), /已恢复 .*的草稿/);
    expect(await phone.locator('#report-capacity').inputValue()).toBe('80');
    expect(await phone.locator('#report-staff').inputValue()).toBe('318');
    await phone.locator('#report-masks').fill('2');
    await phone.getByRole('button', { name: '用工不足' }).click();
    await phone.locator('#report-words').fill('缺操作工 40 人');
    await phone.getByRole('button', { name: '加一种产品' }).click();
    await phone.locator('.output input').nth(0).fill('5% 次氯酸钠消毒液');
    await phone.locator('.output input').nth(1).fill('400');
    await phone.locator('.output input').nth(2).fill('桶');
    await phone.getByRole('button', { name: '交日报' }).click();
    await says(record(phone), /今日已报/);
    await says(record(phone), /5% 次氯酸钠消毒液 400 桶/);
    await expect.poll(() => figure('产能').locator('.figure-number').textContent(), PATIENT).toBe('80');

    await phone.getByRole('button', { name: '填日报' }).click();
    expect(await phone.locator('#report-staff').inputValue()).toBe('318');
    await says(phone.locator('.report'), /今天已报过，再存即更正/);
    await phone.locator('.report').getByRole('button', { name: '取消' }).click();
  });

  it('a stop needs its reason and alarms the wall; the leader finds it with its whole history', async () => {
    await phone.getByRole('button', { name: '责令停工' }).click();
    await phone.locator('.moves textarea').fill('储罐泄漏');
    await phone.locator('.moves .ask .primary').click();
    await says(wall.locator('.recent'), new RegExp(`${name}：已停工`));
    await says(desk.locator('.late'), new RegExp(`红码、停工 1.*${name}.*已停工`, 's'));
    await says(record(desk).locator('.history'), /储罐泄漏/);
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
