import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose, House, ON_WALL, pairOnPage, PATIENT, PHONE, says } from '../setup/house.ts';

/** A truck of masks from Yiwu, from the telephone call to the store, by a clerk with a telephone; the wall tells every step. */
describe('the supplies desk', () => {
  let house: House;
  let wall: Page;
  let phone: Page;
  let second: Page;
  let number = '';

  const load = (page: Page): ReturnType<Page['locator']> => page.locator('.record');
  const row = (page: Page, item: string): ReturnType<Page['locator']> => page.locator(`.count-row[data-item="${item}"]`);

  beforeAll(async () => {
    // The line of a telephone beside a truck is part of this journey; the browser says so by itself.
    house = await House.open(/status of 401|ERR_INTERNET_DISCONNECTED/);
    const zhou = await house.chief.makePerson('supplies', 'zhou');
    const wu = await house.chief.makePerson('supplies', 'wu');
    const admin = await house.sit('admin', house.admin);
    wall = await house.page(ON_WALL);
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    await admin.locator('.rows .screen').waitFor();
    phone = await house.sit('supplies', zhou, PHONE);
    second = await house.sit('supplies', wu);
  });
  afterAll(() => house?.close());

  it('says so when nothing is on its way', async () => {
    await says(phone.locator('.open-loads'), /没有在途物资/);
    await says(wall.locator('.supplies'), /没有在途物资/);
  });

  it('announces a load in the order it is told, and keeps what is typed', async () => {
    await phone.getByRole('button', { name: '登记', exact: true }).click();
    await choose(phone, '#announce-item-0', '一次性');
    await phone.locator('#announce-quantity-0').fill('24万');
    await says(phone.locator('.form .row-aside'), /24 万只/);
    await phone.getByRole('button', { name: '加一种物资' }).click();
    await choose(phone, '#announce-item-1', '酒精');
    await phone.locator('#announce-quantity-1').fill('一千');
    await says(phone.locator('.form'), /危险品：易燃/);
    await choose(phone, '#announce-from', '义乌');
    await phone.locator('#announce-from-place').fill('义乌国际物流中心');
    await phone.locator('#announce-to-place').fill('鄞州应急物资仓库');

    await phone.reload();
    await phone.locator('#announce-to-place').waitFor();
    expect(await phone.locator('#announce-quantity-0').inputValue()).toBe('24万');
    await expect.poll(() => phone.locator('#announce-from').inputValue(), PATIENT).toMatch(/义乌市/);

    // What is missing or no number is said at its place, and nothing is sent.
    await phone.locator('.form .primary').click();
    await says(phone.locator('.form .row-wrong'), /请填数字/);
    await says(phone.locator('.form-foot'), /有 2 处要改/);
    await phone.locator('#announce-quantity-1').fill('1,000');
    await choose(phone, '#announce-to', '鄞州');
    await phone.locator('.form .primary').click();
    await says(phone.locator('.form'), /已登记 S\d{8}-001/);
    number = /S\d{8}-001/.exec((await phone.locator('.form').textContent()) ?? '')?.[0] ?? '';
    await says(wall.locator('.supplies'), /一次性医用口罩 24 万只.*易燃/s);
    await says(wall.locator('.recent'), /物资 001 已登记：一次性医用口罩，送往鄞州应急物资仓库/);
    await phone.getByRole('button', { name: '打开', exact: true }).click();
    await says(load(phone), new RegExp(number));
  });

  it('a quantity announced wrongly is put right on its line alone', async () => {
    await phone.getByRole('button', { name: '改应到数量' }).click();
    await phone.locator('#amount-alcohol').fill('两千');
    expect(await phone.getByRole('button', { name: '保存修改' }).isDisabled()).toBe(true);
    await phone.locator('#amount-alcohol').fill('2000');
    await phone.getByRole('button', { name: '保存修改' }).click();
    await says(load(phone).locator('table'), /75% 医用酒精\s*2,000 升/);
    await phone.getByRole('button', { name: '改应到数量' }).click();
    await phone.locator('#amount-alcohol').fill('1000');
    await phone.getByRole('button', { name: '保存修改' }).click();
    await says(load(phone).locator('table'), /75% 医用酒精\s*1,000 升/);
  });

  it('asks for the plate before it leaves, and moves one state on at a time', async () => {
    await phone.getByRole('button', { name: '发车' }).click();
    const confirm = phone.locator('.moves .ask .primary');
    expect(await confirm.isDisabled()).toBe(true);
    await phone.locator('.moves .ask input').fill('浙b·12345');
    await confirm.click();
    await says(load(phone), /已存，\d{2}:\d{2}:\d{2}/);
    await says(load(phone), /车牌\s*浙B12345/);
    await says(wall.locator('.supplies'), /1 车在途/);
    await phone.getByRole('button', { name: '上路' }).click();
    await says(phone.locator('.steps .now'), /在途/);
    // The other clerk has it in hand without asking.
    await second.locator('.open-loads .rows button').first().click();
    await says(second.locator('.steps .now'), /在途/);
  });

  it('a position told by hand puts the truck on the map of the wall', async () => {
    await phone.getByRole('button', { name: '报位置' }).click();
    await choose(phone, '#position-locality', '诸暨');
    await phone.locator('.record .ask').getByRole('button', { name: '报位置' }).click();
    await says(load(phone), /最新位置\s*绍兴 · 诸暨市/);
    await wall.locator('.supplies .load-number').first().waitFor();
    await says(load(phone), /预计 .*到（±\d+ 分）/);
  });

  it('on a bad line it says that it waits, and is sent once when the line is back', async () => {
    await phone.context().setOffline(true);
    await phone.locator('.banner').waitFor();
    await phone.getByRole('button', { name: '修改登记' }).click();
    await phone.locator('#amend-escort').fill('押运员 孙');
    await phone.getByRole('button', { name: '保存修改' }).click();
    await says(phone.locator('.record .outcome-line'), /未发出，\d{2}:\d{2}:\d{2} 已留在本机：连接恢复后自动发送/);
    expect(await phone.getByRole('button', { name: '保存修改' }).isDisabled()).toBe(true);
    await phone.context().setOffline(false);
    await says(load(phone), /押运人\s*押运员 孙/);
    await expect.poll(() => phone.locator('#amend-escort').count(), PATIENT).toBe(0);
    await says(phone.locator('header .outbox'), /待发 0/);
    await says(load(second), /押运人\s*押运员 孙/);
  });

  it('a cancelled step back asks why; a refusal because things moved on says what stands now', async () => {
    await second.getByRole('button', { name: '退回上一步' }).click();
    await second.locator('.moves .ask textarea').fill('按错了');
    await phone.getByRole('button', { name: '到达' }).click();
    await says(phone.locator('.steps .now'), /已到达/);
    // The question was about a state that is gone: it is withdrawn by itself.
    await expect.poll(() => second.locator('.moves .ask').count(), PATIENT).toBe(0);
    await says(second.locator('.steps .now'), /已到达/);
    await phone.getByRole('button', { name: '开始卸货' }).click();
    await says(second.locator('.count'), /还差 2 项没有点/);
  });

  it('two clerks at two lines merge; at the same line the second is shown both counts', async () => {
    await row(phone, 'masks').locator('input').first().fill('240000');
    await row(second, 'alcohol').getByRole('button', { name: '与应到相符' }).click();
    await says(row(second, 'alcohol'), /1,000 升\s*相符/);
    await says(row(phone, 'alcohol'), /1,000 升\s*相符/);

    await row(second, 'masks').locator('input').first().fill('23.4万');
    await says(row(second, 'masks'), /与应到相差 6,000 只，请写原因/);
    await row(second, 'masks').getByRole('button', { name: '存这一项' }).click();
    expect(await second.evaluate(() => document.activeElement?.id)).toBe('why-masks');
    await row(second, 'masks').getByRole('button', { name: '破损' }).click();
    await row(second, 'masks').getByRole('button', { name: '存这一项' }).click();
    await says(row(second, 'masks'), /23.4 万只\s*少 6,000 只/);

    await row(phone, 'masks').getByRole('button', { name: '存这一项' }).click();
    const both = row(phone, 'masks').locator('.conflict');
    await says(both, /您填的\s*24 万只.*他人填的\s*23.4 万只/s);
    await both.locator('input[value=theirs]').check();
    await both.getByRole('button', { name: '按所选保存' }).click();
    await says(row(phone, 'masks'), /23.4 万只\s*少 6,000 只/);
    await says(row(phone, 'masks'), /破损/);
  });

  it('counted with a difference: the wall says so at once, and the load goes into the store', async () => {
    await phone.getByRole('button', { name: '点完了' }).click();
    await says(phone.locator('.steps .now'), /已清点/);
    await says(wall.locator('.recent'), /物资 001 清点有 1 项与应到不符（鄞州应急物资仓库）/);
    await phone.getByRole('button', { name: '入库' }).click();
    await says(load(phone), /这一车已结束/);
    await says(wall.locator('.supplies'), /没有在途物资/);
    // Its fifth step within a quarter of an hour: told as one of several.
    await says(wall.locator('.recent'), /已入库|车物资状态有变/);
  });

  it('is found over all that ever was, by two characters, and shows its whole history', async () => {
    await second.getByRole('button', { name: '查找' }).click();
    await second.locator('.list input[type=search]').fill('鄞州');
    await says(second.locator('.list-rows li'), /一次性医用口罩 24 万只/);
    await second.locator('.list input[type=search]').fill('温州');
    await says(second.locator('.list-none'), /没有找到“温州”/);
    await second.locator('.list input[type=search]').fill(number);
    await second.locator('.list-rows li').first().click();
    await second.locator('.history button').click();
    await says(second.locator('.history'), /入库.*清点.*破损.*上报位置.*登记物资/s);
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
