import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { launch } from '../chromium.ts';
import { Footing } from '../setup/footing.ts';
import type { HubProcess } from '../setup/hub.ts';

/** A call from the first word to the end, at a desk in a real browser, by a person who never touches the mouse. */
describe('the operator’s desk', () => {
  let footing: Footing;
  let hub: HubProcess;
  let url: string;
  let browser: Browser;
  let page: Page;
  let chief: Desk;
  let leader: Desk;
  let li: { user: string; password: string; id: string };
  let steward: { user: string; password: string };
  let zhou: { user: string; password: string };
  const faults: string[] = [];

  const press = (...keys: string[]): Promise<void> => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  const type = (text: string): Promise<void> => page.keyboard.type(text);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');
  const live = (): Promise<void> => page.locator('.line.good').waitFor();
  const outcome = (): ReturnType<Page['locator']> => page.locator('.callform .outcome');
  const says = async (where: ReturnType<Page['locator']>, words: RegExp): Promise<void> => {
    await expect.poll(() => where.first().textContent(), { timeout: 30_000 }).toMatch(words);
  };
  /** The number of the next call that is saved: not the one before it, though midnight may come between and both be their day's first. */
  let last = '';
  const savedNumber = async (): Promise<string> => {
    const now = async (): Promise<string> => /已存 (\d{8}-\d{4})，\d{2}:\d{2}:\d{2}/.exec((await outcome().first().textContent()) ?? '')?.[1] ?? '';
    await expect.poll(now, { timeout: 30_000 }).not.toMatch(new RegExp(`^${last}$`));
    return (last = await now());
  };

  interface Found {
    id: string;
    version: number;
    body: Record<string, unknown>;
  }
  async function calls(q = ''): Promise<Found[]> {
    const answer = (await leader.socket.timeout(20_000).emitWithAck('query', { name: 'list', board: 'main', kind: 'call', q, limit: 200 })) as {
      ok: boolean;
      records?: Found[];
    };
    expect(answer).toMatchObject({ ok: true });
    return answer.records ?? [];
  }

  /** The whole of a call, in the order people speak. */
  async function log(number: string, narrative: string): Promise<void> {
    await page.locator('#call-number').focus();
    await press('Space');
    await type(number);
    await press('Enter');
    await type('王女士');
    await press('Enter');
    await type('sc');
    await press('Enter');
    await type('青年路社区 3 幢');
    await press('Enter', '1');
    await type(narrative);
    await press('Control+Enter');
  }

  beforeAll(async () => {
    footing = await Footing.lay();
    hub = footing.start();
    url = await hub.ready();
    steward = await firstAdmin(hub, url);
    chief = await Desk.signIn(url, steward.user, steward.password);
    li = await chief.makePerson('operator', 'li');
    zhou = await chief.makePerson('leader', 'zhou');
    leader = await Desk.signIn(url, zhou.user, zhou.password);
    browser = await launch();
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // A hub that is killed and a session that ends are part of the journey; the browser says so by itself.
      if (message.type() === 'error' && !/ERR_CONNECTION_REFUSED|WebSocket connection|status of 401/.test(message.text())) faults.push(message.text());
    });
  });

  afterAll(async () => {
    leader?.leave();
    chief?.leave();
    await browser?.close();
    await hub?.stop();
    await footing?.remove();
  });

  it('logs a call by keyboard alone, says its number and the time, and shows it as open', async () => {
    await page.goto(`${url}/operator`);
    await page.locator('#user').waitFor();
    await type(li.user);
    await press('Tab');
    await type(li.password);
    await press('Enter');
    await live();
    await expect.poll(focused).toBe('call-number');
    // The key for a new call, where a new call already waits, writes nothing.
    await press('n');

    await log('199 0000 0126', '同住老人 38.2℃ 两天，问去哪个发热门诊。');
    const number = await savedNumber();
    expect(await focused()).toBe('call-number');
    expect(await page.locator('#call-narrative').inputValue()).toBe('');
    await says(page.locator('.opencalls li'), /症状或接触史\s*上城区.*派单 → 卫生健康局/);

    const [call] = await calls(number);
    expect(call?.body).toMatchObject({ number, topic: 'symptoms', locality: '330102', unit: 'health', stage: 'dispatched', callerNumber: 1, narrative: 1 });
    expect(JSON.stringify(call?.body)).not.toMatch(/1990000|王女士|青年路|发热/);
  });

  it('takes a line apart, finds the same number again, and says in words what is missing', async () => {
    await page.locator('#call-number').focus();
    await type('王女士 19900000126 杭州市上城区湖滨街道青年路3幢 再问一次');
    await press('Enter');
    expect(await page.locator('#call-number').inputValue()).toBe('19900000126');
    expect(await page.locator('#call-name').inputValue()).toBe('王女士');
    await expect.poll(() => page.locator('#call-place').inputValue()).toBe('杭州 · 上城区 · 湖滨街道');
    expect(await page.locator('#call-address').inputValue()).toBe('青年路3幢');
    await says(page.locator('.callform .note-in'), /第 2 次来电/);
    await says(page.locator('.similar'), /同一号码/);

    await page.locator('#call-number').fill('abc');
    await page.locator('#call-place').fill('');
    await press('Control+Enter');
    await says(page.locator('#call-number-wrong'), /电话/);
    await says(page.locator('#call-place-wrong'), /必填/);
    await says(page.locator('#call-topic-wrong'), /必填/);
    await says(outcome(), /有 3 处要改/);
    expect(await focused()).toBe('call-number');
    expect(await calls()).toHaveLength(1);
  });

  it('keeps what is half typed over a reload, and gives it back with its time', async () => {
    await page.reload();
    await live();
    await expect.poll(() => page.locator('#call-narrative').inputValue()).toBe('再问一次');
    expect(await page.locator('#call-number').inputValue()).toBe('abc');
    await says(page.locator('.callform > footer'), /已恢复 \d{2}:\d{2}:\d{2} 的草稿/);
    await page.getByRole('button', { name: '清空' }).click();
    await page.getByRole('button', { name: '撤销' }).click();
    expect(await page.locator('#call-narrative').inputValue()).toBe('再问一次');
    await page.getByRole('button', { name: '清空' }).click();
  });

  it('shows one draft in two tabs, sends it once, and says so in the other', async () => {
    const before = (await calls()).length;
    const other = await page.context().newPage();
    await other.goto(`${url}/operator`);
    await other.locator('.line.good').waitFor();
    await log('19900000141', '两个窗口里的同一份草稿');
    await savedNumber();
    // Typed in the one, it stood in the other; sent from the one, it is gone from both.
    await says(other.locator('.callform > footer'), /这里的草稿已于 \d{2}:\d{2}:\d{2} 在另一窗口发出/);
    expect(await other.locator('#call-narrative').inputValue()).toBe('');
    await other.locator('#call-number').fill('19900000142');
    await expect.poll(() => page.locator('#call-number').inputValue()).toBe('19900000142');
    await page.locator('#call-number').fill('');
    await other.close();
    expect(await calls()).toHaveLength(before + 1);
    await page.getByRole('button', { name: '清空' }).click();
  });

  it('refuses in words what the hub refuses, and puts it back into the form', async () => {
    await page.locator('#call-answered').fill('00:00');
    await page.locator('#call-number').focus();
    await log('19900000127', '时间填错');
    // Answered before it rang.
    await says(outcome(), /有 1 处要改/);
    expect(await page.locator('#call-narrative').inputValue()).toBe('时间填错');
    await says(page.locator('.times .row-wrong'), /./);
    expect(await calls()).toHaveLength(2);
    await page.locator('#call-answered').fill('');
    await page.locator('#call-answered').press('Enter');
    await press('Control+Enter');
    await savedNumber();
    expect(await calls()).toHaveLength(3);
  });

  it('says what waits while the hub is dead, and sends it once when it is back', async () => {
    const port = new URL(url).port;
    await hub.stop('SIGKILL');
    await page.locator('.line.bad').waitFor();
    await log('19900000128', '中心停机时的来电');
    await says(outcome(), /未发出，\d{2}:\d{2}:\d{2} 已留在本机：连接恢复后自动发送/);
    await says(page.locator('header .outbox'), /待发 1/);
    leader.leave();
    chief.leave();
    hub = footing.start({ PORT: port });
    await hub.ready();
    await live();
    await savedNumber();
    await says(page.locator('header .outbox'), /待发 0/);
    chief = await Desk.signIn(url, steward.user, steward.password);
    leader = await Desk.signIn(url, zhou.user, zhou.password);
    expect(await calls()).toHaveLength(4);
  });

  it('moves a call on by the shared table, asks for what the table asks, and tells its whole history', async () => {
    await page.locator('#call-number').focus();
    await press('Escape', 'j', 'Enter');
    await page.locator('.calldetail .history').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.classList.contains('calldetail'))).toBe(true);
    await press('1');
    await says(page.locator('.calldetail-status .stage'), /办理/);
    await expect.poll(() => page.locator('.moves-ways button').first().isEnabled()).toBe(true);
    await press('1');
    await page.locator('#move-reply').waitFor();
    await press('Control+Enter');
    await says(page.locator('#move-reply-wrong'), /必填/);
    await type('已告知就近发热门诊，社区派车。');
    await press('Control+Enter');
    await says(page.locator('.calldetail-status .stage'), /答复/);
    await says(page.locator('.calldetail .history'), /办理 → 答复.*派单 → 办理.*登记来电/);
    // Whoever logged it handles it, and is not asked; put away, it is masked until asked for again.
    await says(page.locator('.calldetail .personal'), /199000001\d\d.*已告知就近发热门诊.*您经办此件/);
    await page.locator('.calldetail .personal button').press('Enter');
    await says(page.locator('.calldetail .personal'), /199\*\*\*\*01\d\d/);
    await page.locator('.calldetail').focus();
    await press('r');
    await says(page.locator('.calldetail .personal'), /已告知就近发热门诊.*已留痕/);
  });

  it('merges what two people change in different fields, and shows both values where it is the same', async () => {
    const id = new URL(page.url()).searchParams.get('call') ?? '';
    const before = (await calls()).find((c) => c.id === id);
    await page.locator('.calldetail').focus();
    await press('e');
    await page.locator('#amend-callerName').fill('王奶奶');
    await page.locator('#amend-topic').selectOption('advice');
    // Meanwhile the leader changes another field, and one of the same.
    const both = { locality: { from: before?.body.locality, to: '330106' }, topic: { from: before?.body.topic, to: 'other' } };
    expect(await leader.send('call.amend', { id, changes: both })).toMatchObject({ ok: true });
    await says(page.locator('.amend'), /他人已改为：其他/);
    await press('Control+Enter');
    const conflict = page.getByRole('alertdialog');
    await conflict.waitFor();
    expect(await conflict.textContent()).toMatch(/1 项.*您填的.*咨询建议.*他人填的.*其他/);
    await press('Space', 'Control+Enter');
    await says(page.locator('.calldetail'), /已存 0\d\d\d 的修改/);
    const after = (await calls()).find((c) => c.id === id);
    expect(after?.body).toMatchObject({ topic: 'advice', locality: '330106' });
    expect(after?.body.callerName).not.toBe(before?.body.callerName);
    await says(page.locator('.calldetail .history'), /西湖区/);
  });

  it('searches all calls by two characters, a number and a name', async () => {
    for (const [words, n] of [
      ['停机', 1],
      ['19900000126', 1],
      ['王女士', 3],
      ['没有这样的事', 0],
    ] as const) {
      await page.locator('.calldetail, .callform').first().focus();
      await page.keyboard.press('Escape');
      await page.locator('.left .panehead').waitFor();
      if ((await page.locator('.list-box input').count()) === 0) await page.locator('.left .panehead button').click();
      await page.locator('.list-box input').fill(words);
      await press('Enter');
      await says(page.locator('.list-count'), new RegExp(`^\\s*${n} 条`));
    }
  });

  it('loses nothing when the session is revoked over the form', async () => {
    await page.locator('#call-narrative').fill('说到一半');
    const { json } = await chief.rest('GET', '/sessions');
    const theirs = (json.sessions as { id: string; person: string }[]).filter((s) => s.person === li.id);
    expect(theirs.length).toBeGreaterThan(0);
    for (const s of theirs) expect((await chief.rest('DELETE', `/sessions/${s.id}`)).status).toBe(204);
    const dialog = page.getByRole('dialog', { name: '请重新登录' });
    await dialog.waitFor();
    // The desk's own keys are still behind the dialog.
    await dialog.getByLabel('密码').fill(li.password);
    await press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await live();
    expect(await page.locator('#call-narrative').inputValue()).toBe('说到一半');
  });

  it('shows every key that works', async () => {
    await page.locator('#call-narrative').focus();
    await press('Escape', '?');
    const help = page.getByRole('dialog', { name: '全部按键' });
    await help.waitFor();
    for (const words of ['保存', '下一栏', '新来电', '下一条', '查找全部来电']) expect(await help.textContent()).toContain(words);
    await press('Escape');
    await help.waitFor({ state: 'detached' });
  });

  it('met no error on the way', () => expect(faults).toEqual([]));
});
