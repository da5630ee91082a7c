import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sitDown } from '../actions/console.ts';
import { Desk } from '../actions/desk.ts';
import { everywhere } from '../../shared/access/access.ts';
import { House, ON_WALL, PATIENT, pairOnPage, says } from '../setup/house.ts';

/** A rule is tried before it is switched on; what it raises is on the wall, heard at the desks, taken by one key, and counted while it is shelved. */
describe('rules and alerts', () => {
  let house: House;
  let wall: Page;
  let admin: Page;
  let leader: Page;
  let operator: Page;
  let li: Desk;
  let clerk: Desk;
  let inspector: Desk;
  let asLeader: Desk;
  let supplies: { user: string; password: string };

  beforeAll(async () => {
    house = await House.open();
    const people = {
      leader: await house.chief.makePerson('leader', 'wang', everywhere, { name: '王建国', post: '值班长' }),
      operator: await house.chief.makePerson('operator', 'li', everywhere, { name: '李小明', post: '值班员' }),
      supplies: await house.chief.makePerson('supplies', 'zhao'),
      enterprises: await house.chief.makePerson('enterprises', 'sun'),
    };
    clerk = await Desk.signIn(house.url, people.supplies.user, people.supplies.password);
    inspector = await Desk.signIn(house.url, people.enterprises.user, people.enterprises.password);
    asLeader = await Desk.signIn(house.url, people.leader.user, people.leader.password);
    supplies = people.supplies;
    li = await Desk.signIn(house.url, people.operator.user, people.operator.password);
    admin = await house.sit('admin', house.admin);
    wall = await house.page(ON_WALL);
    await pairOnPage(admin, wall, house.url, '大厅主屏');
    // What is heard cannot be seen: every tone that is begun is counted.
    const heardAt = async (desk: string, who: { user: string; password: string }): Promise<Page> => {
      const page = await house.page();
      await page.addInitScript(() => {
        const begin = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at?: number) {
          document.documentElement.dataset.tones = String(Number(document.documentElement.dataset.tones ?? 0) + 1);
          begin.call(this, at);
        };
      });
      await sitDown(page, house.url, desk, who);
      return page;
    };
    leader = await heardAt('leader', people.leader);
    operator = await heardAt('operator', people.operator);
    const now = Date.now();
    expect(await li.send('call.log', { rung: now - 60_000, answered: now - 55_000, ended: now - 50_000, topic: 'hazard', locality: '330102', narrative: '储罐异味' })).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    for (const desk of [li, clerk, inspector, asLeader]) desk?.leave();
    await house?.close();
  });

  const tones = (page: Page): Promise<number> => page.evaluate(() => Number(document.documentElement.dataset.tones ?? 0));

  it('the leader puts a shift on the roster, and every desk says who is on', async () => {
    await says(wall.locator('.band'), /无告警/);
    await leader.locator('.pages-nav').getByRole('button', { name: '值班表' }).click();
    await says(leader.locator('.roster'), /此刻没有排班/);
    await leader.getByRole('button', { name: '排班' }).click();
    // By keyboard alone from here: two with accounts, found by what is typed, and one without.
    await leader.locator('#shift-name').fill('夜班');
    await leader.locator('#shift-duty-0').focus();
    await leader.keyboard.type('李');
    await says(leader.locator('#shift-duty-0-list'), /值班员 李/);
    await leader.keyboard.press('Enter');
    await says(leader.locator('#shift-duty-0-desk'), /其席位置顶提示并响铃/);
    const add = async (): Promise<void> => {
      await leader.getByRole('button', { name: '加一位' }).focus();
      await leader.keyboard.press('Enter');
    };
    await add();
    await leader.keyboard.type('值班长');
    await leader.keyboard.press('Enter');
    await add();
    await leader.keyboard.type('值班领导 陈');
    await says(leader.locator('#shift-duty-2-desk'), /没有账号：轮到时席位不会提示/);
    await leader.keyboard.press('Control+Enter');
    await says(leader.locator('.roster'), /当班.*值班员 李 → 值班长 王 → 值班领导 陈/s);
    await says(leader.locator('.roster .list'), /值班员 李 → 值班长 王 → 值班领导 陈（无席位）/);
    await says(operator.locator('header .duty'), /当班 值班员 李/);
    await leader.locator('.roster .list').getByText('夜班').click();
    await leader.locator('#shift-duty-2').fill('带班领导 徐');
    await leader.locator('#shift-duty-2').press('Control+Enter');
    await says(leader.locator('.roster'), /当班.*值班长 王 → 带班领导 徐/s);
  });

  it('an administrator is shown where an expression is wrong, tries it on what is present, and switches it on', async () => {
    await admin.locator('.pages-nav').getByRole('button', { name: '告警规则' }).click();
    await admin.getByRole('button', { name: '新增规则' }).click();
    await admin.locator('#rule-code').fill('hazardCall');
    await admin.locator('#rule-zh').fill('险情来电');
    await admin.locator('#rule-en').fill('Hazard reported');
    await admin.locator('#rule-when').fill('topic == "hazard" && stag != "answered"');
    await says(admin.locator('.flaw'), /第 \d+ 个字附近.*没有这个名称/s);
    expect(await admin.locator('.flaw mark').textContent()).toBe('stag');
    await admin.locator('#rule-when').fill('topic == "hazard" && stage == "dispatched"');
    await says(admin.locator('.ruleform'), /可以读懂/);
    await admin.locator('#rule-titleZh').fill('{locality}{topic}');
    await admin.locator('#rule-titleEn').fill('{topic}, {locality}');
    await admin.getByRole('radio', { name: '重要' }).click();
    await admin.getByRole('button', { name: '试算' }).click();
    await says(admin.locator('.try'), /现在会发出 1 条.*上城区险情事故/s);
    await says(wall.locator('.band'), /无告警/);
    await admin.getByRole('button', { name: '建立', exact: true }).click();
    await admin.getByRole('button', { name: '启用', exact: true }).click();
    await says(wall.locator('.band-alerts'), /重要.*上城险情事故.*未确认.*值班员 李/s);
    await says(operator.locator('.alert-chip'), /重要 · 未确认 1/);
  });

  it('is heard at the operator’s desk, and one key takes it; the wall says who, what and until when', async () => {
    await operator.locator('#call-narrative').click();
    await expect.poll(() => tones(operator), PATIENT).toBeGreaterThan(2);
    await operator.keyboard.press('Alt+a');
    await says(operator.locator('.alertdrawer'), /上城险情事故|上城区险情事故/);
    await says(operator.locator('.alertdrawer'), /判断依据|环节|事项/);
    await operator.keyboard.press('a');
    await says(wall.locator('.band-alerts'), /已确认.*核实情况，至 \d\d:\d\d/s);
    const heard = await tones(operator);
    await operator.keyboard.press('Escape');
    await expect.poll(() => operator.locator('.alertdrawer').count(), PATIENT).toBe(0);
    expect(await tones(operator)).toBe(heard);
    // What each level sounds like can be tried.
    await operator.keyboard.press('Alt+a');
    await operator.locator('.soundbar summary').click();
    for (const button of await operator.locator('.soundbar').getByRole('button', { name: '试听' }).all()) {
      const before = await tones(operator);
      await button.click();
      await expect.poll(() => tones(operator), PATIENT).toBeGreaterThan(before);
    }
    expect(await operator.locator('.soundbar').getByRole('button', { name: '试听' }).count()).toBe(4);
    await operator.keyboard.press('Escape');
  });

  it('is shelved by the leader with a reason and still counted; a second one is raised by hand', async () => {
    await leader.locator('.alert-chip').click();
    await leader.locator('.alertspage li').first().waitFor();
    await leader.locator('.alertspage h1').click();
    await leader.keyboard.press('h');
    await leader.locator('#alert-reason').fill('已派消防到场');
    await leader.locator('.alertspage form').getByRole('button', { name: '搁置' }).click();
    await says(wall.locator('.band-alerts'), /搁置/);
    await leader.getByRole('button', { name: '发出告警' }).click();
    await leader.locator('#alert-title').fill('机房停电');
    await leader.getByRole('radio', { name: '紧急' }).click();
    await leader.locator('#alert-title').press('Control+Enter');
    await says(wall.locator('.band-alerts'), /紧急.*机房停电.*值班员 李.*搁置 1/s);
  });

  it('which nobody acknowledges in time rises to the second on the roster: marked and first at that desk, heard there, said on the wall', async () => {
    await says(operator.locator('.alert-chip'), /待您处置 1/);
    expect(await leader.locator('.alert-chip').textContent()).not.toMatch(/待您处置/);
    const before = await tones(leader);
    await house.ahead(4 * 60_000);
    await says(wall.locator('.band-alerts'), /机房停电.*已升级至 值班长 王/s);
    await says(leader.locator('.alert-chip'), /待您处置 1/);
    await says(leader.locator('.alertspage li').first(), /机房停电.*轮到您处置/s);
    await expect.poll(() => tones(leader), PATIENT).toBeGreaterThan(before);
    await expect.poll(() => operator.locator('.alert-chip').textContent(), PATIENT).not.toMatch(/待您处置/);
  });

  it('about what is open, from its own page: the place is the record’s', async () => {
    const { json } = await li.rest('GET', '/calls?limit=1');
    await leader.goto(`${house.url}/leader?id=${(json.records as { id: string }[])[0]?.id ?? ''}`);
    await leader.getByRole('button', { name: '就此发出告警' }).click();
    await leader.locator('#alert-title').fill('储罐区须疏散');
    await leader.locator('#alert-title').press('Control+Enter');
    await says(wall.locator('.band-alerts'), /未确认 2/);
    await leader.locator('.alert-chip').click();
    await leader.locator('.alertspage li').filter({ hasText: '储罐区须疏散' }).click();
    await says(leader.locator('.alertspage'), /上城区/);
    await leader.keyboard.press('x');
    await leader.locator('#alert-reason').fill('已疏散');
    await leader.locator('.alertspage form').getByRole('button', { name: '解除' }).click();
    await expect.poll(() => wall.locator('.band-alerts').textContent(), PATIENT).not.toMatch(/未确认 2/);
  });

  it('what the call is answered for is over, and the alert with it', async () => {
    const { json } = await li.rest('GET', '/calls?limit=1');
    const id = (json.records as { id: string }[])[0]?.id;
    expect(await li.send('call.move', { id, from: 'dispatched', to: 'answered', reply: '消防已到场处置' })).toMatchObject({ ok: true });
    await expect.poll(() => wall.locator('.band-alerts').textContent(), PATIENT).not.toMatch(/搁置/);
    await leader.locator('.alertspage li').first().click();
    await leader.keyboard.press('x');
    await leader.locator('#alert-reason').fill('市电已恢复');
    await leader.locator('.alertspage form').getByRole('button', { name: '解除' }).click();
    await says(wall.locator('.band'), /无告警/);
    await says(wall.locator('.recent'), /告警 \d+ 由.*解除/);
  });

  it('about a load, an enterprise, an incident, an order: each from its own page, by who stands beside it too', async () => {
    const made = async (who: Desk, type: string, body: Record<string, unknown>): Promise<string> => {
      const said = await who.send(type, body);
      expect(said).toMatchObject({ ok: true });
      return said.ok ? String(said.result.id) : '';
    };
    /** Those a person raised, by what they say. */
    const raisedAbout = async (): Promise<Record<string, unknown>> => {
      const { json } = await li.rest('GET', '/alerts?state=new');
      return Object.fromEntries((json.records as { body: { title: { zh: string }; about: unknown } }[]).map(({ body }) => [body.title.zh, body.about]));
    };
    const since = Date.now() - 60_000;
    const load = await made(clerk, 'shipment.announce', { from: { locality: '330782', place: '义乌货场' }, to: { locality: '330212', place: '鄞州库' }, lines: [{ item: 'masks', announced: 10 }] });
    const plant = await made(inspector, 'enterprise.register', { name: '演练氯碱化工有限公司', creditCode: '91330211MA0DEM013F', locality: '330211', trade: 'chemicals', headcount: 420 });
    const fire = await made(li, 'incident.report', { title: '仓库起火', category: 'accident', locality: '330102', since, records: [] });
    const order = await made(asLeader, 'order.give', { title: '清点消毒液库存', units: ['supplies'], due: since + 3_600_000 });
    const atTruck = await house.sit('supplies', supplies);
    for (const [page, kind, id, title] of [
      [atTruck, 'shipment', load, '车厢进水'],
      [leader, 'enterprise', plant, '厂区有异味'],
      [leader, 'incident', fire, '火势蔓延'],
      [leader, 'order', order, '库存对不上'],
    ] as const) {
      await page.goto(`${house.url}/${page === leader ? 'leader' : 'supplies'}?kind=${kind}&id=${id}`);
      await page.getByRole('button', { name: '就此发出告警' }).click();
      await page.locator('#alert-title').fill(title);
      await page.locator('#alert-title').press('Control+Enter');
      await expect.poll(async () => raisedAbout().then((all) => all[title]), PATIENT).toEqual({ kind, id });
    }
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
