import pg from 'pg';
import type { Browser, Locator, Page } from 'playwright';
import { expect } from 'vitest';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { sitDown } from '../actions/console.ts';
import { launch } from '../chromium.ts';
import { Footing } from './footing.ts';
import type { HubProcess } from './hub.ts';
import { launchTrusting, ownAddress, rootIn, trustRoot, type TrustingBrowser } from './trusted.ts';

/** A telephone in one hand, and a desk. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
export const AT_DESK = { viewport: { width: 1440, height: 900 } } as const;
export const ON_WALL = { viewport: { width: 1920, height: 1080 } } as const;
type Size = typeof PHONE | typeof AT_DESK | typeof ON_WALL;

/**
 * A centre of one hub with an empty board, its administrator, and a browser; every page's errors are collected. What a
 * browser says by itself about something the journey does on purpose is named by `expected`.
 */
export class House {
  readonly faults: string[] = [];
  private constructor(
    private readonly footing: Footing,
    readonly hub: HubProcess,
    readonly url: string,
    readonly admin: { user: string; password: string },
    readonly chief: Desk,
    readonly browser: Browser,
    private readonly expected: RegExp,
    private readonly device: TrustingBrowser | null = null,
  ) {}

  /**
   * By this machine's own address, over HTTPS, unless `env` says otherwise: what a journey proves then holds on a network.
   * A page that does not know yet who sits there asks, and is told 401.
   */
  static async open(expected = /status of 401/, env: Record<string, string> = { HOST: ownAddress() }): Promise<House> {
    const footing = await Footing.lay();
    const hub = footing.start(env);
    const url = await hub.ready();
    const root = url.startsWith('https:') ? rootIn(footing.dataDir) : null;
    if (root !== null) trustRoot(url, root);
    const admin = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, admin.user, admin.password);
    const device = root === null ? null : await launchTrusting(root);
    return new House(footing, hub, url, admin, chief, device?.browser ?? (await launch()), expected, device);
  }

  /** A browser of its own: nobody else's session, drafts or outbox. */
  async page(size: Size = AT_DESK): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'zh-CN', ...size });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !this.expected.test(message.text())) this.faults.push(`${message.text()} ${message.location().url}`);
    });
    return page;
  }

  async sit(desk: string, who: { user: string; password: string }, size: Size = AT_DESK): Promise<Page> {
    const page = await this.page(size);
    await sitDown(page, this.url, desk, who);
    return page;
  }

  /** The board's clock is put ahead by so many milliseconds: what is due by then is due, and nobody waits. */
  async ahead(ms: number): Promise<void> {
    const client = new pg.Client(this.footing.database.config);
    await client.connect();
    const anchor = Date.now();
    await client.query('update board set clock = $1', [JSON.stringify({ anchor, start: anchor + ms, speed: 1 })]);
    await client.end();
  }

  async close(): Promise<void> {
    this.chief.leave();
    await (this.device ?? this.browser).close();
    await this.hub.stop();
    await this.footing.remove();
  }
}

/** Lets a wall in as an administrator does: reads the code off the screen, types it in beside a name. */
export async function pairOnPage(admin: Page, wall: Page, url: string, name: string): Promise<void> {
  await wall.goto(`${url}/wall`);
  const shown = wall.locator('.pairing-code');
  await shown.waitFor();
  const code = (await shown.getAttribute('aria-label')) ?? '';
  await admin.goto(`${url}/admin?tab=screens`);
  await admin.locator('#screen-code').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await admin.locator('#screen-name').fill(name);
  await admin.getByRole('button', { name: '准许接入' }).click();
  await wall.locator('html[data-revision]').waitFor({ state: 'attached' });
}

/** How long something that must come may take on a busy machine. */
export const PATIENT = { timeout: 30_000 } as const;

/** Waits until something says it. */
export async function says(where: Locator, words: RegExp): Promise<void> {
  await expect.poll(async () => (await where.allTextContents()).join('\n'), PATIENT).toMatch(words);
}

/** Chooses in a field one types into: what is typed, then the first that is offered. */
export async function choose(page: Page, field: string, text: string): Promise<void> {
  await page.locator(field).fill(text);
  await page.locator(`${field}-list [role=option]`).first().waitFor();
  await page.locator(field).press('Enter');
}
