import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { clockText } from '../../shared/time/zone.ts';
import { launch } from '../chromium.ts';
import { cacheDirectory } from '../paths.ts';
import { Pair } from '../setup/pair.ts';
import { read } from '../actions/watch.ts';
import { Book } from './book.ts';
import { clerkAnnounces, clerkCounts, clerkMoves, inspectorReports, leaderDeclares, leaderOrders, leaderUrges, operatorsCall, unitAccepts } from './people.ts';
import { reckon, type Head } from './reckoning.ts';
import { paintsOf, places, revisionOf, sit, type Seat } from './seats.ts';

/**
 * The demo's night on every screen at once, with people at the desks who use the keyboard alone, and one hub killed on the
 * way. Leaves pictures, a log and a report below .cache/night; ends with 1 when anything went wrong.
 *
 * --from 22:00 --hours 10 --speed 60   which part of the night, how fast
 * --kill 02:30                         when the second hub is killed; `never`
 * --seats wall-zh,operator             only these screens
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '22:00' },
    hours: { type: 'string', default: '10' },
    speed: { type: 'string', default: '60' },
    kill: { type: 'string', default: '02:30' },
    seats: { type: 'string', default: '' },
  },
});
const HOUR = 3_600_000;
const ZONE = 'Asia/Shanghai';
/** The night of the scenario: hours before noon are the next day's. */
const moment = (hhmm: string): number => Date.parse(`2020-02-0${Number(hhmm.slice(0, 2)) < 12 ? 6 : 5}T${hhmm}:00+08:00`);
const from = moment(values.from);
const until = from + Number(values.hours) * HOUR;
const speed = Number(values.speed);
const killAt = values.kill === 'never' ? Infinity : moment(values.kill);
const chosen = places.filter((p) => values.seats === '' || values.seats.split(',').includes(p.name));

let clock: { anchor: number; start: number; speed: number } | null = null;
const now = (): number => (clock ? clock.start + (Date.now() - clock.anchor) * clock.speed : from);
const dir = cacheDirectory('night', `${values.from.replace(':', '')}-${values.hours}h`);
const book = new Book(dir, () => clockText(now(), ZONE));

const pair = await Pair.start();
const browser = await launch();
let failed = false;
try {
  await play();
} catch (cause) {
  failed = true;
  book.fault('night', String((cause as Error).stack ?? cause));
} finally {
  await browser.close();
  await pair.stop();
}
process.stdout.write(`\n${book.report([])}\n${dir}\n`);
process.exit(failed || book.faults.length > 0 ? 1 : 0);

async function play(): Promise<void> {
  // Sitting down takes about a minute; the night begins when everybody is there.
  const at = new Date(from - 55_000 * speed).toISOString();
  const demo = await pair.startHub(0, { argv: ['--demo', '--speed', String(speed), '--at', at], logLevel: 'warn' });
  const { url } = await pair.startHub(1, { logLevel: 'warn' });
  const urls = [demo.url, url];
  const passwords = JSON.parse(readFileSync(join(demo.hub.options.dataDir, 'people.json'), 'utf8')) as Record<string, string>;
  const database = new pg.Client(pair.connection);
  // Gone with its server, when the night is broken off.
  database.on('error', () => undefined);
  await database.connect();
  ({ clock } = (await database.query<{ clock: typeof clock }>(`select clock from board where id = 'drill'`)).rows[0] ?? { clock: null });
  const head = async (): Promise<Head> => (await database.query<Head>(`select epoch, revision::int from board where id = 'drill'`)).rows[0] as Head;

  const seats: Seat[] = [];
  // Two at a time: one waits for the hub while the other paints.
  const empty = [...chosen];
  const usher = async (): Promise<void> => {
    for (let place = empty.shift(); place; place = empty.shift()) {
      const began = Date.now();
      seats.push(await sit(place, { browser, url: urls[place.hub] as string, passwords, book }));
      book.took('sat down', Date.now() - began);
    }
  };
  await Promise.all([usher(), usher()]);
  for (const seat of seats) if (seat.desk === 'wall' && seat.lang === 'en') await toEnglish(seat);
  book.note(`${seats.length} screens are up`);

  const seat = (name: string): Seat | undefined => seats.find((s) => s.name === name);
  /** One after the other at one seat; seats beside each other. */
  const busy = new Map<string, Promise<void>>();
  const work = (name: string, what: (s: Seat) => Promise<unknown>): void => {
    const s = seat(name);
    if (!s) return;
    busy.set(
      name,
      (busy.get(name) ?? Promise.resolve()).then(() =>
        what(s).then(
          () => undefined,
          async (cause: unknown) => {
            book.fault(name, String(cause).split('\n').slice(0, 14).join(' | '));
            await book.picture(`${name}-failed`, s.page);
          },
        ),
      ),
    );
  };

  let load = '';
  /** Whatever became of the announcement: without one there is no truck to stand beside. */
  const beside = async (s: Seat, what: () => Promise<void>): Promise<void> => (load === '' ? book.note(`${s.name}: no truck was announced`) : what());
  const agenda: { at: number; act: () => void | Promise<void> }[] = [];
  const due = (when: number, act: () => void | Promise<void>): void => {
    if (when >= now() && when <= until) agenda.push({ at: when, act });
  };
  for (let i = 0, t = from; t < until; i++, t += HOUR) {
    due(t + 5 * 60_000, () => work('operator', (s) => operatorsCall(s, book, i)));
    due(t + 40 * 60_000, () => work('leader', (s) => leaderUrges(s, book)));
  }
  for (let t = from; t <= until; t += HOUR / 2) due(t, async () => void (await pictures()));
  due(moment('22:40'), () => work('supplies', async (s) => (load = await clerkAnnounces(s, book))));
  due(moment('23:40'), () => work('supplies-phone', (s) => beside(s, () => clerkMoves(s, book, load, '在途'))));
  due(moment('00:50'), () => work('leader-phone', (s) => leaderDeclares(s, book, 'II', '省政府第 9 次会议：疫情趋缓')));
  let matter = '';
  due(moment('01:20'), () => work('leader-phone', async (s) => (matter = await leaderOrders(s, book))));
  due(moment('01:40'), () => work('unit-phone', (s) => (matter === '' ? Promise.resolve(book.note('unit-phone: no order was given')) : unitAccepts(s, book, matter))));
  due(moment('02:10'), () => work('leader-phone', (s) => leaderDeclares(s, book, 'I', '新增聚集性疫情')));
  due(moment('03:40'), () => work('supplies-phone', (s) => beside(s, () => clerkMoves(s, book, load, '卸货'))));
  due(moment('04:10'), () => work('supplies-phone', (s) => beside(s, () => clerkCounts(s, book, load))));
  due(moment('07:55'), () => work('enterprises', (s) => inspectorReports(s, book)));
  due(killAt, async () => {
    const hub = pair.hubs[1];
    await hub?.stop('SIGKILL');
    const killed = Date.now();
    book.note('the second hub was killed with -9');
    work('operator', (s) => operatorsCall(s, book, 2));
    const stale = seats.filter((s) => s.hub === 1);
    await Promise.all(stale.map((s) => s.page.locator('.stage-body.frozen, .desk-room.stale').waitFor({ timeout: 15_000 }).catch(() => book.fault(s.name, 'not stale 15 s after its hub was killed'))));
    book.took('killed to every screen of that hub stale', Date.now() - killed);
    await pictures('dead');
    await pair.startHub(1, { logLevel: 'warn' });
    const back = Date.now();
    await Promise.all(stale.map((s) => s.page.locator('.stage-body:not(.frozen), .desk-room:not(.stale)').waitFor({ timeout: 60_000 }).catch(() => book.fault(s.name, 'still stale a minute after its hub was back'))));
    book.took('hub ready again to every screen of it live', Date.now() - back);
    book.note('it was started again');
  });
  agenda.sort((a, b) => a.at - b.at);
  for (const item of agenda) {
    await wait(item.at);
    await item.act();
  }
  await wait(until);
  await Promise.all(busy.values());

  async function pictures(label?: string): Promise<void> {
    const stamp = label ?? clockText(now(), ZONE).replace(':', '');
    for (const s of seats) {
      // A picture of a wall this large stops everything for seconds where no graphics card draws: it is taken when something happened.
      if (label === undefined && s.name === 'wall-4k') continue;
      await book.picture(s.name, s.page, stamp);
      const wider = await s.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wider > 0) book.fault(s.name, `the page is ${wider} pixels wider than the screen`);
    }
  }
  async function wait(when: number): Promise<void> {
    const ms = (when - now()) / speed;
    if (ms > 0) await new Promise((done) => setTimeout(done, ms));
  }
  async function toEnglish(wall: Seat): Promise<void> {
    // A wall is paired in the first language; the key says the other.
    if ((await wall.page.evaluate(() => document.documentElement.lang)) !== 'en') await wall.page.keyboard.press('l');
  }

  // How long from the key to the words on the operator's own screen, and to the walls.
  const operator = seat('operator');
  if (operator) {
    const paints = await paintsOf(operator);
    for (const p of paints) book.took('key to “saved” painted at the desk', p.painted - p.key);
    for (const wall of seats.filter((s) => s.desk === 'wall')) {
      const seen = await read(wall.page);
      for (const p of paints) {
        const sent = [...book.sent.values()].find((c) => c.seat === 'operator' && c.answer?.ok && c.at >= p.key - 5 && c.at <= p.painted);
        const revision = sent?.answer?.ok ? sent.answer.revision : undefined;
        const painted = revision === undefined ? undefined : seen.revisions.find((r) => r.revision >= revision)?.at;
        if (painted !== undefined && painted >= p.key) book.took(`key to painted on ${wall.name}`, painted - p.key);
      }
    }
  }
  for (const wall of seats.filter((s) => s.desk === 'wall')) book.took('the longest a wall’s page stood still', (await read(wall.page)).stall);

  for (const hub of pair.hubs)
    for (const line of hub.stderr.split('\n').filter((l) => l.startsWith('{'))) {
      const { level, msg, ...more } = JSON.parse(line) as { level: number; msg: string };
      // Somebody else was quicker at the same record: the players are told as a person would be.
      if (level >= 40 && (more as { code?: string }).code === 'movedOn') book.note(`somebody was quicker: ${JSON.stringify(more).slice(0, 200)}`);
      else if (level >= 40) book.fault(hub === pair.hubs[0] ? 'hub 0' : 'hub 1', `${msg} ${JSON.stringify(more).slice(0, 300)}`);
    }

  // The players leave with their hub; it comes back without them, and the board comes to rest.
  await pair.hubs[0]?.stop('SIGTERM');
  await pair.startHub(0, { logLevel: 'warn' });
  await reckon({ seats, book, database, head, revisionOf });
  await pictures('end');
  await database.end();
}
