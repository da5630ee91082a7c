import type { Page } from 'playwright';

/** Signs in as a person does, at a desk of their own, and waits until it is live. */
export async function sitDown(page: Page, url: string, desk: string, who: { user: string; password: string }): Promise<void> {
  await page.goto(`${url}/${desk}`);
  await page.getByLabel('用户名').fill(who.user);
  await page.getByLabel('密码', { exact: true }).fill(who.password);
  await page.keyboard.press('Enter');
  await page.locator('.line.good').waitFor();
}

/** Logs a call at the operator's desk. It is kept there when this returns, sent or not. */
export async function logCall(page: Page, narrative: string): Promise<void> {
  await page.locator('#call-number').fill('19900000126');
  await page.locator('#call-place').fill('上城');
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: '咨询建议' }).click();
  await page.locator('#call-narrative').fill(narrative);
  await page.keyboard.press('Control+Enter');
}
