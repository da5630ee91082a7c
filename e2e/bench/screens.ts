/**
 * Commit to screen at several rates with several crowds; then the same again with a wall in a real Chromium among them, for
 * acknowledged to painted (drawing without a graphics card takes a core of the two from everybody else):
 * nine tenths of the crowd are consoles of five units, one tenth walls. `sent to heard` is the whole way, from the command's
 * leaving a desk to a screen's socket; `acknowledged to heard` begins when the desk has its answer, which comes after the commit.
 * Everything shares this machine: hub, PostgreSQL, Redis, crowd, desks and browser.
 * Run: `npm run bench -- screens` (`SCREENS=200,2000 RATES=20,100,500 SECONDS=8 ROUNDS=5`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { rmSync } from 'node:fs';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { pairWall } from '../actions/wall.ts';
import { launch } from '../chromium.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { Crowd } from './crowd.ts';
import { Audience, cpuOf, pairOne } from './fanout/ushers.ts';
import { sizeOf, units, type Room } from './fanout/words.ts';
import { print, quantile, spread, watchPaints, type Paint } from './measure.ts';

const listed = (name: string, otherwise: string): number[] => (process.env[name] ?? otherwise).split(',').map(Number);
const SCREENS = listed('SCREENS', '200,2000');
const RATES = listed('RATES', '20,100,500');
const SECONDS = Number(process.env.SECONDS ?? 8);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
/** A person may send sixty commands a second (server/hub/seats.ts). */
const WRITERS = Math.max(4, Math.ceil(Math.max(...RATES) / 40));
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const now = (): number => performance.timeOrigin + performance.now();

interface Written {
  revision: number;
  sent: number;
  acknowledged: number;
}

const hub = new HubProcess({ dataDir: dataDirectory() });
const browser = await launch();
try {
  const url = await hub.ready();
  const admin = await firstAdmin(hub, url);
  const chief = await Desk.signIn(url, admin.user, admin.password);
  await pairOne(chief);
  const crowd = await Crowd.of(hub.options.dataDir);
  const most = SCREENS.reduce((a, b) => a + b, 0) * 2 + 200;
  const cookies: Partial<Record<Room, string[]>> = { wall: await crowd.walls(sizeOf('wall', most)) };
  for (const unit of units) {
    const person = await chief.makePerson('operator', `bench-${unit}`, { units: [unit], localities: null });
    cookies[unit] = await crowd.like(person.id, sizeOf(unit, most));
  }
  await crowd.close();
  const writers: Desk[] = [];
  for (let i = 0; i < WRITERS; i++) {
    const person = await chief.makePerson('operator', `writer-${i}`);
    writers.push(await Desk.signIn(url, person.user, person.password));
  }

  async function write(rate: number): Promise<Written[]> {
    const written: Written[] = [];
    const pending: Promise<void>[] = [];
    const began = performance.now();
    for (let i = 0; i < rate * SECONDS; i++) {
      const ms = began + (i * 1_000) / rate - performance.now();
      if (ms > 1) await pause(ms);
      const [sent, at] = [now(), Date.now()];
      pending.push(
        (writers[i % writers.length] as Desk).send('call.log', { rung: at, answered: at, topic: 'symptoms', unit: units[i % units.length], locality: '330102', narrative: '发热咨询' }).then((answer) => {
          if (!answer.ok) throw new Error(JSON.stringify(answer.error));
          written.push({ revision: answer.revision, sent, acknowledged: now() });
        }),
      );
    }
    await Promise.all(pending);
    return written;
  }

  for (const n of SCREENS) for (const drawn of [false, true]) {
    const context = drawn ? await browser.newContext({ viewport: { width: 1920, height: 1080 } }) : null;
    const page = await context?.newPage();
    if (page) {
      await pairWall(page, chief, `bench-${n}`);
      await page.evaluate(watchPaints);
      await page.evaluate('document.fonts.ready.then(() => undefined)');
    }
    const audience = new Audience();
    const joined = await audience.joined({ url, cookies, speaks: 'hub', n });
    print('screens joined', { n, ms: Math.round(joined) });
    await pause(2_000);
    const rounds = new Map<number, { heard: number[]; whole: number[]; painted: number[]; answered: number[]; cores: number[] }>();
    for (let round = 0; round < ROUNDS; round++)
      for (const rate of RATES) {
        const all = rounds.get(rate) ?? { heard: [], whole: [], painted: [], answered: [], cores: [] };
        rounds.set(rate, all);
        await page?.evaluate('window.seen.length = 0');
        await audience.begin();
        const [cpu, began] = [cpuOf(hub.pid), performance.now()];
        const written = await write(rate);
        all.cores.push((cpuOf(hub.pid) - cpu) / (performance.now() - began));
        await pause(1_500);
        const arrivals = (await audience.end()).arrivals.sort((a, b) => a[0] - b[0]);
        const paints = ((await page?.evaluate<Paint[]>('window.seen')) ?? []).sort((a, b) => a[1] - b[1]);
        for (const w of written) {
          const at = arrivals.find(([to]) => to >= w.revision)?.[1] ?? [Infinity];
          for (let i = 0; i < at.length; i += 10) {
            all.heard.push(Math.max(0, (at[i] as number) - w.acknowledged));
            all.whole.push((at[i] as number) - w.sent);
          }
          all.painted.push(Math.max(0, (paints.find(([revision]) => revision >= w.revision)?.[1] ?? Infinity) - w.acknowledged));
          all.answered.push(w.acknowledged - w.sent);
        }
      }
    for (const [rate, all] of rounds) {
      const of = { screens: n, rate, chromium: drawn };
      print('acknowledged to heard', { ...of, ...spread(all.heard) });
      print('sent to heard', { ...of, ...spread(all.whole) });
      if (drawn) print('acknowledged to painted', { ...of, ...spread(all.painted) });
      print('sent to acknowledged', { ...of, ...spread(all.answered), hubCores: Math.round(quantile(all.cores, 0.5) * 100) / 100 });
    }
    await audience.leave();
    await context?.close();
  }
  for (const desk of [chief, ...writers]) desk.leave();
} finally {
  await browser.close();
  await hub.stop();
  rmSync(hub.options.dataDir, { recursive: true, force: true });
}
