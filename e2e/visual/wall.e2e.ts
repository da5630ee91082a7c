import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch } from '../chromium.ts';
import { GLYPH } from '../../shared/screen/legible.ts';
import { seamsOf, type ScreenProfile } from '../../shared/screen/profile.ts';
import { stageOf } from '../../shared/screen/stage.ts';
import { cacheDirectory } from '../paths.ts';
import { buildGallery, serve } from './gallery.ts';

/**
 * The wall as the room sees it: every state in both languages on three screens, from samples and without a hub. What
 * is measured is what a reader far away depends on: letters large enough, nothing cut off, nothing over something else.
 */

const screens = [
  { name: '1080p', width: 1920, height: 1080 },
  { name: '4k', width: 3840, height: 2160 },
] as const;
/** Pixels, tiles, pixels behind a seam, size of letters. All are told the same, one after the other, in one page. */
const shapes: readonly { name: string; profile: ScreenProfile }[] = [
  { name: 'two', profile: { pixels: { width: 3840, height: 1080 }, tiles: { columns: 2, rows: 1 }, seam: 12 } },
  { name: 'led', profile: { pixels: { width: 6656, height: 1792 } } },
  { name: 'four-two', profile: { pixels: { width: 7680, height: 2160 }, tiles: { columns: 4, rows: 2 }, seam: 0 } },
  { name: 'three-three', profile: { pixels: { width: 5760, height: 3240 }, tiles: { columns: 3, rows: 3 }, seam: 8 } },
  { name: 'two-two', profile: { pixels: { width: 3840, height: 2160 }, tiles: { columns: 2, rows: 2 }, seam: 4 } },
  { name: 'uneven', profile: { pixels: { width: 3840, height: 1080 }, seam: 10, seamsAt: { x: [1_300, 2_600], y: [] } } },
  { name: 'large-letters', profile: { pixels: { width: 1920, height: 1080 }, scale: 1.25 } },
  { name: 'small-letters', profile: { pixels: { width: 3840, height: 2160 }, scale: 0.7, tiles: { columns: 4, rows: 4 } } },
  { name: 'upright', profile: { pixels: { width: 1080, height: 1920 } } },
];
const states = ['empty', 'quiet', 'busy', 'flood', 'stale', 'unknown', 'exercise', 'waiting', 'late-trucks'] as const;
const figures = ['open', 'late', 'resumed', 'colour', 'loads'] as const;
/** Units: what the front rows read, and what the whole room does (LOOK.md). */
const FRONT = 18;
const ROOM = 26;
const ROOM_DIGITS = 32;

let browser: Browser;
let gallery: Awaited<ReturnType<typeof serve>>;
const pictures = cacheDirectory('wall');

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  gallery = await serve(await buildGallery());
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

interface Text {
  text: string;
  /** In units. */
  size: number;
  far: boolean;
  drawn: boolean;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** In units: how much of it is cut away by an element around it. */
  cut: number;
  where: string;
}

async function open(page: Page, query: string): Promise<void> {
  await page.goto(`${gallery.origin}/?${query}`);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  // Two pictures of the screen: sizes are known after the first, what depends on them is drawn in the second.
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(r))))));
}

/** Every piece of text on the page with its size and place. */
const texts = (page: Page): Promise<Text[]> =>
  page.evaluate(() => {
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 100;
    const out: Text[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      const element = node.parentElement;
      if (text === '' || !element || element.closest('script, style, .watermark') || getComputedStyle(element).visibility !== 'visible') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
      let hidden = false;
      for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        const box = at.getBoundingClientRect();
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        // What wraps away whole (a line that is not shown) is not there; what is shown in part is cut.
        if (rect.top >= box.bottom - 1 || rect.bottom <= box.top + 1) hidden = true;
        left = Math.max(left, box.left);
        right = Math.min(right, box.right);
        top = Math.max(top, box.top);
        bottom = Math.min(bottom, box.bottom);
        if (style.textOverflow === 'ellipsis' && at.scrollWidth > at.clientWidth + 1) right = Math.min(right, left);
      }
      if (hidden) continue;
      out.push({
        text,
        size: parseFloat(getComputedStyle(element).fontSize) / unit,
        far: element.closest('[data-far]') !== null,
        drawn: element.closest('svg') !== null,
        left: rect.left / unit,
        top: Math.max(rect.top, top) / unit,
        right: rect.right / unit,
        // Lines that are not shown take no place.
        bottom: Math.min(rect.bottom, bottom) / unit,
        cut: Math.max(rect.width - (right - left), 0) / unit,
        where: `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} in ${element.closest('section, header, main')?.getAttribute('class') ?? ''}`,
      });
    }
    return out;
  });

function overlaps(found: readonly Text[]): string[] {
  const out: string[] = [];
  const flat = found.filter((t) => !t.drawn);
  flat.forEach((a, i) => {
    for (const b of flat.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      // A line box is taller than its letters: only the middle of it counts.
      const down = Math.min(a.bottom - a.size * 0.2, b.bottom - b.size * 0.2) - Math.max(a.top + a.size * 0.2, b.top + b.size * 0.2);
      if (across > 2 && down > 2) out.push(`“${a.text}” (${a.where}) over “${b.text}” (${b.where})`);
    }
  });
  return out;
}

function judge(found: readonly Text[], width: number, height: number): string[] {
  const wrong: string[] = [];
  for (const t of found) {
    if (t.size < FRONT - 0.01) wrong.push(`too small for the front rows (${t.size.toFixed(1)}): “${t.text}” ${t.where}`);
    if (t.far && t.size < ROOM - 0.01) wrong.push(`too small for the room (${t.size.toFixed(1)}): “${t.text}” ${t.where}`);
    if (t.far && /^[\d,.:%+–<\s]+$/.test(t.text) && t.size < ROOM_DIGITS - 0.01) wrong.push(`digits too small for the room (${t.size.toFixed(1)}): “${t.text}” ${t.where}`);
    if (t.cut > 1) wrong.push(`cut by ${t.cut.toFixed(0)}: “${t.text}” ${t.where}`);
    if (t.left < -1 || t.right > width + 1 || t.top < -1 || t.bottom > height + 1) wrong.push(`off the screen: “${t.text}” ${t.where}`);
  }
  return [...wrong, ...overlaps(found)];
}

describe.each(screens)('$name', ({ name, width, height }) => {
  const unit = Math.min(width / 1920, height / 1080);

  test.each(['zh', 'en'] as const)('every state can be read and nothing is cut (%s)', async (language) => {
    const page = await browser.newPage({ viewport: { width, height } });
    const said: string[] = [];
    // The browser says itself that it keeps a page quiet nobody has touched; the band says so too.
    page.on('console', (m) => (m.type() === 'error' || m.type() === 'warning') && !m.text().startsWith('The AudioContext was not allowed to start') && said.push(m.text()));
    page.on('pageerror', (e) => said.push(e.message));
    const wrong: string[] = [];
    for (const [i, state] of states.entries()) {
      // What changes with the pixels alone shows on one picture.
      if (name === '4k' && state !== 'busy' && state !== 'stale') continue;
      await open(page, `state=${state}&lang=${language}&figure=${figures[i % figures.length]}`);
      const found = await texts(page);
      expect(found.length, state).toBeGreaterThan(10);
      wrong.push(...judge(found, width / unit, height / unit).map((w) => `${state}: ${w}`));
      if (name === '1080p' || state === 'busy' || state === 'stale') await page.screenshot({ path: join(pictures, `${name}-${state}-${language}.png`) });
    }
    await page.close();
    expect(wrong).toEqual([]);
    expect(said).toEqual([]);
  });
});

describe('walls of other shapes', () => {
  test.each([['zh', 'flood'], ['zh', 'stale'], ['en', 'busy'], ['en', 'flood']] as const)('more columns, nothing cut, and no figure across a seam (%s, %s)', async (language, state) => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    const wrong: string[] = [];
    await open(page, `state=${state}&lang=${language}&figure=open`);
    for (const { name, profile } of shapes) {
      const { width, height } = profile.pixels!;
      // Drawn small: what is measured is in units of the grid.
      const by = Math.min(1, 2_400 / width);
      await page.setViewportSize({ width: Math.round(width * by), height: Math.round(height * by) });
      await page.evaluate((p) => {
        (window as unknown as { on(p: object): void }).on(p);
        return new Promise<void>((r) => {
          let left = 8;
          const step = (): void => void (left-- > 0 ? requestAnimationFrame(step) : r());
          step();
        });
      }, profile);
      const found = await texts(page);
      expect(found.length, name).toBeGreaterThan(30);
      const stage = stageOf(width, height, profile.scale);
      wrong.push(...judge(found, stage.width, stage.height).map((w) => `${name}: ${w}`));
      const seams = seamsOf(profile);
      const across = (t: Text): boolean =>
        seams.x.some((s) => t.left < (s.at + s.width / 2) / stage.unit - 0.5 && t.right > (s.at - s.width / 2) / stage.unit + 0.5) ||
        seams.y.some((s) => t.top + t.size * 0.2 < (s.at + s.width / 2) / stage.unit && t.bottom - t.size * 0.2 > (s.at - s.width / 2) / stage.unit);
      wrong.push(...found.filter(across).map((t) => `${name}: across a seam: “${t.text}” ${t.where}`));
      // However its seams lie, no panel leaves its tiles empty: each says what presses most, line by line.
      if (state === 'busy')
        expect([name, ...(await Promise.all(['.calls', '.supplies'].map((panel) => page.locator(`${panel} .fit-row`).count()))).map((n) => n > 0)]).toEqual([name, true, true]);
      await page.screenshot({ path: join(pictures, `shape-${name}-${state}-${language}.png`) });
    }
    await page.close();
    expect(wrong).toEqual([]);
  });
});

test.each(['zh', 'en'] as const)('the test card says what the screen is, by letters as large as they say, and none across a seam (%s)', async (language) => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await open(page, `state=busy&lang=${language}&figure=open`);
  const wrong: string[] = [];
  for (const [name, profile] of [
    ['plain', { pixels: { width: 1920, height: 1080 }, widthMetres: 4, farthestMetres: 8 }],
    ['tiled', { pixels: { width: 3840, height: 2160 }, widthMetres: 2.42, farthestMetres: 5, tiles: { columns: 2, rows: 2 }, seam: 8 }],
  ] as const) {
    await page.evaluate((p) => {
      const w = window as unknown as { on(p: object): void; card(n: number): void };
      w.on(p);
      w.card(60);
      return new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(r)))));
    }, profile);
    const card = await page.locator('.card').innerText();
    for (const said of ['指挥大厅主屏', '1920×1080', '26', '60']) expect([name, card.includes(said)]).toEqual([name, true]);
    expect([name, /differs|不符|The profile says/.test(card)]).toEqual([name, name === 'tiled']);
    const seams = name === 'tiled' ? [960] : [];
    const boxes = await page.locator('.card p, .card h1, .card h2, .card-type, .card-lines').evaluateAll((all) => all.map((e) => ({ text: e.textContent ?? '', left: e.getBoundingClientRect().left, right: e.getBoundingClientRect().right, top: e.getBoundingClientRect().top, bottom: e.getBoundingClientRect().bottom })));
    for (const b of boxes) {
      if (seams.some((x) => b.left < x && b.right > x) || (name === 'tiled' && b.top < 540 && b.bottom > 540)) wrong.push(`${name}: across a seam: ${b.text}`);
      if (b.bottom > 1080 || b.right > 1920) wrong.push(`${name}: off the screen: ${b.text}`);
    }
    await page.screenshot({ path: join(pictures, `card-${name}-${language}.png`) });
  }
  // The heights that legibility is reckoned by are those of the letters drawn.
  const glyphs = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d')!;
    context.font = '500 1000px "Noto Sans SC Variable"';
    const high = (text: string): number => {
      const m = context.measureText(text);
      return (m.actualBoundingBoxAscent + m.actualBoundingBoxDescent) / 1_000;
    };
    return { han: high('国应急'), latin: high('8') };
  });
  expect(Math.abs(glyphs.han - GLYPH.han)).toBeLessThan(0.05);
  expect(Math.abs(glyphs.latin - GLYPH.latin)).toBeLessThan(0.04);
  await page.evaluate(() => (window as unknown as { card(n: number): void }).card(0));
  await page.locator('.card').waitFor({ state: 'detached' });
  await page.close();
  expect(wrong).toEqual([]);
});

test.each(['zh', 'en'] as const)('every figure of the map can be read (%s)', async (language) => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const wrong: string[] = [];
  for (const figure of figures) {
    await open(page, `state=flood&lang=${language}&figure=${figure}`);
    const found = await texts(page);
    expect(found.length, figure).toBeGreaterThan(50);
    wrong.push(...judge(found, 1920, 1080).map((w) => `${figure}: ${w}`));
    await page.screenshot({ path: join(pictures, `map-${figure}-${language}.png`) });
  }
  await page.close();
  expect(wrong).toEqual([]);
});

test('before it has joined: a code across the room, in both languages', async () => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  for (const pairing of ['code', 'revoked', 'asking', 'unreachable', 'tooMany', 'approved']) {
    await open(page, `pairing=${pairing}`);
    const found = await texts(page);
    expect(judge(found, 1920, 1080), pairing).toEqual([]);
    expect(found.some((t) => /[一-鿿]{4}/.test(t.text)) && found.some((t) => /[A-Za-z]{4}/.test(t.text)), pairing).toBe(true);
    if (pairing === 'code') expect(found.filter((t) => /^\d{3}$/.test(t.text)).map((t) => [t.text, t.size > 200])).toEqual([['407', true], ['215', true]]);
    await page.screenshot({ path: join(pictures, `pairing-${pairing}.png`) });
  }
  await page.close();
});

test('letters are drawn at the screen’s own pixels: twice the screen is twice the letter, a wider screen is not', async () => {
  const sizes: number[] = [];
  for (const { width, height } of [...screens, { width: 3840, height: 1080 }]) {
    const page = await browser.newPage({ viewport: { width, height } });
    await open(page, 'state=busy&lang=zh');
    sizes.push(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.top-clock')!).fontSize)));
    expect(await page.evaluate(() => [...document.querySelectorAll('.stage, .stage *')].filter((e) => getComputedStyle(e).transform !== 'none' && !e.closest('.watermark, defs')).length)).toBe(0);
    await page.close();
  }
  expect(sizes).toEqual([60, 120, 60]);
});

test('what grows with time is still said whole', async () => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const later = (to: object): Promise<void> =>
    page.evaluate((values) => {
      Object.assign((window as unknown as { picture: object }).picture, values);
      return new Promise<void>((r) => requestAnimationFrame(() => requestAnimationFrame(() => r())));
    }, to);
  const now = (): Promise<number> => page.evaluate(() => (window as unknown as { picture: { now: number } }).picture.now);
  // How long a picture has stood, in the longer language.
  await open(page, 'state=stale&lang=en&figure=open');
  for (const age of [42_000, 45_720_000]) {
    await later({ age });
    const over = await page.evaluate(() => {
      const [banner, ...said] = ['.banner', '.banner b', '.banner span'].map((s) => document.querySelector(s)!.getBoundingClientRect());
      return said.map((s) => Math.max(s!.right - banner!.right, s!.bottom - banner!.bottom, banner!.left - s!.left));
    });
    expect(Math.max(...over), `${age}`).toBeLessThan(0);
  }
  // A load keeps its name beside the hours for which nobody knows where it is.
  await open(page, 'state=late-trucks&lang=zh&figure=open');
  await later({ now: (await now()) + 61 * 60_000 });
  const gone = await page.evaluate(() => [...document.querySelectorAll('.load-what')].filter((row) => row.querySelector('.load-cargo')!.getBoundingClientRect().top >= row.getBoundingClientRect().bottom - 1).length);
  expect([await page.locator('.load-alarm', { hasText: '时' }).count() > 0, gone]).toEqual([true, 0]);
  await page.close();
});

test('silence shows on the data itself, and coming back does not flash', async () => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await open(page, 'state=busy&lang=zh');
  const look = (): Promise<{ ink: string; hatched: boolean; banner: number; line: string; flashes: number; clock: string | undefined; left: string | undefined }> =>
    page.evaluate(() => {
      const number = document.querySelector('.calls .figure-number')!;
      return {
        ink: getComputedStyle(number).color,
        hatched: getComputedStyle(number).backgroundImage !== 'none',
        banner: document.querySelectorAll('.banner').length,
        line: getComputedStyle(document.querySelector('.line-what')!).color,
        flashes: document.querySelectorAll('.changed').length,
        clock: document.querySelector('.top-clock')?.textContent ?? undefined,
        left: document.querySelector('.line-when')?.textContent ?? undefined,
      };
    });
  const set = (to: object): Promise<unknown> =>
    page.evaluate((values) => {
      Object.assign((window as unknown as { picture: object }).picture, values);
      return new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
    }, to);
  const fresh = await look();
  const now = await page.evaluate(() => (window as unknown as { picture: { now: number } }).picture.now);
  await set({ stale: true, age: 6_000, now: now + 6_000 });
  const silent = await look();
  expect([fresh.banner, fresh.hatched, silent.banner, silent.hatched]).toEqual([0, false, 1, true]);
  expect(silent.ink).not.toBe(fresh.ink);
  expect(silent.line).not.toBe(fresh.line);
  await set({ age: 186_000, now: now + 186_000 });
  const later = await look();
  expect(later.clock).not.toBe(silent.clock);
  // The clock alone goes on: nothing else that depends on time has moved.
  expect(later.left).toBe(silent.left);
  await page.evaluate(() => {
    const { picture } = window as unknown as { picture: { views: { call: { open: object; overdue: object } }; stale: boolean; age: number } };
    Object.assign(picture, { stale: false, age: 0 });
    picture.views.call = { ...picture.views.call, open: { value: 44, asOf: 1 }, overdue: { value: 9, asOf: 1 } };
  });
  await set({});
  const back = await look();
  expect([back.banner, back.hatched, back.flashes]).toEqual([0, false, 0]);
  expect(back.ink).toBe(fresh.ink);
  await page.close();
});
