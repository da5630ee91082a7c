import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../shared/time/clock.ts';
import { createLog } from '../log.ts';
import { openWhole, type Person } from '../testing/whole.ts';
import { BareLine } from '../testing/bareLine.ts';

/**
 * [R11] People and programs that mean ill, with real sockets on the whole hub: they read nothing, say nothing, or do not
 * stop. Whoever works beside them goes on. The same with thousands of them, and in milliseconds: e2e/bench/hostile.ts.
 */
let centre: Awaited<ReturnType<typeof openWhole>>;
let leader: Person;
let flooder: Person;
let url: string;
/** How far this hub's own watch has been put forward. */
let ahead = 0;
const clock: Clock = { now: () => systemClock.now(), monotonic: () => systemClock.monotonic() + ahead };
const MB = 1024 * 1024;
const lines: BareLine[] = [];
const logged: string[] = [];

beforeAll(async () => {
  centre = await openWhole({ clock, log: createLog('warn', { write: (line: string) => void logged.push(line) }) });
  [url = ''] = centre.urls;
  leader = await centre.person('leader', 'leader');
  flooder = await centre.person('flooder', 'leader');
});
afterAll(async () => {
  for (const { web } of lines) web.terminate();
  await centre.close();
});

const cookieOf = (who: Person): string => [...who.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
const open = (who?: Person): BareLine => {
  const line = new BareLine(url, who && cookieOf(who));
  lines.push(line);
  return line;
};
async function joined(who: Person): Promise<BareLine> {
  const line = open(who);
  expect(await line.greet()).toMatch(/^40/);
  expect(await line.join({ entries: true })).toContain('"ok":true');
  return line;
}
const netOf = (line: BareLine): Socket => (line.web as unknown as { _socket: Socket })._socket;
const raise = async (): Promise<number> => {
  const said = await leader.send('alert.raise', { title: '试', level: 'low' });
  if (!said.ok) throw new Error(JSON.stringify(said.error));
  return said.revision;
};
/** Somebody at work is told of what happens, whatever others do. */
async function served(who: BareLine): Promise<void> {
  const revision = await raise();
  await expect.poll(() => who.heard.some((text) => text.startsWith('42["board:entry"') && text.includes(`"to":${revision},`)), { interval: 5 }).toBe(true);
}
const held = (): number => {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
};

describe('who does not read', () => {
  test('and keeps up the appearance of living is let go, then cut off, and comes back to a fresh picture', async () => {
    const worker = await joined(leader);
    const deaf = await joined(await centre.person('deaf', 'leader'));
    const sockets = centre.apps[0]?.sockets;
    netOf(deaf).pause();
    const before = held();
    for (let i = 0; i < 100; i++) await leader.send('alert.raise', { title: '试', level: 'low', notes: '态'.repeat(500) });
    let most = 0;
    while (sockets?.letGo === 0) {
      // It asks for more than it takes, as often as it may.
      for (let i = 0; i < 8; i++) deaf.web.send('421["query",{"name":"list","board":"main","kind":"alert","limit":200}]');
      deaf.web.send('3');
      ahead += 1_000;
      await raise();
      sockets.sweep();
      most = Math.max(most, held() - before);
    }
    expect(sockets?.letGo).toBe(1);
    expect(most).toBeLessThan(150 * MB);
    ahead += 11_000;
    sockets?.sweep();
    netOf(deaf).resume();
    await deaf.ended;
    await served(worker);
    expect(await (await joined(await centre.person('deaf2', 'leader'))).hears('430')).toContain('"ok":true');
  }, 60_000);
});

describe('who says nothing', () => {
  test('by the hundred, at any step of coming in: whoever works is served, whoever comes is let in', async () => {
    const worker = await joined(leader);
    const before = held();
    const silent: Socket[] = [];
    const { hostname, port } = new URL(url);
    const says = ['', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"user":"'];
    await Promise.all(
      Array.from({ length: 400 }, (_, i) => {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.on('error', () => undefined);
        silent.push(socket);
        return new Promise<void>((done) => socket.once('connect', () => socket.write(says[i % says.length] || '\r', () => done())));
      }),
    );
    const upgraded = Array.from({ length: 100 }, () => open());
    await Promise.all(upgraded.map((line) => line.hears('0{')));
    await served(worker);
    await joined(await centre.person('late', 'leader'));
    expect(held() - before).toBeLessThan(60 * MB);
    for (const socket of silent) socket.destroy();
    for (const { web } of upgraded) web.terminate();
  });
});

describe('who does not stop', () => {
  const floods: [what: string, say: (line: BareLine) => void][] = [
    ['words nobody knows', ({ web }) => web.send('42["nonsense",{}]')],
    ['commands', ({ web }) => web.send('421["command",{}]')],
    ['questions', ({ web }) => web.send('421["query",{}]')],
    ['wishes to join', ({ web }) => web.send('421["board:join",{}]')],
    ['pings', ({ web }) => web.ping()],
    ['answers to nothing', ({ web }) => web.send('431[]')],
    ['frames of nothing', ({ web }) => web.send('', { fin: false })],
  ];
  test.each(floods)('of %s is cut off; whoever works beside it is served', async (what, say) => {
    const worker = await joined(leader);
    // Whoever was cut off for it has to stay away for a while.
    ahead += 31_000;
    const flood = await joined(flooder);
    let over = false;
    void flood.ended.then(() => (over = true));
    // As fast as the line takes it, until it is over.
    while (!over) {
      if (flood.web.bufferedAmount < 1_000_000) for (let i = 0; i < 2_000; i++) say(flood);
      await new Promise(setImmediate);
    }
    // That one the library below ends by itself.
    if (what !== 'frames of nothing') expect(await open(flooder).greet()).toMatch(/^44\{"message":"tooMany"/);
    await served(worker);
  });

  test('is held to one measure on all its sockets, also those it comes by anew', async () => {
    const many = await centre.person('many', 'leader');
    const refused = async (event: string): Promise<number> => {
      let held = 0;
      for (let i = 0; i < 4; i++) {
        const line = await joined(many);
        for (let k = 0; k < 100; k++) line.web.send(`42${100 + k}${JSON.stringify([event, {}])}`);
        await line.hears('43199');
        held += line.heard.filter((text) => /^431\d\d/.test(text) && text.includes('"tooMany"')).length;
        line.web.terminate();
      }
      return held;
    };
    // No socket said more than it may, all of them did.
    expect(await refused('command')).toBeGreaterThan(100);
    expect(await refused('query')).toBeGreaterThan(100);
  });

  test('before anybody is recognised, is cut off sooner', async () => {
    const stranger = open();
    await stranger.hears('0{');
    const told = logged.length;
    for (let i = 0; i < 200; i++) stranger.web.send('3');
    await stranger.ended;
    expect(logged.slice(told).join()).toContain('says more than any screen does');
  });

  test('one person, or one wall, has so many sockets and no more; the one too many is told so, and has room when another goes', async () => {
    const greedy = await centre.person('greedy', 'leader');
    const all = Array.from({ length: 32 }, () => open(greedy));
    for (const said of await Promise.all(all.map((line) => line.greet()))) expect(said).toMatch(/^40/);
    expect(await open(greedy).greet()).toMatch(/^44\{"message":"tooMany","data":\{"code":"tooMany","retryAfter":\d+\}\}/);
    await joined(leader);
    all[0]?.web.terminate();
    await expect.poll(async () => (await open(greedy).greet()).slice(0, 2), { interval: 50 }).toBe('40');
    // And not by coming and going without end either.
    let refused = '';
    for (let i = 0; i < 300 && !refused.startsWith('44'); i++) {
      const line = open(greedy);
      refused = await line.greet();
      line.web.terminate();
      all.pop()?.web.terminate();
    }
    expect(refused).toContain('tooMany');
    await joined(leader);
  });
});
