/**
 * Due times with 100,000 clocks running (R15): how long after its moment a due time, or the alert of a rule with a time
 * part, is on disk, in a frame at a wall's socket, and painted on that wall; many that fall due at one moment; and what
 * the figures that keep them cost (picture.ts beside this). The hub is the build, in a process of its own; the wall is a page in Chromium.
 * Run: `npm run bench -- clocks` (`CLOCKS=100000 DUE=120 BURST=2000`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Page, WebSocket } from 'playwright';
import type { Alert } from '../../shared/features/alert/record.ts';
import type { Order } from '../../shared/features/order/record.ts';
import type { Answer, ViewFrame } from '../../shared/protocol/messages.ts';
import type { ChangesAnswer } from '../../shared/protocol/changes.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { pairWall, wallReaches } from '../actions/wall.ts';
import { launch } from '../chromium.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { print, spread, watchPaints, type Paint } from './measure.ts';

const CLOCKS = Number(process.env.CLOCKS ?? 100_000);
const DUE = Number(process.env.DUE ?? 120);
const BURST = Number(process.env.BURST ?? 2_000);
const UNITS = 20;
/** A person's rate at the door is bounded (hub/sockets.ts), so as many fill the board as it takes. */
const LEADERS = 8;
/** Milliseconds between two moments. */
const APART = 137;

const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Sends as often as it takes: whoever is told to wait waits, as a console's outbox does. */
async function send(desk: Desk, type: string, body: Record<string, unknown>): Promise<Extract<Answer, { ok: true }>> {
  for (;;) {
    const answer = await desk.send(type, body);
    if (answer.ok) return answer;
    if (answer.error.code !== 'tooMany') throw new Error(`${type}: ${JSON.stringify(answer.error)}`);
    await pause((answer.error.retryAfter ?? 1) * 1_000);
  }
}

interface Fact {
  moment: number;
  revision: number;
  recorded: number;
}

/** Every view frame that comes over a page's socket: the revision it leads to, and when it came by this machine's clock. */
function framesOf(page: Page): { at: number; to: number }[] {
  const frames: { at: number; to: number }[] = [];
  page.on('websocket', (socket: WebSocket) =>
    socket.on('framereceived', ({ payload }) => {
      const text = String(payload);
      const begin = text.indexOf('["board:view"');
      if (begin < 0) return;
      const [, frame] = JSON.parse(text.slice(begin)) as [string, ViewFrame];
      frames.push({ at: Date.now(), to: frame.to });
    }),
  );
  return frames;
}

/** What the board wrote by itself after a position, with the moment each speaks of. */
async function factsAfter(desk: Desk, since: string, momentOf: (call: string) => number | undefined): Promise<Fact[]> {
  const out: Fact[] = [];
  for (let from = since; ; ) {
    const said = (await desk.rest('GET', `/changes?limit=500&since=${from}`)).json as unknown as ChangesAnswer;
    if (!said.continues) throw new Error(JSON.stringify(said));
    for (const { command, revision, recorded, puts } of said.changes) {
      const [put] = puts;
      if (command === 'order.tick' && put) {
        const { passed } = (put.body as Order).clock;
        if (passed !== null) out.push({ moment: passed, revision, recorded });
      }
      const about = command === 'alert.found' && put?.kind === 'alert' ? (put.body as Alert).about : null;
      const moment = about ? momentOf(about.id) : undefined;
      if (moment !== undefined) out.push({ moment, revision, recorded });
    }
    if (!said.more) return out;
    from = said.next;
  }
}

async function served(): Promise<void> {
  const hub = new HubProcess({ dataDir: dataDirectory() });
  const browser = await launch();
  const desks: Desk[] = [];
  try {
    const url = await hub.ready();
    const admin = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, admin.user, admin.password);
    desks.push(chief);
    for (let i = 0; i < LEADERS; i++) {
      const who = await chief.makePerson('leader', `bench-leader-${i}`);
      desks.push(await Desk.signIn(url, who.user, who.password));
    }
    const leaders = desks.slice(1);
    const [desk] = leaders as [Desk];
    const who = await chief.makePerson('operator', 'bench-operator');
    const operator = await Desk.signIn(url, who.user, who.password);
    desks.push(operator);
    const units = Array.from({ length: UNITS }, (_, i) => `bench-${i}`);
    for (const code of units) await send(chief, 'unit.save', { code, create: true, changes: { name: set({ zh: `单位${code}`, en: code }), sort: set('team'), localities: set([]) } });
    const give = (by: Desk, due: number, to: string[]): Promise<unknown> => send(by, 'order.give', { title: '压测', units: to, due });

    const seeded = performance.now();
    const far = Date.now() + 10 * 3_600_000;
    let next = 0;
    // Several on the way from each, so that the board has something to put together.
    await Promise.all(
      [...leaders, ...leaders, ...leaders].map(async (by) => {
        for (let i = next++; i * UNITS < CLOCKS; i = next++) await give(by, far + i * 1_000, units);
      }),
    );
    print('seeded', { clocks: CLOCKS, seconds: Math.round((performance.now() - seeded) / 1_000) });

    const rule = { name: { zh: '压测', en: 'Bench' }, looks: 'records', kind: 'call', when: 'topic == "advice"', field: 'rung', minutes: 5, level: 'medium', title: { zh: '{number} 满五分钟', en: '{number} five minutes old' }, active: true };
    await send(chief, 'rule.save', { code: 'bench', create: true, changes: Object.fromEntries(Object.entries(rule).map(([k, v]) => [k, set(v)])) });

    const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
    const frames = framesOf(page);
    await pairWall(page, chief, 'bench');
    await page.evaluate(watchPaints);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await pause(5_000);

    // Orders and alerts by turns, each at a moment of its own; all are on record before the first moment comes.
    const start = await send(desk, 'order.give', { title: '起点', units: [units[0]], due: far });
    const since = `1.${start.revision}`;
    const begin = Date.now() + 12_000;
    const calls = new Map<string, number>();
    const orders: number[] = [];
    for (let i = 0; i < DUE; i++) {
      const moment = begin + i * APART;
      if (i % 2 === 0) {
        await give(leaders[i % LEADERS] as Desk, moment, [units[i % UNITS] as string]);
        orders.push(moment);
      } else {
        const { result } = await send(operator, 'call.log', { rung: moment - 5 * 60_000, answered: moment - 5 * 60_000, topic: 'advice', locality: '330102' });
        calls.set(String(result.id), moment);
      }
    }
    if (Date.now() > begin) throw new Error('the first moment came before all were on record: give more time');
    const awaited = async (from: string, n: number): Promise<Fact[]> => {
      for (;;) {
        const facts = await factsAfter(desk, from, (id) => calls.get(id));
        if (facts.length >= n) return facts;
        await pause(500);
      }
    };
    await pause(begin + DUE * APART - Date.now());
    const facts = await awaited(since, DUE);
    await wallReaches(page, Math.max(...facts.map((f) => f.revision)));
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))');
    const paints = (await page.evaluate<Paint[]>('window.seen')).sort((a, b) => a[1] - b[1]);
    const figures = (of: Fact[], from: number): Record<string, unknown> => ({
      committedMs: spread(of.map((f) => f.recorded - f.moment)),
      frameMs: spread(of.map((f) => (frames.find((x) => x.at >= from && x.to >= f.revision)?.at ?? Infinity) - f.moment)),
      paintedMs: spread(of.map((f) => (paints.find((p) => p[0] >= f.revision)?.[1] ?? Infinity) - f.moment)),
    });
    print('order due', figures(facts.filter((f) => orders.includes(f.moment)), begin));
    print('alert of a rule', figures(facts.filter((f) => !orders.includes(f.moment)), begin));

    // Many at one moment: the wall says how many are late at once, and each is written in its turn.
    const at = Date.now() + 15_000;
    const last = await send(desk, 'order.give', { title: '起点', units: [units[0]], due: far });
    for (let i = 0; i < BURST; i += UNITS) await give(leaders[(i / UNITS) % LEADERS] as Desk, at, units);
    if (Date.now() > at) throw new Error('the moment came before all were on record: give more time');
    await pause(at - Date.now());
    const many = await awaited(`1.${last.revision}`, BURST);
    await wallReaches(page, Math.max(...many.map((f) => f.revision)));
    const after = (await page.evaluate<Paint[]>('window.seen')).sort((a, b) => a[1] - b[1]);
    const painted = (f: Fact): number => (after.find((p) => p[0] >= f.revision)?.[1] ?? Infinity) - f.moment;
    print('burst', { n: many.length, committedMs: spread(many.map((f) => f.recorded - f.moment)), paintedMs: spread(many.map(painted)) });
  } finally {
    for (const desk of desks) desk.leave();
    await browser.close();
    await hub.stop();
    rmSync(hub.options.dataDir, { recursive: true, force: true });
  }
}

await served();
