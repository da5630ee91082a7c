import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Joined, QueryResult } from '../../shared/protocol/messages.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import { PASSWORD } from '../testing/httpHub.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/** Two boards on two hubs: whoever belongs to one has no part of the other, whatever they write by hand. */
let centre: Awaited<ReturnType<typeof openWhole>>;
let here: Person;
let there: Person;
let both: Person;
let wall: Person;
const ring = (): Record<string, unknown> => ({ rung: Date.now() - 60_000, answered: Date.now() - 50_000, topic: 'symptoms', locality: '330102' });

beforeAll(async () => {
  centre = await openWhole({ boards: ['other'], hubs: 2 });
  here = await centre.person('here', 'operator');
  there = await centre.person('there', 'operator', { board: 'other' });
  both = await centre.person('both', 'leader');
  const { id } = both;
  const chief = centre.apps[0]?.access.people;
  await chief?.change(id, { grants: [{ board: 'main', role: 'leader', scope: { units: null, localities: null } }, { board: 'other', role: 'operator', scope: { units: null, localities: null } }] }, { person: id, label: '管理员', address: '127.0.0.1' });
  both.leave();
  await both.browser.signIn('both');
  wall = await centre.wall('other');
});
afterAll(() => centre.close());

const ok = <T extends Answer | QueryResult | Joined>(said: T): Extract<T, { ok: true }> => {
  if (!said.ok) throw new Error(`refused: ${JSON.stringify(said.error)}`);
  return said as Extract<T, { ok: true }>;
};
const refused = (said: unknown): unknown => (said as { ok: boolean; error?: { code: string } }).error?.code ?? 'ok';

describe('two boards on one hub', () => {
  test('count for themselves: numbers, revisions and figures', async () => {
    const before = { here: ok(await here.join()).beat.revision, there: ok(await there.join()).beat.revision };
    const first = ok(await here.send('call.log', ring()));
    const second = ok(await here.send('call.log', ring()));
    const other = ok(await there.send('call.log', ring()));
    expect([first.result.number, second.result.number, other.result.number].map((n) => String(n).slice(-4))).toEqual(['0001', '0002', '0001']);
    expect([first.revision, second.revision, other.revision]).toEqual([before.here + 1, before.here + 2, before.there + 1]);
    expect((ok(await here.join()).views?.views.call as { open: { value: number } }).open).toMatchObject({ value: 2 });
    expect((ok(await there.join()).views?.views.call as { open: { value: number } }).open).toMatchObject({ value: 1 });
  });

  test('the same command id on both is two commands', async () => {
    const id = crypto.randomUUID();
    const main = ok(await both.send('call.log', ring(), { id, board: 'main' }));
    const other = ok(await both.send('call.log', ring(), { id, board: 'other' }));
    expect(main.result.id).not.toBe(other.result.id);
    expect(ok(await both.query({ name: 'record', board: 'main', kind: 'call', id: main.result.id })).record?.id).toBe(main.result.id);
    expect(refused(await both.query({ name: 'record', board: 'other', kind: 'call', id: main.result.id }))).toBe('notFound');
  });

  test('nobody reads, writes or follows the one they do not belong to, on either hub, by socket or by REST', async () => {
    const { result } = ok(await there.send('call.log', { ...ring(), callerName: '王小明' }));
    const id = String(result.id);
    for (const hub of [0, 1]) {
      expect(refused(await here.raw('board:join', { board: 'other', protocol: PROTOCOL, entries: true, views: true }, hub))).toBe('notAllowed');
      expect(refused(await here.raw('board:join', { board: 'other', protocol: PROTOCOL, entries: false, views: true }, hub))).toBe('notAllowed');
      expect(refused(await here.send('call.log', ring(), { board: 'other' }, hub))).toBe('notAllowed');
      expect(refused(await here.send('call.move', { id, from: 'dispatched', to: 'inHand' }, { board: 'other' }, hub))).toBe('notAllowed');
    }
    // The other board's record under the own board's name is no record.
    expect(refused(await here.send('call.move', { id, from: 'dispatched', to: 'inHand' }))).toBe('notFound');
    for (const name of ['record', 'reveal'] as const) {
      expect(refused(await here.query({ name, board: 'other', kind: 'call', id, ...(name === 'reveal' ? { purpose: 'handling' } : {}) }))).toBe('notAllowed');
      expect(refused(await here.query({ name, kind: 'call', id, ...(name === 'reveal' ? { purpose: 'handling' } : {}) }))).toBe('notFound');
    }
    expect(refused(await here.query({ name: 'list', board: 'other', kind: 'call' }))).toBe('notAllowed');
    expect((await here.browser.ask('GET', '/api/v1/calls?board=other')).status).toBe(403);
    expect((await here.browser.ask('GET', `/api/v1/calls/${id}?board=other`)).status).toBe(403);
    expect((await here.browser.ask('GET', `/api/v1/calls/${id}`)).status).toBe(404);
    expect(ok(await here.query({ name: 'list', kind: 'call', q: '王小' })).records).toEqual([]);
    expect((await here.browser.ask('GET', '/api/v1/boards')).json).toMatchObject({ boards: [{ id: 'main' }] });
  });

  test('a wall of one cannot look at the other, and hears nothing of it', async () => {
    expect(refused(await wall.raw('board:join', { board: 'main', protocol: PROTOCOL, entries: false, views: true }))).toBe('notAllowed');
    const start = ok(await wall.join({ entries: false }));
    expect(start.board.id).toBe('other');
    const { revision } = ok(await here.send('call.log', ring()));
    const mine = ok(await there.send('call.log', ring()));
    const socket = await wall.socket();
    await new Promise<void>((done) => socket.on('board:view', (frame: { to: number }) => frame.to >= mine.revision && done()));
    const frames = wall.heard.filter((line) => line.includes('"board:'));
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.filter((line) => line.includes('"board":"main"'))).toEqual([]);
    expect(revision).toBeGreaterThan(0);
  });

  test('a socket that goes from one to the other leaves the first behind', async () => {
    ok(await both.join({ board: 'main' }));
    ok(await both.join({ board: 'other' }));
    const from = both.heard.length;
    ok(await here.send('call.log', ring()));
    const mine = ok(await there.send('call.log', ring()));
    const socket = await both.socket();
    if (!both.heard.slice(from).some((l) => l.includes('"board:entry"') && l.includes(`"to":${mine.revision}`)))
      await new Promise<void>((done) => socket.on('board:entry', (frame: { to: number }) => frame.to >= mine.revision && done()));
    expect(both.heard.slice(from).filter((l) => l.startsWith('["board:') && l.includes('"board":"main"'))).toEqual([]);
  });
});

describe('an administrator of one board', () => {
  const scope = { units: null, localities: null };
  test('has no power over the other: not over its people, its walls, its name, nor through people who belong to both', async () => {
    const admin = await centre.person('chief-other', 'admin', { board: 'other' });
    const main = await centre.person('chief-main', 'admin');
    const ask = async (method: string, path: string, body?: unknown): Promise<[number, string]> => {
      const reply = await admin.browser.ask(method, `/api/v1${path}`, body);
      return [reply.status, (reply.json as { error?: { code: string; fields?: { path: string; code: string }[] } } | null)?.error?.code ?? 'ok'];
    };
    // To let oneself or others in elsewhere.
    expect(await ask('POST', '/people', { user: 'mole', name: '某某', post: '接线员', grants: [{ board: 'main', role: 'admin', scope }] })).toEqual([400, 'inputRejected']);
    expect(await ask('PATCH', `/people/${admin.id}`, { grants: [{ board: 'other', role: 'admin', scope }, { board: 'main', role: 'admin', scope }] })).toEqual([400, 'inputRejected']);
    // To become somebody of the other board, or put them out.
    for (const id of [here.id, main.id]) {
      expect(await ask('GET', `/people/${id}`)).toEqual([404, 'notFound']);
      expect(await ask('PATCH', `/people/${id}`, { active: false })).toEqual([404, 'notFound']);
      expect(await ask('POST', `/people/${id}/password`, {})).toEqual([404, 'notFound']);
    }
    // Who works on both is seen, and only what belongs to this board may be changed.
    expect(await ask('POST', `/people/${both.id}/password`, {})).toEqual([403, 'notAllowed']);
    expect(await ask('PATCH', `/people/${both.id}`, { active: false })).toEqual([403, 'notAllowed']);
    expect(await ask('PATCH', `/people/${both.id}`, { name: '别人' })).toEqual([403, 'notAllowed']);
    const changed = await admin.browser.ask('PATCH', `/api/v1/people/${both.id}`, { grants: [] });
    expect(changed.json).toMatchObject({ person: { grants: [] } });
    const kept = await main.browser.ask('GET', `/api/v1/people/${both.id}`);
    expect(kept.json).toMatchObject({ person: { grants: [{ board: 'main', role: 'leader' }] } });

    const { people } = (await admin.browser.ask('GET', '/api/v1/people')).json as { people: { user: string; grants: { board: string }[] }[] };
    expect(people.map((p) => p.user)).toContain('there');
    expect(people.map((p) => p.user)).not.toContain('here');
    expect(people.flatMap((p) => p.grants.map((g) => g.board))).not.toContain('main');
    const { sessions } = (await admin.browser.ask('GET', '/api/v1/sessions')).json as { sessions: { person: string }[] };
    expect(sessions.map((s) => s.person)).not.toContain(here.id);
    const mains = (await main.browser.ask('GET', '/api/v1/sessions')).json as { sessions: { id: string; person: string }[] };
    const session = mains.sessions.find((s) => s.person === here.id);
    expect(await ask('DELETE', `/sessions/${session?.id}`)).toEqual([404, 'notFound']);

    const { screens } = (await main.browser.ask('GET', '/api/v1/screens')).json as { screens: unknown[] };
    expect(screens).toEqual([]);
    const mine = ((await admin.browser.ask('GET', '/api/v1/screens')).json as { screens: { id: string }[] }).screens;
    expect(mine).toHaveLength(1);
    for (const [method, path, body] of [['PATCH', `/screens/${mine[0]?.id}`, { name: '改名' }], ['DELETE', `/screens/${mine[0]?.id}`, undefined], ['PATCH', '/boards/other', { name: { zh: '改名', en: 'x' } }]] as const) {
      const reply = await main.browser.ask(method, `/api/v1${path}`, body);
      expect([path, reply.status]).toEqual([path, 404]);
    }
    const { code } = (await wall.browser.ask('POST', '/api/v1/pairing')).json as { code: string };
    expect(await ask('POST', '/screens', { code, name: '一号屏', board: 'main' })).toEqual([400, 'inputRejected']);
    expect(await ask('GET', '/access-log')).toEqual([403, 'notAllowed']);
  });

  test('the first administrator, of every board, may do all of it', async () => {
    const { people } = centre.apps[0]?.access ?? {};
    const first = (await people?.list())?.find((p) => p.steward);
    expect(first?.user).toBe('admin');
    const { password } = (await people?.resetPassword(first?.id ?? '', { person: here.id, label: '试', address: '' })) ?? { password: '' };
    const steward = centre.apps[0] ? await centre.person('x-unused', 'operator') : here;
    await steward.browser.signIn('admin', password);
    expect((await steward.browser.ask('POST', '/api/v1/session/password', { current: password, next: `${PASSWORD}-2` })).status).toBe(200);
    expect((await steward.browser.ask('POST', `/api/v1/people/${there.id}/password`, {})).status).toBe(200);
    expect((await steward.browser.ask('GET', '/api/v1/access-log')).status).toBe(200);
    expect((await steward.browser.ask('PATCH', '/api/v1/boards/other', { name: { zh: '新名', en: 'New' } })).status).toBe(200);
  });
});
