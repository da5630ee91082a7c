/**
 * A wall in a real Chromium through 1,000,000 changes and a day's scenes: what its heap, the hub and PostgreSQL hold as time
 * goes by. The scenes are the demo's, at 24 times the speed; the changes are whole calls, from the ring to the call-back,
 * so that what is open stays as much as it is.
 *
 * Goes on where it stopped: the data stays under .cache/soak, and the changes are counted by the board's own revision. A
 * browser that was stopped begins anew, and so does the heap it is compared with: the one after a browser's first
 * `WARM` minutes. Ends with 1 where the last heap after a forced collection is above that one by more than a tenth.
 * Run: `npm run soak` (`CHANGES=1000000 RATE=300 WARM=10 MINUTES=60`; MINUTES: stop by itself, to go on later). Prints JSON lines.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { Joined } from '../../shared/protocol/messages.ts';
import { Desk } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { print } from '../bench/measure.ts';
import { Callers, operatorCookies } from '../bench/saturation/driver.ts';
import { launch } from '../chromium.ts';
import { cacheDirectory } from '../paths.ts';
import { HubProcess } from '../setup/hub.ts';

const CHANGES = Number(process.env.CHANGES ?? 1_000_000);
const RATE = Number(process.env.RATE ?? 300);
const WARM = Number(process.env.WARM ?? 10);
const MINUTES = Number(process.env.MINUTES ?? Infinity);
const SPEED = 24;
/** A person may send thirty commands a second (hub/seats.ts). */
const CALLERS = Math.ceil(RATE / 25);
const LOOK = 30;
const MOST = 1.1;

const place = cacheDirectory('soak');
const data = join(place, 'hub');
const kept = join(place, 'state.json');
const state = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as { since: number; browsers: number }) : { since: 0, browsers: 0 };

/** What a process and those it has started keep for themselves, in MiB. */
function anonymous(pid: number): number {
  const of = (id: number): { kB: number; parent: number } | null => {
    try {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return { kB: Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0), parent: Number(/PPid:\s+(\d+)/.exec(status)?.[1]) };
    } catch {
      // It has ended since it was listed.
      return null;
    }
  };
  let kB = of(pid)?.kB ?? 0;
  for (const name of readdirSync('/proc')) {
    const one = /^\d+$/.test(name) && Number(name) !== pid ? of(Number(name)) : null;
    if (one?.parent === pid) kB += one.kB;
  }
  return Math.round(kB / 102.4) / 10;
}

mkdirSync(data, { recursive: true });
const hub = new HubProcess({ dataDir: data, argv: ['--demo', '--speed', String(SPEED), '--at', '2020-02-05T00:00:00+08:00'] });
const browser = await launch();
let callers: Callers | null = null;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const faults: string[] = [];
try {
  const url = await hub.ready();
  const passwords = JSON.parse(readFileSync(join(data, 'people.json'), 'utf8')) as Record<string, string>;
  const signIn = (who: string): Promise<Desk> => Desk.signIn(url, who, passwords[who] ?? '', 'drill');
  const chief = await signIn('admin2');
  const first = await signIn('operator');
  const joined = (await first.socket.timeout(20_000).emitWithAck('board:join', { protocol: PROTOCOL, entries: false, views: true })) as Joined;
  if (!joined.ok) throw new Error(JSON.stringify(joined));
  const { now, speed } = joined.beat;
  let revision = joined.beat.revision;
  // The board's time as far as nobody could say it lies ahead.
  const board = { id: joined.board.id, at: Date.now(), now: now - 5_000, speed };

  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await pairWall(page, chief, `soak-${(state.browsers += 1)}`);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const look = async (): Promise<Record<string, number>> => {
    await cdp.send('HeapProfiler.collectGarbage');
    const of = Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
    return { heapMiB: Math.round((of.JSHeapUsedSize ?? 0) / 10_485.76) / 100, nodes: of.Nodes ?? 0, listeners: of.JSEventListeners ?? 0 };
  };

  callers = await Callers.open({ urls: [url], cookies: await operatorCookies(chief, CALLERS), gate: 'socket', callers: CALLERS, perSecond: RATE / CALLERS, whole: true, board });
  callers.nice();
  const began = performance.now();
  const minutes = (): number => (performance.now() - began) / 60_000;
  let warm: number | null = null;
  let last = 0;
  while (revision < CHANGES && minutes() < MINUTES && !stop.signal.aborted) {
    const sent = await callers.send(LOOK);
    if (sent.acknowledged === 0) throw new Error(`nothing is acknowledged any more: ${JSON.stringify(sent.refused)}`);
    revision = Number(await page.evaluate('document.documentElement.dataset.revision'));
    const wall = await look();
    last = wall.heapMiB ?? 0;
    if (warm === null && minutes() >= WARM) warm = last;
    print('soak', { minute: Math.round(minutes() * 10) / 10, revision, wall, hubMiB: anonymous(hub.pid), postgresMiB: anonymous(hub.postgresPid ?? 0), acknowledgedASecond: Math.round(sent.acknowledged / LOOK), refused: sent.refused, faults: faults.length });
    writeFileSync(kept, JSON.stringify({ ...state, since: revision }));
  }
  print('soaked', { revision, of: CHANGES, minutes: Math.round(minutes()), heapAfterWarm: warm, heapNow: last, ratio: warm === null ? null : Math.round((last / warm) * 1_000) / 1_000, faults });
  if ((warm !== null && last > warm * MOST) || faults.length > 0) process.exitCode = 1;
  for (const desk of [chief, first]) desk.leave();
} finally {
  callers?.leave();
  await browser.close();
  await hub.stop();
}
