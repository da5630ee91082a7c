/**
 * The register of all calls ever, in a real Chromium that draws without a graphics card, with 150,000 calls behind it: how far
 * apart its frames are while a person scrolls, while 100,000 rows are read to, and while the bar is dragged over those rows in
 * eight seconds; what the page holds then. After that the whole list as a file, CSV and XLSX: how long, and how much memory the
 * hub takes on top of what it had.
 *
 * The calls are made up (finding/fill.ts). Run: `npm run bench -- register` (`CALLS=150000 ROWS=100000`). Prints JSON lines;
 * figures are copied into RESULTS.md.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Client } from 'pg';
import { Frames } from '../../shared/protocol/exports.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { sitDown } from '../actions/console.ts';
import { launch } from '../chromium.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { Caller } from './finding/callers.ts';
import { fill } from './finding/fill.ts';
import { print, spread } from './measure.ts';

const CALLS = Number(process.env.CALLS ?? 150_000);
const ROWS = Number(process.env.ROWS ?? 100_000);
const COLUMNS = ['number', 'rung', 'callerName', 'callerNumber', 'topic', 'locality', 'stage', 'unit', 'urgency', 'origin', 'operator'];

/**
 * Source, not a function: what compiles this file would put a helper of its own into it. Each frame the list is moved by
 * `step`, until `done`; a screen on which a row says that it is not read yet is counted.
 */
const scroll = (step: string, done: string): string => `new Promise((end) => {
  const list = document.querySelector('.findtable .rowwindow');
  const rowHeight = 34;
  const gaps = [];
  let unread = 0;
  const said = new Set();
  const began = performance.now();
  let last = began;
  const frame = (now) => {
    gaps.push(now - last);
    last = now;
    const rows = Math.round(document.querySelector('.rowwindow-all').offsetHeight / rowHeight);
    if (document.querySelector('.rowwindow-row .dim')) unread++;
    const passed = performance.now() - began;
    const wrong = document.querySelector('.findtable [role=alert]');
    if (wrong) said.add(wrong.textContent);
    if (${done}) return end({ gaps: gaps.slice(1), unread, said: [...said], rows, seconds: passed / 1000 });
    list.scrollTop = ${step};
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;
interface Scrolled {
  gaps: number[];
  unread: number;
  /** What the page complained of. */
  said: string[];
  rows: number;
  seconds: number;
}

const hub = new HubProcess({ dataDir: dataDirectory() });
const browser = await launch();
const anonymous = (): number => Math.round(Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${hub.pid}/status`, 'utf8'))?.[1] ?? 0) / 102.4) / 10;
try {
  const url = await hub.ready();
  const admin = await firstAdmin(hub, url);
  const chief = await Desk.signIn(url, admin.user, admin.password);
  const leader = await chief.makePerson('leader', 'bench');
  const db = new Client(hub.privatePostgres);
  await db.connect();
  const { rows: places } = await db.query<{ id: string }>(`select id from record where kind = 'locality' and id like '3301%' and length(id) = 9`);
  // After a year callers' words are erased, which is work of its own.
  await fill(db, CALLS, new Caller(5, Date.now(), 300, places.map((p) => p.id)));
  await db.query('vacuum (analyze)');
  await db.end();

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await sitDown(page, url, 'operator', await chief.makePerson('operator', 'scroller'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.locator('.findtable .rowwindow-row[data-id]').first().waitFor();
  const cdp = await context.newCDPSession(page);
  const heap = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage');
    return Math.round((await page.evaluate<number>('performance.memory.usedJSHeapSize')) / 104_857.6) / 10;
  };
  const told = (what: string, { gaps, unread, said, rows, seconds }: Scrolled, more: Record<string, unknown> = {}): void =>
    print(what, { framesApartMs: spread(gaps), framesWithARowNotRead: unread, ...(said.length > 0 && { said }), rows, seconds: Math.round(seconds * 10) / 10, ...more });
  const before = await heap();
  told('scrolled at a wheel’s pace, 3,600 px a second', await page.evaluate<Scrolled>(scroll('list.scrollTop + 60', 'passed > 15000')));
  told('read on to the last row', await page.evaluate<Scrolled>(scroll('rows * rowHeight', `rows >= ${ROWS} || passed > 120000`)));
  told('dragged over all rows in 8 s', await page.evaluate<Scrolled>(scroll('rows * rowHeight * Math.abs(1 - (passed / 4000) % 2)', 'passed > 8000')), { heapMiB: [before, await heap()] });
  await context.close();

  const signedIn = await Desk.signIn(url, leader.user, leader.password);
  for (const format of ['csv', 'xlsx'] as const) {
    const [began, had] = [performance.now(), anonymous()];
    let most = had;
    const look = setInterval(() => (most = Math.max(most, anonymous())), 50);
    const response = await fetch(`${url}/api/v1/exports`, {
      method: 'POST',
      headers: { cookie: signedIn.cookie, origin: url, 'content-type': 'application/json' },
      body: JSON.stringify({ board: 'main', kind: 'call', columns: COLUMNS, format, language: 'zh' }),
    });
    if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
    const frames = new Frames();
    let bytes = 0;
    let end: unknown = null;
    for await (const chunk of response.body) {
      for (const { sort, payload } of frames.take(chunk)) {
        if (sort === 'data') bytes += payload.length;
        if (sort === 'end') end = JSON.parse(new TextDecoder().decode(payload));
      }
    }
    clearInterval(look);
    if (end === null) throw new Error('the export broke off');
    print('the whole list as a file', { format, ...(end as object), seconds: Math.round((performance.now() - began) / 100) / 10, MB: Math.round(bytes / 1e5) / 10, hubMiB: { before: had, most } });
  }
  signedIn.leave();
  chief.leave();
} finally {
  await browser.close();
  await hub.stop();
  rmSync(hub.options.dataDir, { recursive: true, force: true });
}
