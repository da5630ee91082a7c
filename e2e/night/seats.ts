import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { Desk } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { watch } from '../actions/watch.ts';
import type { Book } from './book.ts';

/** Where somebody sits through the night, or a wall hangs. */
export interface Place {
  name: string;
  /** The address: a desk's, or `wall`. */
  desk: string;
  /** Who of the demo's cast. */
  user?: string;
  /** Which hub it is on. */
  hub: 0 | 1;
  lang: 'zh' | 'en';
  theme?: 'light' | 'dark';
  size: BrowserContextOptions;
}
export interface Seat extends Place {
  page: Page;
}

const at = (width: number, height: number): BrowserContextOptions => ({ viewport: { width, height } });
const phone: BrowserContextOptions = { ...at(390, 844), isMobile: true, hasTouch: true };

/** Every screen there is, shared out over both hubs. */
export const places: Place[] = [
  { name: 'wall-zh', desk: 'wall', hub: 0, lang: 'zh', size: at(1920, 1080) },
  { name: 'wall-en', desk: 'wall', hub: 1, lang: 'en', size: at(1920, 1080) },
  { name: 'wall-4k', desk: 'wall', hub: 1, lang: 'zh', size: at(3840, 2160) },
  { name: 'operator', desk: 'operator', user: 'operator', hub: 1, lang: 'zh', theme: 'dark', size: at(1440, 900) },
  { name: 'supplies-phone', desk: 'supplies', user: 'supplies', hub: 1, lang: 'zh', theme: 'dark', size: phone },
  { name: 'supplies', desk: 'supplies', user: 'supplies', hub: 0, lang: 'en', theme: 'light', size: at(1440, 900) },
  { name: 'enterprises', desk: 'enterprises', user: 'enterprises', hub: 1, lang: 'zh', theme: 'light', size: at(1440, 900) },
  { name: 'leader', desk: 'leader', user: 'leader', hub: 0, lang: 'zh', theme: 'dark', size: at(1440, 900) },
  { name: 'leader-phone', desk: 'leader', user: 'leader', hub: 1, lang: 'en', theme: 'light', size: phone },
  { name: 'unit-phone', desk: 'unit', user: 'unit', hub: 0, lang: 'zh', theme: 'light', size: phone },
  { name: 'admin', desk: 'admin', user: 'admin2', hub: 0, lang: 'en', theme: 'light', size: at(1440, 900) },
];

/** What a browser says by itself of a page without a session, and of a hub that is not there. */
export const EXPECTED = /status of 401|ERR_CONNECTION_REFUSED|WebSocket connection|ERR_CONNECTION_RESET/;

export async function sit(place: Place, parts: { browser: Browser; url: string; passwords: Record<string, string>; book: Book }): Promise<Seat> {
  const { browser, url, passwords, book } = parts;
  const context = await browser.newContext({ locale: 'zh-CN', ...place.size });
  await context.addInitScript(`localStorage.getItem('language') ?? localStorage.setItem('language', '${place.lang}');
    localStorage.getItem('theme') ?? localStorage.setItem('theme', '${place.theme ?? 'dark'}');`);
  // What compiles this file names functions by a helper of its own, which a page does not have.
  await context.addInitScript('globalThis.__name ??= (f) => f;');
  await context.addInitScript(keyToPaint);
  if (place.desk === 'wall') await watch(context);
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  await book.listen(place.name, page, EXPECTED);
  if (place.desk === 'wall') {
    const chief = await Desk.signIn(url, 'admin2', passwords.admin2 ?? '', 'drill');
    await pairWall(page, chief, place.name);
    chief.leave();
  } else {
    // As a person does, without a mouse: the name has the focus.
    await page.goto(`${url}/${place.desk}`);
    await page.locator('#user').waitFor();
    await page.keyboard.type(place.user ?? '');
    await page.keyboard.press('Tab');
    await page.keyboard.type(passwords[place.user ?? ''] ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.line.good').waitFor();
  }
  return { ...place, page };
}

/** The revision a screen says it shows. */
export async function revisionOf({ page }: Seat): Promise<number> {
  return page.evaluate(() => Number(document.documentElement.dataset.revision ?? document.querySelector('.bar .revision')?.textContent?.replace(/\D/g, '') ?? -1));
}

export interface Painted {
  /** Of the key that sent. */
  key: number;
  /** When the words that it was saved had been painted. */
  painted: number;
}

/** Runs in the page before its program: the key that sends, and the paint of the words that say "saved". */
function keyToPaint(): void {
  const clock = (): number => performance.timeOrigin + performance.now();
  const seen: Painted[] = [];
  Object.assign(window, { keyToPaint: seen });
  const SAVED = '.callform .outcome .saved, .outcome-line .green, .moves .green, .saved-line, .calldetail .green';
  let key: number | null = null;
  addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) key = clock();
  }, true);
  const words = (): string => [...document.querySelectorAll(SAVED)].map((e) => e.textContent).join('|');
  let before = '';
  new MutationObserver(() => {
    if (key === null) return void (before = words());
    const now = words();
    if (now === before || now === '') return;
    before = now;
    const from = key;
    key = null;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => void seen.push({ key: from, painted: clock() });
      channel.port2.postMessage(null);
    });
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

export const paintsOf = ({ page }: Seat): Promise<Painted[]> => page.evaluate(() => (window as unknown as { keyToPaint: Painted[] }).keyToPaint);
