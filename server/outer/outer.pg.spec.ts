import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../tls/ask.ts';
import type { Person } from '../testing/whole.ts';
import { openWhole } from '../testing/whole.ts';
import { fingerprint } from '../access/secrets.ts';

/** The outer door: what a stranger with a link can do, and that he can do nothing else. */
let whole: Awaited<ReturnType<typeof openWhole>>;
let pool: pg.Pool;
let [clerk, other, inspector, operator] = [] as unknown as [Person, Person, Person, Person];
let [inner, outer] = ['', ''];
beforeAll(async () => {
  whole = await openWhole({ env: { PUBLIC_PORT: '0' } });
  [inner, outer] = [whole.urls[0] ?? '', whole.outers[0] ?? ''];
  pool = new pg.Pool(whole.database.config);
  clerk = await whole.person('zhou', 'supplies');
  other = await whole.person('wu', 'supplies', { scope: { units: null, localities: ['330100'] } });
  inspector = await whole.person('chen', 'enterprises');
  operator = await whole.person('li', 'operator');
});
afterAll(async () => {
  await pool?.end();
  await whole?.close();
});

async function load(): Promise<string> {
  const made = await clerk.send('shipment.announce', {
    from: { locality: '330782', place: '义乌国际物流中心' },
    to: { locality: '330212', place: '鄞州应急物资仓库' },
    lines: [{ item: 'masks', announced: 400 }],
    vehicle: '浙B00001',
    escort: '押运 王',
    driverName: '赵师傅',
    driverNumber: '13900000127',
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const id = String(made.result.id);
  expect(await clerk.send('shipment.move', { id, from: 'planned', to: 'departed' })).toMatchObject({ ok: true });
  return id;
}
async function link(by: Person, purpose: string, record: string): Promise<{ status: number; url: string; secret: string }> {
  const { status, json } = await by.browser.ask('POST', '/api/v1/links', { board: 'main', purpose, record });
  const url = String((json as { url?: string }).url);
  return { status, url, secret: url.split('#')[1] ?? '' };
}
const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; text: string; json: Record<string, unknown> }> => {
  const answer = await ask(outer + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, text, json: JSON.parse(text || '{}') as Record<string, unknown> };
};
const tell = (secret: string, input: object, id: string = randomUUID()): ReturnType<typeof post> => post('/tell', { link: secret, id, input });
const here = (more: object = {}): object => ({ lon: 120.5, lat: 29.7, at: Date.now(), locality: null, ...more });

describe("a driver's link", () => {
  it('is made by the desk, kept as a hash alone, and shows where the load goes and no person', async () => {
    const id = await load();
    const { url, secret, status } = await link(clerk, 'driver', id);
    expect([status, url]).toEqual([201, `${outer}/d#${secret}`]);
    const { rows } = await pool.query<{ all: string; secret: string }>('select outer_link::text as all, secret from outer_link where record = $1', [id]);
    expect(rows[0]?.secret).toBe(fingerprint(secret));
    expect(rows[0]?.all).not.toContain(secret);
    const seen = await post('/look', { link: secret });
    expect(seen.json).toMatchObject({ ok: true, purpose: 'driver', from: '义乌国际物流中心', to: '鄞州应急物资仓库', moving: true, told: null });
    expect(Object.keys(seen.json).sort()).toEqual(['from', 'moving', 'now', 'number', 'ok', 'places', 'purpose', 'to', 'told']);
    expect(seen.text).not.toMatch(/赵|1390|浙B|押运|masks|400/);
    expect((seen.json.places as unknown[]).length).toBeGreaterThan(80);
  });

  it('tells a position through the ordinary gate, once however often it is sent', async () => {
    const id = await load();
    const { secret } = await link(clerk, 'driver', id);
    const [said, message] = [here(), randomUUID()];
    expect(await tell(secret, said, message)).toMatchObject({ status: 200, json: { ok: true, result: { kept: true } } });
    expect(await tell(secret, said, message)).toMatchObject({ status: 200, json: { ok: true, result: { kept: true } } });
    const { json } = await clerk.browser.ask('GET', `/api/v1/shipments/${id}`);
    const found = json as { record: { version: number; body: { position: unknown } }; history: { command: string; author: string }[] };
    expect(found.record.body.position).toMatchObject({ lon: 120.5, lat: 29.7 });
    expect(found.history.filter((line) => line.command === 'shipment.position')).toMatchObject([{ author: '驾驶员' }]);
    // What the kind itself refuses is refused here, in words a driver can act on.
    expect(await tell(secret, here({ lon: 10 }))).toMatchObject({ status: 400, json: { error: { code: 'inputRejected' } } });
    expect(await tell(secret, here({ lon: 124.9, at: Date.now() + 30_000 }))).toMatchObject({ status: 400 });
    expect(await tell(secret, here({ afresh: true }))).toMatchObject({ status: 400 });
  });

  it('reaches its own load and no other, by no command but its own', async () => {
    const [mine, theirs] = [await load(), await load()];
    const { secret } = await link(clerk, 'driver', mine);
    const forged = await tell(secret, { ...here(), id: theirs });
    expect(forged.status).toBe(400);
    const gate = whole.apps[0]?.core.gate;
    const guest = { link: randomUUID(), label: 'x', grant: { board: 'main', role: 'supplies' as const, scope: { units: null, localities: null } }, record: { kind: 'shipment', id: mine }, commands: ['shipment.position'], lists: ['locality'] };
    const send = (type: string, id: string, board = 'main'): Promise<unknown> => gate?.submitAs(guest, { id: randomUUID(), board, type, sent: Date.now(), body: { id, ...here(), from: 'departed', to: 'arrived' } }) ?? Promise.resolve(null);
    for (const [type, id, board] of [['shipment.position', theirs], ['shipment.move', mine], ['shipment.cancel', mine], ['call.log', mine], ['shipment.position', mine, 'other']] as const)
      expect([type, id, await send(type, id, board)]).toEqual([type, id, { ok: false, error: { code: 'notAllowed' } }]);
    for (const query of [
      { name: 'record', kind: 'shipment', id: theirs },
      { name: 'list', kind: 'shipment' },
      { name: 'list', kind: 'call' },
      { name: 'reveal', kind: 'shipment', id: mine, purpose: 'handling' },
    ])
      expect([query, await gate?.queryAs(guest, { board: 'main', ...query })]).toEqual([query, { ok: false, error: expect.objectContaining({ code: expect.stringMatching(/notAllowed|inputRejected/) as string }) as object }]);
  });

  it('ends when it is taken back, when another is made, and with its load', async () => {
    const id = await load();
    const first = await link(clerk, 'driver', id);
    const second = await link(clerk, 'driver', id);
    expect((await post('/look', { link: first.secret })).status).toBe(404);
    expect((await post('/look', { link: second.secret })).status).toBe(200);
    const query = `?board=main&purpose=driver&record=${id}`;
    expect((await clerk.browser.ask('GET', `/api/v1/links${query}`)).json).toMatchObject({ door: outer, link: { by: '值班员 李' } });
    expect((await clerk.browser.ask('DELETE', `/api/v1/links${query}`)).status).toBe(204);
    expect(await tell(second.secret, here())).toMatchObject({ status: 404 });
    const third = await link(clerk, 'driver', id);
    expect((await post('/look', { link: third.secret })).status).toBe(200);
    expect(await clerk.send('shipment.move', { id, from: 'departed', to: 'arrived' })).toMatchObject({ ok: true });
    expect(await tell(third.secret, here())).toMatchObject({ status: 404 });
    expect((await link(clerk, 'driver', id)).status).toBe(409);
  });

  it('is given by those alone who may see the load and have the role for it', async () => {
    const id = await load();
    expect((await link(operator, 'driver', id)).status).toBe(403);
    expect((await link(other, 'driver', id)).status).toBe(404);
    expect((await link(clerk, 'driver', randomUUID())).status).toBe(404);
    expect((await link(clerk, 'code', id)).status).toBe(403);
    expect((await ask(`${inner}/api/v1/links`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(401);
  });
});

describe("an enterprise's code page", () => {
  it('shows a stranger the colour and nothing else, as it stands', async () => {
    const made = await inspector.send('enterprise.register', { name: '演练氯碱化工有限公司', creditCode: '91330211MA0DEM013F', locality: '330211', trade: 'chemicals', headcount: 420, state: 'resumed' });
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    const id = String(made.result.id);
    const { secret, url } = await link(inspector, 'code', id);
    expect(url).toBe(`${outer}/e#${secret}`);
    const look = async (): Promise<Record<string, unknown>> => {
      const { json } = await post('/look', { link: secret });
      expect(Object.keys(json).sort()).toEqual(['code', 'now', 'ok', 'purpose']);
      return json;
    };
    expect((await look()).code).toBeNull();
    expect(await inspector.send('enterprise.judge', { id, changes: { code: { from: null, to: 'yellow' } }, reason: '现场检查' })).toMatchObject({ ok: true });
    expect((await look()).code).toBe('yellow');
    expect((await tell(secret, here())).status).toBe(404);
  });
});

describe('the door', () => {
  it('is 404 for everything of the inner site', async () => {
    const paths = ['/', '/wall', '/operator', '/admin', '/trust', '/trust.json', '/map.json', '/wall-worker.js', '/console.html', '/wall.html', '/outer.html', '/healthz', '/readyz', '/metrics', '/.vite/manifest.json', '/assets/', '/assets/../console.html', '/assets/none.js', '/d/', '/D', '/socket.io/?EIO=4&transport=polling', '/api/v1/session', '/api/v1/boards', '/api/v1/calls', '/api/openapi.json', '/look', '/tell', '/%2e%2e/etc/passwd'];
    for (const path of paths) expect([path, (await ask(outer + path)).status]).toEqual([path, 404]);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      for (const path of ['/d', '/api/v1/session', '/api/v1/commands', '/socket.io/']) expect([method, path, (await ask(outer + path, { method, headers: { 'content-type': 'application/json' }, body: '{}' })).status]).toEqual([method, path, 404]);
    const socket = io(outer, { reconnection: false, timeout: 3_000, transports: ['polling', 'websocket'], extraHeaders: { origin: outer } });
    await new Promise<void>((done, fail) => {
      socket.once('connect_error', () => done());
      socket.once('connect', () => fail(new Error('it let a socket in')));
    });
    socket.close();
  });

  it('knows no session, whatever cookie is brought, and sets none', async () => {
    const cookie = [...clerk.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    for (const path of ['/api/v1/session', '/d']) {
      const answer = await ask(outer + path, { headers: { cookie } });
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.text()).not.toContain('李');
    }
  });

  it('bounds what is sent and how often, and takes nothing from another site', async () => {
    expect((await post('/look', { link: 'x'.repeat(3_000) })).status).toBe(413);
    expect((await post('/look', '{"link":')).status).toBe(400);
    expect((await post('/look', { link: 'x' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(404);
    for (const body of ['null', '[]', '"x"', '{"link":1}', '{"link":"x","more":1}']) expect([body, (await post('/look', body)).status]).toEqual([body, 400]);
    const id = await load();
    const { secret } = await link(clerk, 'driver', id);
    const many = await Promise.all(Array.from({ length: 120 }, () => post('/look', { link: secret })));
    expect(new Set(many.map((one) => one.status))).toEqual(new Set([200, 429]));
    // The inner door is another one: nobody there waits for it.
    expect((await clerk.browser.ask('GET', '/api/v1/session')).status).toBe(200);
  });
});
