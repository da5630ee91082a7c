import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver } from '../../server/testing/receiver.ts';
import { Program } from '../../server/testing/program.ts';
import { House, says } from '../setup/house.ts';

/** An administrator lets another program in, has changes sent to one, sees how that goes, and ends both. */
describe('other programs', () => {
  let house: House;
  let admin: Page;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  let program: Program;

  beforeAll(async () => {
    // The program asks as programs do, and trusts no root of this machine's.
    house = await House.open(undefined, {});
    receiver = await openReceiver();
    admin = await house.sit('admin', house.admin);
    await admin.locator('.pages-nav').getByRole('button', { name: '接口' }).click();
  });
  afterAll(async () => {
    await receiver?.close();
    await house?.close();
  });

  it('a key is made by keyboard, shown once, and opens what it is for', async () => {
    await admin.getByRole('button', { name: '新建密钥' }).press('Enter');
    await admin.locator('#key-name').fill('急救调度');
    await admin.getByRole('radio', { name: '值班领导' }).click();
    await admin.getByRole('radio', { name: '可办理' }).click();
    await admin.getByRole('button', { name: '生成密钥' }).click();
    await admin.locator('[data-secret]').waitFor();
    const secret = (await admin.locator('[data-secret]').textContent())?.trim() ?? '';
    expect(secret).toMatch(/^sbk_/);
    program = new Program(house.url, secret);
    expect((await program.get('/api/v1/levels')).status).toBe(200);
    await says(admin.locator('[data-key="急救调度"]'), /可办理.*最近使用/s);
    await admin.getByRole('button', { name: '已交付，收起' }).click();
    expect(await admin.content()).not.toContain(secret);
  });

  it('a webhook is made; what changes is sent, and its receipt is there to see', async () => {
    await admin.getByRole('button', { name: '新建推送' }).click();
    await admin.locator('#hook-name').fill('省厅');
    await admin.locator('#hook-url').fill(receiver.url);
    if (await admin.locator('#hook-exercise').count()) await admin.locator('#hook-exercise').fill('drill');
    await admin.getByRole('button', { name: '建立推送' }).click();
    await says(admin.locator('[data-secret]'), /^\s*whsec_/);
    const line = admin.locator('[data-hook="省厅"]');
    await line.getByRole('button', { name: '发送测试' }).press('Enter');
    await says(line.locator('[data-test]'), /测试已送达.*HTTP 200/s);
    expect(receiver.all.map((r) => r.data.type)).toEqual(['test']);
    await line.getByRole('button', { name: '更换签名密钥' }).click();
    await line.locator('.sure .primary').click();
    await says(line, /旧密钥仍可用至/);
    await says(admin.locator('[data-secret]'), /^\s*whsec_/);
    receiver.answers.push(500);
    const reply = await program.post('/api/v1/levels', { from: 'none', level: 'II', grounds: '演练' });
    expect(reply.status, reply.text).toBe(200);
    await says(admin.locator('[data-hook="省厅"]'), /已试 1 次.*对方拒收/s);
    await admin.getByRole('button', { name: '立即重试' }).click();
    await says(admin.locator('[data-hook="省厅"]'), /推送正常/);
    await admin.getByRole('button', { name: '回执', exact: true }).click();
    await says(admin.locator('[data-hook="省厅"] .receipts'), /已送达.*发布响应级别.*第 2 次.*HTTP 200/s);
  });

  it('a key revoked is refused at once; what was done is in the log', async () => {
    await admin.locator('[data-key="急救调度"]').getByRole('button', { name: '吊销' }).click();
    await admin.locator('[data-key="急救调度"] .sure .primary').click();
    await admin.getByText('还没有密钥').waitFor();
    expect((await program.get('/api/v1/levels')).status).toBe(401);
    await admin.locator('.pages-nav').getByRole('button', { name: '日志' }).click();
    await says(admin.locator('.log'), /吊销接口密钥.*新建推送.*新建接口密钥/s);
  });

  it('no page had an error', () => {
    expect(house.faults).toEqual([]);
  });
});
