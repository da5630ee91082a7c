import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asPattern, kinds } from '../../shared/features/index.ts';
import { answer, joined, queryResult, MAX_FRAME_BYTES } from '../../shared/protocol/messages.ts';
import { explain, explainField } from '../../shared/protocol/words.ts';
import { problem as problemSchema, type Problem } from '../../shared/protocol/errors.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import { systemClock } from '../../shared/time/clock.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/**
 * Whatever is sent, by socket or by REST, to every command of every kind and to every question: an answer of the protocol's
 * own, a sentence in both languages for each thing to mend, nothing of what was sent in it, nothing stored, nothing crashed.
 */
let centre: Awaited<ReturnType<typeof openWhole>>;
let everyone: Person[];
let leader: Person;
/** How far this hub's own watch has been put forward. */
let ahead = 0;
const MARK = 'Zq7mark';

beforeAll(async () => {
  centre = await openWhole({ clock: { now: () => systemClock.now(), monotonic: () => systemClock.monotonic() + ahead } });
  leader = await centre.person('leader', 'leader');
  everyone = [leader, await centre.person('operator', 'operator'), await centre.person('supplies', 'supplies'), await centre.person('enterprises', 'enterprises'), await centre.person('manager', 'admin')];
});
afterAll(() => centre.close());

const text = fc.oneof(
  fc.constantFrom(
    '',
    `<script>${MARK}()</script>`,
    `=HYPERLINK("http://${MARK}")`,
    `'; drop table record; -- ${MARK}`,
    `\u0000${MARK}`,
    `\ud800${MARK}`,
    `\u202e${MARK}\u2066`,
    `${MARK}${'长'.repeat(11_000)}`,
    '__proto__',
    '１３９８７６５０１２６',
    '2020-02-30',
    '330102',
    '999999',
    randomUUID(),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((s) => MARK + s),
);
// Of the wrong type, and not even to be compared: some checks look at it before its type is judged.
const awkward = fc.constantFrom({ length: { toString: 0 } }, { length: { valueOf: 1, toString: null } }, { length: -1 }, { size: {} }, { toJSON: 1, toString: 'x' }, [[[]]]);
const scalar = fc.oneof(text, awkward, fc.constantFrom(null, true, false, 0, -1, 0.5, 1e308, -1e308, 9e15, Date.now(), 8_640_000_000_000_001), fc.double({ noNaN: true }));
const anything = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof({ maxDepth: 4, depthSize: 'small' }, scalar, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.oneof(text, fc.constantFrom('from', 'to', 'id', 'length', 'constructor', 'toString')), tie('any'), { maxKeys: 4 })),
})).any;

const types = kinds.flatMap((k) => Object.keys(asPattern[k].commands));
/** Fields a command names, as far as its schema says, so that what is wrong is the value and not always the name. */
const namesOf = (type: string): string[] => {
  const body = asPattern[type.split('.')[0] as (typeof kinds)[number]].commands[type]?.body as unknown as { shape?: object } | undefined;
  return Object.keys(body?.shape ?? {});
};
const bodyOf = (type: string): fc.Arbitrary<Record<string, unknown>> => {
  const names = namesOf(type);
  return fc.oneof(
    fc.record(Object.fromEntries(names.map((n) => [n, anything])), { requiredKeys: [] }),
    fc.record(Object.fromEntries([...names, MARK].map((n) => [n, anything]))),
    fc.dictionary(text, anything, { maxKeys: 6 }),
  ) as fc.Arbitrary<Record<string, unknown>>;
};
const command = fc.constantFrom(...types, 'call.constructor', 'toString.call', 'constructor.name', 'nothing.at').chain((type) => fc.tuple(fc.constant(type), types.includes(type) ? bodyOf(type) : fc.object()));

const queryFault = (said: unknown): Problem => {
  const { ok, error } = said as { ok: boolean; error: Problem };
  expect(ok).toBe(false);
  return error;
};

/** The rate at the door is a matter of its own, below. */
async function patiently(who: Person, event: 'board:join' | 'command' | 'query', message: unknown): Promise<unknown> {
  for (;;) {
    const said = await who.raw(event, message);
    if ((said as { error?: { code?: string } }).error?.code !== 'tooMany') return said;
    ahead += 5_000;
  }
}

const revision = (): number => centre.apps[0]?.core.boards.get('main')?.at.revision ?? -1;

function judge(what: unknown, problem: Problem): void {
  problemSchema.parse(problem);
  // Something nobody thought of is a failure of ours, never an answer.
  expect({ what, code: problem.code }).not.toEqual({ what, code: 'internal' });
  expect({ what, code: problem.code }).not.toEqual({ what, code: 'notReady' });
  for (const language of ['zh', 'en'] as const) {
    const said = [explain(problem, language), ...(problem.fields ?? []).map((f) => explainField(f, language))];
    for (const sentence of said) {
      expect(sentence.length).toBeGreaterThan(1);
      expect({ what, sentence }).toEqual({ what, sentence: expect.not.stringMatching(/\{\w+\}|undefined|NaN/) as string });
      expect(/[\u4e00-\u9fff]/.test(sentence)).toBe(language === 'zh');
    }
  }
  const beside = { ...problem, fields: problem.fields?.map((f) => ({ ...f, path: '' })) };
  expect({ what, echo: JSON.stringify(beside).includes(MARK) }).toEqual({ what, echo: false });
  for (const f of problem.fields ?? []) expect({ what, path: f.path }).toEqual({ what, path: expect.stringMatching(/^[\w.]*$/) as string });
}

describe('whatever is sent as', () => {
  test('a command, by anybody, to every command there is', async () => {
    const accepted: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.nat(everyone.length - 1), command, async (who, [type, body]) => {
        const before = revision();
        const said = answer.parse(await patiently(everyone[who] ?? leader, 'command', { id: randomUUID(), board: 'main', type, sent: Date.now(), body }));
        if (said.ok) accepted.push(type);
        else {
          judge({ type, body }, said.error);
          expect(revision()).toBe(before);
        }
      }),
      { numRuns: 700 },
    );
    // Now and then chance hits on something that says nothing against it; seldom, or the rules are not rules.
    expect(accepted.length).toBeLessThan(20);
  }, 240_000);

  test('a frame: the envelope itself, a question, a wish to join', async () => {
    const before = revision();
    const envelope = fc.oneof(
      anything,
      fc.record({ id: anything, board: fc.oneof(fc.constant('main'), anything), type: fc.oneof(fc.constantFrom(...types), anything), sent: anything, occurred: anything, body: anything }, { requiredKeys: [] }),
    );
    const question = fc.oneof(
      anything,
      fc.record({ name: fc.oneof(fc.constantFrom('list', 'record', 'reveal'), anything), board: fc.oneof(fc.constant('main'), anything), kind: fc.oneof(fc.constantFrom(...kinds), anything), id: anything, q: anything, where: anything, after: anything, limit: anything, sort: anything, held: anything, purpose: anything }, { requiredKeys: [] }),
      // Well formed but for one thing.
      fc.record({ name: fc.constant('list'), board: fc.constant('main'), kind: fc.constant('call'), q: text, where: fc.dictionary(fc.oneof(fc.constantFrom('locality', 'stage', 'stage!', 'locality!', 'unit'), text), fc.array(text, { maxLength: 3 }), { maxKeys: 2 }), after: text }, { requiredKeys: ['name', 'board', 'kind'] }),
      fc.record({ name: fc.constantFrom('record', 'reveal'), board: fc.constant('main'), kind: fc.constant('call'), id: text, purpose: fc.constantFrom('handling', 'x') }),
    );
    const wish = fc.oneof(anything, fc.record({ board: fc.oneof(fc.constant('main'), anything), protocol: fc.oneof(fc.constant(PROTOCOL), anything), entries: anything, views: anything }, { requiredKeys: [] }));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.tuple(fc.constant('command' as const), envelope), fc.tuple(fc.constant('query' as const), question), fc.tuple(fc.constant('board:join' as const), wish)),
        async ([event, message]) => {
          const raw = await patiently(leader, event, message);
          const said = event === 'command' ? answer.parse(raw) : event === 'query' ? queryResult.parse(raw) : joined.parse(raw);
          if (!said.ok) judge({ event, message }, said.error);
        },
      ),
      { numRuns: 600 },
    );
    expect(revision()).toBe(before);
  }, 240_000);

  test('something that is no event, no packet, or has no way to be answered: nothing happens, and the next one is served', async () => {
    const socket = await leader.socket();
    socket.emit('command', { id: 1 });
    socket.emit('board:join');
    socket.emit('query', null, 'not a function');
    socket.emit('constructor', {});
    (socket as unknown as { io: { engine: { write(text: string): void } } }).io.engine.write('42["disconnecting",{}]');
    (socket as unknown as { io: { engine: { write(text: string): void } } }).io.engine.write('9nonsense');
    await new Promise<void>((done) => socket.once('disconnect', () => done()));
    leader.leave();
    expect((await leader.query({ name: 'list', kind: 'call' })).ok).toBe(true);
  });
});

test('no value of the wrong type reaches anything but a refusal, in any field of any door, from whoever has a socket', async () => {
  const wall = await centre.wall();
  const never = { length: { toString: 0 } };
  const query = { name: 'list', board: 'main', kind: 'call', q: '', id: 'x', purpose: 'handling', where: {}, after: '', sort: 'newest' };
  const command = { id: randomUUID(), board: 'main', type: 'call.log', sent: 1, occurred: 1, body: {} };
  for (const who of [wall, leader]) {
    for (const name of ['list', 'record', 'reveal'])
      for (const field of Object.keys(query)) judge(field, queryFault(await who.raw('query', { ...query, name, [field]: never })));
    judge('where', queryFault(await who.raw('query', { ...query, where: { locality: never } })));
    judge('where', queryFault(await who.raw('query', { ...query, where: { locality: [never] } })));
    for (const field of Object.keys(command)) judge(field, queryFault(await who.raw('command', { ...command, [field]: never })));
    for (const field of ['board', 'protocol', 'entries', 'views']) {
      const said = await who.raw('board:join', { board: 'main', protocol: PROTOCOL, entries: false, views: true, [field]: never });
      judge(field, queryFault(said));
    }
  }
  for (const type of types)
    for (const field of namesOf(type)) {
      const said = answer.parse(await patiently(leader, 'command', { ...command, id: randomUUID(), type, body: { [field]: never } }));
      judge([type, field], queryFault(said));
    }
  const [, , , , manager] = everyone;
  for (const [method, path, body] of [
    ['POST', '/api/v1/session', { user: never, password: never }],
    ['POST', '/api/v1/session/password', { current: never, next: never }],
    ['POST', '/api/v1/people', { user: never, name: never, post: never, grants: never }],
    ['PATCH', `/api/v1/people/${leader.id}`, { name: never, grants: [{ board: never, role: 'leader', scope: { units: never, localities: [never] } }] }],
    ['POST', '/api/v1/screens', { code: never, name: never, board: never, profile: never }],
    ['PATCH', `/api/v1/screens/${randomUUID()}`, { name: never, profile: { pixels: never } }],
    ['PATCH', '/api/v1/boards/main', { name: { zh: never, en: never } }],
  ] as const) {
    const reply = await manager?.browser.ask(method, path, body);
    expect([method, path, reply?.status]).toEqual([method, path, 400]);
  }
  // And over the bus, where not only hubs can speak.
  for (const text of [JSON.stringify({ id: randomUUID(), what: { session: never } }), JSON.stringify({ id: never, what: never })]) centre.apps[0]?.access.heard(text);
});

describe('bounds', () => {
  test('a frame of more than 256 kB ends its socket, and nobody else’s', async () => {
    const [, other] = everyone;
    const socket = await leader.socket();
    await other?.socket();
    const ended = new Promise<string>((done) => socket.once('disconnect', done));
    socket.emit('command', { id: randomUUID(), board: 'main', type: 'call.log', sent: 1, body: { narrative: '长'.repeat(MAX_FRAME_BYTES) } }, () => undefined);
    expect(await ended).toMatch(/transport/);
    leader.leave();
    expect((await other?.query({ name: 'list', kind: 'call' }))?.ok).toBe(true);
    expect((await leader.query({ name: 'list', kind: 'call' })).ok).toBe(true);
  });

  test('commands and questions without end are held back by a code that says for how long, and taken again later', async () => {
    const flood = await centre.person('flood', 'operator');
    const [, other] = everyone;
    const ask = (): Promise<unknown> => flood.raw('query', { name: 'list', board: 'main', kind: 'unit', limit: 1 });
    const said = (await Promise.all(Array.from({ length: 180 }, ask))).map((r) => queryResult.parse(r));
    const held = said.filter((r) => !r.ok);
    expect(held.length).toBeGreaterThan(40);
    for (const r of held) expect(r).toMatchObject({ ok: false, error: { code: 'tooMany', retryAfter: expect.any(Number) as number } });
    expect((await other?.query({ name: 'list', kind: 'call' }))?.ok).toBe(true);
    const sent = (await Promise.all(Array.from({ length: 180 }, () => flood.send('call.log', {})))).filter((a) => !a.ok && a.error.code === 'tooMany');
    expect(sent.length).toBeGreaterThan(40);
    for (;;) {
      const again = await flood.query({ name: 'list', kind: 'unit', limit: 1 });
      if (again.ok) break;
      expect(again.error.code).toBe('tooMany');
      ahead += 1_000;
    }
  });

  test('[R4] the same id with another body is refused, also at the other door', async () => {
    const id = randomUUID();
    const log = { rung: Date.now() - 60_000, answered: null, topic: 'symptoms', locality: '330102' };
    const first = await leader.send('call.log', log, { id });
    expect(first.ok).toBe(true);
    const rest = async (body: object): Promise<unknown> => (await leader.browser.ask('POST', '/api/v1/commands', { id, board: 'main', type: 'call.log', sent: 2, body })).json;
    expect(await rest(log)).toEqual(first);
    expect(await rest({ ...log, topic: 'advice' })).toMatchObject({ ok: false, error: { code: 'idReused' } });
  });
});
