import type { Page } from 'playwright';
import type { Desk } from './desk.ts';

/** Opens a wall that holds no credential, has the code it shows approved by an administrator, and waits until it is live. */
export async function pairWall(page: Page, chief: Desk, name: string, path = '/wall'): Promise<{ id: string }> {
  await page.goto(`${chief.url}${path}`);
  const shown = page.locator('.pairing-code');
  await shown.waitFor();
  const code = await shown.getAttribute('aria-label');
  const approved = await chief.rest('POST', '/screens', { code, name, board: chief.board });
  if (approved.status !== 201) throw new Error(`the wall was not approved: ${JSON.stringify(approved.json)}`);
  await page.locator('html[data-revision]').waitFor({ state: 'attached' });
  return { id: (approved.json.screen as { id: string }).id };
}

/** Waits until a wall shows at least a revision: by its own words, not by time. (The pages' policy forbids what waitForFunction does.) */
export async function wallReaches(page: Page, revision: number): Promise<void> {
  // Source, not a function: what compiles this file may put a helper of its own into it.
  await page.evaluate(`new Promise((done, failed) => {
    const given = setTimeout(() => failed(new Error('never at ${revision}: ' + location.href + ' at ' + document.documentElement.dataset.revision + ' says ' + document.body.innerText.slice(0, 400))), 60_000);
    const look = () => {
      if (Number(document.documentElement.dataset.revision ?? -1) < ${revision}) return;
      clearTimeout(given);
      watcher.disconnect();
      done();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-revision'] });
    look();
  })`);
}

/** Open calls, as the wall says it. */
export async function openCalls(wall: Page): Promise<number> {
  return Number((await wall.locator('.calls .figure', { hasText: '未办结' }).first().locator('.figure-number').textContent())?.replace(/\D/g, '') || NaN);
}
