/**
 * What those at work notice of those who mean ill, over HTTPS: 200 screens (nine tenths consoles of five units, one tenth
 * walls) are told of 20 calls a second, quiet and, by turns, beside 10,000 connections that say nothing (a quarter each: no
 * byte, half a handshake, half a request, a WebSocket on which nobody is named), screens that read nothing and ask for more,
 * lines that flood, and programs that flood by REST. The memory is the hub's own, from the kernel.
 * Run: `npm run bench -- hostile` (`SILENT=10000 ROUNDS=3 SECONDS=10 OPEN=2000 ONLY=deaf,flood`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { makeLeaf, makeRoot } from '../../server/tls/authority.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { trustRoot } from '../setup/trusted.ts';
import { Crowd } from './crowd.ts';
import { Audience, pairOne } from './fanout/ushers.ts';
import { sizeOf, units, type Room } from './fanout/words.ts';
import type { Attack, FromAttacker } from './hostile/words.ts';
import { print, quantile, spread } from './measure.ts';

const SILENT = Number(process.env.SILENT ?? 10_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 10);
/** Calls open from the beginning: what a console that joins is given does not grow much from round to round. */
const OPEN = Number(process.env.OPEN ?? 2_000);
const ONLY = process.env.ONLY?.split(',');
const SCREENS = 200;
const RATE = 20;
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

class Attacker {
  private readonly child = fork(join(import.meta.dirname, 'hostile', 'attacker.ts'), { execArgv: ['--import', 'tsx'] });

  constructor() {
    // What they reckon themselves is elsewhere in life: here it comes last.
    if (this.child.pid !== undefined) setPriority(this.child.pid, 19);
  }

  private hears<S extends FromAttacker['said']>(said: S): Promise<Extract<FromAttacker, { said: S }>> {
    return new Promise((done, fail) => {
      this.child.once('exit', (code) => fail(new Error(`the attacker ended with ${code}`)));
      this.child.once('message', (message: FromAttacker) => message.said === said && done(message as Extract<FromAttacker, { said: S }>));
    });
  }
  begin(attack: Attack): Promise<unknown> {
    const begun = this.hears('begun');
    this.child.send(attack);
    return begun;
  }
  now(): Promise<Extract<FromAttacker, { said: 'now' }>> {
    const now = this.hears('now');
    this.child.send('now');
    return now;
  }
  end(): void {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGKILL');
  }
}

const dataDir = dataDirectory();
const names = { dns: ['localhost'], ip: ['127.0.0.1'] };
const root = await makeRoot(names, Date.now());
const leaf = await makeLeaf(root, names, Date.now());
const [cert, key] = [join(dataDir, 'bench.crt'), join(dataDir, 'bench.key')];
writeFileSync(cert, leaf.cert);
writeFileSync(key, leaf.key, { mode: 0o600 });
const hub = new HubProcess({ dataDir, env: { TLS_CERT: cert, TLS_KEY: key } });
const mib = (): number => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${hub.pid}/status`, 'utf8'))?.[1]) / 1_024);
let attacker: Attacker | null = null;
const audience = new Audience();
try {
  const url = await hub.ready();
  trustRoot(url, root.cert);
  const admin = await firstAdmin(hub, url);
  const chief = await Desk.signIn(url, admin.user, admin.password);
  await pairOne(chief);
  const crowd = await Crowd.of(dataDir, true);
  const cookies: Partial<Record<Room, string[]>> = { wall: await crowd.walls(sizeOf('wall', SCREENS)) };
  for (const unit of units) {
    const person = await chief.makePerson('operator', `bench-${unit}`, { units: [unit], localities: null });
    cookies[unit] = await crowd.like(person.id, sizeOf(unit, SCREENS));
  }
  const bad = await chief.makePerson('operator', 'bench-bad');
  // The account of somebody who means ill, or whose browser was taken over.
  const accounts = [...new Set(await crowd.like(bad.id, 1))];
  await crowd.close();
  const writers: Desk[] = [];
  for (let i = 0; i < 3; i++) {
    const person = await chief.makePerson('operator', `writer-${i}`);
    writers.push(await Desk.signIn(url, person.user, person.password));
  }
  await audience.joined({ url, cookies, speaks: 'hub', n: SCREENS, ca: root.cert });

  interface Heard {
    acknowledged: number[];
    heard: number[];
    mib: number;
  }
  /** What those at work wait for, while something else goes on. */
  const log = (i: number): ReturnType<Desk['send']> => {
    const at = Date.now();
    return (writers[i % writers.length] as Desk).send('call.log', { rung: at, answered: at, topic: 'symptoms', unit: units[i % units.length], locality: '330102', narrative: '发热咨询' });
  };
  async function atWork(until: Promise<unknown>): Promise<Heard> {
    await audience.begin();
    let over = false;
    void until.then(() => (over = true));
    const acknowledged: [revision: number, at: number, took: number][] = [];
    const pending: Promise<void>[] = [];
    let most = 0;
    const begun = performance.now();
    for (let i = 0; !over; i++) {
      const ahead = begun + (i * 1_000) / RATE - performance.now();
      if (ahead > 0) await wait(ahead);
      const sent = performance.now();
      pending.push(
        log(i).then((answer) => {
          if (!answer.ok) throw new Error(JSON.stringify(answer.error));
          acknowledged.push([answer.revision, performance.timeOrigin + performance.now(), performance.now() - sent]);
        }),
      );
      if (i % RATE === 0) most = Math.max(most, mib());
    }
    await Promise.all(pending);
    await wait(500);
    const { arrivals } = await audience.end();
    arrivals.sort((a, b) => a[0] - b[0]);
    const heard = acknowledged.flatMap(([revision, at]) => (arrivals.find(([to]) => to >= revision)?.[1] ?? []).map((time) => Math.max(0, time - at)));
    return { acknowledged: acknowledged.map(([, , took]) => took), heard, mib: Math.max(most, mib()) };
  }

  const attacks: [name: string, attack: Omit<Attack, 'url'>][] = [
    ['silent', { how: 'silent', n: SILENT, perSecond: 250, cookies: [] }],
    ['deaf', { how: 'deaf', n: 20, perSecond: 100, cookies: accounts }],
    ['flood', { how: 'flood', n: 4, perSecond: 100, cookies: accounts }],
    ['flood by REST', { how: 'flood by REST', n: 20, perSecond: 100, cookies: accounts }],
  ];
  const found = new Map<string, Heard[]>();
  const note = (name: string, heard: Heard): void => void found.set(name, [...(found.get(name) ?? []), heard]);
  // As fast as three sockets may say it.
  for (let i = 0; i < OPEN; ) {
    if ((await log(i)).ok) i += 1;
    else await wait(100);
  }
  await atWork(wait(3_000));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, attack] of attacks.filter(([name]) => ONLY?.includes(name) ?? true)) {
      note('quiet', await atWork(wait(SECONDS * 1_000)));
      attacker = new Attacker();
      const begun = attacker.begin({ url, ...attack });
      if (name === 'silent') note('silent, coming', await atWork(begun));
      else await begun;
      note(name, await atWork(wait(SECONDS * 1_000)));
      const { said: _, ...now } = await attacker.now();
      print(`${name}: those who mean ill`, { round, n: attack.n, ...now });
      attacker.end();
      await wait(1_000);
    }
  const quiet = (found.get('quiet') ?? []).map((h) => quantile(h.heard, 0.99));
  for (const [name, rounds] of found) {
    const p99 = rounds.map((h) => quantile(h.heard, 0.99));
    print(name, {
      heardMs: spread(rounds.flatMap((h) => h.heard)),
      p99ofRounds: p99.map(Math.round),
      ofQuiet: Math.round((quantile(p99, 0.5) / quantile(quiet, 0.5)) * 100) / 100,
      acknowledgedMs: spread(rounds.flatMap((h) => h.acknowledged)),
      mib: Math.max(...rounds.map((h) => h.mib)),
    });
  }
  for (const desk of [chief, ...writers]) desk.leave();
} finally {
  attacker?.end();
  await audience.leave();
  await hub.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
