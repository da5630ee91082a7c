import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logCall, sitDown } from '../actions/console.ts';
import { Desk } from '../actions/desk.ts';
import { Cable } from '../setup/cable.ts';
import { House, PATIENT, says } from '../setup/house.ts';

/** Two people at one call, one of them on a slow line; then the paper of a night without power. */
describe('together at one call', () => {
  let house: House;
  let cable: Cable;
  let leader: Desk;
  let [li, wang] = [] as unknown as [Page, Page];
  let call = '';

  const calls = async (): Promise<{ id: string; body: Record<string, unknown> }[]> =>
    ((await leader.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: 'main', kind: 'call', limit: 200 })) as { records: { id: string; body: Record<string, unknown> }[] }).records;
  const bodyOf = async (id: string): Promise<Record<string, unknown>> => (await calls()).find((c) => c.id === id)?.body ?? {};

  beforeAll(async () => {
    // By loopback: the second desk's line is a cable of the test's own.
    house = await House.open(/status of 401/, {});
    const [a, b, zhou] = await Promise.all([
      house.chief.makePerson('operator', 'li', undefined, { name: '李明', post: '接线员' }),
      house.chief.makePerson('operator', 'wang', undefined, { name: '王芳', post: '接线员' }),
      house.chief.makePerson('leader', 'zhou'),
    ]);
    leader = await Desk.signIn(house.url, zhou.user, zhou.password);
    cable = await Cable.lay({ host: '127.0.0.1', port: Number(new URL(house.url).port) });
    li = await house.sit('operator', a);
    wang = await house.page();
    await sitDown(wang, `http://127.0.0.1:${cable.port}`, 'operator', b);
  }, 90_000);
  afterAll(async () => {
    leader?.leave();
    await cable?.remove();
    await house?.close();
  });

  it('an impatient double press makes one call', async () => {
    await logCall(li, '停水两天');
    await li.keyboard.press('Control+Enter');
    await li.keyboard.press('Control+Enter');
    await says(li.locator('.callform .outcome'), /已存 \d{8}-0001/);
    await says(li.locator('header .outbox'), /待发 0/);
    expect(await calls()).toHaveLength(1);
    call = (await calls())[0]?.id ?? '';
  });

  it('each sees by name who else has it open and who is changing it; whoever handles it is not asked what for', async () => {
    await li.goto(`${house.url}/operator?call=${call}`);
    await says(li.locator('.calldetail .personal'), /19900000126.*停水两天.*您经办此件，已显示全文/);
    await wang.goto(`http://127.0.0.1:${cable.port}/operator?call=${call}`);
    await says(li.locator('.calldetail .present'), /王芳也打开着此件/);
    await says(wang.locator('.calldetail .present'), /李明也打开着此件/);
    await li.locator('.calldetail').focus();
    await li.keyboard.press('e');
    await says(wang.locator('.calldetail .present'), /李明正在修改/);
    await li.keyboard.press('Escape');
    await says(wang.locator('.calldetail .present'), /李明也打开着此件/);
  });

  it('whoever does not handle it says what for, in own words where no purpose fits; the leader sees who looked', async () => {
    const personal = wang.locator('.calldetail .personal');
    expect(await personal.textContent()).toMatch(/199\*\*\*\*0126/);
    await wang.locator('.calldetail').focus();
    await wang.keyboard.press('r');
    await says(personal, /用途（会留下记录）.*派单需要.*回拨核实.*督办核查.*其他（须写明）/);
    await wang.getByRole('button', { name: '其他（须写明）' }).press('Enter');
    await wang.keyboard.type('同一小区另有来电，核对楼号');
    await wang.keyboard.press('Enter');
    await says(personal, /19900000126.*停水两天.*已留痕/);
    const { looks } = (await leader.socket.timeout(20_000).emitWithAck('query', { name: 'looks', board: 'main', kind: 'call', id: call, asked: true })) as { looks: object[] };
    expect(looks).toMatchObject([{ author: '接线员 王', purpose: 'other', words: '同一小区另有来电，核对楼号' }]);
  });

  it('different fields merge, the same field shows both; what comes late over a slow line undoes nothing', async () => {
    cable.delay = 400;
    const stages = await wang.evaluateHandle(() => {
      const seen: string[] = [];
      const look = (): void => {
        const now = document.querySelector('.calldetail .history li')?.textContent ?? '';
        if (now !== seen.at(-1)) seen.push(now);
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      return seen;
    });
    await wang.locator('.calldetail').focus();
    await wang.keyboard.press('e');
    await wang.locator('#amend-callerName').fill('王奶奶');
    await wang.locator('#amend-topic').selectOption('complaint');
    // Over there, and quickly, one after the other.
    await li.locator('.calldetail').focus();
    await li.keyboard.press('e');
    await li.locator('#amend-address').fill('青年路 3 幢');
    await li.locator('#amend-topic').selectOption('supplies');
    await li.keyboard.press('Control+Enter');
    await says(li.locator('.calldetail'), /已存 0001 的修改/);
    await wang.keyboard.press('Control+Enter');
    const both = wang.getByRole('alertdialog');
    await both.waitFor();
    expect(await both.textContent()).toMatch(/1 项.*您填的.*投诉举报.*他人填的.*物资需求/);
    await wang.keyboard.press('Space');
    await wang.keyboard.press('Control+Enter');
    await says(wang.locator('.calldetail'), /已存 0001 的修改/);
    expect(await bodyOf(call)).toMatchObject({ topic: 'complaint' });
    for (const page of [li, wang]) await says(page.locator('.calldetail h1'), /投诉举报/);
    for (const name of ['callerName', 'address']) expect((await bodyOf(call))[name]).not.toBeNull();
    // The newest line of its history never was an older one again.
    const seen = (await stages.jsonValue()).filter(Boolean);
    expect(new Set(seen).size).toBe(seen.length);
    cable.delay = 0;
  });

  it('forms are reserved, printed one a page, and a call is entered from one by keyboard, with its own times', async () => {
    await li.goto(`${house.url}/operator`);
    await li.locator('.line.good').waitFor();
    await li.locator('#call-number').press('Escape');
    await li.keyboard.press('p');
    await li.locator('#paper-count').fill('2');
    // Impatiently: one pile of forms.
    await li.keyboard.press('Control+Enter');
    await li.keyboard.press('Control+Enter');
    await li.locator('.form-sheet').first().waitFor();
    const numbers = await li.locator('.form-sheet-number strong').allTextContents();
    expect(numbers.map((n) => n.slice(-5))).toEqual(['-0002', '-0003']);
    const pdf = (await li.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
    expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][\d.]* 84[12][\d.]*\]/);
    await li.keyboard.press('Escape');
    await li.locator('#paper-count').press('Escape');
    await li.keyboard.press('Escape');
    await li.locator('.opencalls').waitFor();
    await li.keyboard.press('b');
    await expect.poll(() => li.evaluate(() => document.activeElement?.id)).toBe('back-form');
    const type = async (...texts: string[]): Promise<void> => {
      for (const text of texts) {
        await li.keyboard.type(text);
        await li.keyboard.press('Enter');
      }
    };
    await type('2');
    const yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.now() - 86_400_000);
    await li.locator('#back-day').fill(yesterday);
    await li.keyboard.press('Enter');
    await type('0001', '000110', '0005', '19900000127', '陈先生', 'sc', '青年路 5 幢');
    await li.keyboard.press('1');
    await li.keyboard.type('夜里停电时来电，发热');
    await li.locator('#back-writer').fill('接线员 赵');
    await li.keyboard.press('Control+Enter');
    await says(li.locator('.backform'), new RegExp(`已补录 ${numbers[0] ?? ''}`));
    const entered = (await calls()).find((c) => c.body.number === numbers[0])?.body;
    expect(entered).toMatchObject({ backEntered: true, formNumber: numbers[0], operator: '接线员 赵', topic: 'symptoms', locality: '330102' });
    expect([Number(entered?.answered) - Number(entered?.rung), Number(entered?.ended) - Number(entered?.rung)]).toEqual([10_000, 240_000]);
    // The other is still to be accounted for.
    await expect.poll(async () => ((await leader.join(true)) as { views: { views: { paper: { unused: { value: number } } } } }).views.views.paper.unused.value, PATIENT).toBe(1);
    await li.getByRole('button', { name: '打开' }).last().click();
    await says(li.locator('.calldetail-status'), /补录/);
  });

  it('met no error on the way', () => expect(house.faults).toEqual([]));
});
