import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { everywhere } from '../../shared/access/access.ts';
import { Refused } from '../../shared/protocol/errors.ts';
import { Ground, PASSWORD, person } from '../testing/httpHub.ts';
import { SESSION_IDLE, SESSION_LASTS, type Access } from './access.ts';
import type { By } from './ground.ts';
import type { Revoked } from './revocations.ts';
import { CODE_LASTS } from './screens.ts';
import { Throttle } from './throttle.ts';

let ground: Ground;
let hubA: Access;
let hubB: Access;
beforeEach(async () => {
  ground = await Ground.open();
  hubA = ground.access();
  hubB = ground.access();
});
afterEach(() => ground.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const from = (address = '10.0.0.1') => ({ address, agent: 'a browser' });
const enter = (access: Access, user: string, password = PASSWORD, address?: string) => access.signIn({ user, password, ...from(address) });

/** The problem something was refused with. */
async function refusal(work: Promise<unknown>): Promise<Refused['problem']> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error('it was not refused');
}

const heard = (access: Access): Revoked[] => {
  const all: Revoked[] = [];
  access.onRevoked((what) => all.push(what));
  return all;
};

const byAdmin = async (): Promise<By> => ({ person: await person(hubA, 'chief', 'admin'), label: '管理员 王', address: '10.0.0.9' });

describe('the first administrator', () => {
  test('is made once, with a one-time password that opens nothing but its own change', async () => {
    const first = await hubA.firstRun();
    expect(first).toMatchObject({ user: 'admin' });
    expect(await hubB.firstRun()).toBeNull();
    const { token, session } = await enter(hubB, 'ADMIN ', first?.password);
    expect(session).toMatchObject({ mustChangePassword: true });
    expect(await hubA.whoIs(`board_session=${token}`)).toMatchObject({ type: 'person', grants: [] });

    const changed = await hubA.changePassword(session, { current: first?.password ?? '', next: PASSWORD, ...from() });
    expect(await hubA.sessionOf(token)).toBeNull();
    await ground.board('made-later');
    const visitor = await hubB.whoIs(`board_session=${changed.token}`);
    expect(visitor?.type === 'person' && visitor.grants.map((g) => [g.board, g.role])).toEqual([
      ['made-later', 'admin'],
      ['other', 'admin'],
      ['test', 'admin'],
    ]);
    ground.clock.advance(HOUR);
    expect(await hubA.firstRun()).toBeNull();
  });

  test('of an empty database is one, however many hubs start at once', async () => {
    const made = await Promise.all([hubA, hubB, ground.access()].map((a) => a.firstRun()));
    expect(made.filter((m) => m !== null)).toHaveLength(1);
  });

  test('whose password was missed is given another at a later start, and the first one no longer works', async () => {
    const first = await hubA.firstRun();
    ground.clock.advance(2 * MINUTE);
    const second = await hubA.firstRun();
    expect(second?.password).not.toBe(first?.password);
    expect(await refusal(enter(hubA, 'admin', first?.password))).toEqual({ code: 'signInFailed' });
    expect((await enter(hubA, 'admin', second?.password)).session.user).toBe('admin');
  });
});

describe('signing in', () => {
  test('gives a token of its own each time; only its hash is stored', async () => {
    await person(hubA, 'li', 'operator');
    const one = await enter(hubA, 'li');
    const two = await enter(hubB, 'Li');
    expect(one.token).not.toBe(two.token);
    expect(await hubB.sessionOf(one.token)).toMatchObject({ label: '接线员 李', user: 'li', grants: [{ board: 'test', role: 'operator', scope: everywhere }] });
    expect(await hubA.sessionOf(`${one.token.slice(0, -1)}_`)).toBeNull();
    expect(await hubA.sessionOf(one.session.id)).toBeNull();
  });

  test('says the same for a wrong password, an unknown user, a person out of service and a one-time password too old', async () => {
    const by = await byAdmin();
    const id = await person(hubA, 'li', 'operator');
    const late = await hubA.people.make({ user: 'late', name: '周强', post: '接线员', grants: [] }, by);
    const wrong = await refusal(enter(hubA, 'li', 'not the password'));
    const unknown = await refusal(enter(hubA, 'nobody', 'not the password'));
    await hubA.people.change(id, { active: false }, by);
    const gone = await refusal(enter(hubA, 'li'));
    ground.clock.advance(8 * 24 * HOUR);
    const old = await refusal(enter(hubA, 'late', late.password));
    expect([wrong, unknown, gone, old]).toEqual(Array(4).fill({ code: 'signInFailed' }));
  });

  test('a token the browser brought along is never taken over, and a session it brought ends (fixation)', async () => {
    await person(hubA, 'li', 'operator');
    await person(hubA, 'wang', 'leader');
    const planted = 'A'.repeat(43);
    const one = await hubA.signIn({ user: 'li', password: PASSWORD, ...from(), replaces: planted });
    expect(one.token).not.toBe(planted);
    expect(await hubA.sessionOf(planted)).toBeNull();
    const cut = heard(hubA);
    const two = await hubA.signIn({ user: 'wang', password: PASSWORD, ...from(), replaces: one.token });
    expect(await hubB.sessionOf(one.token)).toBeNull();
    expect((await hubB.sessionOf(two.token))?.user).toBe('wang');
    expect(cut).toEqual([{ session: one.session.id }]);
  });

  test('is slowed for an account after five failures, on all hubs together, and the delay grows', async () => {
    await person(hubA, 'li', 'operator');
    for (const hub of [hubA, hubB, hubA, hubB, hubA]) expect(await refusal(enter(hub, 'li', 'wrong'))).toEqual({ code: 'signInFailed' });
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { code, retryAfter = 0 } = await refusal(enter(hubB, 'li'));
      expect(code).toBe('tooMany');
      waits.push(retryAfter);
      ground.clock.advance(retryAfter * 1000);
      expect(await refusal(enter(hubA, 'li', 'wrong'))).toEqual({ code: 'signInFailed' });
    }
    expect(waits).toEqual([1, 2, 4]);
    ground.clock.advance(8_000);
    expect((await enter(hubB, 'li')).session.user).toBe('li');
    // Forgotten with the success.
    expect(await refusal(enter(hubA, 'li', 'wrong', '10.9.9.9'))).toEqual({ code: 'signInFailed' });
  });

  test('judges no more guesses when they all come at once', async () => {
    await person(hubA, 'li', 'operator');
    const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => refusal(enter(i % 2 ? hubA : hubB, 'li', `guess ${i}`, `10.0.1.${i}`))));
    expect(answers.filter((a) => a.code === 'signInFailed')).toHaveLength(5);
    expect(answers.filter((a) => a.code === 'tooMany')).toHaveLength(19);
  });

  test('from the desk used every day goes on while others guess from elsewhere', async () => {
    await person(hubA, 'li', 'operator');
    await enter(hubA, 'li', PASSWORD, '10.0.0.7');
    for (let i = 0; i < 5; i++) await refusal(enter(hubA, 'li', 'guess', '10.66.0.1'));
    expect(await refusal(enter(hubB, 'li', PASSWORD, '10.66.0.2'))).toMatchObject({ code: 'tooMany' });
    expect((await enter(hubB, 'li', PASSWORD, '10.0.0.7')).session.user).toBe('li');
  });

  test('of several at one address at once, none waits for another: the clock was read before the row was locked', async () => {
    const throttle = new Throttle(ground.clock);
    const [pool, key, allowance] = [ground.pool(), 'address:10.0.0.8', { free: 50, longest: 300, forget: 3_600 }];
    const read = ground.clock.now();
    for (const counted of [() => throttle.take(pool, key, allowance), () => throttle.giveBack(pool, key)]) {
      ground.clock.jump(read + 5);
      await counted();
      ground.clock.jump(read);
      expect(await throttle.take(pool, key, allowance)).toBe(0);
    }
  });

  test('is slowed for an address that tries many names', async () => {
    const throttle = new Throttle(ground.clock);
    const pool = ground.pool();
    for (let i = 0; i < 50; i++) expect(await throttle.take(pool, 'address:10.0.0.8', { free: 50, longest: 300, forget: 3_600 })).toBe(0);
    await person(hubA, 'li', 'operator');
    expect(await refusal(enter(hubA, 'li', PASSWORD, '10.0.0.8'))).toMatchObject({ code: 'tooMany', retryAfter: 1 });
    expect((await enter(hubA, 'li', PASSWORD, '10.0.0.5')).session.user).toBe('li');
  });
});

describe('a session', () => {
  test('ends after a shift, and when nobody works in it; its sockets with it', async () => {
    await person(hubA, 'li', 'operator');
    const idle = await enter(hubA, 'li');
    const busy = await enter(hubA, 'li');
    const cut = heard(hubA);
    ground.clock.advance(SESSION_IDLE - MINUTE);
    // At work on another hub, which this one learns only by asking.
    await hubB.touch(busy.session.id);
    await hubA.pollRevocations();
    expect(cut).toEqual([]);
    ground.clock.advance(MINUTE);
    await hubA.pollRevocations();
    expect(cut).toEqual([{ session: idle.session.id }]);
    expect(await hubA.sessionOf(idle.token)).toBeNull();
    expect(await hubA.sessionOf(busy.token)).not.toBeNull();
    ground.clock.advance(SESSION_LASTS - SESSION_IDLE);
    await hubA.pollRevocations();
    expect(cut).toEqual([{ session: idle.session.id }, { session: busy.session.id }]);
    expect(await hubA.sessionOf(busy.token)).toBeNull();
  });

  test('that is revoked is refused at once, and every hub cuts its sockets once: by the bell, or by looking', async () => {
    const by = await byAdmin();
    await person(hubA, 'li', 'operator');
    const one = await enter(hubB, 'li');
    const two = await enter(hubB, 'li');
    const [atA, atB] = [heard(hubA), heard(hubB)];
    const bell: string[] = [];
    hubA.tell = (message) => bell.push(JSON.stringify(message));

    await hubA.revokeSession(one.session.id, by);
    expect(await hubB.sessionOf(one.token)).toBeNull();
    expect(atA).toEqual([{ session: one.session.id }]);
    expect(atB).toEqual([]);
    hubB.heard(bell[0] ?? '');
    expect(atB).toEqual([{ session: one.session.id }]);

    await hubA.revokeSession(two.session.id, by);
    await hubB.pollRevocations();
    await hubB.pollRevocations();
    await hubA.pollRevocations();
    for (const message of bell) hubB.heard(message);
    expect(atA).toEqual([{ session: one.session.id }, { session: two.session.id }]);
    expect(atB).toEqual(atA);
    expect(await refusal(hubA.revokeSession(two.session.id, by))).toEqual({ code: 'notFound' });
  });

  test('is not cut by what is no message of a hub', () => {
    const cut = heard(hubB);
    for (const text of ['', 'null', '{"id":1}', '{"what":{"session":"x"}}', '[]', '{"id":"not-a-uuid","what":{}}']) hubB.heard(text);
    expect(cut).toEqual([]);
  });

  test('sees changed rights at once, and the person has to come in anew on every hub', async () => {
    const by = await byAdmin();
    const id = await person(hubA, 'li', 'operator');
    const { token } = await enter(hubA, 'li');
    const cut = heard(hubB);
    const narrow = { units: ['ph-01'], localities: ['330100'] };
    const { version } = await hubA.people.change(id, { grants: [{ board: 'test', role: 'leader', scope: narrow }] }, by);
    await hubB.pollRevocations();
    expect(cut).toEqual([{ person: id }]);
    expect((await hubB.sessionOf(token))?.grants).toEqual([{ board: 'test', role: 'leader', scope: narrow }]);

    expect(await refusal(hubA.people.change(id, { version: version - 1, name: '李大明' }, by))).toEqual({ code: 'movedOn' });
    await hubA.people.change(id, { version, active: false }, by);
    expect(await hubB.sessionOf(token)).toBeNull();
    await hubB.pollRevocations();
    expect(cut).toEqual([{ person: id }, { person: id }]);
    // Back in service: what ended stays ended.
    await hubA.people.change(id, { active: true }, by);
    expect(await hubB.sessionOf(token)).toBeNull();
  });
});

describe('a password', () => {
  test('is changed by whoever knows the old one; every other session of the person ends', async () => {
    await person(hubA, 'li', 'operator');
    const here = await enter(hubA, 'li');
    const elsewhere = await enter(hubB, 'li');
    const change = (current: string, next: string) => hubA.changePassword(here.session, { current, next, ...from() });
    expect(await refusal(change('not it', 'lantern-and-rain'))).toEqual({ code: 'inputRejected', fields: [{ path: 'current', code: 'wrongPassword' }] });
    expect(await refusal(change(PASSWORD, 'short'))).toMatchObject({ fields: [{ path: 'next', code: 'tooShort', params: { min: 10 } }] });
    expect(await refusal(change(PASSWORD, PASSWORD))).toMatchObject({ fields: [{ path: 'next', code: 'passwordTooEasy' }] });
    const fresh = await change(PASSWORD, 'lantern-and-rain');
    expect(await hubB.sessionOf(here.token)).toBeNull();
    expect(await hubB.sessionOf(elsewhere.token)).toBeNull();
    expect((await hubB.sessionOf(fresh.token))?.user).toBe('li');
    expect(await refusal(enter(hubA, 'li'))).toEqual({ code: 'signInFailed' });
    expect((await enter(hubA, 'li', 'lantern-and-rain')).session.mustChangePassword).toBe(false);
  });

  test('cannot be guessed at a desk left open', async () => {
    await person(hubA, 'li', 'operator');
    const { session } = await enter(hubA, 'li');
    const guess = () => refusal(hubA.changePassword(session, { current: 'guess', next: 'lantern-and-rain', ...from() }));
    for (let i = 0; i < 5; i++) expect(await guess()).toMatchObject({ code: 'inputRejected' });
    expect(await guess()).toMatchObject({ code: 'tooMany' });
  });

  test('that was forgotten is replaced by a one-time one; sessions of the old one end', async () => {
    const by = await byAdmin();
    const id = await person(hubA, 'li', 'operator');
    const { token } = await enter(hubA, 'li');
    const { password } = await hubA.people.resetPassword(id, by);
    expect(await hubB.sessionOf(token)).toBeNull();
    expect(await refusal(enter(hubA, 'li'))).toEqual({ code: 'signInFailed' });
    expect((await enter(hubA, 'li', password)).session.mustChangePassword).toBe(true);
  });
});

describe('administrators', () => {
  test('never take away the last of them, not even two at once', async () => {
    const a = await byAdmin();
    expect(await refusal(hubA.people.change(a.person, { active: false }, a))).toEqual({
      code: 'inputRejected',
      fields: [{ path: 'grants', code: 'lastAdmin' }],
    });
    expect(await refusal(hubA.people.change(a.person, { grants: [] }, a))).toMatchObject({ fields: [{ code: 'lastAdmin' }] });
    const b = await person(hubA, 'second', 'admin', { board: 'other' });
    const results = await Promise.allSettled([
      hubA.people.change(a.person, { active: false }, { ...a, person: b }),
      hubB.people.change(b, { grants: [] }, a),
    ]);
    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
    const left = (await hubA.people.list()).filter((p) => p.active && p.grants.some((g) => g.role === 'admin'));
    expect(left).toHaveLength(1);
  });

  test('name each user once, however it is written, and only boards that exist', async () => {
    const by = await byAdmin();
    await hubA.people.make({ user: 'Zhou', name: '周强', post: '物资专员' }, by);
    expect(await refusal(hubA.people.make({ user: ' ｚhou', name: '周全', post: '物资专员' }, by))).toEqual({
      code: 'alreadyExists',
      fields: [{ path: 'user', code: 'taken' }],
    });
    const grants = [{ board: 'nowhere', role: 'operator' as const, scope: everywhere }];
    expect(await refusal(hubA.people.make({ user: 'wu', name: '吴', post: '接线员', grants }, by))).toMatchObject({
      fields: [{ path: 'grants.0.board', code: 'notInList' }],
    });
    expect((await hubA.people.list()).map((p) => p.user)).toEqual(['chief', 'zhou']);
  });
});

describe('a screen', () => {
  const approval = (code: string) => ({ code, name: '指挥大厅', board: 'test', profile: {} });

  test('shows a code, is approved, and takes its credential until it has used one', async () => {
    const by = await byAdmin();
    const { id, code, secret } = await hubA.screens.startPairing('10.0.0.40');
    expect(code).toMatch(/^\d{6}$/);
    expect(await hubB.screens.claim(id, secret)).toMatchObject({ state: 'waiting' });
    expect(await refusal(hubB.screens.claim(id, 'B'.repeat(43)))).toEqual({ code: 'notFound' });

    const screen = await hubB.screens.approve(approval(code), by);
    expect(screen).toMatchObject({ name: '指挥大厅', board: 'test', lastSeen: null, approvedBy: '李小明' });
    const lost = await hubA.screens.claim(id, secret);
    const kept = await hubA.screens.claim(id, secret);
    if (lost.state !== 'approved' || kept.state !== 'approved') throw new Error('not approved');
    expect(await hubB.screens.deviceOf(lost.credential)).toBeNull();
    expect(await hubB.whoIs(`board_screen=${kept.credential}`)).toEqual({ type: 'device', device: screen.id, board: 'test' });
    expect(await hubA.screens.claim(id, secret)).toEqual({ state: 'ended' });
    expect((await hubA.screens.get(screen.id)).lastSeen).toBe(ground.clock.now());
    expect(await refusal(hubA.screens.approve(approval(code), by))).toMatchObject({ fields: [{ path: 'code', code: 'wrongCode' }] });

    // Back after a restart of everything; then revoked, everywhere at once.
    expect(await ground.access().screens.deviceOf(kept.credential)).toMatchObject({ id: screen.id });
    const cut = heard(hubA);
    await hubB.screens.revoke(screen.id, by);
    expect(await hubA.whoIs(`board_screen=${kept.credential}`)).toBeNull();
    await hubA.pollRevocations();
    expect(cut).toEqual([{ device: screen.id }]);
    expect(await hubA.screens.list()).toEqual([]);
  });

  test("'s code ends after ten minutes", async () => {
    const by = await byAdmin();
    const { id, code, secret } = await hubA.screens.startPairing('10.0.0.40');
    ground.clock.advance(CODE_LASTS);
    expect(await refusal(hubA.screens.approve(approval(code), by))).toMatchObject({ fields: [{ code: 'wrongCode' }] });
    expect(await hubA.screens.claim(id, secret)).toEqual({ state: 'ended' });
  });

  test("'s code cannot be guessed: wrong ones cost growing time on all hubs, and the right one waits as well", async () => {
    const by = await byAdmin();
    const { code } = await hubA.screens.startPairing('10.0.0.40');
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i++) expect(await refusal((i % 2 ? hubA : hubB).screens.approve(approval(wrong), by))).toMatchObject({ code: 'inputRejected' });
    const { retryAfter = 0, code: refused } = await refusal(hubB.screens.approve(approval(code), by));
    expect(refused).toBe('tooMany');
    ground.clock.advance(retryAfter * 1000);
    expect((await hubA.screens.approve(approval(code), by)).name).toBe('指挥大厅');
  });

  test('whose credential is used beside it, from elsewhere, is told by both addresses and written down once; then either goes, and it is quiet', async () => {
    const { code } = await hubA.screens.startPairing('10.0.0.50');
    const screen = await hubA.screens.approve(approval(code), await byAdmin());
    const seenAt = async (): Promise<string[] | undefined> => (await hubB.screens.list()).find((s) => s.id === screen.id)?.addresses;
    const told = async (): Promise<number> => (await hubA.readJournal(50)).filter((l) => l.what === 'screenTwice').length;
    await hubA.screensHere([{ device: screen.id, address: '10.0.0.50' }]);
    expect([await seenAt(), await told()]).toEqual([['10.0.0.50'], 0]);
    // At another hub, by whoever copied it.
    await hubB.screensHere([{ device: screen.id, address: '10.9.9.9' }]);
    expect(await seenAt()).toEqual(['10.0.0.50', '10.9.9.9']);
    for (let minute = 0; minute < 4; minute++) {
      ground.clock.advance(60_000);
      await hubA.screensHere([{ device: screen.id, address: '10.0.0.50' }]);
      await hubB.screensHere([{ device: screen.id, address: '10.9.9.9' }]);
    }
    expect([await seenAt(), await told()]).toEqual([['10.0.0.50', '10.9.9.9'], 1]);
    const [line] = (await hubA.readJournal(50)).filter((l) => l.what === 'screenTwice');
    expect(line).toMatchObject({ who: null, label: 'hub', about: { device: screen.id, name: '指挥大厅', addresses: ['10.0.0.50', '10.9.9.9'] } });
    for (let minute = 0; minute < 3; minute++) {
      ground.clock.advance(60_000);
      await hubA.screensHere([{ device: screen.id, address: '10.0.0.50' }]);
    }
    expect(await seenAt()).toEqual(['10.0.0.50']);
  });

  test('that was revoked before it came for its credential gets none', async () => {
    const by = await byAdmin();
    const { id, code, secret } = await hubA.screens.startPairing('10.0.0.40');
    const screen = await hubA.screens.approve(approval(code), by);
    await hubA.screens.revoke(screen.id, by);
    expect(await hubA.screens.claim(id, secret)).toEqual({ state: 'ended' });
  });

  test('codes run out before they can be used up: an address that asks for ever waits', async () => {
    for (let i = 0; i < 60; i++) await hubA.screens.startPairing('10.0.0.66');
    expect(await refusal(hubB.screens.startPairing('10.0.0.66'))).toMatchObject({ code: 'tooMany' });
    expect((await hubB.screens.startPairing('10.0.0.67')).code).toHaveLength(6);
  });
});

test('what is written down about all this holds no secret, and no table does', async () => {
  const secrets: string[] = [PASSWORD, 'typed-in-the-wrong-field'];
  const first = await hubA.firstRun();
  const { token, session } = await enter(hubA, 'admin', first?.password);
  const changed = await hubA.changePassword(session, { current: first?.password ?? '', next: PASSWORD, ...from() });
  secrets.push(first?.password ?? '', token, changed.token);
  const by: By = { person: session.person, label: session.label, address: '10.0.0.1' };
  const made = await hubA.people.make({ user: 'li', name: '李小明', post: '接线员' }, by);
  const again = await hubA.people.resetPassword(made.person.id, by);
  await refusal(enter(hubA, 'typed-in-the-wrong-field', 'x'));
  await refusal(enter(hubA, 'li', 'guess-of-someone'));
  const pairing = await hubA.screens.startPairing('10.0.0.40');
  await hubA.screens.approve({ code: pairing.code, name: '一号屏', board: 'test', profile: {} }, by);
  const claim = await hubA.screens.claim(pairing.id, pairing.secret);
  if (claim.state !== 'approved') throw new Error('not approved');
  secrets.push(made.password, again.password, 'guess-of-someone', pairing.secret, claim.credential);

  const pool = ground.pool();
  const tables = ['person', 'grant_', 'session', 'device', 'pairing', 'familiar', 'revocation', 'access_log'];
  const kept: string[] = [];
  for (const table of tables) kept.push(...(await pool.query<{ row: string }>(`select t::text as row from ${table} t`)).rows.map((r) => r.row));
  expect(kept.length).toBeGreaterThan(10);
  for (const secret of secrets) expect(kept.filter((row) => row.includes(secret))).toEqual([]);

  const lines = await hubA.readJournal(50);
  expect(lines.map((l) => l.what)).toEqual([
    'screenApproved',
    'signInFailed',
    'signInFailed',
    'passwordReset',
    'personMade',
    'passwordChanged',
    'signedIn',
  ]);
  expect(lines.slice(1, 3).map((l) => l.label)).toEqual(['li', '?']);
});
