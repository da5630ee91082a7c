/**
 * As many screens as there are come back at once: the hub is killed under them and started again on the same port. From
 * the moment it is ready: until each has its picture again, what a command takes meanwhile, and what the hub holds.
 * They wait and try as a page does (client/board/connection.ts).
 * Run: `npm run bench -- back` (`SCREENS=5000 ROUNDS=3`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { dataDirectory, HubProcess } from '../setup/hub.ts';
import { Crowd } from './crowd.ts';
import { Audience, cpuOf, pairOne } from './fanout/ushers.ts';
import { sizeOf, units, type AudienceOptions, type Room } from './fanout/words.ts';
import { print, spread } from './measure.ts';

const SCREENS = Number(process.env.SCREENS ?? 5_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const now = (): number => performance.timeOrigin + performance.now();
const resident = (pid: number): number => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024);

const dataDir = dataDirectory();
let hub = new HubProcess({ dataDir });
const audience = new Audience();
try {
  const url = await hub.ready();
  const admin = await firstAdmin(hub, url);
  const chief = await Desk.signIn(url, admin.user, admin.password);
  await pairOne(chief);
  const crowd = await Crowd.of(dataDir);
  const cookies: Partial<Record<Room, string[]>> = { wall: await crowd.walls(sizeOf('wall', SCREENS)) };
  for (const unit of units) {
    const person = await chief.makePerson('operator', `bench-${unit}`, { units: [unit], localities: null });
    cookies[unit] = await crowd.like(person.id, sizeOf(unit, SCREENS));
  }
  await crowd.close();
  const person = await chief.makePerson('operator', 'writer');
  chief.leave();
  const before = resident(hub.pid);
  const options: AudienceOptions = { url, cookies, speaks: 'hub', n: SCREENS };
  print('screens joined one after another, fifty at a time', { n: SCREENS, ms: Math.round(await audience.joined(options)) });
  await pause(3_000);
  print('hub with them, MiB', { n: SCREENS, before, with: resident(hub.pid), kBEach: Math.round(((resident(hub.pid) - before) * 1_024) / SCREENS) });
  for (let round = 0; round < ROUNDS; round++) {
    const returned = audience.returned(options);
    await pause(500);
    await hub.stop('SIGKILL');
    const began = now();
    hub = new HubProcess({ dataDir, env: { PORT: new URL(url).port } });
    await hub.ready();
    const ready = now();
    const writer = await Desk.signIn(url, person.user, person.password);
    const took: number[] = [];
    let over = false;
    void returned.then(() => (over = true));
    while (!over) {
      const [sent, at] = [now(), Date.now()];
      const answer = await writer.send('call.log', { rung: at, answered: at, topic: 'symptoms', unit: 'health', locality: '330102', narrative: '发热咨询' });
      if (answer.ok) took.push(now() - sent);
      await pause(50);
    }
    const { joinedAt, failed } = await returned;
    const back = joinedAt.map((at) => Math.max(0, at - ready));
    print('back after a restart, ms from ready', { round, ready: Math.round(ready - began), ...spread(back), failed, commandMs: spread(took), hubMiB: resident(hub.pid), hubCpuMs: Math.round(cpuOf(hub.pid)) });
    writer.leave();
    await pause(3_000);
  }
} finally {
  await audience.leave();
  await hub.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
