/**
 * Acknowledged to painted: from the moment the hub's answer to a command has arrived at a desk to the moment a wall in a
 * real Chromium has drawn a frame that shows at least that revision. Both clocks are this machine's.
 * Run: `npm run bench -- painted`. Prints JSON lines; figures are copied into RESULTS.md with how and where.
 */
import { rmSync } from 'node:fs';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { pairWall, wallReaches } from '../actions/wall.ts';
import { launch } from '../chromium.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { print, spread, watchPaints, type Paint } from './measure.ts';

const RATE = Number(process.env.RATE ?? 20);
const SECONDS = Number(process.env.SECONDS ?? 30);
/** Seconds a wall has been up before the first command. 0 measures a wall that has only just come. */
const REST = Number(process.env.REST ?? 5);

export async function painted(): Promise<void> {
  const hub = new HubProcess({ dataDir: dataDirectory() });
  const browser = await launch();
  try {
    const url = await hub.ready();
    const admin = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, admin.user, admin.password);
    const person = await chief.makePerson('operator', 'bench-operator');
    const desk = await Desk.signIn(url, person.user, person.password);
    const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
    await pairWall(page, chief, 'bench');

    // The page's own account of what it has drawn: revision and time, two frames after the text changed.
    await page.evaluate(watchPaints);

    // A wall has been up for hours when a call comes: its first seconds, letters and code arriving, are not what is asked.
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await new Promise((done) => setTimeout(done, REST * 1_000));

    const acknowledged: { revision: number; at: number; took: number }[] = [];
    const now = Date.now();
    const pending: Promise<void>[] = [];
    await new Promise<void>((done) => {
      let sent = 0;
      const timer = setInterval(() => {
        const begun = performance.now();
        pending.push(
          desk
            .send('call.log', { rung: now, answered: now, topic: 'symptoms', locality: '330102', callerNumber: `1990000${String(sent % 10_000).padStart(4, '0')}`, narrative: '发热咨询' })
            .then((a) => {
              if (!a.ok) throw new Error(JSON.stringify(a.error));
              acknowledged.push({ revision: a.revision, at: performance.timeOrigin + performance.now(), took: performance.now() - begun });
            }),
        );
        if (++sent >= RATE * SECONDS) {
          clearInterval(timer);
          done();
        }
      }, 1000 / RATE);
    });
    await Promise.all(pending);
    const last = Math.max(...acknowledged.map((a) => a.revision));
    await wallReaches(page, last);
    // The last one's own frame has to be drawn as well.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))');
    const seen = (await page.evaluate<Paint[]>('window.seen')).sort((a, b) => a[1] - b[1]);
    const delays = acknowledged.map((a) => {
      const drawn = seen.find(([revision]) => revision >= a.revision);
      return drawn ? Math.max(0, drawn[1] - a.at) : Infinity;
    });
    print('acknowledged to painted', { rate: RATE, ...spread(delays) });
    print('command to acknowledged', { rate: RATE, ...spread(acknowledged.map((a) => a.took)) });
    chief.leave();
    desk.leave();
  } finally {
    await browser.close();
    await hub.stop();
    rmSync(hub.options.dataDir, { recursive: true, force: true });
  }
}

await painted();
