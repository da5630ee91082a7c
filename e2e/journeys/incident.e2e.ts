import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../actions/desk.ts';
import { House, ON_WALL, pairOnPage, PHONE, says } from '../setup/house.ts';

/** Out of a call an incident; a leader on a telephone confirms it, reports it upwards and puts right what was wrong; one timeline tells it all. */
describe('an incident and its reports', () => {
  let house: House;
  let wall: Page;
  let operator: Page;
  let phone: Page;
  const calls: string[] = [];

  beforeAll(async () => {
    house = await House.open();
    const wang = await house.chief.makePerson('leader', 'wang');
    const li = await house.chief.makePerson('operator', 'li');
    const desk = await Desk.signIn(house.url, li.user, li.password);
    for (const narrative of ['仓库包装间冒烟', '看见仓库冒黄烟']) {
      const now = Date.now();
      const logged = await desk.send('call.log', { rung: now - 60_000, answered: now - 55_000, topic: 'hazard', locality: '330211', narrative });
      if (!logged.ok) throw new Error(JSON.stringify(logged.error));
      calls.push(String(logged.result.id));
    }
    desk.leave();
    const admin = await house.sit('admin', house.admin);
    wall = await house.page(ON_WALL);
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    operator = await house.sit('operator', li);
    phone = await house.sit('leader', wang, PHONE);
  });
  afterAll(() => house?.close());

  it('is reported out of a call by keyboard, and the call belongs to it', async () => {
    await operator.goto(`${house.url}/operator?call=${calls[0]}`);
    await operator.locator('.belongs-to').getByRole('button', { name: '报事件' }).press('Enter');
    // Pasted, longer than it may be: not cut off, but refused in words, and all of it is still there.
    await operator.locator('#incident-summary').fill('长'.repeat(61));
    await operator.keyboard.press('Control+A');
    await operator.keyboard.press('Control+C');
    await operator.locator('#incident-title').press('Control+V');
    await operator.getByRole('radio', { name: '事故灾难' }).press('Enter');
    await operator.keyboard.press('Control+Enter');
    await says(operator.locator('#incident-title-wrong'), /太长，最多 60 个字/);
    expect(await operator.locator('#incident-title').inputValue()).toBe('长'.repeat(61));
    await operator.locator('#incident-title').fill('镇海区一消毒用品仓库起火');
    await operator.locator('#incident-spot').fill('演练路 8 号二号库');
    await operator.locator('#incident-summary').fill('包装间冒烟，消防已出动。');
    await operator.keyboard.press('Control+Enter');
    await says(operator.locator('.right-record h2'), /镇海区一消毒用品仓库起火.*E\d{8}-001/);
    await says(operator.locator('.records-of'), /来电 \d{8}-0001/);
    await says(wall.locator('.recent'), /接报事件：镇海区一消毒用品仓库起火/);
    // Not an operator's to confirm.
    expect(await operator.getByRole('button', { name: '核实确认' }).count()).toBe(0);
  });

  it('a second call is attached to it with one choice', async () => {
    await operator.goto(`${house.url}/operator?call=${calls[1]}`);
    await operator.getByRole('button', { name: '归入事件' }).click();
    await operator.locator('#attach-incident').press('ArrowDown');
    await operator.locator('#attach-incident').press('Enter');
    await says(operator.locator('.belongs-to'), /已归入事件.*镇海区一消毒用品仓库起火/s);
  });

  it('a leader confirms and grades it on a telephone, and the wall says so', async () => {
    await phone.locator('.pages-nav').getByRole('button', { name: '突发事件' }).click();
    await phone.locator('.open-incidents').getByRole('button', { name: /镇海区一消毒用品仓库起火/ }).click();
    await phone.getByRole('button', { name: '核实确认' }).click();
    await phone.locator('.moves').getByRole('radio', { name: /一般/ }).click();
    await phone.locator('.moves').getByRole('button', { name: '核实确认' }).click();
    await says(wall.locator('.recent'), /镇海区一消毒用品仓库起火，已核实，一般/);
    await says(phone.locator('.record .facts').first(), /已核实.*Ⅳ级 一般/s);
  });

  it('the first report begins with what is known, is signed, goes out by telephone and is acknowledged', async () => {
    await phone.getByRole('button', { name: '起草首报' }).click();
    expect(await phone.locator('#report-title').inputValue()).toBe('关于镇海区一消毒用品仓库起火的报告');
    expect(await phone.locator('#report-course').inputValue()).toBe('包装间冒烟，消防已出动。');
    await phone.locator('#report-source').fill('群众来电');
    await phone.getByRole('button', { name: '起草并签发' }).click();
    await says(phone.locator('.report-view'), /值班员.*签发/s);
    await phone.getByRole('button', { name: '报送', exact: true }).click();
    await phone.getByRole('button', { name: '省政府值班室' }).click();
    await phone.getByRole('button', { name: '已报出，记下' }).click();
    await says(phone.locator('.sendings'), /省政府值班室 · 电话.*未签收/s);
    await phone.getByRole('button', { name: '登记签收' }).click();
    await phone.getByLabel('签收人（单位、姓氏）').fill('省政府值班室 王');
    await phone.getByRole('button', { name: '记下', exact: true }).first().click();
    await says(phone.locator('.sendings'), /省政府值班室 王 .*签收/);
    await says(wall.locator('.recent'), /首报已报送/);
  });

  it('what was sent is put right by a further report, and both stand', async () => {
    await phone.locator('.report-view').getByRole('button', { name: '更正', exact: true }).click();
    expect(await phone.locator('#report-source').inputValue()).toBe('群众来电');
    await phone.locator('#report-correction').fill('信息来源应为仓库值班人员');
    await phone.locator('#report-source').fill('仓库值班人员');
    await phone.getByRole('button', { name: '起草并签发' }).click();
    await says(phone.locator('.reports-of'), /首报.*第 1 报.*已由第 2 报更正.*首报 · 更正.*第 2 报.*更正第 1 报/s);
    await phone.locator('.reports-of').getByRole('button', { name: /第 1 报.*已由第 2 报更正/ }).click();
    await says(phone.locator('.report-view'), /群众来电/);
  });

  it('is printed in the form of such offices', async () => {
    await phone.getByRole('button', { name: '打印' }).click();
    await says(phone.locator('.paper'), /关于镇海区一消毒用品仓库起火的报告.*首报.*发生时间.*发生地点.*信息来源.*事件起因和性质.*基本过程.*已造成的后果.*影响范围.*事件发展趋势.*处置情况.*拟采取的措施.*报送单位.*签发人/s);
    await phone.emulateMedia({ media: 'print' });
    expect(await phone.locator('#app').isVisible()).toBe(false);
    expect(await phone.locator('.paper').isVisible()).toBe(true);
    await phone.emulateMedia({ media: 'screen' });
    await phone.keyboard.press('Escape');
  });

  it('one timeline has the calls, the notes and the reports, live on the operator’s desk', async () => {
    await operator.locator('.belongs-to').getByRole('button', { name: '镇海区一消毒用品仓库起火' }).click();
    await operator.locator('#incident-note').fill('水罐车到场');
    await operator.keyboard.press('Control+Enter');
    await says(operator.locator('.timeline'), /记事：水罐车到场.*起草报告.*登记签收.*报送：省政府值班室 电话.*待核实 → 已核实.*归入记录：来电 \d{8}-0002.*登记事件.*登记来电.*登记来电/s);
    await says(phone.locator('.timeline'), /水罐车到场/);
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
