/**
 * A wall under 200 changes a second in a real Chromium, which draws without a graphics card: how far apart its frames are,
 * long tasks (W3C Long Tasks: 50 ms and more), and what its main thread does for each frame; what the compositor and the
 * drawing cost beside it is told apart. The callers run niced (19); hub and PostgreSQL share the machine.
 * Run: `npm run bench -- frames` (`RATE=200 SECONDS=20 SIZES=1920x1080,3840x2160,6656x1792`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { launch } from '../chromium.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { print, spread } from './measure.ts';
import { Callers, operatorCookies } from './saturation/driver.ts';

const RATE = Number(process.env.RATE ?? 200);
const SECONDS = Number(process.env.SECONDS ?? 20);
const SIZES = (process.env.SIZES ?? '1920x1080,3840x2160,6656x1792').split(',').map((s) => s.split('x').map(Number) as [number, number]);
/** A person may send thirty commands a second (hub/seats.ts). */
const CALLERS = Math.ceil(RATE / 25);
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Source, not a function: what compiles this file would put a helper of its own into it. */
const watchFrames = `(() => {
  const seen = (window.frames_ = { gaps: [], long: [] });
  let last = performance.now();
  const next = (now) => {
    seen.gaps.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  new PerformanceObserver((list) => list.getEntries().forEach((e) => seen.long.push(e.duration))).observe({ entryTypes: ['longtask'] });
})()`;

/** Processor time of every process of this test's browser by its type, in milliseconds. */
function cpuByType(): Map<string, number> {
  const sum = new Map<string, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const type = line.find((a) => a.startsWith('--type='))?.slice(7);
      if (!type) continue;
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      sum.set(type, (sum.get(type) ?? 0) + (Number(fields[11]) + Number(fields[12])) * 10);
    } catch {
      // It has ended since it was listed.
    }
  }
  return sum;
}

const hub = new HubProcess({ dataDir: dataDirectory() });
const browser = await launch();
let callers: Callers | null = null;
try {
  const url = await hub.ready();
  const admin = await firstAdmin(hub, url);
  const chief = await Desk.signIn(url, admin.user, admin.password);
  const cookies = await operatorCookies(chief, CALLERS);
  callers = await Callers.open({ urls: [url], cookies, gate: 'socket', callers: CALLERS, perSecond: RATE / CALLERS });
  callers.nice();
  for (const [width, height] of SIZES) {
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    await pairWall(page, chief, `bench-${width}`);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const metrics = async (): Promise<Record<string, number>> => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
    await pause(5_000);
    for (const rate of [0, RATE]) {
      // What it costs to come under load is not what it costs to be under it.
      const sending = rate === 0 ? null : callers.send(SECONDS + 3);
      await pause(3_000);
      await page.evaluate(watchFrames);
      const [before, cpu] = [await metrics(), cpuByType()];
      await pause((SECONDS - 1) * 1_000);
      const [after, cpuAfter] = [await metrics(), cpuByType()];
      const seen = await page.evaluate<{ gaps: number[]; long: number[] }>('window.frames_');
      const sent = await sending;
      const ms = (name: string): number => Math.round((((after[name] ?? 0) - (before[name] ?? 0)) * 1e6) / seen.gaps.length) / 1_000;
      const processes = Object.fromEntries([...cpuAfter].map(([type, to]) => [type, Math.round(((to - (cpu.get(type) ?? 0)) / seen.gaps.length) * 100) / 100]));
      print('frames of a wall', {
        size: `${width}x${height}`,
        changesASecond: sent ? Math.round(sent.acknowledged / (SECONDS + 3)) : 0,
        apartMs: spread(seen.gaps.slice(1)),
        longTasks: { n: seen.long.length, longestMs: Math.round(Math.max(0, ...seen.long)) },
        mainThreadMsAFrame: { all: ms('TaskDuration'), script: ms('ScriptDuration'), style: ms('RecalcStyleDuration'), layout: ms('LayoutDuration') },
        processMsAFrame: processes,
      });
    }
    await context.close();
  }
  chief.leave();
} finally {
  callers?.leave();
  await browser.close();
  await hub.stop();
  rmSync(hub.options.dataDir, { recursive: true, force: true });
}
