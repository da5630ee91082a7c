import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../shared/protocol/messages.ts';
import { beginEpoch } from '../record/epochs.ts';
import { accepted, author, commandOf, quiet } from '../testing/cluster.ts';
import { Browser, Ground, openHttp, person, type HttpHub, type Reply } from '../testing/httpHub.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { openReceiver } from '../testing/receiver.ts';
import { GAPS, Sender, TRIES } from './sender.ts';
import type { ReceiptView, WebhookView } from './webhooks.ts';

/** Webhooks out, over a real PostgreSQL and a receiver that answers as it likes. */
let ground: Ground;
let hub: HttpHub;
let chief: Browser;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let senders: Sender[];

beforeEach(async () => {
  ground = await Ground.open();
  hub = await openHttp(ground);
  receiver = await openReceiver();
  senders = [];
  await person(hub.access, 'chief', 'admin');
  chief = new Browser(hub.url);
  await chief.signIn('chief');
});
afterEach(async () => {
  await Promise.all(senders.map((s) => s.close()));
  await receiver.close();
  await hub.close();
  await ground.close();
});

/** A hub's sender; each has connections of its own. */
function sender(boards = ['test', 'other']): Sender {
  const made = new Sender({ pool: ground.pool(), features: noteFeatures, boards: () => boards, clock: ground.clock, log: quiet });
  senders.push(made);
  return made;
}
const run = async (...all: Sender[]): Promise<void> => {
  for (const s of all) s.look();
  await Promise.all(all.map((s) => s.settled()));
};
const codeOf = (reply: Reply): string => (reply.json as { error?: { code: string } }).error?.code ?? `status ${reply.status}`;
async function hook(more: Record<string, unknown> = {}): Promise<{ webhook: WebhookView; secret: string }> {
  const reply = await chief.ask('POST', '/api/v1/webhooks', { name: '省厅', board: 'test', url: receiver.url, ...more });
  expect(reply.status, reply.text).toBe(201);
  return reply.json as { webhook: WebhookView; secret: string };
}
const add = (title: string, more: Record<string, unknown> = {}): Promise<Answer> =>
  hub.hub.board().submit(author('operator'), commandOf('note.add', { title, unit: 'a', remark: 'INTERNAL', who: 'PERSONAL', ...more }));
async function several(n: number, from = 0): Promise<void> {
  for (let i = 0; i < n; i++) accepted(await add(`n${from + i}`));
}
const titles = (): unknown[] => receiver.all.map((r) => r.data.data.puts[0]?.body.title);
const receipts = async (id: string, query = ''): Promise<{ receipts: ReceiptView[]; next: string | null }> =>
  (await chief.ask('GET', `/api/v1/webhooks/${id}/receipts${query}`)).json as { receipts: ReceiptView[]; next: string | null };
const stateOf = async (id: string): Promise<WebhookView | undefined> =>
  ((await chief.ask('GET', '/api/v1/webhooks')).json as { webhooks: WebhookView[] }).webhooks.find((w) => w.id === id);

describe('what is sent', () => {
  test('is each change since the hook was made, once, in order, signed, with public fields alone', async () => {
    accepted(await add('before'));
    const { webhook, secret } = await hook();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await several(3);
    await run(sender());
    expect(titles()).toEqual(['n0', 'n1', 'n2']);
    const [first] = receiver.all;
    expect(first?.data).toMatchObject({ type: 'note.add', data: { v: 1, board: 'test', epoch: 1, revision: 2, command: 'note.add', exercise: false, puts: [{ kind: 'note', version: 1, body: { number: 2, title: 'n0', unit: 'a' } }] } });
    expect(receiver.all.map((r) => r.body).join()).not.toMatch(/INTERNAL|PERSONAL|remark|"who"|operator-1|王/);
    // As any receiver checks it, from the standard's own words.
    for (const { headers, body } of receiver.all) {
      const [id, at, said] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((n) => String(headers[n]));
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      expect(said).toBe(`v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`);
      expect(Number(at)).toBe(Math.floor(ground.clock.now() / 1_000));
      expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
      expect(headers.cookie ?? headers.authorization).toBeUndefined();
    }
    expect(new Set(receiver.all.map((r) => r.headers['webhook-id'])).size).toBe(3);
    expect((await receipts(webhook.id)).receipts.map((r) => [r.revision, r.state, r.tries, r.status])).toEqual([
      [4, 'delivered', 1, 200],
      [3, 'delivered', 1, 200],
      [2, 'delivered', 1, 200],
    ]);
    expect(await stateOf(webhook.id)).toMatchObject({ behind: 0, tries: 0, lastDelivered: ground.clock.now(), gaveUp: 0 });
    // Nothing is left to send.
    await run(sender());
    expect(receiver.all).toHaveLength(3);
  });

  test('is of the chosen kinds alone; what is passed over is not sent later', async () => {
    const reply = await chief.ask('POST', '/api/v1/webhooks', { name: 'x', board: 'test', url: receiver.url, kinds: ['nothing'] });
    expect(codeOf(reply)).toBe('inputRejected');
    const { webhook } = await hook({ kinds: ['note'] });
    await ground.pool().query(`update webhook set kinds = '{other}' where id = $1`, [webhook.id]);
    await several(2);
    await run(sender());
    expect(receiver.all).toEqual([]);
    expect(await stateOf(webhook.id)).toMatchObject({ behind: 0 });
  });

  test('[R10] is of its part of the board alone; what leaves it is told as gone, and by what is not', async () => {
    for (const scope of [{ units: [], localities: null }, { units: [], localities: [] }, { units: 'a' }]) {
      expect(codeOf(await chief.ask('POST', '/api/v1/webhooks', { name: 'x', board: 'test', url: receiver.url, scope }))).toBe('inputRejected');
    }
    const { webhook } = await hook({ scope: { units: ['a'], localities: null } });
    expect(webhook.scope).toEqual({ units: ['a'], localities: null });
    const mine = accepted(await add('mine')).result.id;
    accepted(await add('theirs', { unit: 'b' }));
    const edit = (unit: object): Promise<Answer> => hub.hub.board().submit(author('operator'), commandOf('note.edit', { id: mine, changes: { unit } }));
    accepted(await edit({ from: 'a', to: 'b' }));
    accepted(await edit({ from: 'b', to: 'c' }));
    await run(sender());
    expect(receiver.all.map((r) => r.data)).toEqual([
      expect.objectContaining({ type: 'note.add', data: expect.objectContaining({ revision: 1, puts: [expect.objectContaining({ id: mine })] }) as unknown }),
      expect.objectContaining({ type: 'record.gone', data: expect.objectContaining({ revision: 3, command: 'record.gone', puts: [], gone: [{ kind: 'note', id: mine }] }) as unknown }),
    ]);
    expect(await stateOf(webhook.id)).toMatchObject({ behind: 0 });
    expect((await chief.ask('PATCH', `/api/v1/webhooks/${webhook.id}`, { scope: { units: ['c'], localities: null } })).status).toBe(200);
    accepted(await add('now theirs', { unit: 'c' }));
    await run(sender());
    expect(titles().at(-1)).toBe('now theirs');
  });

  test('of two hubs is written once, in order, whoever has the turn', async () => {
    const made = [await hook(), await hook({ name: '市局', url: receiver.url.replace('take', 'second') })];
    await several(30);
    const [a, b] = [sender(), sender()];
    await run(a, b, a, b);
    for (const [i, path] of ['/take', '/second'].entries()) {
      const mine = receiver.all.filter((r) => r.url.startsWith(path));
      expect(mine.map((r) => r.data.data.revision)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
      expect(await stateOf(made[i]?.webhook.id ?? '')).toMatchObject({ behind: 0 });
    }
  });

  test('goes on where another hub that had it fell silent, and not before', async () => {
    const { webhook } = await hook();
    await several(2);
    // A hub took the hook and stood still.
    await ground.pool().query(`update webhook set claim = gen_random_uuid(), claimed_until = clock_timestamp() + interval '1 hour'`);
    await run(sender());
    expect(receiver.all).toEqual([]);
    await ground.pool().query(`update webhook set claimed_until = clock_timestamp() - interval '1 second'`);
    await run(sender());
    expect(titles()).toEqual(['n0', 'n1']);
    expect(await stateOf(webhook.id)).toMatchObject({ behind: 0 });
  });

  test('continues into the board’s next epoch after the rest of the last', async () => {
    const { webhook } = await hook();
    await several(2);
    await beginEpoch(ground.pool(), 'test', { empty: true });
    await hub.hub.core.tick();
    await expect.poll(() => hub.hub.board().at.epoch).toBe(2);
    accepted(await add('of the second'));
    await run(sender());
    expect(titles()).toEqual(['n0', 'n1', 'of the second']);
    expect(receiver.all.map((r) => [r.data.data.epoch, r.data.data.revision])).toEqual([[1, 1], [1, 2], [2, 1]]);
    expect(await stateOf(webhook.id)).toMatchObject({ behind: 0 });
  });

  test('of an exercise is nothing, unless its name was said', async () => {
    await ground.pool().query(`update board set exercise = true where id = 'test'`);
    for (const exercise of [undefined, 'other', '']) {
      expect(codeOf(await chief.ask('POST', '/api/v1/webhooks', { name: 'x', board: 'test', url: receiver.url, ...(exercise === undefined ? {} : { exercise }) }))).toBe('inputRejected');
    }
    const { webhook } = await hook({ exercise: 'test' });
    accepted(await add('drill'));
    // Nobody said it for this one: made while the board was real.
    await ground.pool().query('update webhook set exercise = false where id = $1', [webhook.id]);
    await run(sender());
    expect(receiver.all).toEqual([]);
    await ground.pool().query('update webhook set exercise = true where id = $1', [webhook.id]);
    await run(sender());
    expect(receiver.all.map((r) => r.data.data.exercise)).toEqual([true]);
  });
});

describe('a receiver that refuses', () => {
  test('is tried again after growing gaps, in order, and what it missed then comes', async () => {
    const { webhook } = await hook();
    await several(2);
    const s = sender();
    receiver.answers.push(500, 0, { status: 302, headers: { location: `${receiver.url}&elsewhere` } });
    for (const [i, error] of (['refused', 'notReached', 'redirected'] as const).entries()) {
      await run(s);
      expect(receiver.all).toHaveLength(i + 1);
      expect(await stateOf(webhook.id)).toMatchObject({ behind: 2, tries: i + 1, lastError: error, nextTry: ground.clock.now() + (GAPS[i] ?? 0) * 1_000 });
      ground.clock.advance((GAPS[i] ?? 0) * 1_000 - 1);
      await run(s);
      expect(receiver.all).toHaveLength(i + 1);
      ground.clock.advance(1);
    }
    await run(s);
    expect(titles()).toEqual(['n0', 'n0', 'n0', 'n0', 'n1']);
    expect(new Set(receiver.all.slice(0, 4).map((r) => r.headers['webhook-id'])).size).toBe(1);
    // Never where it was sent by a redirect.
    expect(receiver.all.every((r) => !r.url.includes('elsewhere'))).toBe(true);
    expect((await receipts(webhook.id)).receipts).toMatchObject([
      { revision: 2, state: 'delivered', tries: 1 },
      { revision: 1, state: 'delivered', tries: 4, status: 200, error: null },
    ]);
  });

  test('is given up after the last try, and the next change has its turn', async () => {
    const { webhook } = await hook();
    await several(2);
    const s = sender();
    receiver.answers.push(...Array.from({ length: TRIES }, () => 503));
    for (let i = 0; i < TRIES; i++) {
      await run(s);
      ground.clock.advance((GAPS[i] ?? 0) * 1_000);
    }
    await chief.signIn('chief');
    expect(titles()).toEqual([...Array.from({ length: TRIES }, () => 'n0'), 'n1']);
    expect((await receipts(webhook.id)).receipts.map((r) => [r.state, r.tries])).toEqual([['delivered', 1], ['gaveUp', TRIES]]);
    expect(await stateOf(webhook.id)).toMatchObject({ behind: 0, gaveUp: 1 });
  });

  test('may say how long to wait, and that it is gone for good', async () => {
    const { webhook } = await hook();
    await several(1);
    const s = sender();
    receiver.answers.push({ status: 429, headers: { 'retry-after': '100' } }, 410);
    await run(s);
    expect(await stateOf(webhook.id)).toMatchObject({ nextTry: ground.clock.now() + 100_000 });
    ground.clock.advance(100_000);
    await run(s);
    expect(await stateOf(webhook.id)).toMatchObject({ active: false, stopped: 'gone', behind: 1 });
    ground.clock.advance(86_400_000);
    await chief.signIn('chief');
    await run(s);
    expect(receiver.all).toHaveLength(2);
    // Switched on again by hand, it goes on from where it stood.
    expect((await chief.ask('PATCH', `/api/v1/webhooks/${webhook.id}`, { active: true })).json).toMatchObject({ webhook: { active: true, stopped: null } });
    await run(s);
    expect(titles()).toEqual(['n0', 'n0', 'n0']);
  });

  test('holds nobody up: the board takes commands, and another hook gets its own', async () => {
    const { webhook } = await hook();
    await hook({ name: '市局', url: receiver.url.replace('take', 'second') });
    receiver.answers.push(500);
    await several(1);
    await run(sender());
    const seconds = receiver.all.filter((r) => r.url.startsWith('/second')).length;
    const firsts = receiver.all.length - seconds;
    expect([firsts, seconds]).toEqual([1, 1]);
    expect((await stateOf(webhook.id))?.behind).toBeLessThanOrEqual(1);
    accepted(await add('goes on'));
  });
});

describe('an administrator', () => {
  test('pauses, resumes, passes over what waited, and removes; each is written down, without the address’s secret part', async () => {
    const { webhook, secret } = await hook();
    const s = sender();
    const change = (body: unknown): Promise<Reply> => chief.ask('PATCH', `/api/v1/webhooks/${webhook.id}`, body);
    expect((await change({ active: false })).status).toBe(200);
    await several(2);
    await run(s);
    expect(receiver.all).toEqual([]);
    await change({ active: true, skip: true });
    await several(1, 2);
    await run(s);
    expect(titles()).toEqual(['n2']);
    const listed = await chief.ask('GET', '/api/v1/webhooks');
    expect(listed.text).not.toContain(secret);
    expect((await chief.ask('DELETE', `/api/v1/webhooks/${webhook.id}`)).status).toBe(204);
    expect(await stateOf(webhook.id)).toBeUndefined();
    const log = JSON.stringify(await hub.access.readJournal(20));
    for (const deed of ['webhookMade', 'webhookChanged', 'webhookRemoved']) expect(log).toContain(deed);
    expect(log).not.toMatch(/T0KEN|whsec_/);
  });

  test('renews the secret: for a while both sign, then the new one alone; one that fell into wrong hands ends at once', async () => {
    const { webhook, secret } = await hook();
    const signs = (key: string): boolean => {
      const { headers, body } = receiver.all.at(-1) as (typeof receiver.all)[number];
      const [id, at, said] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((n) => String(headers[n]));
      return (said ?? '').split(' ').includes(`v1,${createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64')).update(`${id}.${at}.${body}`).digest('base64')}`);
    };
    const renew = async (body: object): Promise<{ webhook: WebhookView; secret: string }> => {
      const reply = await chief.ask('POST', `/api/v1/webhooks/${webhook.id}/secret`, body);
      expect(reply.status, reply.text).toBe(200);
      return reply.json as { webhook: WebhookView; secret: string };
    };
    const s = sender();
    const next = await renew({});
    expect(next.webhook.formerUntil).toBe(ground.clock.now() + 86_400_000);
    await several(1);
    await run(s);
    expect([signs(secret), signs(next.secret)]).toEqual([true, true]);
    ground.clock.advance(86_400_000);
    await chief.signIn('chief');
    await several(1, 1);
    await run(s);
    expect([signs(secret), signs(next.secret)]).toEqual([false, true]);
    // What has ended does not lie about either.
    s.tick();
    await expect.poll(async () => (await ground.pool().query('select former_secret from webhook')).rows).toEqual([{ former_secret: null }]);
    const last = await renew({ hours: 0 });
    await several(1, 2);
    await run(s);
    expect([signs(next.secret), signs(last.secret), last.webhook.formerUntil]).toEqual([false, true, null]);
    const log = JSON.stringify(await hub.access.readJournal(20));
    expect(log).toContain('renewed');
    expect(log).not.toContain('whsec_');
  });

  test('tries it out: one signed message that holds nothing of the board, with its receipt there and then, paused or not', async () => {
    const { webhook, secret } = await hook();
    await several(1);
    await chief.ask('PATCH', `/api/v1/webhooks/${webhook.id}`, { active: false });
    const tried = async (): Promise<unknown> => {
      const reply = await chief.ask('POST', `/api/v1/webhooks/${webhook.id}/test`);
      expect(reply.status, reply.text).toBe(200);
      return (reply.json as { test: unknown }).test;
    };
    expect(await tried()).toMatchObject({ status: 200, error: null, at: ground.clock.now() });
    const [sent] = receiver.all;
    expect(JSON.parse(sent?.body ?? '')).toEqual({ type: 'test', timestamp: new Date(ground.clock.now()).toISOString(), data: { board: 'test', exercise: false } });
    const [id, at] = ['webhook-id', 'webhook-timestamp'].map((n) => String(sent?.headers[n]));
    expect(sent?.headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(`${id}.${at}.${sent?.body}`).digest('base64')}`);
    receiver.answers.push(503);
    expect(await tried()).toMatchObject({ status: 503, error: 'refused' });
    expect(await stateOf(webhook.id)).toMatchObject({ active: false, behind: 1, tries: 0, lastTest: { status: 503, error: 'refused' } });
  });

  test('retries by hand, and reads receipts page by page', async () => {
    const { webhook } = await hook();
    const s = sender();
    await several(3);
    receiver.answers.push(500);
    await run(s);
    await chief.ask('PATCH', `/api/v1/webhooks/${webhook.id}`, { retry: true });
    await run(s);
    expect(titles()).toEqual(['n0', 'n0', 'n1', 'n2']);
    const first = await receipts(webhook.id, '?limit=2');
    expect(first.receipts.map((r) => r.revision)).toEqual([3, 2]);
    const second = await receipts(webhook.id, `?limit=2&after=${first.next}`);
    expect([second.receipts.map((r) => r.revision), second.next]).toEqual([[1], null]);
  });

  test('of another board, an operator, a key and a bad address are refused', async () => {
    const { webhook } = await hook();
    await person(hub.access, 'other', 'admin', { board: 'other' });
    await person(hub.access, 'li', 'operator');
    const [other, li] = [new Browser(hub.url), new Browser(hub.url)];
    await other.signIn('other');
    await li.signIn('li');
    expect((await other.ask('GET', '/api/v1/webhooks')).json).toEqual({ webhooks: [] });
    expect(codeOf(await other.ask('PATCH', `/api/v1/webhooks/${webhook.id}`, { active: false }))).toBe('notFound');
    expect(codeOf(await other.ask('GET', `/api/v1/webhooks/${webhook.id}/receipts`))).toBe('notFound');
    for (const act of ['secret', 'test']) {
      expect(codeOf(await other.ask('POST', `/api/v1/webhooks/${webhook.id}/${act}`, {}))).toBe('notFound');
      expect((await li.ask('POST', `/api/v1/webhooks/${webhook.id}/${act}`, {})).status).toBe(403);
    }
    expect(codeOf(await other.ask('POST', '/api/v1/webhooks', { name: 'x', board: 'test', url: receiver.url }))).toBe('inputRejected');
    expect((await li.ask('GET', '/api/v1/webhooks')).status).toBe(403);
    for (const url of ['ftp://10.0.0.1/', 'http://user:word@10.0.0.1/', 'file:///etc/passwd', '/hook', 'javascript:1', `http://10.0.0.1/${'x'.repeat(500)}`]) {
      expect(codeOf(await chief.ask('POST', '/api/v1/webhooks', { name: 'x', board: 'test', url })), url).toBe('inputRejected');
    }
    expect((await chief.ask('POST', '/api/v1/webhooks', { name: '内网', board: 'test', url: 'http://10.1.2.3:9000/in' })).status).toBe(201);
  });
});
