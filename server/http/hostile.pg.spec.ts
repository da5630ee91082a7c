import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../shared/time/clock.ts';
import { Browser, Ground, openHttp, person, rawGet, type HttpHub } from '../testing/httpHub.ts';
import { Limiter } from '../hub/limits.ts';
import { addressOf } from './guards.ts';

let ground: Ground;
let hub: HttpHub;
let chief: Browser;
beforeAll(async () => {
  ground = await Ground.open();
  const wide = { perSecond: 1e6, burst: 1e6 };
  hub = await openHttp(ground, { limits: { address: wide, session: wide } });
  await person(hub.access, 'chief', 'admin');
  chief = new Browser(hub.url);
  await chief.signIn('chief');
});
afterAll(async () => {
  await hub.close();
  await ground.close();
});

/** A mark that is in every value and every key we send: it must not come back, but as the bare word in the name of a field nobody knows. */
const MARK = 'zq7Mark';
const nasty = fc.constantFrom(
  `<img src=x onerror=${MARK}()>`,
  `"><script>${MARK}</script>`,
  `=cmd|'/c ${MARK}'!A0`,
  `'; drop table person; -- ${MARK}`,
  `\u0000${MARK}`,
  `\u202e${MARK}`,
  `${MARK}${'长'.repeat(300)}`,
  `../../${MARK}`,
  `{{${MARK}}}`,
  `\ud800${MARK}`,
);
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 60 }).map((s) => MARK + s),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom(null, true, false, 0, -1, 1e308, Number.MAX_SAFE_INTEGER + 2),
    fc.double({ noNaN: true }),
    fc.array(tie('any'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.constantFrom('constructor', 'prototype', 'toString', 'length', 'id', 'body', 'user', 'password', 'grants', 'code'), text), tie('any'), { maxKeys: 5 }),
  ),
})).any;
const doors = [
  ['POST', '/api/v1/session'],
  ['POST', '/api/v1/session/password'],
  ['POST', '/api/v1/commands'],
  ['POST', '/api/v1/people'],
  ['PATCH', '/api/v1/people/00000000-0000-4000-8000-000000000000'],
  ['POST', '/api/v1/screens'],
  ['PATCH', '/api/v1/screens/00000000-0000-4000-8000-000000000000'],
  ['POST', '/api/v1/notes/x/reveal'],
] as const;

const count = async (): Promise<unknown> => {
  const { rows } = await ground.pool().query('select (select count(*) from person) as people, (select count(*) from device) as screens, (select count(*) from entry) as entries');
  return rows[0];
};

function judge(what: unknown, { status, text: got, json }: { status: number; text: string; json?: unknown }): void {
  expect({ what, server: status >= 500 }).toEqual({ what, server: false });
  const beside = got.replace(/"path":"[\w.]{0,200}"/g, '');
  expect({ what, echo: beside.includes(MARK) || /\bat .+\.(ts|js):\d+/.test(got) }).toEqual({ what, echo: false });
  if (status >= 400 && json !== undefined) expect({ what, json }).toEqual({ what, json: { ok: false, error: expect.objectContaining({ code: expect.any(String) as string, message: expect.any(String) as string }) as unknown } });
}

describe('whatever is sent', () => {
  test('as a body: a refusal with words, never a failure, nothing stored, nothing sent back', async () => {
    const before = await count();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...doors), value, async ([method, path], sent) => {
        const reply = await chief.ask(method, path, sent === undefined ? null : JSON.stringify(sent));
        expect(reply.status).toBeGreaterThanOrEqual(400);
        judge([method, path, sent], reply);
      }),
      { numRuns: 300 },
    );
    expect(await count()).toEqual(before);
  });

  test('as almost the right body', async () => {
    const shapes: [string, string, Record<string, unknown>][] = [
      ['POST', '/api/v1/people', { user: 'someone', name: '某人', post: '接线员', grants: [{ board: 'test', role: 'operator' }] }],
      ['POST', '/api/v1/screens', { code: '123456', name: '大屏', board: 'test', profile: { widthMetres: 4 } }],
      ['POST', '/api/v1/commands', { id: '7f1c3f0e-54c5-4f0e-9a55-1f6f5c1d2e3f', board: 'test', type: 'note.add', sent: 1, body: { title: 't', unit: 'u' } }],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...shapes), fc.nat(4), value, fc.constantFrom('zh', 'en'), async ([method, path, shape], at, instead, language) => {
        const names = Object.keys(shape);
        const name = names[at % names.length] ?? '';
        const reply = await chief.ask(method, path, { ...shape, [name]: instead }, { 'accept-language': language === 'en' ? 'en-GB,en;q=0.9,zh;q=0.1' : 'zh-CN' });
        if (reply.status >= 400) {
          judge([path, name, instead], reply);
          // In the reader's language, and for each field what to mend.
          const { error } = reply.json as { error: { message: string; fields?: { message: string }[] } };
          for (const { message } of [error, ...(error.fields ?? [])]) expect([message, /[\u4e00-\u9fff]/.test(message)]).toEqual([message, language === 'zh']);
        }
        expect(reply.status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });

  test('as bytes under the name of JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...doors), fc.uint8Array({ maxLength: 200 }), async ([method, path], bytes) => {
        const response = await fetch(hub.url + path, { method, headers: { 'content-type': 'application/json', origin: hub.url }, body: bytes });
        const got = await response.text();
        judge([method, path, bytes], { status: response.status, text: got, json: JSON.parse(got) as unknown });
      }),
      { numRuns: 100 },
    );
  });

  test('as a form, or under any name but JSON: nothing is taken, nothing stored', async () => {
    const before = await count();
    const type = fc.oneof(fc.constantFrom('application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'text/plain; application/json', 'application/jsonp', 'application/json+x', 'text/xml', '', ' ', 'a/b; charset=x'), fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((s) => s.replace(/[^\x20-\x7e]/g, '')));
    const body = fc.constantFrom('user=chief&password=x', '{"user":"chief","password":"x"}', '--x\r\nContent-Disposition: form-data; name="user"\r\n\r\nchief\r\n--x--', `<x>${MARK}</x>`, '__proto__[polluted]=1&user[$ne]=x');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...doors), type.filter((t) => !/^\s*application\/json\s*(;|$)/i.test(t)), body, async ([method, path], contentType, sent) => {
        const response = await fetch(hub.url + path, { method, headers: { 'content-type': contentType, origin: hub.url, cookie: [...chief.cookies].map(([k, v]) => `${k}=${v}`).join('; ') }, body: sent });
        const got = await response.text();
        judge([path, contentType, sent], { status: response.status, text: got, json: JSON.parse(got) as unknown });
        expect([contentType, response.status]).toEqual([contentType, 415]);
      }),
      { numRuns: 100 },
    );
    expect(await count()).toEqual(before);
  });

  test('as an address or a question', async () => {
    const piece = text.map((t) => encodeURIComponent(t.replace(/[\ud800-\udfff]/g, '')));
    const name = fc.oneof(piece, fc.constantFrom('q', 'where', 'limit', 'after', 'board', 'held', 'sort', 'unit', '__proto__', 'constructor', 'a[b]', 'a[]'));
    const question = fc.array(fc.tuple(name, piece), { maxLength: 6 }).map((all) => all.map(([k, v]) => `${k}=${v}`).join('&'));
    const path = fc.oneof(
      fc.constantFrom('/api/v1/notes', '/api/v1/access-log', '/api/v1/session'),
      piece.map((p) => `/api/v1/notes/${p}`),
      piece.map((p) => `/api/v1/${p}`),
      piece.map((p) => `/api/v1/people/${p}`),
      piece.map((p) => `/api/v1/pairing/${p}`),
      piece.map((p) => `/${p}`),
    );
    await fc.assert(
      fc.asyncProperty(path, question, async (where, asked) => {
        const reply = await chief.ask('GET', `${where}?${asked}`, undefined, { accept: 'application/json' });
        judge([where, asked], reply);
      }),
      { numRuns: 200 },
    );
  });

  test('as a path of any bytes', async () => {
    const bytes = fc.array(fc.integer({ min: 0x21, max: 0x7e }), { maxLength: 80 }).map((all) => `/${String.fromCharCode(...all)}`);
    await fc.assert(
      fc.asyncProperty(bytes, async (path) => {
        judge(path, await rawGet(hub.port, path));
      }),
      { numRuns: 200 },
    );
  });

  test('as headers and cookies', async () => {
    const header = fc.string({ unit: 'binary-ascii', maxLength: 200 }).map((s) => s.replace(/[^\x20-\x7e]/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('cookie', 'accept-language', 'accept', 'user-agent', 'origin', 'sec-fetch-site', 'x-forwarded-for', 'if-none-match', 'range', 'host'), header, async (name, sent) => {
        const reply = await chief.ask('GET', '/api/v1/session', undefined, { [name]: name === 'cookie' ? `board_session=${sent}; board_screen=${sent}` : sent });
        judge([name, sent], reply);
        judge([name, sent], await chief.ask('GET', '/map.json', undefined, { [name]: sent }));
      }),
      { numRuns: 150 },
    );
  });
});

describe('callers', () => {
  test('are told apart by address: IPv6 by its network, IPv4 however it is written', () => {
    expect(['127.0.0.1', '::ffff:10.1.2.3', '::1', undefined].map(addressOf)).toEqual(['127.0.0.1', '10.1.2.3', '::1', '']);
    expect(addressOf('2001:db8:1:2:3:4:5:6')).toBe(addressOf('2001:db8:1:2:ffff::9'));
    expect(addressOf('2001:db8:1:2::1')).not.toBe(addressOf('2001:db8:1:3::1'));
    expect(addressOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        expect(addressOf(ip).length).toBeLessThan(50);
      }),
    );
  });

  test('beyond any number cost no more memory', () => {
    const limiter = new Limiter(new ManualClock(0), { perSecond: 1, burst: 2 }, 100);
    for (let i = 0; i < 1_000; i++) limiter.demand(`caller ${i}`);
    expect(limiter.size).toBe(100);
    limiter.demand('caller 999');
    expect(() => limiter.demand('caller 999')).toThrow('tooMany');
  });
});
