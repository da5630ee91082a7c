import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { House, ON_WALL, PATIENT, PHONE, says } from '../setup/house.ts';

/** A leader with a telephone tells the labour bureau to find hands for a plant; it is done, looked at, and one that is late is on the wall. */
describe('an order', () => {
  let house: House;
  let wall: Page;
  let phone: Page;
  let unit: Page;
  let chief: Desk;
  let number = '';
  let taps = 0;

  const tap = async (on: Locator): Promise<void> => {
    taps++;
    await on.tap();
  };
  const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    house = await House.open();
    const wang = await house.chief.makePerson('leader', 'wang');
    const labour = await house.chief.makePerson('unit', 'labour', { units: ['labour'], localities: null });
    const chen = await house.chief.makePerson('enterprises', 'chen');
    chief = await Desk.signIn(house.url, wang.user, wang.password);
    const inspector = await Desk.signIn(house.url, chen.user, chen.password);
    const made = await inspector.send('enterprise.register', { name: '演练氯碱化工有限公司', creditCode: '91330211MA0DEM013F', locality: '330211', trade: 'chemicals', headcount: 420, state: 'resumed' });
    expect(made).toMatchObject({ ok: true });
    inspector.leave();
    wall = await house.page(ON_WALL);
    await pairWall(wall, house.chief, 'hall');
    phone = await house.sit('leader', wang, PHONE);
    unit = await house.sit('unit', labour);
    await unit.locator('.pages-nav').getByRole('button', { name: /^指令/ }).click();
  });
  afterAll(async () => {
    chief?.leave();
    await house?.close();
  });

  it('nothing is open, and each screen says so', async () => {
    await says(unit.locator('.open-orders'), /没有未办结的指令/);
    await says(wall.locator('.order-band'), /指令无逾期/);
  });

  it('given on a telephone in under ten taps; at the unit’s desk and on the wall at once', async () => {
    taps = 0;
    await tap(phone.locator('.pages-nav').getByRole('button', { name: /^指令/ }));
    await tap(button(phone, '+ 下达指令'));
    await tap(button(phone, '人力资源和社会保障局'));
    await tap(phone.locator('#give-title'));
    await phone.keyboard.type('协调夜班人手');
    await tap(phone.locator('.give button.primary'));
    await says(phone.locator('.give'), /已下达 D\d{8}-001/);
    expect(taps).toBeLessThan(10);
    await says(unit.locator('.open-orders'), /协调夜班人手.*还剩 (4 时|3 时)/s);
    await says(wall.locator('.recent'), /指令 001 下达人力资源和社会保障局：协调夜班人手/);
  });

  it('from an enterprise’s own page, in under ten taps as well', async () => {
    await phone.goto(`${house.url}/leader`);
    await phone.locator('.line.good').waitFor();
    taps = 0;
    await tap(phone.locator('.pages-nav').getByRole('button', { name: '查找' }));
    await tap(phone.getByRole('radio', { name: '企业', exact: true }));
    await tap(phone.locator('.find [data-id]').first());
    await tap(phone.locator('.orders-about').getByRole('button', { name: '下达指令' }));
    await tap(phone.locator('.orders-about').getByRole('button', { name: '人力资源和社会保障局' }));
    await tap(phone.locator('#give-title'));
    await phone.keyboard.type('氯碱厂夜班缺 12 人');
    await tap(phone.locator('.orders-about .give button.primary'));
    await says(phone.locator('.orders-about .rows'), /氯碱厂夜班缺 12 人/);
    expect(taps).toBeLessThan(10);
  });

  it('accepted, more time asked for and granted, reported on, done, and verified', async () => {
    await unit.locator('.open-orders .rows button').filter({ hasText: '氯碱厂' }).click();
    await says(unit.locator('.record'), /涉及企业 演练氯碱化工有限公司/);
    number = /D\d{8}-002/.exec((await unit.locator('.record header h2').textContent()) ?? '')?.[0] ?? '';
    expect(number).not.toBe('');
    await button(unit, '签收').click();
    await says(unit.locator('.record .steps .now'), /已签收/);
    await button(unit, '申请延期').click();
    await unit.locator('.ask textarea').fill('从邻县调人，明早到');
    await unit.locator('.ask .primary').click();
    await says(unit.locator('.record'), /申请延期到 .*从邻县调人，明早到/);

    await phone.goto(`${house.url}/leader?tab=orders`);
    await phone.locator('.open-orders .rows button').filter({ hasText: '氯碱厂' }).tap();
    // What is done with it stands together, above the history.
    const top = async (on: Locator): Promise<number> => (await on.boundingBox())?.y ?? Number.NaN;
    const history = await top(phone.locator('.record .history'));
    for (const act of ['更改指令', '报事件']) expect(await top(button(phone, act)), act).toBeLessThan(history);
    await button(phone, '更改指令').tap();
    await phone.locator('#amend-order-text').fill('会同经信局，夜班缺 12 人');
    await button(phone, '保存更改').tap();
    await says(unit.locator('.record'), /会同经信局，夜班缺 12 人/);
    await says(unit.locator('.record .history'), /更改.*具体要求/s);
    await says(wall.locator('.recent'), /指令 002（人力资源和社会保障局）有更改/);
    await button(phone, '同意延期').tap();
    await phone.locator('.ask .primary').tap();
    await says(phone.locator('.record'), /已延期/);

    await button(unit, '反馈进展').click();
    await unit.locator('.ask textarea').fill('已到 6 人');
    await unit.locator('.ask .primary').click();
    await says(unit.locator('.record .steps .now'), /已反馈/);
    await button(unit, '办结').click();
    await unit.locator('.ask textarea').fill('12 人到岗');
    await unit.locator('.ask .primary').click();
    await says(unit.locator('.record .steps .now'), /待核验/);
    await says(wall.locator('.recent'), /人力资源和社会保障局办结指令 002，待核验/);

    await says(phone.locator('.record'), /12 人到岗/);
    await button(phone, '核验通过').tap();
    await says(phone.locator('.record .steps .now'), /已核验/);
    await says(wall.locator('.recent'), /指令 002（人力资源和社会保障局）核验通过/);
    await expect.poll(() => unit.locator('.open-orders .rows button').filter({ hasText: '氯碱厂' }).count(), PATIENT).toBe(0);
  });

  it('late and whose is on the wall and the leader’s desk by itself', async () => {
    const given = await chief.send('order.give', { title: '清点消毒液库存', units: ['supplies'], due: Date.now() + 1_500 });
    expect(given).toMatchObject({ ok: true });
    await says(wall.locator('.order-band'), /指令逾期 1.*物资保障组.*清点消毒液库存/s);
    await says(wall.locator('.recent'), /物资保障组逾期，指令 003/);
    await phone.goto(`${house.url}/leader`);
    await says(phone.locator('.late'), /指令逾期 1.*清点消毒液库存/s);
    // What is another unit's business is none of this one's.
    await unit.getByRole('button', { name: '全部指令', exact: true }).click();
    await says(unit.locator('.list-rows'), /协调夜班人手/);
    expect(await unit.locator('.list-rows').textContent()).not.toContain('清点消毒液');
  });

  it('no page complained', () => {
    expect(house.faults).toEqual([]);
  });
});
