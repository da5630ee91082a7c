import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everywhere, roles, type Role, type Scope } from '../../shared/access/access.ts';
import { asPattern, kinds } from '../../shared/features/index.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import { BareLine } from '../testing/bareLine.ts';
import { Browser } from '../testing/httpHub.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/**
 * Attacked by hand, on the whole product: what was stolen, frames of every kind that its sender has no right to, and bytes
 * that grow when they are unpacked. Reading of what lies outside a scope: marks.redis.spec.ts and scopes.pg.spec.ts.
 */
let centre: Awaited<ReturnType<typeof openWhole>>;
let url = '';
let chief: Person;
let leader: Person;
let wall: Person;
const SECRET = 'Q8秘密事由';
const of = new Map<string, Person>();
const lines: BareLine[] = [];
/** How far this hub's own watch has been put forward: rates at the door are tried elsewhere. */
let ahead = 0;

beforeAll(async () => {
  centre = await openWhole({ clock: { now: () => Date.now(), monotonic: () => performance.now() + ahead } });
  [url = ''] = centre.urls;
  chief = await centre.person('chief', 'admin');
  leader = await centre.person('leader', 'leader');
  wall = await centre.wall();
  const elsewhere: Scope = { units: ['no-such-unit'], localities: ['330102'] };
  of.set('admin', chief).set('leader', leader);
  for (const role of roles) {
    if (!of.has(role)) of.set(role, await centre.person(`all-${role}`, role, { scope: role === 'unit' ? { units: ['health', 'labour'], localities: null } : everywhere }));
    if (role === 'operator' || role === 'leader') of.set(`${role} elsewhere`, await centre.person(`else-${role}`, role, { scope: elsewhere }));
    if (role === 'unit') of.set('unit elsewhere', await centre.person('else-unit', role, { scope: { units: ['no-such-unit'], localities: null } }));
  }
});
afterAll(async () => {
  for (const { web } of lines) web.terminate();
  await centre.close();
});

const who = (name: string): Person => {
  const found = of.get(name);
  if (!found) throw new Error(`nobody is ${name}`);
  return found;
};
const cookieOf = (browser: Browser): string => [...browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
const revision = (): number => centre.apps[0]?.core.boards.get('main')?.at.revision ?? -1;
const code = (said: unknown): string => (said as { error?: { code: string } } | null)?.error?.code ?? 'ok';
async function idOf(type: string, body: Record<string, unknown>): Promise<string> {
  const said = await leader.send(type, body);
  if (!said.ok) throw new Error(`${type}: ${JSON.stringify(said.error)}`);
  return String(said.result.id);
}
/** A socket from an address of the thief's own. */
function from(localAddress: string, cookie: string): BareLine {
  const line = new BareLine(url, cookie, { localAddress });
  lines.push(line);
  return line;
}

describe('what was stolen', () => {
  test('a wall’s credential, used beside the wall: the administrator sees both addresses, and by one press both are out; the wall is let in anew', async () => {
    const copied = cookieOf(wall.browser);
    const own = from('127.0.0.1', copied);
    const thief = from('127.0.0.7', copied);
    for (const line of [own, thief]) {
      expect(await line.greet()).toMatch(/^40/);
      expect(await line.join()).toContain('"ok":true');
      // What it can be had for: figures that hang on the wall.
      expect(await line.join({ entries: true })).toBeTruthy();
    }
    const screen = async (): Promise<{ id: string; addresses: string[] } | undefined> => ((await chief.browser.ask('GET', '/api/v1/screens')).json as { screens: { id: string; addresses: string[] }[] }).screens[0];
    await expect.poll(async () => (await screen())?.addresses, { timeout: 20_000 }).toEqual(['127.0.0.1', '127.0.0.7']);
    const log = (await chief.browser.ask('GET', '/api/v1/access-log')).json as { lines: { what: string }[] };
    expect(log.lines.map((l) => l.what)).toContain('screenTwice');
    expect((await chief.browser.ask('DELETE', `/api/v1/screens/${(await screen())?.id}`)).status).toBe(204);
    await Promise.all([own.ended, thief.ended]);
    expect(await from('127.0.0.7', copied).greet()).toContain('notSignedIn');
    wall = await centre.wall();
    expect((await wall.join({ entries: false })).ok).toBe(true);
  });

  test('a session’s token, used from elsewhere, ends with the session: when its owner signs out or changes the password', async () => {
    const ends: [string, (owner: Person) => Promise<unknown>][] = [
      ['signs out', (owner) => owner.browser.ask('DELETE', '/api/v1/session')],
      ['changes the password', (owner) => owner.browser.ask('POST', '/api/v1/session/password', { current: 'mist-over-9-bridges', next: 'other-mist-over-9-bridges' })],
    ];
    for (const [i, [how, end]] of ends.entries()) {
      const owner = await centre.person(`robbed${i}`, 'leader');
      const copied = cookieOf(owner.browser);
      const thief = from('127.0.0.7', copied);
      expect(await thief.greet()).toMatch(/^40/);
      await end(owner);
      await thief.ended;
      const late = new Browser(url);
      for (const [name, value] of copied.split('; ').map((c) => c.split('='))) late.cookies.set(name ?? '', value ?? '');
      expect([how, (await late.ask('GET', '/api/v1/calls')).status]).toEqual([how, 401]);
      expect([how, await from('127.0.0.7', copied).greet()]).toEqual([how, expect.stringContaining('notSignedIn') as string]);
    }
  });
});

describe('frames by hand', () => {
  const all = kinds.flatMap((kind) => Object.entries(asPattern[kind].commands).map(([type, command]) => ({ kind, type, command })));

  test('a command that is not the sender’s, of every kind, by every role and by a wall, at either door: not allowed, whatever is in it', async () => {
    const before = revision();
    let tried = 0;
    for (const name of [...roles, 'wall']) {
      const sender = name === 'wall' ? wall : who(name);
      for (const { type, command } of all) {
        if (command.roles.includes(name as Role)) continue;
        tried += 1;
        ahead += 100;
        for (const body of [{}, { id: randomUUID(), board: 'main', role: 'system', author: { id: 'system', role: 'system' } }]) expect([name, type, code(await sender.send(type, body, body.role ? { author: 'system' } : {}))]).toEqual([name, type, 'author' in body ? expect.stringMatching(/notAllowed|inputRejected/) : 'notAllowed']);
        expect([name, type, code((await sender.browser.ask('POST', '/api/v1/commands', { id: randomUUID(), board: 'main', type, sent: Date.now(), body: {} })).json)]).toEqual([name, type, 'notAllowed']);
      }
    }
    expect(tried).toBeGreaterThan(roles.length * 10);
    expect(revision()).toBe(before);
  }, 60_000);

  test('on another unit’s or place’s incident, report, order, alert: answered as if there were none, nothing of it told, nothing stored', async () => {
    const now = Date.now();
    const incident = await idOf('incident.report', { title: SECRET, category: 'accident', locality: '330212', since: now, summary: SECRET, lead: 'health', units: ['health'] });
    const report = await idOf('upwardReport.draft', { incident, sort: 'first', title: SECRET, course: SECRET });
    const order = await idOf('order.give', { title: SECRET, text: SECRET, units: ['health'], due: now + 3_600_000 });
    const alert = await idOf('alert.raise', { title: SECRET, level: 'high', locality: '330212' });
    const nobody = randomUUID();
    const bodies: Record<string, Record<string, unknown>> = {
      'incident.amend': { changes: { summary: { from: SECRET, to: 'x' } } },
      'incident.count': { asOf: now, source: 'x', changes: {} },
      'incident.move': { from: 'verified', to: 'ended', reason: 'x' },
      'incident.grade': { from: null, to: 'major', reason: 'x' },
      'incident.attach': { record: { kind: 'order', id: order } },
      'incident.detach': { record: { kind: 'order', id: order } },
      'incident.note': { text: 'x' },
      'incident.waive': { reason: 'x' },
      'incident.erase': {},
      'upwardReport.amend': { changes: { course: { from: SECRET, to: 'x' } } },
      'upwardReport.sign': { version: 1 },
      'upwardReport.move': { incident, from: 'draft', to: 'dropped', reason: 'x' },
      'upwardReport.send': { incident, to: 'province', means: 'written', at: now, receivedBy: 'x' },
      'upwardReport.receive': { n: 0, who: 'x', at: now },
      'order.amend': { changes: { title: { from: SECRET, to: 'x' } } },
      'order.move': { from: 'given', to: 'accepted' },
      'order.urge': {},
      'order.pause': { why: 'x', reason: 'x' },
      'order.resume': {},
      'order.ask': { until: now + 7_200_000, reason: 'x' },
      'order.extend': { granted: false, reason: 'x' },
      'alert.move': { from: 'new', to: 'acknowledged', intends: 'x', until: now + 600_000 },
    };
    const target: Record<string, string> = { incident, upwardReport: report, order, alert };
    const before = revision();
    for (const { kind, type, command } of all) {
      const body = bodies[type];
      const id = target[kind];
      if (id === undefined || type.split('.')[1] === Object.keys(asPattern[kind].commands)[0]?.split('.')[1] || command.roles.every((r) => r === 'system')) continue;
      expect([type, body]).toEqual([type, expect.anything()]);
      for (const role of command.roles.filter((r) => r !== 'system')) {
        const outsider = who(`${role} elsewhere`);
        ahead += 500;
        const answers = [await outsider.send(type, { id, ...body }), await outsider.send(type, { id: nobody, ...body })];
        expect([type, role, code(answers[0])]).toEqual([type, role, code(answers[1])]);
        expect([type, role, code(answers[0])]).toEqual([type, role, expect.stringMatching(/^(notFound|inputRejected|notAllowed)$/) as string]);
        expect(JSON.stringify(answers[0])).not.toContain(SECRET);
      }
    }
    expect(revision()).toBe(before);
    // And nothing of it by any question, of those who read the kind elsewhere; those it is for do find it.
    for (const [kind, id] of Object.entries(target)) {
      const feature = asPattern[kind as (typeof kinds)[number]];
      for (const role of feature.readers) {
        const outsider = who(`${role} elsewhere`);
        ahead += 3_000;
        // Without the figures: what stands on the wall, titles among it, is for everybody.
        const told = [await outsider.join({ views: false }), ...(await Promise.all([{ name: 'list', limit: 200 }, { name: 'list', q: SECRET }, { name: 'list', q: SECRET.slice(0, 3) }, { name: 'record', id }, { name: 'timeline', id }, { name: 'reveal', id, purpose: 'handling' }].map((m) => outsider.query({ kind, ...m }))))];
        const rest = await Promise.all([`${feature.plural}?limit=200`, `${feature.plural}?q=${encodeURIComponent(SECRET)}`, `${feature.plural}/${id}`, `${feature.plural}/${id}/timeline`].map(async (path) => (await outsider.browser.ask('GET', `/api/v1/${path}`)).text));
        expect([kind, role, JSON.stringify([told, rest]).includes(SECRET)]).toEqual([kind, role, false]);
        expect([kind, role, code(told[4])]).toEqual([kind, role, 'notFound']);
      }
      ahead += 3_000;
      expect([kind, JSON.stringify(await leader.query({ kind, name: 'list', q: SECRET }))]).toEqual([kind, expect.stringContaining(id) as string]);
    }
  }, 60_000);

  test('a key that reaches an object’s prototype reaches nothing, in any frame', async () => {
    const socket = await leader.socket();
    const engine = (socket as unknown as { io: { engine: { write(text: string): void } } }).io.engine;
    for (const text of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"where":{"__proto__":{"polluted":["x"]}},"__proto__":{"role":"admin","polluted":1}}'])
      for (const event of ['command', 'query', 'board:join'])
        for (const wrapped of [text, `{"id":"${randomUUID()}","board":"main","type":"call.log","sent":1,"body":${text}}`, `{"name":"list","board":"main","kind":"call","where":${text}}`, `{"board":"main","protocol":${PROTOCOL},"entries":true,"views":true,"x":${text}}`]) {
          ahead += 1_000;
          engine.write(`2["${event}",${wrapped}]`);
        }
    expect((await leader.query({ name: 'list', kind: 'unit' })).ok).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).role).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('bytes that grow', () => {
  const upgrade = (extensions: string): Promise<{ answer: string; socket: Socket }> =>
    new Promise((done, fail) => {
      const { hostname, port, host } = new URL(url);
      const socket = connect({ host: hostname, port: Number(port) });
      socket.once('error', fail);
      socket.write(
        `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${url}\r\nCookie: ${cookieOf(leader.browser)}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: ${extensions}\r\n\r\n`,
      );
      socket.once('data', (data: Buffer) => done({ answer: data.toString('latin1'), socket }));
    });

  test('a packed frame is not taken: packing is not agreed to, whatever is offered, and one that comes all the same ends the line', async () => {
    const { answer, socket } = await upgrade('permessage-deflate; client_max_window_bits, permessage-deflate; server_no_context_takeover');
    expect(answer).toContain('101 Switching Protocols');
    expect(answer.toLowerCase()).not.toContain('sec-websocket-extensions');
    // FIN, RSV1 (packed), text; masked with zeros: 200 MB of the same letter in 200 kB.
    const packed = deflateRawSync(Buffer.alloc(200 * 1024 * 1024, 'a'));
    const before = process.memoryUsage().rss;
    const ended = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => undefined);
    socket.resume();
    const head = Buffer.alloc(14);
    head[0] = 0xc1;
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(packed.length), 2);
    socket.write(Buffer.concat([head, packed]));
    await ended;
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect((await leader.query({ name: 'list', kind: 'unit' })).ok).toBe(true);
  });

  test('a frame that says it is larger than may be ends its line before it is read, and so does one in endless parts', async () => {
    const { socket } = await upgrade('');
    socket.on('error', () => undefined);
    socket.resume();
    const ended = new Promise<void>((done) => socket.once('close', () => done()));
    const head = Buffer.alloc(14);
    head[0] = 0x81;
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(4n * 1024n * 1024n * 1024n, 2);
    socket.write(head);
    await ended;
    const line = from('127.0.0.1', cookieOf(leader.browser));
    await line.greet();
    line.web.send('421["command","', { fin: false });
    const piece = 'x'.repeat(60_000);
    let over = false;
    void line.ended.then(() => (over = true));
    for (let sent = 0; !over && sent < 100; sent++) await new Promise<void>((done) => line.web.send(piece, { fin: false }, () => done()));
    expect(await line.ended).toBeGreaterThan(0);
  });

  test('a packed body is not unpacked, at any door', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
    for (const path of ['/api/v1/session', '/api/v1/commands', '/api/v1/people', '/socket.io/?EIO=4&transport=polling'])
      for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
        const response = await fetch(url + path, { method: 'POST', headers: { origin: url, cookie: cookieOf(leader.browser), 'content-type': 'application/json', 'content-encoding': encoding }, body: bomb });
        expect([path, encoding, response.status]).toEqual([path, encoding, path.startsWith('/api') ? 415 : 400]);
        await response.text();
      }
  });
});
