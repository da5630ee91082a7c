/**
 * Due times with 100,000 clocks running (R15): how long after its moment a due time is on disk, and how long until a frame
 * with it has reached a wall; many that fall due at one moment; and what the picture that keeps them costs.
 * Run: `npm run bench -- clocks` (`CLOCKS=100000 DUE=120 BURST=2000`, `ONLY=picture` for the last). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { asPattern } from '../../shared/features/index.ts';
import type { Order } from '../../shared/features/order/record.ts';
import type { OrderView } from '../../shared/features/order/stats.ts';
import type { ViewFrame } from '../../shared/protocol/messages.ts';
import { startUntil } from '../../shared/time/dueClock.ts';
import { Picture } from '../../server/hub/picture.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';

const CLOCKS = Number(process.env.CLOCKS ?? 100_000);
const DUE = Number(process.env.DUE ?? 120);
const BURST = Number(process.env.BURST ?? 2_000);
const UNITS = 20;

const quantile = (of: number[], q: number): number => [...of].sort((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * q))] ?? NaN;
const spread = (of: number[]): Record<string, number> => ({ n: of.length, p50: Math.round(quantile(of, 0.5)), p95: Math.round(quantile(of, 0.95)), max: Math.round(Math.max(...of)) });
const print = (what: string, figures: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify({ what, ...figures })}\n`);

/** The hub's own keeping of them, without PostgreSQL: what one change costs, and a checkpoint. */
function picture(): void {
  const [sample] = asPattern.order.samples();
  const p = new Picture(asPattern, 'Asia/Shanghai');
  const now = Date.UTC(2020, 1, 5, 14);
  const by = { calendar: {}, zone: 'Asia/Shanghai' };
  const body = (i: number, due: number): Record<string, unknown> => ({ ...sample?.body, number: `D-${i}`, standing: 'given', clock: startUntil(due, { remindBefore: null, urgeAfter: 0, escalateAfter: 60 }, now, by) });
  let revision = 0;
  const put = (i: number, after: Record<string, unknown>, was: Partial<Order> | null): void => {
    revision++;
    p.apply({ board: 'b', epoch: 1, revision, recorded: now, occurred: now, command: 'order.give', author: { id: 'a', label: 'a' }, puts: [{ kind: 'order', id: `0b0e1c6e-0009-4000-8000-${String(i).padStart(12, '0')}`, version: 1, kindVersion: 1, body: after, was }] });
  };
  for (let i = 0; i < CLOCKS; i++) put(i, body(i, now + ((i * 7_919) % 86_400_000)), null);
  const changes: number[] = [];
  for (let i = 0; i < 2_000; i++) {
    const at = (i * 37) % CLOCKS;
    const before = body(at, now + ((at * 7_919) % 86_400_000));
    const begun = performance.now();
    put(at, body(at, now + 90_000_000 + i), { clock: before.clock as Order['clock'] });
    changes.push((performance.now() - begun) * 1_000);
  }
  let begun = performance.now();
  const saved = p.save();
  const saving = performance.now() - begun;
  begun = performance.now();
  new Picture(asPattern, 'Asia/Shanghai').load(JSON.parse(saved));
  print('picture', { clocks: CLOCKS, changeMicros: spread(changes), checkpointMB: Math.round(saved.length / 104_857.6) / 10, saveMs: Math.round(saving), loadMs: Math.round(performance.now() - begun) });
}

async function served(): Promise<void> {
  const hub = new HubProcess({ dataDir: dataDirectory() });
  try {
    const url = await hub.ready();
    const admin = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, admin.user, admin.password);
    const who = await chief.makePerson('leader', 'bench-leader');
    const desk = await Desk.signIn(url, who.user, who.password);
    const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
    const units = Array.from({ length: UNITS }, (_, i) => `bench-${i}`);
    for (const code of units) await chief.send('unit.save', { code, create: true, changes: { name: set({ zh: `单位${code}`, en: code }), sort: set('team'), localities: set([]) } });
    const seeded = performance.now();
    const far = Date.now() + 10 * 3_600_000;
    let next = 0;
    const give = async (due: number, to: string[]): Promise<void> => {
      const answer = await desk.send('order.give', { title: '压测', units: to, due });
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    };
    await Promise.all(Array.from({ length: 64 }, async () => {
      for (let i = next++; i * UNITS < CLOCKS; i = next++) await give(far + i * 1_000, units);
    }));
    print('seeded', { clocks: CLOCKS, seconds: Math.round((performance.now() - seeded) / 1_000) });

    // What a wall is told, and when. Late ones are counted at each frame.
    const frames: { at: number; late: number }[] = [];
    desk.socket.on('board:view', (frame: ViewFrame) => {
      const view = frame.views.order as OrderView | undefined;
      if (view) frames.push({ at: Date.now(), late: view.late.value ?? 0 });
    });
    const waited = async (n: number): Promise<void> => {
      while ((frames.at(-1)?.late ?? 0) < n) await new Promise((done) => desk.socket.once('board:view', done));
    };
    await desk.join(true);
    const begin = Date.now() + 8_000;
    const moments = Array.from({ length: DUE }, (_, i) => begin + i * 137);
    for (const [i, due] of moments.entries()) await give(due, [units[i % UNITS] as string]);
    await waited(DUE);
    print('onFrame', { afterMoment: spread(moments.map((m, i) => (frames.find((f) => f.late >= i + 1)?.at ?? Infinity) - m)) });
    const recorded = async (after: number): Promise<number[]> => {
      // From the log itself: when the hub wrote it, of the moment it speaks of.
      const out: number[] = [];
      for (let page = ''; ; ) {
        const said = (await desk.rest('GET', `/orders?limit=200&sort=newest${page}`)).json as { records: { id: string; body: Order }[]; next: string | null };
        for (const r of said.records) if (r.body.clock.passed !== null && r.body.clock.passed >= after) out.push(await writtenAfter(desk, r.id, r.body.clock.passed));
        if (said.next === null || out.length >= DUE || said.records.every((r) => r.body.clock.passed === null)) return out;
        page = `&after=${encodeURIComponent(said.next)}`;
      }
    };
    print('onDisk', { afterMoment: spread(await recorded(begin)) });

    const at = Date.now() + 20_000;
    for (let i = 0; i < BURST; i += UNITS) await give(at, units);
    await waited(DUE + BURST);
    const ticks = (): Promise<void> => new Promise((done) => desk.socket.once('board:view', () => done()));
    for (;;) {
      const [last] = frames.slice(-1);
      const said = (await desk.rest('GET', '/orders?limit=1&sort=newest')).json as { records: { body: Order }[] };
      if (said.records[0]?.body.clock.passed !== null) break;
      if (last) await ticks();
    }
    print('burst', { n: BURST, onFrameMs: (frames.find((f) => f.late >= DUE + BURST)?.at ?? Infinity) - at, allOnDiskWithinMs: Date.now() - at });
    desk.leave();
    chief.leave();
  } finally {
    await hub.stop();
    rmSync(hub.options.dataDir, { recursive: true, force: true });
  }
}

async function writtenAfter(desk: Desk, id: string, moment: number): Promise<number> {
  const said = (await desk.rest('GET', `/orders/${id}`)).json as { history: { recorded: number; command: string }[] };
  const line = said.history.filter((h) => h.command === 'order.tick').at(0);
  return (line?.recorded ?? Infinity) - moment;
}

picture();
if (process.env.ONLY !== 'picture') await served();
