import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connect } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { words } from '../../shared/protocol/words.ts';
import { Access } from '../access/access.ts';
import { accepted, commandOf, quiet } from '../testing/cluster.ts';
import { Browser, Ground, openHttp, PASSWORD, person, rawGet, type HttpHub } from '../testing/httpHub.ts';

let ground: Ground;
let hub: HttpHub;
beforeAll(async () => {
  ground = await Ground.open();
  hub = await openHttp(ground);
  await person(hub.access, 'chief', 'admin', { name: '王大力' });
  await person(hub.access, 'li', 'operator');
});
afterAll(async () => {
  await hub.close();
  await ground.close();
});

const browser = (headers?: Record<string, string>): Browser => new Browser(hub.url, headers);
async function signedIn(user: string): Promise<Browser> {
  const b = browser();
  expect((await b.signIn(user)).status).toBe(200);
  return b;
}
const body = (reply: { json: unknown }): Record<string, unknown> => reply.json as Record<string, unknown>;
const problem = (reply: { json: unknown }): { code: string; message: string; fields?: { path: string; code: string; message: string }[] } =>
  (reply.json as { error: { code: string; message: string } }).error;

describe('a session', () => {
  test('begins with a cookie no script reads and no other site sends, and ends with it', async () => {
    const b = browser();
    const reply = await b.signIn(' LI ');
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      person: { id: expect.any(String) as string, label: '接线员 李', name: '李小明', mustChangePassword: false },
      grants: [{ board: 'test', role: 'operator', scope: { units: null, localities: null } }],
    });
    const [cookie = ''] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^board_session=[\w-]{43}; Max-Age=46800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect((await b.ask('GET', '/api/v1/session')).json).toEqual(reply.json);
    const token = b.cookies.get('board_session') ?? '';
    expect((await b.ask('DELETE', '/api/v1/session')).status).toBe(204);
    expect(b.cookies.size).toBe(0);
    // A copy of the cookie is worth nothing afterwards.
    expect((await b.ask('GET', '/api/v1/session', undefined, { cookie: `board_session=${token}` })).status).toBe(401);
    expect((await b.ask('DELETE', '/api/v1/session')).status).toBe(204);
  });

  test('is refused with a code, and with words in the reader’s language', async () => {
    const zh = await browser().signIn('li', 'wrong password');
    expect([zh.status, problem(zh)]).toEqual([401, { code: 'signInFailed', message: words.zh.errors.signInFailed }]);
    const en = await browser({ 'accept-language': 'en-GB,en;q=0.9,zh;q=0.1' }).signIn('li', '');
    expect([en.status, problem(en)]).toEqual([
      400,
      {
        code: 'inputRejected',
        message: words.en.errors.inputRejected,
        fields: [{ path: 'password', code: 'required', message: words.en.fields.required }],
      },
    ]);
    expect(en.headers.get('vary')).toContain('Accept-Language');
    // A language we do not have, or a header that is none: Chinese, the first.
    for (const language of ['fr', ';;;q=x', '*', ',']) {
      expect(problem(await browser({ 'accept-language': language }).ask('GET', '/api/v1/session')).message).toBe(words.zh.errors.notSignedIn);
    }
  });

  test('that guesses is told how long to wait', async () => {
    await person(hub.access, 'guessed', 'operator');
    const b = browser();
    for (let i = 0; i < 5; i++) expect((await b.signIn('guessed', 'no')).status).toBe(401);
    const held = await b.signIn('guessed');
    expect([held.status, held.headers.get('retry-after'), problem(held).code]).toEqual([429, '1', 'tooMany']);
  });

  test('cannot be planted, and the one before ends (fixation)', async () => {
    const b = browser();
    const planted = 'P'.repeat(43);
    b.cookies.set('board_session', planted);
    await b.signIn('li');
    const first = b.cookies.get('board_session');
    expect(first).not.toBe(planted);
    await b.signIn('li');
    expect(b.cookies.get('board_session')).not.toBe(first);
    expect((await b.ask('GET', '/api/v1/session', undefined, { cookie: `board_session=${first}` })).status).toBe(401);
  });

  test('of a one-time password opens its own change and nothing else', async () => {
    const chief = await signedIn('chief');
    const made = await chief.ask('POST', '/api/v1/people', { user: 'new', name: '钱进', post: '管理员', grants: [{ board: 'test', role: 'admin' }] });
    expect(made.status).toBe(201);
    const { password } = made.json as { password: string };
    const b = browser();
    const first = await b.signIn('new', password);
    expect(first.json).toMatchObject({ person: { mustChangePassword: true } });
    expect((await b.ask('POST', '/api/v1/commands', commandOf('note.add', { title: 't', unit: 'a' }))).status).toBe(403);
    expect((await b.ask('GET', '/api/v1/people')).status).toBe(403);
    expect((await b.ask('GET', '/api/v1/notes')).status).toBe(403);
    const weak = await b.ask('POST', '/api/v1/session/password', { current: password, next: 'aaaaaaaaaaaa' });
    expect(problem(weak).fields).toEqual([{ path: 'next', code: 'passwordTooEasy', message: words.zh.fields.passwordTooEasy }]);
    const before = b.cookies.get('board_session');
    expect((await b.ask('POST', '/api/v1/session/password', { current: password, next: PASSWORD })).status).toBe(200);
    expect(b.cookies.get('board_session')).not.toBe(before);
    expect((await b.ask('GET', '/api/v1/people')).status).toBe(200);
  });

  test('over HTTPS has cookies bound to this very host, and the browser is told to come by HTTPS only', async () => {
    const secure = await openHttp(ground, { secure: true });
    try {
      const b = new Browser(secure.url, { origin: `https://127.0.0.1:${secure.port}` });
      const reply = await b.signIn('li');
      expect(reply.headers.getSetCookie()[0]).toMatch(/^__Host-board_session=[\w-]{43}; .*Path=\/; .*HttpOnly; Secure; SameSite=Strict$/);
      expect(reply.headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
      expect((await b.ask('GET', '/api/v1/session')).status).toBe(200);
      const token = b.cookies.get('__Host-board_session') ?? '';
      // A plain name can be planted by a sibling host: it is not looked at.
      expect((await b.ask('GET', '/api/v1/session', undefined, { cookie: `board_session=${token}` })).status).toBe(401);
      expect((await new Browser(secure.url).signIn('li')).status).toBe(403);
    } finally {
      await secure.close();
    }
  });
});

describe('another site', () => {
  test('cannot sign anyone in or out, or send a command, by a visitor’s browser', async () => {
    const b = await signedIn('li');
    const command = commandOf('note.add', { title: 'forged', unit: 'a' });
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: hub.url.replace('127.0.0.1', 'localhost') },
      { origin: `${hub.url}0` },
      { origin: `http://127.0.0.1:${hub.port}@evil.example` },
      { origin: 'not an origin' },
      { origin: `ftp://127.0.0.1:${hub.port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      expect([headers, (await b.ask('POST', '/api/v1/commands', command, headers)).status]).toEqual([headers, 403]);
      expect((await b.ask('DELETE', '/api/v1/session', undefined, headers)).status).toBe(403);
    }
    expect((await b.ask('GET', '/api/v1/session', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await b.ask('GET', '/api/v1/session')).status).toBe(200);
    expect((await b.ask('GET', '/api/v1/notes?q=forged')).json).toMatchObject({ total: 0 });
  });

  test('cannot pass a form off as JSON', async () => {
    const b = await signedIn('li');
    const text = JSON.stringify(commandOf('note.add', { title: 'form', unit: 'a' }));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; application/json', '']) {
      const reply = await b.ask('POST', '/api/v1/commands', text, { 'content-type': type });
      expect([type, reply.status, problem(reply).code]).toEqual([type, 415, 'notJson']);
    }
  });

  test('finds no page of ours in a frame, and no script or style of its own in our pages', async () => {
    for (const path of ['/', '/wall', '/api/v1/session', '/nowhere', '/assets/none.js', '/healthz']) {
      const { headers } = await browser().ask('GET', path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.split(';').map((d) => d.trim())).toEqual(
        expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]),
      );
      expect(policy).not.toContain('unsafe');
      expect(Object.fromEntries(['x-content-type-options', 'x-frame-options', 'referrer-policy', 'x-powered-by', 'strict-transport-security', 'access-control-allow-origin'].map((n) => [n, headers.get(n)]))).toEqual({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'x-powered-by': null,
        'strict-transport-security': null,
        'access-control-allow-origin': null,
      });
    }
  });
});

describe('commands and records', () => {
  test('go through the same gate as the sockets’, once for one id', async () => {
    const b = await signedIn('li');
    const command = commandOf('note.add', { title: '口罩短缺', unit: 'ph-01', who: '张三丰' });
    const first = await b.ask('POST', '/api/v1/commands', command);
    expect([first.status, first.json]).toMatchObject([200, { ok: true, epoch: 1 }]);
    expect((await b.ask('POST', '/api/v1/commands', command)).json).toEqual(first.json);
    const reused = await b.ask('POST', '/api/v1/commands', { ...command, body: { title: 'other', unit: 'a' } });
    expect([reused.status, problem(reused).code]).toEqual([409, 'idReused']);
    const { id } = (first.json as { result: { id: string } }).result;

    const list = await b.ask('GET', '/api/v1/notes?q=%E5%8F%A3%E7%BD%A9&unit=ph-01&unit=ph-02&held=true&limit=10&sort=oldest');
    expect(list.json).toMatchObject({ ok: true, at: { epoch: 1 }, total: 1, records: [{ kind: 'note', id, body: { title: '口罩短缺' } }] });
    const one = await b.ask('GET', `/api/v1/notes/${id}?board=test`);
    expect(one.json).toMatchObject({ ok: true, record: { id }, personal: { who: '张**' }, history: [{ command: 'note.add', author: '接线员 李' }] });
    expect(one.text).not.toContain('张三丰');
    const shown = await b.ask('POST', `/api/v1/notes/${id}/reveal`, { purpose: 'callBack' });
    expect(shown.json).toMatchObject({ ok: true, personal: { who: '张三丰' } });
    expect((await b.ask('POST', `/api/v1/notes/${id}/reveal`, {})).status).toBe(400);
  });

  test('outside one’s scope are answered like what does not exist', async () => {
    await person(hub.access, 'narrow', 'operator', { scope: { units: ['ph-09'], localities: null } });
    const [wide, narrow] = [await signedIn('li'), await signedIn('narrow')];
    const made = accepted((await wide.ask('POST', '/api/v1/commands', commandOf('note.add', { title: 'theirs', unit: 'ph-01' }))).json as Parameters<typeof accepted>[0]);
    const there = await narrow.ask('GET', `/api/v1/notes/${String(made.result.id)}`);
    const nowhere = await narrow.ask('GET', `/api/v1/notes/${randomUUID()}`);
    expect([there.status, there.text]).toEqual([404, nowhere.text]);
    expect((await narrow.ask('GET', '/api/v1/notes?q=theirs')).json).toMatchObject({ total: 0 });
    expect((await narrow.ask('GET', '/api/v1/notes?board=other')).status).toBe(403);
    expect((await narrow.ask('GET', '/api/v1/boards')).json).toEqual({
      boards: [{ id: 'test', name: { zh: 'test', en: 'test' }, zone: 'Asia/Shanghai', exercise: false }],
    });
  });

  test('are not for whoever has not signed in', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/notes'],
      ['GET', '/api/v1/notes/x'],
      ['GET', '/api/v1/boards'],
      ['POST', '/api/v1/commands'],
      ['POST', '/api/v1/notes/x/reveal'],
      ['GET', '/api/v1/people'],
      ['GET', '/api/v1/boards/test/people'],
      ['GET', '/api/v1/sessions'],
      ['GET', '/api/v1/screens'],
      ['GET', '/api/v1/screen'],
      ['GET', '/api/v1/access-log'],
      ['POST', '/api/v1/session/password'],
    ] as const) {
      const reply = await browser().ask(method, path, method === 'POST' ? {} : undefined);
      expect([path, reply.status, problem(reply).code]).toEqual([path, 401, 'notSignedIn']);
    }
  });

  test('that are asked for wrongly are refused with what to mend', async () => {
    const b = await signedIn('li');
    const expected: [string, string[]][] = [
      ['/api/v1/notes?limit=none', ['limit']],
      ['/api/v1/notes?limit=0', ['limit']],
      ['/api/v1/notes?limit=1e9', ['limit']],
      ['/api/v1/notes?held=maybe', ['held']],
      ['/api/v1/notes?q=a&q=b', ['q']],
      ['/api/v1/notes?sort=sideways', ['sort']],
      ['/api/v1/notes?after=%27%3B--', ['after']],
      ['/api/v1/notes?colour=red', ['where.colour']],
      [`/api/v1/notes?q=${'x'.repeat(201)}`, ['q']],
    ];
    for (const [path, fields] of expected) {
      const reply = await b.ask('GET', path);
      expect([path, reply.status, problem(reply).fields?.map((f) => f.path)]).toEqual([path, 400, fields]);
    }
    expect((await b.ask('GET', '/api/v1/notes?__proto__=x')).status).toBe(400);
    const unknown = await b.ask('GET', '/api/v1/nothings');
    expect([unknown.status, unknown.headers.get('content-type'), problem(unknown).code]).toEqual([404, 'application/json; charset=utf-8', 'notFound']);
    expect((await b.ask('GET', '/api/')).json).toMatchObject({ ok: false, error: { code: 'notFound' } });
  });
});

describe('who works at a board', () => {
  test('is told, by post and surname, to whoever may plan its shifts, and to nobody else', async () => {
    const leader = await person(hub.access, 'planner', 'leader', { name: '陈国强' });
    const unit = { units: ['health'], localities: null };
    await person(hub.access, 'part', 'operator', { name: '吴小芳', scope: unit });
    const shut = await person(hub.access, 'shut', 'operator', { name: '郑一平' });
    await hub.access.people.make({ user: 'elsewhere', name: '冯立', post: '接线员', grants: [{ board: 'other', role: 'operator', scope: { units: null, localities: null } }] }, null);
    await hub.access.people.change(shut, { active: false }, { person: shut, label: 'hub', address: '' });
    const reply = await (await signedIn('planner')).ask('GET', '/api/v1/boards/test/people');
    expect(reply.status).toBe(200);
    const { people } = reply.json as { people: { id: string; label: string }[] };
    expect(people).toContainEqual({ id: leader, label: expect.stringMatching(/ 陈$/) as string, role: 'leader', whole: true });
    expect(people).toContainEqual({ id: expect.any(String) as string, label: expect.stringMatching(/ 吴$/) as string, role: 'operator', whole: false });
    // No name to sign in by, no whole name, nobody of another board, nobody who is out of service.
    expect(reply.text).not.toMatch(/planner|国强|小芳|冯|郑/);
    expect((await (await signedIn('chief')).ask('GET', '/api/v1/boards/test/people')).status).toBe(200);
    for (const [user, board] of [['li', 'test'], ['part', 'test'], ['planner', 'other'], ['planner', 'no-such']] as const) {
      const refused = await (await signedIn(user)).ask('GET', `/api/v1/boards/${board}/people`);
      expect([user, board, refused.status, problem(refused).code]).toEqual([user, board, 403, 'notAllowed']);
    }
  });
});

describe('administrators', () => {
  test('make people, change what they may, and see every session', async () => {
    const chief = await signedIn('chief');
    const refused = await chief.ask('POST', '/api/v1/people', { user: 'x', name: '', post: 'p', grants: [{ board: 'test', role: 'king' }], extra: 1 });
    expect(problem(refused).fields?.map((f) => [f.path, f.code])).toEqual(
      expect.arrayContaining([
        ['user', 'tooShort'],
        ['name', 'required'],
        ['grants.0.role', 'notInList'],
        ['extra', 'unknownField'],
      ]),
    );
    const made = await chief.ask('POST', '/api/v1/people', { user: 'zhou', name: '周强', post: '物资专员', grants: [] });
    const { person: zhou, password } = made.json as { person: { id: string; version: number }; password: string };
    const b = browser();
    await b.signIn('zhou', password);
    expect((await b.ask('POST', '/api/v1/session/password', { current: password, next: PASSWORD })).status).toBe(200);

    for (const scope of [{ units: null, localities: null }, { units: [], localities: null }]) {
      // A unit's desk without units would see every unit's business.
      expect(await chief.ask('PATCH', `/api/v1/people/${zhou.id}`, { version: zhou.version, grants: [{ board: 'test', role: 'unit', scope }] })).toMatchObject({ status: 400 });
    }
    const changed = await chief.ask('PATCH', `/api/v1/people/${zhou.id}`, { version: zhou.version, grants: [{ board: 'test', role: 'supplies', scope: { units: ['wz-01'], localities: null } }] });
    expect(changed.json).toMatchObject({ person: { grants: [{ board: 'test', role: 'supplies', scope: { units: ['wz-01'] } }] } });
    expect((await b.ask('GET', '/api/v1/session')).json).toMatchObject({ grants: [{ role: 'supplies' }] });
    expect((await chief.ask('PATCH', `/api/v1/people/${zhou.id}`, { version: zhou.version, name: '周' })).status).toBe(409);

    const { sessions } = body(await chief.ask('GET', '/api/v1/sessions')) as { sessions: { id: string; person: string; current: boolean }[] };
    expect(sessions.filter((s) => s.current)).toHaveLength(1);
    const theirs = sessions.find((s) => s.person === zhou.id);
    expect((await chief.ask('DELETE', `/api/v1/sessions/${theirs?.id}`)).status).toBe(204);
    expect((await b.ask('GET', '/api/v1/session')).status).toBe(401);
    await b.signIn('zhou');
    expect((await chief.ask('PATCH', `/api/v1/people/${zhou.id}`, { active: false })).status).toBe(200);
    expect((await b.ask('GET', '/api/v1/session')).status).toBe(401);
    expect((await b.signIn('zhou')).status).toBe(401);

    const { people } = body(await chief.ask('GET', '/api/v1/people')) as { people: { id: string; user: string }[] };
    expect(people.map((p) => p.user)).toContain('zhou');
    // The log tells of everyone on every board: it is for who administers them all.
    expect((await chief.ask('GET', '/api/v1/access-log')).status).toBe(403);
    const own = people.find((p) => p.user === 'chief')?.id ?? '';
    const scope = { units: null, localities: null };
    const grants = ['test', 'other'].map((board) => ({ board, role: 'admin' as const, scope }));
    await hub.access.people.change(own, { grants }, { person: own, label: 'hub', address: '' });
    const log = body(await chief.ask('GET', '/api/v1/access-log?limit=200')) as { lines: { what: string }[] };
    expect(log.lines.map((l) => l.what)).toEqual(expect.arrayContaining(['personMade', 'personChanged', 'sessionRevoked', 'signedIn', 'passwordChanged']));
    expect((await chief.ask('GET', '/api/v1/access-log?limit=0')).status).toBe(400);
  });

  test('are the only ones who may', async () => {
    const li = await signedIn('li');
    const id = randomUUID();
    for (const [method, path] of [
      ['GET', '/api/v1/people'],
      ['POST', '/api/v1/people'],
      ['GET', `/api/v1/people/${id}`],
      ['PATCH', `/api/v1/people/${id}`],
      ['POST', `/api/v1/people/${id}/password`],
      ['GET', '/api/v1/sessions'],
      ['DELETE', `/api/v1/sessions/${'0'.repeat(64)}`],
      ['GET', '/api/v1/screens'],
      ['POST', '/api/v1/screens'],
      ['PATCH', `/api/v1/screens/${id}`],
      ['DELETE', `/api/v1/screens/${id}`],
      ['GET', '/api/v1/access-log'],
    ] as const) {
      const reply = await li.ask(method, path, method === 'GET' ? undefined : {});
      expect([method, path, reply.status, problem(reply).code]).toEqual([method, path, 403, 'notAllowed']);
    }
  });

  test('are told of people, sessions and screens that do not exist', async () => {
    const chief = await signedIn('chief');
    for (const id of [randomUUID(), 'x', '%00', "';--"]) {
      expect((await chief.ask('PATCH', `/api/v1/people/${id}`, { name: '无名' })).status).toBe(404);
      expect((await chief.ask('DELETE', `/api/v1/sessions/${id}`)).status).toBe(404);
      expect((await chief.ask('DELETE', `/api/v1/screens/${id}`)).status).toBe(404);
    }
  });
});

describe('a wall', () => {
  test('is let in by a code that an administrator types in, and only looks', async () => {
    const wall = browser();
    const asked = await wall.ask('POST', '/api/v1/pairing');
    const { id, code, secret } = asked.json as { id: string; code: string; secret: string; expires: number };
    const look = (given = secret) => wall.ask('GET', `/api/v1/pairing/${id}`, undefined, { 'x-pairing-secret': given });
    expect([asked.status, Object.keys(body(asked)).sort()]).toEqual([201, ['code', 'expires', 'id', 'secret']]);
    expect((await look()).json).toMatchObject({ state: 'waiting' });
    // Whoever reads the code off the screen cannot take its credential.
    expect((await wall.ask('GET', `/api/v1/pairing/${id}`)).status).toBe(404);
    expect((await look(`${code}${'x'.repeat(37)}`)).status).toBe(404);

    const chief = await signedIn('chief');
    const wrong = await chief.ask('POST', '/api/v1/screens', { code: code === '111111' ? '222222' : '111111', name: '指挥大厅', board: 'test' });
    expect([wrong.status, problem(wrong).fields?.[0]?.code]).toEqual([400, 'wrongCode']);
    const approved = await chief.ask('POST', '/api/v1/screens', {
      code: ` ${code.slice(0, 3)} ${code.slice(3)}`,
      name: '指挥大厅',
      board: 'test',
      profile: { pixels: { width: 3840, height: 2160 }, widthMetres: 4.8, farthestMetres: 10 },
    });
    expect(approved.status).toBe(201);
    const { screen } = approved.json as { screen: { id: string } };

    const claimed = await look();
    expect(claimed.headers.getSetCookie()[0]).toMatch(/^board_screen=[\w-]{43}; Max-Age=34560000; Path=\/; .*HttpOnly; SameSite=Strict$/);
    expect(claimed.json).toMatchObject({ state: 'approved', screen: { id: screen.id, name: '指挥大厅', board: 'test' } });
    expect(claimed.text).not.toContain(wall.cookies.get('board_screen'));
    expect((await wall.ask('GET', '/api/v1/screen')).json).toMatchObject({ screen: { id: screen.id, profile: { widthMetres: 4.8 } } });
    expect((await wall.ask('GET', '/api/v1/boards')).json).toMatchObject({ boards: [{ id: 'test' }] });

    for (const [method, path, sent] of [
      ['POST', '/api/v1/commands', commandOf('note.add', { title: 'from a wall', unit: 'a' })],
      ['GET', '/api/v1/notes', undefined],
      ['GET', '/api/v1/notes/x', undefined],
      ['POST', '/api/v1/notes/x/reveal', { purpose: 'review' }],
    ] as const) {
      const reply = await wall.ask(method, path, sent);
      expect([path, reply.status, problem(reply).code]).toEqual([path, 403, 'notAllowed']);
    }
    expect((await wall.ask('GET', '/api/v1/people')).status).toBe(401);

    // What it is on is said by its own page and by nobody else; whoever keeps the screens sees it.
    expect((await wall.ask('PUT', '/api/v1/screen/found', { width: 3840, height: 2160, ratio: 2 })).status).toBe(204);
    expect((await wall.ask('PUT', '/api/v1/screen/found', { width: 0, height: 2160, ratio: 2 })).status).toBe(400);
    expect((await chief.ask('PUT', '/api/v1/screen/found', { width: 1, height: 1, ratio: 1 })).status).toBe(401);

    const renamed = await chief.ask('PATCH', `/api/v1/screens/${screen.id}`, { name: '一号大屏' });
    expect(renamed.json).toMatchObject({ screen: { name: '一号大屏', profile: { widthMetres: 4.8 }, lastSeen: ground.clock.now(), found: { width: 3840, height: 2160, ratio: 2 } } });

    // Letters nobody at the back could read are refused when the profile is made, with what mends it.
    const far = { pixels: { width: 1920, height: 1080 }, widthMetres: 4, farthestMetres: 10 };
    const small = await chief.ask('PATCH', `/api/v1/screens/${screen.id}`, { profile: far });
    expect([small.status, problem(small).fields]).toMatchObject([400, [{ path: 'profile.farthestMetres', code: 'textTooSmall', params: { far: 8.5, width: 4.7, scale: 1.2 } }]]);
    expect((await wall.ask('GET', '/api/v1/screen')).json).toMatchObject({ screen: { profile: { widthMetres: 4.8 } } });
    expect((await chief.ask('PATCH', `/api/v1/screens/${screen.id}`, { profile: { ...far, scale: 1.2, tiles: { columns: 2, rows: 1 } } })).status).toBe(200);
    expect((await chief.ask('POST', `/api/v1/screens/${screen.id}/card`, { seconds: 90 })).status).toBe(204);
    expect((await wall.ask('POST', `/api/v1/screens/${screen.id}/card`, {})).status).toBe(401);

    expect((await chief.ask('DELETE', `/api/v1/screens/${screen.id}`)).status).toBe(204);
    expect((await chief.ask('POST', `/api/v1/screens/${screen.id}/card`, {})).status).toBe(404);
    expect((await wall.ask('GET', '/api/v1/screen')).status).toBe(401);
    expect((await wall.ask('GET', '/api/v1/boards')).status).toBe(401);
  });
});

describe('pages and files', () => {
  test('are served under their addresses: pages anew each time, hashed files for good', async () => {
    for (const path of ['/', '/operator', '/supplies', '/enterprises/abc', '/leader', '/admin']) {
      const reply = await browser().ask('GET', path);
      expect([path, reply.status, reply.text, reply.headers.get('cache-control')]).toEqual([path, 200, '<!doctype html><title>console</title>', 'no-store']);
    }
    expect((await browser().ask('GET', '/wall')).text).toContain('wall');
    const asset = await browser().ask('GET', '/assets/app-1a2b3c.js');
    expect([asset.status, asset.headers.get('cache-control'), asset.headers.get('content-type')]).toEqual([200, 'public, max-age=31536000, immutable', 'text/javascript; charset=utf-8']);
    const map = await browser().ask('GET', '/map.json');
    const etag = map.headers.get('etag') ?? '';
    expect([map.status, map.headers.get('cache-control'), etag]).toEqual([200, 'no-cache', expect.stringMatching(/^W?\/?"/)]);
    expect((await rawGet(hub.port, '/map.json', { 'if-none-match': etag })).status).toBe(304);
  });

  test('the map is the centre’s own when one is given', async () => {
    const own = join(hub.client, '..', 'own-map.json');
    writeFileSync(own, '{"own":true}');
    const other = await openHttp(ground, { config: { mapFile: own, distDir: join(hub.client, '..'), databaseUrl: 'postgres://x/y', redisUrl: null } });
    try {
      const reply = await new Browser(other.url).ask('GET', '/map.json');
      expect([reply.json, reply.headers.get('content-type')]).toEqual([{ own: true }, 'application/json; charset=utf-8']);
      expect((await new Browser(other.url).ask('GET', '/healthz')).json).toMatchObject({ postgres: 'own' });
    } finally {
      await other.close();
    }
  });

  test('an address that leads nowhere says so: to people with a page, to programs as JSON', async () => {
    const people = await browser({ accept: 'text/html,*/*' }).ask('GET', '/no/such/page');
    expect([people.status, people.text]).toEqual([404, '<!doctype html><title>console</title>']);
    const program = await browser({ accept: 'application/json' }).ask('GET', '/no/such/page');
    expect([program.status, problem(program).code]).toEqual([404, 'notFound']);
    expect((await browser({ accept: 'text/html' }).ask('POST', '/no/such/page')).status).toBe(404);
  });

  test('nothing outside the built pages can be had by tricks with the path', async () => {
    const tricks = [
      '/..%2f..%2fetc/passwd',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/%00',
      '/assets/app-1a2b3c.js%00.html',
      '/%00',
      '/%',
      '/%ff',
      '/%E0%A4%A',
      '/wall/..%2f..%2fsecret.txt',
      '//etc/passwd',
      '/assets//etc/passwd',
      '/.git/config',
      '/assets/.hidden',
      `/${'a/'.repeat(3000)}`,
      '/console.html%2f..%2f..%2fsecret.txt',
    ];
    for (const path of tricks) {
      const { status, text } = await rawGet(hub.port, path);
      expect([path, [200, 400, 404].includes(status)]).toEqual([path, true]);
      if (status === 200) expect([path, text]).toEqual([path, expect.stringMatching(/<title>(wall|console)<\/title>/)]);
      expect(text).not.toContain('not to be served');
      expect(text).not.toContain('root:');
      expect(text).not.toMatch(/at .+\.(ts|js):\d+/);
    }
  });
});

describe('what programs ask of a hub itself', () => {
  test('it lives, and whether it can take a command, with what each part runs on', async () => {
    const health = await browser().ask('GET', '/healthz');
    expect([health.status, health.json]).toEqual([
      200,
      {
        ok: true,
        hub: { id: 'hub-1', build: 'test' },
        postgres: 'private',
        bus: { runsOn: 'process', up: true },
        boards: expect.arrayContaining(['test', 'other']) as string[],
        connections: 0,
        clockApart: expect.any(Number) as number,
      },
    ]);
    const away = await openHttp(ground, { core: { rename: hub.hub.core.rename.bind(hub.hub.core), gate: hub.hub.core.gate, boards: hub.hub.core.boards, versions: hub.hub.core.versions.bind(hub.hub.core), ready: () => ({ ready: false, clockApart: 9_000, why: 'the clock is wrong' }) } });
    try {
      const reply = await new Browser(away.url).ask('GET', '/readyz');
      expect([reply.status, reply.headers.get('retry-after'), reply.json]).toMatchObject([503, '1', { ok: false, why: 'the clock is wrong' }]);
    } finally {
      await away.close();
    }
  });

  test('a database that is gone is a clear answer that asks for patience, and no stack', async () => {
    const nowhere = new pg.Pool({ host: join(hub.client, 'no-server-here'), connectionTimeoutMillis: 2_000 });
    const access = new Access({ pool: nowhere, clock: ground.clock, log: quiet });
    const there = await openHttp(ground, { access });
    try {
      const b = new Browser(there.url);
      b.cookies.set('board_session', 'S'.repeat(43));
      for (const [method, path] of [['GET', '/api/v1/session'], ['POST', '/api/v1/pairing'], ['GET', '/api/v1/notes']] as const) {
        const reply = await b.ask(method, path);
        expect([path, reply.status, problem(reply).code, reply.headers.get('retry-after')]).toEqual([path, 503, 'notReady', '1']);
        expect(reply.text).not.toMatch(/\.ts|pg|select|no-server/);
      }
      expect((await b.ask('GET', '/healthz')).status).toBe(200);
    } finally {
      await there.close();
      await nowhere.end();
    }
  });
});

describe('bounds', () => {
  test('a body of more than 256 kB, one that is packed, broken or not closed is refused clearly', async () => {
    const b = await signedIn('li');
    const large = await b.ask('POST', '/api/v1/commands', commandOf('note.add', { title: 'x'.repeat(300_000), unit: 'a' }));
    expect([large.status, problem(large).code]).toEqual([413, 'tooLarge']);
    for (const text of ['{', '{"a":', '[1,', 'nonsense', '"text"', '\u0000', '{"a":1}}', '{"a":"\ud800', '[[', '{"__proto__":{"admin":true}}', '{"body":{"__proto__":{"x":1}}}', '['.repeat(100_000) + ']'.repeat(100_000)]) {
      const reply = await b.ask('POST', '/api/v1/commands', text);
      expect([text.slice(0, 30), reply.status, problem(reply)]).toEqual([text.slice(0, 30), 400, { code: 'notJson', message: words.zh.errors.notJson }]);
    }
    const packed = await b.ask('POST', '/api/v1/commands', '{}', { 'content-encoding': 'gzip' });
    expect([packed.status, problem(packed).code]).toEqual([415, 'notJson']);
    const charset = await b.ask('POST', '/api/v1/commands', '{}', { 'content-type': 'application/json; charset=ebcdic' });
    expect([charset.status, problem(charset).code]).toEqual([415, 'notJson']);
    const deep = await b.ask('POST', '/api/v1/commands', `{"id":"${randomUUID()}","board":"test","type":"note.add","sent":1,"body":{"title":${'['.repeat(2_000)}${']'.repeat(2_000)},"unit":"a"}}`);
    expect([deep.status, problem(deep).code]).toEqual([400, 'inputRejected']);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test('headers that are none, or have no end, are answered with JSON and the connection is closed', async () => {
    const raw = (text: string): Promise<string> =>
      new Promise((done, fail) => {
        const socket = connect(hub.port, '127.0.0.1', () => socket.write(text));
        let got = '';
        socket.setEncoding('utf8');
        socket.on('data', (chunk: string) => (got += chunk));
        socket.on('close', () => done(got));
        socket.on('error', fail);
      });
    for (const [sent, status] of [
      ['nonsense\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: x\r\nBad Header: <script>\r\n\r\n', 400],
      ['POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ] as const) {
      const got = await raw(sent);
      expect(got).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      const [, answer = ''] = got.split('\r\n\r\n');
      expect(JSON.parse(answer)).toMatchObject({ ok: false, error: { code: status === 431 ? 'tooLarge' : 'inputRejected' } });
      expect(got).not.toContain('script');
    }
  });

  test('an address, and a session, that ask without end are held back; others are not', async () => {
    const tight = await openHttp(ground, { limits: { address: { perSecond: 1, burst: 12 }, session: { perSecond: 1, burst: 3 } } });
    try {
      const [li, chief] = [new Browser(tight.url), new Browser(tight.url)];
      await li.signIn('li');
      await chief.signIn('chief');
      const answers: number[] = [];
      for (let i = 0; i < 5; i++) answers.push((await li.ask('GET', '/api/v1/boards')).status);
      expect(answers).toEqual([200, 200, 200, 429, 429]);
      expect((await chief.ask('GET', '/api/v1/boards')).status).toBe(200);
      for (let i = 0; i < 4; i++) await chief.ask('GET', '/api/v1/session');
      const held = await chief.ask('GET', '/api/v1/session');
      expect([held.status, held.headers.get('retry-after')]).toEqual([429, '1']);
      // Pages and health are not part of it: a wall must be able to load.
      expect((await chief.ask('GET', '/wall')).status).toBe(200);
      ground.clock.advance(1_000);
      expect((await chief.ask('GET', '/api/v1/session')).status).toBe(200);
    } finally {
      await tight.close();
    }
  });
});
