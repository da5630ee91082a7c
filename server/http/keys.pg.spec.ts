import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangesAnswer } from '../../shared/protocol/changes.ts';
import type { Answer, QueryResult } from '../../shared/protocol/messages.ts';
import type { KeyInput, KeyView } from '../access/keys.ts';
import { Browser, Ground, openHttp, person, START, type HttpHub, type Reply } from '../testing/httpHub.ts';
import { Program } from '../testing/program.ts';
import { commandRoutes } from './commandRoutes.ts';
import { asPattern } from '../../shared/features/index.ts';

/** Other programs by their keys: in by the header alone, through the same gate as everybody, never beyond their scope. */
let ground: Ground;
let hub: HttpHub;
let second: HttpHub;
let chief: Browser;
const HOUR = 3_600_000;

beforeAll(async () => {
  ground = await Ground.open();
  hub = await openHttp(ground);
  second = await openHttp(ground);
  await person(hub.access, 'chief', 'admin');
  await person(hub.access, 'li', 'operator');
  chief = new Browser(hub.url);
  await chief.signIn('chief');
});
afterAll(async () => {
  await hub.close();
  await second.close();
  await ground.close();
});

let named = 0;
async function made(more: Partial<Extract<KeyInput, { use: 'board' }>> = {}): Promise<{ program: Program; key: KeyView; secret: string }> {
  const given = { use: 'board', name: `急救系统 ${(named += 1)}`, board: 'test', role: 'operator', mayWrite: true, days: 30, ...more };
  const reply = await chief.ask('POST', '/api/v1/keys', given);
  expect(reply.text).toContain('secret');
  const { key, secret } = reply.json as { key: KeyView; secret: string };
  return { program: new Program(hub.url, secret), key, secret };
}
const codeOf = (reply: Reply): string => (reply.json as { error?: { code: string } }).error?.code ?? `status ${reply.status}`;
const answerOf = (reply: Reply): Extract<Answer, { ok: true }> => {
  expect(reply.status, reply.text).toBe(200);
  return reply.json as Extract<Answer, { ok: true }>;
};
const changesOf = (reply: Reply): Extract<ChangesAnswer, { continues: true }> => {
  expect(reply.status, reply.text).toBe(200);
  return reply.json as Extract<ChangesAnswer, { continues: true }>;
};

describe('a key', () => {
  test('is shown once, hashed at rest, told by its end, and written down with who made it', async () => {
    const { key, secret } = await made({ name: '气象台' });
    expect(secret).toMatch(/^sbk_[\w-]{43}$/);
    expect(key).toMatchObject({ name: '气象台', hint: secret.slice(-4), board: 'test', role: 'operator', mayReveal: false, expires: START + 30 * 24 * HOUR, lastUsed: null });
    const listed = await chief.ask('GET', '/api/v1/keys');
    expect(listed.text).toContain('气象台');
    expect(listed.text).not.toContain(secret.slice(4));
    const pool = ground.pool();
    const rows = await pool.query('select k::text as text from api_key k union all select l::text from access_log l');
    expect(rows.rows.map((r: { text: string }) => r.text).join('\n')).not.toContain(secret.slice(4));
    const log = await hub.access.readJournal(5);
    expect(log[0]).toMatchObject({ what: 'keyMade', label: '接线员 李', about: { name: '气象台', role: 'operator' } });
  });

  test('is made and revoked by an administrator of its board alone, under a name of its own', async () => {
    const { program, key } = await made();
    // A unit's key without units would hear every unit's business.
    for (const scope of [undefined, { units: [], localities: null }]) expect(codeOf(await chief.ask('POST', '/api/v1/keys', { use: 'board', name: 'u', board: 'test', role: 'unit', days: 1, ...(scope && { scope }) }))).toBe('inputRejected');
    expect(codeOf(await chief.ask('POST', '/api/v1/keys', { use: 'board', name: key.name.toUpperCase(), board: 'test', role: 'operator', days: 1 }))).toBe('inputRejected');
    expect(codeOf(await chief.ask('POST', '/api/v1/keys', { use: 'board', name: 'x', board: 'other', role: 'operator', days: 1 }))).toBe('inputRejected');
    const li = new Browser(hub.url);
    await li.signIn('li');
    for (const who of [li, program] as const) {
      expect([401, 403]).toContain((await who.ask('GET', '/api/v1/keys')).status);
      expect([401, 403]).toContain((await who.ask('POST', '/api/v1/keys', { use: 'metrics', name: 'y', days: 1 })).status);
      expect([401, 403]).toContain((await who.ask('DELETE', `/api/v1/keys/${key.id}`)).status);
    }
    // The figures of a hub are of every board on it; this administrator has one of two.
    expect(codeOf(await chief.ask('POST', '/api/v1/keys', { use: 'metrics', name: 'y', days: 1 }))).toBe('notAllowed');
  });

  test('comes in its header alone; a session in its cookie alone; with both no cookie is looked at', async () => {
    const { program, secret } = await made();
    expect((await program.get('/api/v1/notes')).status).toBe(200);
    const bare = new Program(hub.url, 'x');
    for (const headers of [{ cookie: `board_session=${secret}` }, { cookie: `board_session=${secret.slice(4)}` }, { cookie: `board_screen=${secret}` }]) {
      expect((await bare.ask('GET', '/api/v1/notes', undefined, { ...headers, authorization: '' })).status).toBe(401);
    }
    const token = chief.cookies.get('board_session') ?? '';
    const asKey = await new Program(hub.url, token).get('/api/v1/boards');
    expect([asKey.status, asKey.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await chief.ask('GET', '/api/v1/people', undefined, { authorization: `Bearer ${secret}` })).status).toBe(401);
    for (const bad of ['Basic eA==', 'Bearer', 'Bearer ', `bearer  ${secret}x`, `Bearer ${secret} x`, 'Bearer '.repeat(500)]) {
      expect((await chief.ask('GET', '/api/v1/notes', undefined, { authorization: bad })).status, bad).toBe(401);
    }
    expect((await program.get('/api/v1/session')).status).toBe(401);
    expect((await program.get('/api/v1/people')).status).toBe(401);
    // A page of another site gains nothing by a key it got hold of.
    expect((await program.ask('GET', '/api/v1/notes', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await program.ask('POST', '/api/v1/notes', { title: 'x', unit: '' }, { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('ends at once on every hub when it is revoked, and by itself when its time has come', async () => {
    const { program, key, secret } = await made();
    const elsewhere = new Program(second.url, secret);
    expect((await elsewhere.get('/api/v1/notes')).status).toBe(200);
    const seen = ((await chief.ask('GET', '/api/v1/keys')).json as { keys: KeyView[] }).keys.find((k) => k.id === key.id);
    expect(seen?.lastUsed).toBe(ground.clock.now());
    const waiting = elsewhere.get('/api/v1/changes?wait=30');
    const board = second.hub.board();
    await expect.poll(() => board.waits.size).toBe(1);
    expect((await chief.ask('DELETE', `/api/v1/keys/${key.id}`)).status).toBe(204);
    expect((await elsewhere.get('/api/v1/notes')).status).toBe(401);
    expect((await program.post('/api/v1/notes', { title: 'late', unit: '' })).status).toBe(401);
    // The bell between hubs is not rung in this test: the poll of every second finds it.
    await second.access.pollRevocations();
    await expect.poll(() => board.waits.size).toBe(0);
    expect((await waiting).status).toBe(401);
    const short = await made({ days: 1 });
    ground.clock.advance(25 * HOUR);
    expect((await short.program.get('/api/v1/notes')).status).toBe(401);
    await chief.signIn('chief');
  });

  test('has a rate of its own: one that asks too much is told to wait, others are not', async () => {
    const [greedy, calm] = [await made(), await made()];
    const replies = await Promise.all(Array.from({ length: 260 }, () => greedy.program.get('/api/v1/boards')));
    const held = replies.filter((r) => r.status === 429);
    expect(held).toHaveLength(10);
    expect(held[0]?.headers.get('retry-after')).toBe('1');
    expect((await calm.program.get('/api/v1/boards')).status).toBe(200);
  });

  test('is counted by all hubs together: what one hub let in is not there to be had from another', async () => {
    const { program, secret } = await made();
    const elsewhere = new Program(second.url, secret);
    const replies = await Promise.all(Array.from({ length: 300 }, (_, i) => (i % 2 ? program : elsewhere).get('/api/v1/boards')));
    expect(replies.filter((r) => r.status === 200)).toHaveLength(250);
    expect(replies.filter((r) => r.status === 429)).toHaveLength(50);
    ground.clock.advance(1_000);
    const later = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 ? program : elsewhere).get('/api/v1/boards')));
    expect(later.filter((r) => r.status === 200)).toHaveLength(50);
  });
});

describe('what a key may do', () => {
  test('[R10] is its role within its scope, on its own board, whatever board it names', async () => {
    const { program } = await made({ scope: { units: ['a'], localities: null } });
    const wide = await made();
    const mine = answerOf(await program.post('/api/v1/notes', { title: 'mine', unit: 'a' })).result.id;
    const theirs = answerOf(await wide.program.post('/api/v1/notes', { title: 'theirs', unit: 'b' })).result.id;
    const ids = ((await program.get('/api/v1/notes')).json as Extract<QueryResult, { ok: true }>).records?.map((r) => r.id);
    expect(ids).toContain(mine);
    expect(ids).not.toContain(theirs);
    expect(codeOf(await program.get(`/api/v1/notes/${theirs}`))).toBe('notFound');
    expect(codeOf(await program.post(`/api/v1/notes/${theirs}/edit`, { changes: { title: { from: 'theirs', to: 'taken' } } }))).toBe('notFound');
    expect(codeOf(await program.post('/api/v1/notes', { title: 'x', unit: 'b' }))).toBe('notAllowed');
    for (const board of ['other', 'nowhere']) {
      expect(codeOf(await program.get(`/api/v1/notes?board=${board}`))).toBe('notAllowed');
      expect(codeOf(await program.get(`/api/v1/changes?board=${board}`))).toBe('notAllowed');
      expect(codeOf(await program.post(`/api/v1/notes?board=${board}`, { title: 'x', unit: 'a' }))).toBe('notAllowed');
    }
  });

  test('is to look and nothing else unless it was said', async () => {
    const { program } = await made({ mayWrite: false });
    expect((await program.get('/api/v1/notes')).status).toBe(200);
    expect(codeOf(await program.post('/api/v1/notes', { title: 'no', unit: '' }))).toBe('notAllowed');
    const whole = { id: randomUUID(), board: 'test', type: 'note.add', sent: 1, body: { title: 'no', unit: '' } };
    expect(codeOf(await program.ask('POST', '/api/v1/commands', whole))).toBe('notAllowed');
  });

  test('[R16] leaves personal values alone unless it was said: neither whole nor masked, nor found by one', async () => {
    const blind = (await made()).program;
    const told = await made({ mayReveal: true });
    const id = String(answerOf(await blind.post('/api/v1/notes', { title: 'call', unit: '', who: '甲密王女士' })).result.id);
    const record = await blind.get(`/api/v1/notes/${id}`);
    expect(record.json).toMatchObject({ ok: true, personal: {}, record: { body: { who: 1 } } });
    expect(record.text).not.toContain('甲');
    expect((await blind.get(`/api/v1/notes?q=${encodeURIComponent('甲密王女士')}`)).json).toMatchObject({ total: 0 });
    expect(codeOf(await blind.ask('POST', `/api/v1/notes/${id}/reveal`, { purpose: 'handling' }))).toBe('notAllowed');
    expect((await told.program.ask('POST', `/api/v1/notes/${id}/reveal`, { purpose: 'handling' })).json).toMatchObject({ personal: { who: '甲密王女士' } });
    const { rows } = await ground.pool().query('select author_id, author_label from personal_look');
    expect(rows).toEqual([{ author_id: `key:${told.key.id}`, author_label: `外部系统 ${told.key.name}` }]);
  });

  test('is written on what it did: its own name, told from any person', async () => {
    const { program, key } = await made();
    const id = String(answerOf(await program.post('/api/v1/notes', { title: 'whose', unit: '' })).result.id);
    const { json } = await program.get(`/api/v1/notes/${id}`);
    expect((json as { history: { author: string }[] }).history[0]?.author).toBe(`外部系统 ${key.name}`);
    const { rows } = await ground.pool().query('select author_id from entry order by revision desc limit 1');
    expect(rows).toEqual([{ author_id: `key:${key.id}` }]);
  });
});

describe('[R4] Idempotency-Key', () => {
  test('the same key and body: the first outcome; another body: idReused; another program’s key is its own', async () => {
    const [{ program }, other] = [await made(), await made()];
    for (const id of [randomUUID(), 'order 17/a', `"${randomUUID().toUpperCase()}"`]) {
      const body = { title: `once ${id}`, unit: '' };
      const first = answerOf(await program.post('/api/v1/notes', body, id));
      const again = answerOf(await program.post('/api/v1/notes', body, id));
      expect(again).toEqual(first);
      // By the general address as well: it is one command.
      expect(codeOf(await program.post('/api/v1/notes', { ...body, unit: 'a' }, id))).toBe('idReused');
      expect(answerOf(await other.program.post('/api/v1/notes', { title: `other ${id}`, unit: '' }, id)).revision).toBeGreaterThan(first.revision);
    }
    const id = randomUUID();
    const body = { title: `both ${id}`, unit: '' };
    const whole = { board: 'test', type: 'note.add', sent: 1, body };
    const first = answerOf(await program.ask('POST', '/api/v1/commands', whole, { 'idempotency-key': id }));
    expect(answerOf(await program.post('/api/v1/notes', body, id))).toEqual(first);
    expect(codeOf(await program.ask('POST', '/api/v1/commands', { ...whole, id: randomUUID() }, { 'idempotency-key': id }))).toBe('inputRejected');
  });

  test('pressed twice at once is taken once', async () => {
    const { program } = await made();
    const id = randomUUID();
    const both = await Promise.all([1, 2].map(() => program.post('/api/v1/notes', { title: 'twice', unit: '' }, id)));
    expect(answerOf(both[0] as Reply)).toEqual(answerOf(both[1] as Reply));
  });

  test('is demanded, and bounded', async () => {
    const { program } = await made();
    const bad: Record<string, string>[] = [{}, { 'idempotency-key': '' }, { 'idempotency-key': '""' }, { 'idempotency-key': 'x'.repeat(201) }];
    for (const headers of bad) {
      const reply = await program.ask('POST', '/api/v1/notes', { title: 'x', unit: '' }, headers);
      expect([reply.status, codeOf(reply)]).toEqual([400, 'inputRejected']);
      expect(reply.text).toContain('Idempotency-Key');
    }
  });
});

describe('addresses of commands', () => {
  test('follow from the list of kinds', () => {
    const all = commandRoutes(Object.values(asPattern)).map((r) => `${r.type} ${r.template}`);
    // Programs were told these: an address that changes breaks them.
    for (const line of [
      'call.log /calls',
      'call.amend /calls/{id}/amend',
      'call.move /calls/{id}/move',
      'call.erase /calls/{id}/erase',
      'shipment.announce /shipments',
      'shipment.position /shipments/{id}/position',
      'enterprise.register /enterprises',
      'enterprise.report /enterprises/{id}/report',
      'level.declare /levels',
      'unit.save /units',
      'unit.retire /units/retire',
      'locality.save /localities',
      'locality.colour /localities/colour',
      'list.save /lists',
    ])
      expect(all).toContain(line);
    expect(all.filter((line) => /overdue|silent/.test(line))).toEqual([]);
    expect(new Set(all.map((line) => line.split(' ')[1])).size).toBe(all.length);
    expect(all.filter((line) => line.endsWith('/reveal'))).toEqual([]);
  });

  test('take the id from the address, and nothing they do not know', async () => {
    const { program } = await made();
    const id = String(answerOf(await program.post('/api/v1/notes', { title: 'here', unit: '' })).result.id);
    const changes = { unit: { from: '', to: 'z' } };
    answerOf(await program.post(`/api/v1/notes/${id}/edit`, { changes }));
    expect(codeOf(await program.post(`/api/v1/notes/${id}/edit`, { id: 'another', changes }))).toBe('inputRejected');
    expect(codeOf(await program.post(`/api/v1/notes/${id}/lapse`, {}))).toBe('notFound');
    expect(codeOf(await program.post(`/api/v1/notes?bord=test`, { title: 'x', unit: '' }))).toBe('inputRejected');
    const at = ground.clock.now() - HOUR;
    const { revision } = answerOf(await program.post(`/api/v1/notes?occurred=${at}`, { title: 'earlier', unit: '' }));
    const { rows } = await ground.pool().query('select occurred, sent from entry where revision = $1', [revision]);
    expect(rows).toEqual([{ occurred: new Date(at), sent: new Date(ground.clock.now()) }]);
    expect(codeOf(await program.post('/api/v1/notes?occurred=soon', { title: 'x', unit: '' }))).toBe('inputRejected');
  });

  test('somebody with several boards names one: none is guessed', async () => {
    await hub.access.people.make({ user: 'both', name: '李', post: '员', grants: ['test', 'other'].map((board) => ({ board, role: 'operator' as const })) }, null, 'mist-over-9-bridges');
    const both = new Browser(hub.url);
    await both.signIn('both');
    expect(codeOf(await both.ask('GET', '/api/v1/notes'))).toBe('inputRejected');
    expect((await both.ask('GET', '/api/v1/notes?board=other')).status).toBe(200);
  });
});

describe('the feed of changes', () => {
  test('[R10] goes on from any position, each entry shaped for the key; what leaves its scope is a removal', async () => {
    const { program } = await made({ scope: { units: ['in'], localities: null } });
    const wide = (await made()).program;
    const begin = changesOf(await program.get('/api/v1/changes'));
    expect(begin).toMatchObject({ continues: true, changes: [], more: false });
    const id = String(answerOf(await wide.post('/api/v1/notes', { title: 'feed', unit: 'in', remark: 'INTERNAL', who: 'PERSONAL' })).result.id);
    answerOf(await wide.post('/api/v1/notes', { title: 'unseen', unit: 'out' }));
    answerOf(await wide.post(`/api/v1/notes/${id}/edit`, { changes: { unit: { from: 'in', to: 'out' } } }));
    answerOf(await wide.post(`/api/v1/notes/${id}/edit`, { changes: { title: { from: 'feed', to: 'SECRET' } } }));
    const first = changesOf(await program.get(`/api/v1/changes?since=${begin.next}&limit=1`));
    expect(first).toMatchObject({ more: true, changes: [{ command: 'note.add', puts: [{ kind: 'note', id, version: 1, body: { title: 'feed', remark: 'INTERNAL', who: 1 } }], gone: [] }] });
    const rest = changesOf(await program.get(`/api/v1/changes?since=${first.next}`));
    expect(rest.changes).toEqual([expect.objectContaining({ command: null, author: null, puts: [], gone: [['note', id]] })]);
    expect(rest).toMatchObject({ more: false, next: `${rest.at.epoch}.${rest.at.revision}` });
    expect(JSON.stringify([first, rest])).not.toMatch(/PERSONAL|unseen|SECRET/);
    expect(changesOf(await program.get(`/api/v1/changes?since=${rest.next}`)).changes).toEqual([]);
    // Followed from the beginning it gives what stands.
    const held = new Map<string, unknown>();
    for (let since = '1.0', more = true; more; ) {
      const page = changesOf(await program.get(`/api/v1/changes?since=${since}&limit=2`));
      for (const change of page.changes) {
        for (const put of change.puts) held.set(put.id, put.body);
        for (const [, gone] of change.gone) held.delete(gone);
      }
      ({ next: since, more } = page);
    }
    const listed = (await program.get('/api/v1/notes?limit=200')).json as Extract<QueryResult, { ok: true }>;
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries((listed.records ?? []).map((r) => [r.id, r.body])));
  });

  test('waits for the next change of concern, and no longer than asked', async () => {
    const { program } = await made({ scope: { units: ['w'], localities: null } });
    const wide = (await made()).program;
    const { next } = changesOf(await program.get('/api/v1/changes'));
    const waiting = program.get(`/api/v1/changes?since=${next}&wait=30`);
    await expect.poll(() => hub.hub.board().waits.size).toBe(1);
    answerOf(await wide.post('/api/v1/notes', { title: 'not theirs', unit: 'elsewhere' }));
    expect(hub.hub.board().waits.size).toBe(1);
    answerOf(await wide.post('/api/v1/notes', { title: 'theirs at last', unit: 'w' }));
    expect(changesOf(await waiting).changes).toHaveLength(1);
    const at = changesOf(await program.get('/api/v1/changes')).next;
    expect(changesOf(await program.get(`/api/v1/changes?since=${at}&wait=0.05`)).changes).toEqual([]);
  });

  test('only so many wait for one key, and whoever goes away does not wait on', async () => {
    const { program } = await made();
    const gone = new AbortController();
    const four = Array.from({ length: 4 }, () => program.ask('GET', '/api/v1/changes?wait=30', undefined, {}, gone.signal).catch(() => null));
    await expect.poll(() => hub.hub.board().waits.size).toBe(4);
    expect(codeOf(await program.get('/api/v1/changes?wait=1'))).toBe('tooMany');
    gone.abort();
    await Promise.all(four);
    await expect.poll(() => hub.hub.board().waits.size).toBe(0);
    expect((await program.get('/api/v1/changes')).status).toBe(200);
  });

  test('[R3] says as an ordinary answer that it cannot go on from there', async () => {
    const { program } = await made();
    const { at } = changesOf(await program.get('/api/v1/changes'));
    for (const [since, why] of [
      [`${at.epoch + 1}.0`, 'otherEpoch'],
      [`${at.epoch}.${at.revision + 1}`, 'ahead'],
    ] as const) {
      const reply = await program.get(`/api/v1/changes?since=${since}&wait=30`);
      expect([reply.status, reply.json]).toEqual([200, { ok: true, continues: false, why, at }]);
    }
    for (const bad of ['0.1', '1', '1.-1', '1.1.1', 'x', '1.9999999999999999', '999999999999.1']) {
      expect(codeOf(await program.get(`/api/v1/changes?since=${bad}`)), bad).toBe('inputRejected');
    }
    for (const bad of ['limit=0', 'limit=501', 'wait=31', 'wait=-1', 'since=1.0&since=1.1', 'other=1']) {
      expect(codeOf(await program.get(`/api/v1/changes?${bad}`)), bad).toBe('inputRejected');
    }
  });
});
