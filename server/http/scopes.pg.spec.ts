import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role, Scope } from '../../shared/access/access.ts';
import type { Answer, QueryResult } from '../../shared/protocol/messages.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/**
 * [R10] Attack by hand: every role and scope of the product, with its real kinds, asks for and writes to what is not its
 * own, by socket and by REST. Yinzhou (330212) is not Shangcheng (330102); wj and wz are units' codes of the seed.
 */
let centre: Awaited<ReturnType<typeof openWhole>>;
const people: Record<string, Person> = {};
const inPlace = (code: string): Scope => ({ units: [], localities: [code] });
const SECRET = 'Q7王秘密';
let call = '';
let load = '';
let plant = '';
let unit = '';

const ok = <T extends Answer | QueryResult>(said: T): Extract<T, { ok: true }> => {
  if (!said.ok) throw new Error(`refused: ${JSON.stringify(said.error)}`);
  return said as Extract<T, { ok: true }>;
};
const code = (said: unknown): string => (said as { error?: { code: string } } | null)?.error?.code ?? 'ok';
const ring = (locality: string): Record<string, unknown> => ({
  rung: Date.now() - 60_000,
  answered: Date.now() - 50_000,
  topic: 'symptoms',
  locality,
  callerName: SECRET,
  callerNumber: '13900000126',
  narrative: `${SECRET}，发热三天`,
});
const announced = { from: { locality: '330782', place: '义乌货场' }, to: { locality: '330212', place: '鄞州应急物资库' }, lines: [{ item: 'masks', announced: 10 }], driverName: SECRET };

beforeAll(async () => {
  centre = await openWhole();
  const made: [string, Role, Scope?][] = [
    ['operator', 'operator'],
    ['leader', 'leader'],
    ['supplies', 'supplies'],
    ['enterprises', 'enterprises'],
    ['manager', 'admin'],
    ['op-here', 'operator', inPlace('330212')],
    ['op-city', 'operator', inPlace('330200')],
    ['op-there', 'operator', inPlace('330102')],
    ['op-nowhere', 'operator', { units: [], localities: [] }],
    ['clerk-there', 'supplies', inPlace('330102')],
    ['inspector-there', 'enterprises', inPlace('330102')],
    ['leader-there', 'leader', inPlace('330102')],
  ];
  for (const [user, role, scope] of made) people[user] = await centre.person(user, role, scope ? { scope } : {});
  people.wall = await centre.wall();
  const items = ok(await who('supplies').query({ name: 'record', kind: 'list', id: 'items' })).record?.body.items as { code: string }[];
  announced.lines = [{ item: items[0]?.code ?? '', announced: 10 }];
  const trades = ok(await who('enterprises').query({ name: 'record', kind: 'list', id: 'trades' })).record?.body.items as { code: string }[];
  const logged = ok(await who('operator').send('call.log', ring('330212')));
  call = String(logged.result.id);
  unit = String(ok(await who('operator').query({ name: 'record', kind: 'call', id: call })).record?.body.unit);
  load = String(ok(await who('supplies').send('shipment.announce', announced)).result.id);
  plant = String(
    ok(await who('enterprises').send('enterprise.register', { name: `${SECRET}厂`, creditCode: '91330211MA0DEM013F', locality: '330212', trade: trades[0]?.code, headcount: 8, contactName: SECRET }))
      .result.id,
  );
  people['op-unit'] = await centre.person('op-unit', 'operator', { scope: { units: [unit], localities: [] } });
  people['unit-own'] = await centre.person('unit-own', 'unit', { scope: { units: [unit], localities: null } });
  people['unit-other'] = await centre.person('unit-other', 'unit', { scope: { units: ['traffic'], localities: null } });
  people['op-other-unit'] = await centre.person('op-other-unit', 'operator', { scope: { units: ['no-such-unit'], localities: [] } });
});
afterAll(() => centre.close());

const who = (name: string): Person => {
  const found = people[name];
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
};

/** Every way of looking at one record, by both doors; what each of them was told. */
async function looks(name: string, kind: string, plural: string, id: string, word: string): Promise<Record<string, string>> {
  const p = who(name);
  const out: Record<string, string> = {};
  const take = async (how: string, said: Promise<unknown>): Promise<void> => {
    const answer = (await said) as { ok: boolean; records?: { id: string }[]; total?: number };
    if (JSON.stringify(answer).includes(id)) out[how] = 'seen';
    else out[how] = answer.ok ? `nothing of ${answer.total}` : code(answer);
  };
  const rest = async (method: string, path: string, body?: unknown): Promise<unknown> => (await p.browser.ask(method, `/api/v1/${path}`, body)).json;
  await take('list', p.query({ name: 'list', kind, limit: 200 }));
  await take('search', p.query({ name: 'list', kind, q: word }));
  await take('search personal', p.query({ name: 'list', kind, q: SECRET.slice(2) }));
  await take('filter', p.query({ name: 'list', kind, where: { locality: ['330212'] } }));
  await take('record', p.query({ name: 'record', kind, id }));
  await take('reveal', p.query({ name: 'reveal', kind, id, purpose: 'review' }));
  await take('REST list', rest('GET', plural));
  await take('REST search', rest('GET', `${plural}?q=${encodeURIComponent(word)}`));
  await take('REST record', rest('GET', `${plural}/${id}`));
  await take('REST reveal', rest('POST', `${plural}/${id}/reveal`, { purpose: 'review' }));
  return out;
}
const ways = ['list', 'search', 'search personal', 'filter', 'record', 'reveal', 'REST list', 'REST search', 'REST record', 'REST reveal'];
const all = (answer: string): Record<string, string> => Object.fromEntries(ways.map((w) => [w, answer]));
const outside = { ...all('nothing of 0'), record: 'notFound', reveal: 'notFound', 'REST record': 'notFound', 'REST reveal': 'notFound' };

describe('[R10] looking', () => {
  test.each(['operator', 'leader', 'op-here', 'op-city', 'op-unit', 'unit-own'])('%s sees the call', async (name) => {
    expect(await looks(name, 'call', 'calls', call, '鄞州')).toEqual(all('seen'));
  });
  test.each(['op-there', 'op-nowhere', 'op-other-unit', 'leader-there', 'unit-other'])('%s finds nothing of it by any way', async (name) => {
    expect(await looks(name, 'call', 'calls', call, '鄞州')).toEqual(outside);
  });
  test.each(['supplies', 'enterprises', 'manager', 'clerk-there', 'wall'])('%s may not even ask for calls', async (name) => {
    expect(await looks(name, 'call', 'calls', call, '鄞州')).toEqual(all('notAllowed'));
  });
  test('supplies and enterprises likewise', async () => {
    expect(await looks('supplies', 'shipment', 'shipments', load, '鄞州')).toEqual(all('seen'));
    expect(await looks('clerk-there', 'shipment', 'shipments', load, '鄞州')).toEqual(outside);
    for (const name of ['operator', 'enterprises', 'manager', 'wall']) expect([name, await looks(name, 'shipment', 'shipments', load, '鄞州')]).toEqual([name, all('notAllowed')]);
    expect(await looks('enterprises', 'enterprise', 'enterprises', plant, '鄞州')).toEqual(all('seen'));
    expect(await looks('inspector-there', 'enterprise', 'enterprises', plant, '鄞州')).toEqual(outside);
    for (const name of ['operator', 'supplies', 'manager', 'wall']) expect([name, await looks(name, 'enterprise', 'enterprises', plant, '鄞州')]).toEqual([name, all('notAllowed')]);
  });

  test('who works at a board is told to its leader and administrator alone, and to no wall', async () => {
    for (const name of ['operator', 'supplies', 'enterprises', 'manager', 'wall']) expect([name, (await who(name).browser.ask('GET', '/api/v1/boards/main/people')).status]).toEqual([name, name === 'manager' ? 200 : 403]);
  });

  test('what a console is given in hand holds only its own, and a wall is given no records at all', async () => {
    const held = async (name: string): Promise<string[]> => {
      const said = await who(name).join();
      if (!said.ok || !said.entries) throw new Error(`${name}: ${code(said)}`);
      return said.entries.records.filter((r) => ['call', 'shipment', 'enterprise'].includes(r.kind)).map((r) => r.kind);
    };
    expect(await held('op-here')).toEqual(['call']);
    expect(await held('op-there')).toEqual([]);
    expect(await held('unit-own')).toEqual(['call']);
    expect(await held('unit-other')).toEqual([]);
    expect(await held('clerk-there')).toEqual([]);
    expect(await held('supplies')).toEqual(['shipment']);
    expect(await held('manager')).toEqual([]);
    expect(await who('wall').join()).toMatchObject({ ok: false, error: { code: 'notAllowed' } });
    expect(await who('wall').join({ entries: false })).toMatchObject({ ok: true, entries: null });
  });
});

describe('[R10] writing', () => {
  const attempts: [type: string, body: () => Record<string, unknown>, may: string[]][] = [
    ['call.move', () => ({ id: call, from: 'dispatched', to: 'urged' }), []],
    ['call.move', () => ({ id: call, from: 'inHand', to: 'answered', reply: 'x' }), []],
    ['call.amend', () => ({ id: call, changes: { topic: { from: 'symptoms', to: 'advice' } } }), []],
    ['call.amend', () => ({ id: call, changes: { topic: { from: 'wrong', to: 'advice' } } }), []],
    ['call.tick', () => ({ id: call, run: 1, step: 'due' }), []],
    ['call.merge', () => ({ id: call, into: call }), []],
    ['call.unmerge', () => ({ id: call, into: call, reason: 'x' }), []],
    ['call.pause', () => ({ id: call, why: 'other', reason: 'x' }), []],
    ['call.ask', () => ({ id: call, until: Date.now() + 86_400_000, reason: 'x' }), []],
    ['call.extend', () => ({ id: call, granted: true, until: Date.now() + 86_400_000 }), []],
    ['shipment.move', () => ({ id: load, from: 'planned', to: 'departed' }), []],
    ['shipment.cancel', () => ({ id: load, from: 'planned', reason: 'x' }), []],
    ['enterprise.resume', () => ({ id: plant, from: 'notResumed', to: 'applied' }), []],
    ['enterprise.judge', () => ({ id: plant, risk: 'red', code: 'red', reason: 'x' }), []],
  ];
  const outsiders = ['op-there', 'op-nowhere', 'op-other-unit', 'unit-other', 'clerk-there', 'inspector-there', 'leader-there', 'manager', 'wall'];
  test.each(outsiders)('%s changes nothing that is not theirs, by either door', async (name) => {
    const revision = async (): Promise<number | undefined> => centre.apps[0]?.core.boards.get('main')?.at.revision;
    const before = await revision();
    for (const [type, body] of attempts) {
      const id = crypto.randomUUID();
      const said = await who(name).send(type, body());
      const rest = (await who(name).browser.ask('POST', '/api/v1/commands', { id, board: 'main', type, sent: Date.now(), body: body() })).json;
      for (const answer of [said, rest]) {
        expect([type, answer]).toMatchObject([type, { ok: false }]);
        // Neither says whether there is such a record, nor anything of what is in it.
        expect([type, ['notAllowed', 'notFound', 'inputRejected'].includes(code(answer))]).toEqual([type, true]);
        expect(JSON.stringify(answer)).not.toMatch(/symptoms|dispatched"|planned"|notResumed"|theirs/);
      }
    }
    expect(await revision()).toBe(before);
  });

  test('a record outside one’s scope is answered like one that does not exist, whether or not its state was guessed', async () => {
    const nobody = crypto.randomUUID();
    for (const from of ['dispatched', 'inHand', 'accepted']) {
      for (const id of [call, nobody]) expect([from, code(await who('op-there').send('call.move', { id, from, to: 'answered', reply: 'x' }))]).toEqual([from, 'notFound']);
    }
    for (const topic of ['symptoms', 'other']) {
      for (const id of [call, nobody]) expect([topic, code(await who('op-there').send('call.amend', { id, changes: { topic: { from: topic, to: 'advice' } } }))]).toEqual([topic, 'notFound']);
    }
    // What would be refused for its own sake says no more of it.
    for (const id of [call, nobody]) expect(code(await who('op-there').send('call.move', { id, from: 'dispatched', to: 'rated', rating: 5 }))).toBe('notFound');
  });

  test('nobody brings something into being where they have no say', async () => {
    expect(await who('op-there').send('call.log', ring('330212'))).toMatchObject({ ok: false, error: { fields: [{ path: 'locality', code: 'notAllowedHere' }] } });
    expect(await who('clerk-there').send('shipment.announce', announced)).toMatchObject({ ok: false });
    for (const name of ['operator', 'supplies', 'enterprises', 'manager', 'wall']) expect([name, code(await who(name).send('level.declare', { from: 'none', level: 'I', grounds: 'x' }))]).toEqual([name, 'notAllowed']);
    for (const name of ['operator', 'supplies', 'enterprises', 'leader', 'wall']) expect([name, code(await who(name).send('list.save', { name: 'topics', items: [] }))]).toEqual([name, 'notAllowed']);
  });
});

describe('[R10] what leaves a scope', () => {
  test('is told as gone, and then found by nothing', async () => {
    const said = await who('op-here').join();
    expect(said.ok).toBe(true);
    const socket = await who('op-here').socket();
    const moved = ok(await who('operator').send('call.log', ring('330212')));
    const id = String(moved.result.id);
    const gone = new Promise<[string, string][]>((done) => socket.on('board:entry', (f: { gone: [string, string][] }) => f.gone.length > 0 && done(f.gone)));
    ok(await who('operator').send('call.amend', { id, changes: { locality: { from: '330212', to: '330102' } } }));
    expect(await gone).toEqual([['call', id]]);
    expect(await looks('op-here', 'call', 'calls', id, '上城')).toMatchObject({ record: 'notFound', 'REST record': 'notFound', search: 'nothing of 0' });
    expect(await looks('op-there', 'call', 'calls', id, '上城')).toEqual({ ...all('seen'), filter: 'nothing of 0' });
  });
});

describe('[R10] a unit at its own desk', () => {
  const mine = (): Record<string, unknown> => ({ ...ring('330212'), unit });
  const changes = async (name: string, since: string): Promise<string> => JSON.stringify((await who(name).browser.ask('GET', `/api/v1/changes?since=${since}`)).json);

  test('works the calls sent to it, sees the caller as the hotline does, and loses what goes to another', async () => {
    const at = centre.apps[0]?.core.boards.get('main')?.at;
    const since = `${at?.epoch}.${at?.revision}`;
    const id = String(ok(await who('operator').send('call.log', mine())).result.id);
    expect(await looks('unit-other', 'call', 'calls', id, '鄞州')).toEqual(outside);
    expect(ok(await who('unit-own').query({ name: 'reveal', kind: 'call', id, purpose: 'handling' }))).toMatchObject({ personal: { callerName: SECRET } });
    ok(await who('unit-own').send('call.move', { id, from: 'dispatched', to: 'inHand' }));
    ok(await who('unit-own').send('call.pause', { id, why: 'waitingForPerson', reason: '等来电人回话' }));
    ok(await who('unit-own').send('call.resume', { id }));
    expect(code(await who('unit-own').send('call.amend', { id, changes: { topic: { from: 'symptoms', to: 'advice' } } }))).toBe('notAllowed');
    ok(await who('unit-own').send('call.move', { id, from: 'inHand', to: 'sentBack', reason: '不属本单位' }));
    expect(code(await who('unit-own').send('call.move', { id, from: 'sentBack', to: 'dispatched', unit: 'traffic' }))).toBe('notAllowed');
    ok(await who('operator').send('call.move', { id, from: 'sentBack', to: 'dispatched', unit: 'traffic' }));
    expect(await looks('unit-other', 'call', 'calls', id, '鄞州')).toEqual(all('seen'));
    expect(await looks('unit-own', 'call', 'calls', id, '鄞州')).toMatchObject({ record: 'notFound', reveal: 'notFound', 'REST record': 'notFound', 'REST reveal': 'notFound' });
    expect(code(await who('unit-own').send('call.move', { id, from: 'dispatched', to: 'answered', reply: 'x' }))).toBe('notFound');
    // What it could follow it was told; what it lost it was told as gone, and nothing after that.
    expect(await changes('unit-other', since)).toContain(id);
    expect(await changes('op-there', since)).not.toContain(SECRET);
  });

  test('merged into a call of its own, another unit’s call stays the other’s', async () => {
    const main = String(ok(await who('operator').send('call.log', mine())).result.id);
    const other = String(ok(await who('operator').send('call.log', { ...ring('330212'), unit: 'traffic' })).result.id);
    ok(await who('operator').send('call.merge', { id: other, into: main }));
    expect(await looks('unit-own', 'call', 'calls', other, '鄞州')).toMatchObject({ record: 'notFound', reveal: 'notFound', 'REST record': 'notFound', 'REST reveal': 'notFound' });
    for (const [from, to, more] of [['dispatched', 'answered', { reply: '已处置' }]] as const) ok(await who('unit-own').send('call.move', { id: main, from, to, ...more }));
    expect(code(await who('unit-own').send('call.move', { id: main, from: 'answered', to: 'finished' }))).toBe('notAllowed');
    ok(await who('operator').send('call.move', { id: main, from: 'answered', to: 'finished' }));
    // The board itself sends the other on to its call-back (rule 15).
    await expect.poll(async () => ok(await who('operator').query({ name: 'record', kind: 'call', id: other })).record?.body.stage, { timeout: 20_000 }).toBe('finished');
  });
});
