/**
 * What one change costs a hub for each screen it reaches, and how long after its acknowledgement the screens have it,
 * beside bare `ws` and beside Socket.IO with its Redis adapter telling the same texts to as many. Nine tenths of the screens are consoles of five
 * units, one tenth walls; calls go to the units in turn. The hub is the whole product: sign-in, PostgreSQL with fsync,
 * figures, frames for each audience.
 *
 * CPU is the serving process's own, from the kernel. What one change costs before anybody hears of it (commit, figures) is
 * measured with six screens and taken off the hub's and the others' alike; a delivery is one change at one screen that is told of it.
 * Run: `npm run bench -- fanout` (`SCREENS=1000 ROUNDS=5 SECONDS=10`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { startRedis } from '../../server/embedded/redis.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { cacheDirectory } from '../paths.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { Crowd } from './crowd.ts';
import { Audience, cpuOf, pairOne } from './fanout/ushers.ts';
import { rooms, sizeOf, units, type Heard, type Room, type ToContender } from './fanout/words.ts';
import { print, quantile, spread } from './measure.ts';

const SCREENS = (process.env.SCREENS ?? '1000').split(',').map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 10);
/** Changes a second to up to 1,000 screens, and how many of them at once. To more screens they come as much slower: two cores cannot tell more. */
const phases = { steady: [20, 1], window: [100, 2], burst: [100, 20] } as const;
const slower = (n: number): number => Math.min(1, 1_000 / n);
/** Until what was sent to `n` screens has gone, and been counted. */
const settled = (n: number): Promise<void> => wait(500 + n / 5);
type Phase = keyof typeof phases;
type Name = 'hub' | 'ws' | 'socket.io';

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A change every `1000 / rate` milliseconds on average, `together` at a time. */
async function paced(phase: Phase, n: number, change: (i: number) => void): Promise<number> {
  const [full, together] = phases[phase];
  const rate = full * slower(n);
  const changes = Math.max(together, Math.round((rate * SECONDS) / together) * together);
  const began = performance.now();
  for (let i = 0; i < changes; i += together) {
    const ms = began + (i * 1_000) / rate - performance.now();
    if (ms > 0) await wait(ms);
    for (let k = 0; k < together; k++) change(i + k);
  }
  return changes;
}

/** Screens that are told of a change for a unit: all of them, since figures change for all. */
const reached = (n: number): number => rooms.reduce((sum, room) => sum + sizeOf(room, n), 0);

interface Measured {
  /** CPU in microseconds for each change. */
  perChange: number;
  delays: number[];
  messages: number;
}

async function main(): Promise<void> {
  const dir = cacheDirectory('bench-redis');
  const redis = await startRedis({ dir, cache: cacheDirectory('redis'), log: pino({ level: 'silent' }), insist: true });
  if (!redis) throw new Error('no Redis is to be had here');
  const hub = new HubProcess({ dataDir: dataDirectory() });
  const children: ChildProcess[] = [];
  try {
    const url = await hub.ready();
    const admin = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, admin.user, admin.password);
    await pairOne(chief);
    const crowd = await Crowd.of(hub.options.dataDir);
    const most = Math.max(...SCREENS);
    const cookies: Partial<Record<Room, string[]>> = { wall: await crowd.walls(sizeOf('wall', most)) };
    for (const unit of units) {
      const person = await chief.makePerson('operator', `bench-${unit}`, { units: [unit], localities: null });
      cookies[unit] = await crowd.like(person.id, sizeOf(unit, most));
    }
    await crowd.close();
    const writers: Desk[] = [];
    for (let i = 0; i < 6; i++) {
      const person = await chief.makePerson('operator', `writer-${i}`);
      writers.push(await Desk.signIn(url, person.user, person.password));
    }
    const log = async (i: number, acknowledged: [number, number][]): Promise<void> => {
      const at = Date.now();
      const answer = await (writers[i % writers.length] as Desk).send('call.log', { rung: at, answered: at, topic: 'symptoms', unit: units[i % units.length], locality: '330102', narrative: '发热咨询' });
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      acknowledged.push([answer.revision, performance.timeOrigin + performance.now()]);
    };
    const contender = async (kind: Name): Promise<{ child: ChildProcess; url: string }> => {
      const child = fork(join(import.meta.dirname, 'fanout', 'contender.ts'), [kind, redis.path], { execArgv: ['--import', 'tsx'] });
      children.push(child);
      const port = await new Promise<number>((done) => child.once('message', (m) => done(m as number)));
      return { child, url: `http://127.0.0.1:${port}` };
    };
    /** What each room heard of one change for each unit. */
    const told = new Map<string, [Room, string][]>();

    async function measureHub(audience: Audience, phase: Phase, n: number, idle: number): Promise<Measured> {
      await audience.begin();
      const acknowledged: [number, number][] = [];
      const pending: Promise<void>[] = [];
      const before = cpuOf(hub.pid);
      const began = performance.now();
      const changes = await paced(phase, n, (i) => pending.push(log(i, acknowledged)));
      await Promise.all(pending);
      await settled(n);
      // Beats and the look for what is due go on without a change: printed apart.
      const spent = cpuOf(hub.pid) - before - (idle * (performance.now() - began)) / 1_000;
      const heard = await audience.end();
      const arrivals = heard.arrivals.sort((a, b) => a[0] - b[0]);
      const delays = acknowledged.flatMap(([revision, at]) => (arrivals.find(([to]) => to >= revision)?.[1] ?? []).map((time) => Math.max(0, time - at)));
      if (phase === 'steady' && told.size === 0) learn(heard);
      return { perChange: (spent * 1_000) / changes, delays, messages: heard.messages };
    }
    function learn(heard: Heard): void {
      // The first frames of a phase may merge two changes: later ones are single.
      units.forEach((unit) => {
        const entry = heard.samples[unit]?.find((t) => t.includes('board:entry'));
        const view = heard.samples.wall?.[2];
        if (entry === undefined || view === undefined) throw new Error(`no frame of a change was heard for ${unit}`);
        told.set(unit, [[unit, entry], ...rooms.map((room): [Room, string] => [room, view])]);
      });
    }
    async function measureContender(child: ChildProcess, audience: Audience, phase: Phase, n: number): Promise<Measured> {
      await audience.begin();
      const before = cpuOf(child.pid as number);
      const changes = await paced(phase, n, (i) => child.send({ tell: told.get(units[i % units.length] as string) ?? [] } satisfies ToContender));
      await settled(n);
      const spent = cpuOf(child.pid as number) - before;
      const heard = await audience.end();
      return { perChange: (spent * 1_000) / changes, delays: [], messages: heard.messages };
    }

    const few = 6;
    const base = new Map<string, number>();
    for (const n of [few, ...SCREENS]) {
      const runs = new Map<string, Measured[]>();
      const hubAudience = new Audience();
      const joined = await hubAudience.joined({ url, cookies, speaks: 'hub', n });
      if (n !== few) print('screens of the hub joined', { n, ms: Math.round(joined) });
      await settled(n);
      const still = cpuOf(hub.pid);
      await wait(5_000);
      /** Milliseconds of CPU a second while nothing happens. */
      const idle = (cpuOf(hub.pid) - still) / 5;
      print('hub with nothing to tell, CPU ms a second', { n, idle });
      if (told.size === 0) await measureHub(hubAudience, 'steady', n, idle);
      const others = await Promise.all(
        (['ws', 'socket.io'] as const).map(async (kind) => {
          const { child, url } = await contender(kind);
          const audience = new Audience();
          await audience.joined({ url, cookies: {}, speaks: kind, n });
          return { kind, child, audience };
        }),
      );
      for (let round = 0; round < ROUNDS; round++)
        for (const phase of Object.keys(phases) as Phase[]) {
          const note = (kind: Name, m: Measured): void => void runs.set(`${kind} ${phase}`, [...(runs.get(`${kind} ${phase}`) ?? []), m]);
          note('hub', await measureHub(hubAudience, phase, n, idle));
          for (const { kind, child, audience } of others) note(kind, await measureContender(child, audience, phase, n));
        }
      for (const [name, measured] of runs) {
        const [kind, phase] = name.split(' ') as [Name, Phase];
        const perChange = quantile(measured.map((m) => m.perChange), 0.5);
        if (n === few) base.set(name, perChange);
        else {
          const per = (m: Measured): number => (m.perChange - (base.get(name) ?? 0)) / reached(n);
          const each = measured.map(per).map((x) => Math.round(x * 100) / 100);
          print('CPU µs a change and screen', { n, kind, phase, median: quantile(each, 0.5), least: Math.min(...each), most: Math.max(...each), before: Math.round(base.get(name) ?? 0), messages: measured[0]?.messages });
          if (kind === 'hub') print('acknowledged to heard, ms', { n, phase, ...spread(measured.flatMap((m) => m.delays.filter((_, i) => i % 10 === 0))) });
        }
      }
      if (n !== few) print('resident MiB', { n, kind: 'hub', mib: Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${hub.pid}/status`, 'utf8'))?.[1]) / 1_024) });
      await hubAudience.leave();
      for (const { child, audience } of others) {
        await audience.leave();
        child.kill('SIGKILL');
      }
    }
    for (const desk of [chief, ...writers]) desk.leave();
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await hub.stop();
    await redis.stop();
    rmSync(hub.options.dataDir, { recursive: true, force: true });
  }
}

await main();
