import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logCall } from '../actions/console.ts';
import { Desk } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { AT_DESK, House, ON_WALL, says } from '../setup/house.ts';

/**
 * A call's whole way: logged, sent to a unit, answered at the unit's own desk, closed, called back, rated; a second caller about
 * the same matter merged into it, taken out again, merged once more, and owed a call-back like the first.
 */
describe('the loop of a call', () => {
  let house: House;
  let operator: Page;
  let unit: Page;
  let leader: Desk;
  let wall: Page;
  let second = '';
  const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });
  const stage = (page: Page): Locator => page.locator('.calldetail-status .stage');
  const open = async (page: Page, number: RegExp): Promise<void> => {
    await page.locator('.opencalls li').filter({ hasText: number }).first().click();
    await says(page.locator('.calldetail-status'), number);
  };
  /** A step of the table, by its own button. */
  const step = async (page: Page, name: string): Promise<void> => {
    await page.locator('.moves-ways').getByRole('button', { name }).click();
  };
  const fill = async (page: Page, field: string, text: string): Promise<void> => {
    await page.locator(field).fill(text);
    await page.keyboard.press('Control+Enter');
  };

  beforeAll(async () => {
    house = await House.open();
    const [li, health, chen] = [
      await house.chief.makePerson('operator', 'li'),
      await house.chief.makePerson('unit', 'health', { units: ['health'], localities: null }),
      await house.chief.makePerson('leader', 'chen'),
    ];
    leader = await Desk.signIn(house.url, chen.user, chen.password);
    operator = await house.sit('operator', li, AT_DESK);
    unit = await house.sit('unit', health, AT_DESK);
    wall = await house.page(ON_WALL);
    await pairWall(wall, house.chief, 'hall');
  });
  afterAll(async () => {
    leader?.leave();
    await house?.close();
  });

  it('logged by the operator, sent to the health bureau, and on its desk at once', async () => {
    await says(unit.locator('.opencalls'), /没有待办来电/);
    await logCall(operator, '邻居发热两天，问去哪里看');
    await says(operator.locator('.callform .outcome'), /已存 \d{8}-0001/);
    await open(operator, /0001/);
    await step(operator, '派单');
    await operator.locator('#move-unit').fill('卫生');
    await operator.keyboard.press('Enter');
    await operator.keyboard.press('Control+Enter');
    await says(unit.locator('.opencalls li'), /咨询建议/);
    // What is another unit's is not here.
    expect(await leader.send('call.log', { rung: Date.now() - 60_000, answered: null, topic: 'hazard', locality: '330102' })).toMatchObject({ ok: true });
    await says(operator.locator('.opencalls'), /险情事故/);
    expect(await unit.locator('.opencalls li').count()).toBe(1);
  });

  it('a second caller is merged into it, taken out, and merged again; nobody is lost', async () => {
    const logged = await leader.send('call.log', { rung: Date.now() - 30_000, answered: Date.now() - 25_000, topic: 'advice', locality: '330102', unit: 'health', callerNumber: '19900000127' });
    if (!logged.ok) throw new Error('not logged');
    second = String(logged.result.id);
    await says(unit.locator('.opencalls'), /0003/);
    await open(operator, /0003/);
    const merge = async (): Promise<void> => {
      await operator.locator('.calldetail').focus();
      await operator.keyboard.press('m');
      await operator.locator('#merge-into').waitFor();
      await operator.locator('#merge-into').fill('0001');
      await operator.locator('#merge-into-list [role=option]').first().waitFor();
      await operator.locator('#merge-into').press('Enter');
      await says(stage(operator), /并入/);
    };
    await merge();
    await says(operator.locator('.mergebox'), /已并入\s*0001\s*随主件办理/);
    await expect.poll(() => unit.locator('.opencalls li').count()).toBe(1);
    await says(unit.locator('.opencalls li'), /2 人来电/);
    await says(wall.locator('.calls'), /2 人来电/);
    await button(operator, '撤销并入').click();
    await operator.locator('#unmerge-reason').fill('两件不同的事');
    await operator.locator('.mergebox .primary').click();
    await says(stage(operator), /派单 → 卫生健康局/);
    await expect.poll(() => unit.locator('.opencalls li').count()).toBe(2);
    await merge();
  });

  it('taken in hand at the unit’s desk, paused and gone on with, more time asked for and granted, answered', async () => {
    await open(unit, /0001/);
    await step(unit, '开始办理');
    await says(stage(unit), /办理/);
    await button(unit, '暂停计时').click();
    await unit.getByRole('radio', { name: '等当事人补充' }).click();
    await unit.locator('.ask textarea').fill('等来电人报体温');
    await unit.locator('.ask .primary').click();
    await says(unit.locator('.calldetail'), /起暂停计时：等当事人补充/);
    await says(wall.locator('.calls'), /暂停计时/);
    await button(unit, '恢复计时').click();
    await button(unit, '申请延期').click();
    await unit.locator('.ask textarea').fill('社区上门量温');
    await unit.locator('.ask .primary').click();
    await says(unit.locator('.calldetail'), /申请延期到/);
    // Urged by the operator, with a word, and at once at the unit's desk; then because the caller rang again.
    await open(operator, /0001/);
    const urge = async (press: () => Promise<void>): Promise<void> => {
      await operator.locator('.calldetail').focus();
      await operator.keyboard.press('u');
      await operator.locator('.urgebox textarea').fill('来电人在等，请先电话答复');
      await press();
    };
    await urge(() => operator.keyboard.press('Control+Enter'));
    await says(unit.locator('.opencalls li'), /已催办 1 次 · \d{2}:\d{2}/);
    await says(operator.locator('.calldetail .told'), /已催办 1 次/);
    await urge(async () => {
      await operator.getByRole('checkbox', { name: '来电人再次来电催问' }).check();
      // A double press is one.
      await operator.locator('.urgebox .primary').dblclick();
    });
    await says(unit.locator('.calldetail'), /已催办 2 次 · \d{2}:\d{2}，其中来电人催 1 次/);
    await says(unit.locator('.history'), /催办/);
    await says(wall.locator('.recent'), /来电 0001（咨询建议）第 2 次催办/);
    expect(await button(unit, '催办').count()).toBe(0);
    const id = new URL(unit.url()).searchParams.get('id') ?? '';
    expect(await leader.send('call.extend', { id, granted: true })).toMatchObject({ ok: true });
    await says(unit.locator('.calldetail'), /已延期/);
    await step(unit, '答复');
    await fill(unit, '#move-reply', '已上门，体温正常，居家观察。');
    await says(stage(unit), /答复/);
    // Closing is the hotline's.
    await says(unit.locator('.calldetail .moves'), /没有可办的下一步/);
  });

  it('closed; both callers are owed a call-back; called back and rated', async () => {
    await open(operator, /0001/);
    await step(operator, '办结');
    await says(stage(operator), /办结/);
    await says(operator.locator('.mergebox'), /0003 办结/);
    await operator.locator('.opencalls-sorts').getByRole('button', { name: /待回电/ }).click();
    await says(operator.locator('.opencalls-sorts'), /待回电\s*2/);
    await step(operator, '已回访');
    await step(operator, '记录评价');
    await operator.locator('#move-rating').selectOption('5');
    await operator.locator('.moves .primary').click();
    await says(stage(operator), /评价/);
    // The second caller's call is open until they have been called back as well.
    await says(operator.locator('.opencalls-sorts'), /待回电\s*1/);
    await open(operator, /0003/);
    await step(operator, '已回访');
    await says(operator.locator('.opencalls-sorts'), /待回电\s*0/);
  });

  it('taken up again, its clock says what it counts, and the wall that it was', async () => {
    const answer = await leader.send('call.move', { id: second, from: 'calledBack', to: 'inHand', reason: '又有发热', topic: 'advice' });
    expect(answer).toMatchObject({ ok: true });
    await says(operator.locator('.calldetail'), /重新办理，从 \d{2}:\d{2} 起计/);
    await says(unit.locator('.opencalls li'), /重新办理，从 \d{2}:\d{2} 起计/);
    await says(wall.locator('.recent'), /来电 0003（咨询建议）重新办理/);
  });

  it('no page complained', () => expect(house.faults).toEqual([]));
});
