import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asterisk, CallScript } from '../../server/testing/asterisk.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { launch } from '../chromium.ts';
import { Footing } from '../setup/footing.ts';
import type { HubProcess } from '../setup/hub.ts';

/** A caller rings; the built hub hears it from an exchange over TCP; two operators at two browsers, by keyboard; the hub, then the exchange, dies in mid-call. */
describe('the telephone at the operators’ desks', () => {
  let footing: Footing;
  let hub: HubProcess;
  let url: string;
  let zhou: { user: string; password: string };
  let browser: Browser;
  let li: Page;
  let wang: Page;
  let leader: Desk;
  let asterisk: Asterisk;
  const faults: string[] = [];
  const first = new CallScript('1580911200.1', '19900000126');
  const second = new CallScript('1580911200.2', '19900000127');

  const says = async (where: Locator, words: RegExp): Promise<void> => {
    await expect.poll(() => where.first().textContent(), { timeout: 20_000 }).toMatch(words);
  };
  async function sit(url: string, who: { user: string; password: string }): Promise<Page> {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && !/status of 401|net::ERR_|WebSocket connection/.test(message.text()) && faults.push(message.text()));
    await page.goto(`${url}/operator`);
    await page.locator('#user').fill(who.user);
    await page.getByLabel('密码', { exact: true }).fill(who.password);
    await page.keyboard.press('Enter');
    await page.locator('.line.good').waitFor();
    return page;
  }
  async function all(kind: string): Promise<{ id: string; body: Record<string, unknown> }[]> {
    const answer = (await leader.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: 'main', kind, limit: 50 })) as { records?: { id: string; body: Record<string, unknown> }[] };
    return answer.records ?? [];
  }
  const value = (page: Page, id: string): Promise<string> => page.locator(id).inputValue();

  beforeAll(async () => {
    asterisk = new Asterisk('board', 'h0tline', () => Date.now());
    await asterisk.start(0);
    footing = await Footing.lay();
    hub = footing.start({ AMI_URL: `ami://127.0.0.1:${asterisk.port}`, AMI_USER: 'board', AMI_SECRET: 'h0tline' });
    url = await hub.ready();
    const steward = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, steward.user, steward.password);
    const people = [];
    for (const [role, user, name] of [['operator', 'li', '李静'], ['operator', 'wang', '王芳'], ['leader', 'zhou', '周伟']] as const) people.push(await chief.makePerson(role, user, undefined, { name, post: role === 'leader' ? '值班长' : '接线员' }));
    chief.leave();
    const [a, b, c] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
    zhou = c;
    leader = await Desk.signIn(url, zhou.user, zhou.password);
    browser = await launch();
    [li, wang] = await Promise.all([sit(url, a), sit(url, b)]);
    await asterisk.listened(1);
  });
  afterAll(async () => {
    leader?.leave();
    await browser?.close();
    await hub?.stop();
    await asterisk?.stop({ calls: true });
    await footing?.remove();
  });

  it('a ring stands at once at both desks; one key takes it into the form, and what was half written waits beside', async () => {
    await says(li.locator('.exchange-state'), /话务已连接/);
    await li.locator('#call-narrative').fill('另一件事，写到一半');
    const leg = first.dials('801');
    asterisk.say(...first.rings(), ...first.queue(), ...leg.begin);
    for (const desk of [li, wang]) await says(desk.locator('.ringcard'), /振铃.*199\*+0126/);
    await li.keyboard.press('F10');
    await expect.poll(() => value(li, '#call-number'), { timeout: 20_000 }).toBe('19900000126');
    expect(await value(li, '#call-narrative')).toBe('');
    await says(li.locator('.callform-aside'), /已放到一边|搁/);
    await says(wang.locator('.ringcard, .ringbar-rest'), /接线员 李|同事/);
    // The colleague has only just taken it: nothing happens, by key either.
    await wang.keyboard.press('F10');
    expect(await value(wang, '#call-number')).toBe('');
    // When it is answered, the form knows.
    asterisk.say(...leg.answer);
    await expect.poll(() => value(li, '#call-answered'), { timeout: 20_000 }).not.toBe('');
  });

  it('logging it ends the claim at both desks, and the call knows its ring', async () => {
    await li.locator('#call-place').fill('上城');
    await li.keyboard.press('Enter');
    await li.getByRole('radio', { name: '咨询建议' }).click();
    await li.locator('#call-narrative').fill('问口罩哪里领');
    await li.keyboard.press('Control+Enter');
    await says(li.locator('.callform .outcome'), /已存 \d{8}-0001/);
    for (const desk of [li, wang]) await expect.poll(() => desk.locator('.ringcard').count(), { timeout: 20_000 }).toBe(0);
    const [ring] = await all('ring');
    const [call] = await all('call');
    expect(ring?.body).toMatchObject({ log: call?.id, claimedById: null });
    expect(call?.body).toMatchObject({ ring: ring?.id, rung: ring?.body.rung, answered: ring?.body.answered });
    await li.keyboard.press('F9');
    expect(await value(li, '#call-narrative')).toBe('另一件事，写到一半');
  });

  it('a missed caller waits in the queue, is tried, reached, logged, and waits no longer', async () => {
    asterisk.say(...second.rings(), ...second.queue(), ...second.abandons(), ...second.hangsUp());
    const line = wang.locator('.opencalls li').filter({ hasText: '未接来话' });
    await line.waitFor();
    expect(await line.textContent()).not.toMatch(/1990000|0127/);
    // The letters are commands outside a field: to the queue of those who are to be called, and to the first in it.
    for (const key of ['Escape', 'f', 'f', 'j', 'Enter']) await wang.keyboard.press(key);
    await wang.locator('.ringpage h1').waitFor();
    await wang.getByRole('button', { name: '未打通' }).click();
    await says(wang.locator('.ringpage .calldetail-status'), /打过 1 次/);
    await wang.locator('.ringpage').focus();
    await wang.keyboard.press('Enter');
    await expect.poll(() => value(wang, '#call-number'), { timeout: 20_000 }).toBe('19900000127');
    expect(await wang.locator('#call-origin').inputValue()).toBe('missed');
    await wang.locator('#call-place').fill('上城');
    await wang.keyboard.press('Enter');
    await wang.getByRole('radio', { name: '其他' }).click();
    await wang.keyboard.press('Control+Enter');
    await says(wang.locator('.callform .outcome'), /已存 \d{8}-0002/);
    await expect.poll(() => line.count(), { timeout: 20_000 }).toBe(0);
    const missed = (await all('ring')).find((r) => r.body.stage === 'missed');
    expect(missed?.body).toMatchObject({ callBack: 'reached', tries: 2, log: expect.any(String) as string });
  });

  it('the hub is killed -9 while one caller rings and another speaks: the desks say so and log on; back again, each call is as the exchange has it, once', async () => {
    const [rings, speaks, gone, fresh] = [3, 4, 5, 6].map((n) => new CallScript(`1580911200.${n}`, `1990000013${n}`)) as [CallScript, CallScript, CallScript, CallScript];
    const [legR, legS, legG, legF] = [rings.dials('801'), speaks.dials('802'), gone.dials('803'), fresh.dials('803')];
    asterisk.say(...rings.rings(), ...legR.begin);
    await says(li.locator('.ringcard'), /振铃.*199\*+0133/);
    await li.keyboard.press('F10');
    await expect.poll(() => value(li, '#call-number'), { timeout: 20_000 }).toBe('19900000133');
    asterisk.say(...speaks.rings(), ...legS.begin, ...legS.answer, ...gone.rings(), ...legG.begin);
    await expect.poll(() => wang.locator('.ringcard').count(), { timeout: 20_000 }).toBe(2);
    const [calls, ringsBefore] = [(await all('call')).length, (await all('ring')).length];
    leader.leave();

    const { env } = hub.options;
    await hub.stop('SIGKILL');
    for (const desk of [li, wang]) await Promise.all([desk.locator('.line.bad').waitFor(), desk.locator('header.bar.stale').waitFor()]);
    await says(wang.locator('.ringbar-said'), /连上中心后才能接手；先登记，不受影响/);
    // Nobody is told that nothing rings, and no key claims what may be gone.
    expect(await wang.locator('.ringbar-idle').count()).toBe(0);
    expect(await wang.locator('.ringcard button:enabled').count()).toBe(0);
    // Meanwhile the exchange goes on: one is answered, one ends, one gives up, one rings anew.
    asterisk.say(...legR.answer, ...legS.leave, ...speaks.hangsUp(), ...legG.giveUp, ...gone.hangsUp(), ...fresh.rings(), ...legF.begin);
    await li.locator('#call-place').fill('上城');
    await li.keyboard.press('Enter');
    await li.getByRole('radio', { name: '其他' }).click();
    await li.locator('#call-narrative').fill('中心停机时接的');
    await li.keyboard.press('Control+Enter');
    await says(li.locator('header .outbox'), /待发 1/);

    hub = footing.start({ ...env, PORT: new URL(url).port });
    await hub.ready();
    await asterisk.listened(2);
    await says(li.locator('.callform .outcome'), /已存 \d{8}-0003/);
    await says(li.locator('header .outbox'), /待发 0/);
    leader = await Desk.signIn(url, zhou.user, zhou.password);
    const byCall = async (): Promise<Record<string, Record<string, unknown>>> => Object.fromEntries((await all('ring')).map(({ body }) => [String(body.call).split('.')[1], body]));
    await expect.poll(async () => Object.entries(await byCall()).map(([n, r]) => `${n} ${String(r.stage)}`).sort(), { timeout: 20_000 }).toEqual(['1 answered', '2 missed', '3 answered', '4 ended', '5 missed', '6 ringing']);
    // The claim outlived the hub, and ended with what was logged from it.
    const call = (await all('call')).find(({ body }) => body.ring !== null && body.number !== null && String(body.number).endsWith('-0003'));
    expect((await byCall())['3']).toMatchObject({ log: call?.id, claimedById: null, estimated: true });
    expect((await byCall())['5']).toMatchObject({ callBack: 'owed', estimated: true });
    // The desks show what is so now: what was answered and ended unheard waits to be written down, the new one rings.
    await says(wang.locator('.ringbar-cards'), /振铃.*199\*+0136/);
    expect(await wang.locator('.ringcard').count()).toBe(2);
    await wang.locator('.ringcard.ringing button').first().click();
    await expect.poll(() => value(wang, '#call-number'), { timeout: 20_000 }).toBe('19900000136');
    asterisk.say(...legF.answer, ...legF.leave, ...fresh.hangsUp(), ...legR.leave, ...rings.hangsUp());
    await expect.poll(() => value(wang, '#call-ended'), { timeout: 20_000 }).not.toBe('');
    await expect.poll(async () => Object.entries(await byCall()).map(([n, r]) => `${n} ${String(r.stage)}`).sort(), { timeout: 20_000 }).toEqual(['1 answered', '2 missed', '3 ended', '4 ended', '5 missed', '6 ended']);
    expect([(await all('call')).length, (await all('ring')).length]).toEqual([calls + 1, ringsBefore + 1]);
    await wang.getByRole('button', { name: '清空' }).click();
  });

  it('the exchange goes down: the desks say so, and a call is logged all the same', async () => {
    await asterisk.stop({ calls: true });
    for (const desk of [li, wang]) await says(desk.locator('.exchange-state'), /话务失联.*登记照常/);
    await li.locator('#call-number').fill('19900000128');
    await li.locator('#call-place').fill('上城');
    await li.keyboard.press('Enter');
    await li.getByRole('radio', { name: '其他' }).click();
    await li.keyboard.press('Control+Enter');
    await says(li.locator('.callform .outcome'), /已存 \d{8}-0004/);
    expect(hub.stderr).not.toMatch(/1990000|h0tline/);
    expect(faults).toEqual([]);
  });
});
