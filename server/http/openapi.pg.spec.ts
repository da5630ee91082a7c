import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everywhere, roles, type Role } from '../../shared/access/access.ts';
import { asPattern } from '../../shared/features/index.ts';
import { capKinds } from '../features/index.ts';
import { openReceiver } from '../testing/receiver.ts';
import { Program } from '../testing/program.ts';
import { openWhole } from '../testing/whole.ts';
import type { App } from '../app.ts';
import { routesOf } from '../testing/routes.ts';
import { openApi } from './openapi.ts';

/** The description of what other programs may ask: a validator takes it, and what the whole product really answers is as it says. */
type Media = { content?: Record<string, { schema: unknown }> };
type Operation = { responses: Record<string, Media & { $ref?: string }>; requestBody?: Media };
const document = openApi(Object.values(asPattern), capKinds, 'test') as {
  paths: Record<string, { get?: Operation; post?: Operation; servers?: { url: string }[] }>;
  webhooks: Record<'change' | 'test', { post: Operation }>;
  components: { responses: Record<string, Media>; schemas: Record<string, unknown> };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'doc', ...document });
const compiled = new Map<string, ValidateFunction>();
/** The schema at a place of the document, whose `$ref`s are resolved against the document. */
function validator(place: string): ValidateFunction {
  const there = compiled.get(place) ?? ajv.compile({ $ref: `doc#${place}` });
  compiled.set(place, there);
  return there;
}
const token = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

let centre: Awaited<ReturnType<typeof openWhole>>;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
type Key = Role | 'metrics';
const programs = {} as Record<Key, Program>;
/** What was asked, to see at the end that nothing described went unasked. */
const asked = new Map<string, Set<number>>();

beforeAll(async () => {
  centre = await openWhole();
  receiver = await openReceiver();
  const [chief] = await centre.apps[0]?.access.people.list() ?? [];
  const by = { person: chief?.id ?? '', label: '管理员', address: '127.0.0.1' };
  for (const role of roles) {
    const made = await centre.apps[0]?.access.keys.make({ use: 'board', name: `程序 ${role}`, board: 'main', role, scope: role === 'unit' ? { units: ['hq'], localities: null } : everywhere, mayWrite: true, mayReveal: true, days: 1 }, by);
    programs[role] = new Program(centre.urls[0] ?? '', made?.secret ?? '');
  }
  const figures = await centre.apps[0]?.access.keys.make({ use: 'metrics', name: '监测', days: 1 }, by);
  programs.metrics = new Program(centre.urls[0] ?? '', figures?.secret ?? '');
});
afterAll(async () => {
  await receiver.close();
  await centre.close();
});

/** Where a path of the document is to be asked. */
const addressOf = (template: string): string => `${document.paths[template]?.servers?.[0]?.url.replace(/\/$/, '') ?? '/api/v1'}${template}`;
/** Asks, and holds the answer to what the document says of that status. */
async function ask(role: Key, method: 'get' | 'post', template: string, given: { id?: string; query?: string; body?: unknown } = {}): Promise<{ status: number; json: Record<string, unknown> }> {
  const operation = document.paths[template]?.[method];
  expect(operation, `${method} ${template} is described`).toBeDefined();
  const path = `${addressOf(template).replace('{id}', given.id ?? 'nobody')}${given.query ?? ''}`;
  const reply = await programs[role].ask(method.toUpperCase(), path, given.body, { 'idempotency-key': randomUUID() });
  const response = operation?.responses[String(reply.status)];
  expect(response, `${method} ${path} answered ${reply.status}: ${reply.text}`).toBeDefined();
  const named = response?.$ref?.replace('#', '');
  const place = named ?? `/paths/${token(template)}/${method}/responses/${reply.status}`;
  const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
  const valid = validator(`${place}/content/${token(type)}/schema`);
  expect(valid(reply.json ?? reply.text) ? [] : valid.errors, `${method} ${path}: ${reply.text.slice(0, 500)}`).toEqual([]);
  const key = `${method} ${template}`;
  asked.set(key, (asked.get(key) ?? new Set()).add(reply.status));
  return { status: reply.status, json: reply.json as Record<string, unknown> };
}
const described = (): string[] => Object.entries(document.paths).flatMap(([template, operations]) => (['get', 'post'] as const).filter((method) => operations[method]).map((method) => `${method} ${template}`));
const knowsNobody = ['post /api/v1/session', 'delete /api/v1/session', 'post /api/v1/pairing', 'get /api/v1/pairing/:id'];
const pagesAlone = [
  'get .*',
  'get /map.json',
  'get /trust',
  'get /trust.json',
  'get /trust/check',
  'get /trust/situation-board-root.crt',
  'get /trust/situation-board-root.pem',
  `get ^\\/(?:(?:${roles.join('|')})(?:\\/.*)?)?$`,
  'get ^\\/wall(?:\\/.*)?$',
];
const readerOf = (kind: string): Role => asPattern[kind as keyof typeof asPattern].readers[0] as Role;

describe('the description', () => {
  test('is OpenAPI 3.1 that a validator accepts, as it is served', async () => {
    const reply = await fetch(`${centre.urls[0]}/api/openapi.json`);
    expect(reply.status).toBe(200);
    const result = await new Validator().validate((await reply.json()) as Parameters<Validator['validate']>[0]);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test('says of every field of every kind how it is marked, and its samples are as described', () => {
    for (const feature of Object.values(asPattern)) {
      const name = feature.kind.charAt(0).toUpperCase() + feature.kind.slice(1);
      const valid = validator(`/components/schemas/${name}`);
      for (const { id, body } of feature.samples()) {
        const record = { kind: feature.kind, id, version: 1, revision: 1, held: true, body: feature.record.schema.parse(body) };
        expect(valid(record) ? [] : valid.errors, `${feature.kind} ${id}`).toEqual([]);
      }
      expect(valid({ kind: feature.kind, id: 'x', version: 1, revision: 1, held: true, body: {} })).toBe(false);
      const schema = document.components.schemas[name] as { properties: { body: { properties: Record<string, { 'x-mark': string }> } } };
      expect(Object.fromEntries(Object.entries(schema.properties.body.properties).map(([f, s]) => [f, s['x-mark']]))).toEqual(
        Object.fromEntries(Object.entries(feature.record.fields).map(([f, { mark }]) => [f, mark])),
      );
    }
  });
});

describe('what is really answered', () => {
  test('is as described: lists, records, changes, commands, and what is refused', async () => {
    const now = Date.now();
    const logged = await ask('operator', 'post', '/calls', { body: { rung: now - 60_000, answered: now - 50_000, topic: 'symptoms', locality: '330102', callerName: '王', narrative: '发热' } });
    expect(logged.status).toBe(200);
    const id = String((logged.json.result as { id: string }).id);
    expect((await ask('operator', 'post', '/calls/{id}/amend', { id, body: { changes: { topic: { from: 'symptoms', to: 'advice' } } } })).status).toBe(200);
    // Somebody saw another topic: both sides are said.
    expect((await ask('operator', 'post', '/calls/{id}/amend', { id, body: { changes: { topic: { from: 'complaint', to: 'hazard' } } } })).status).toBe(409);
    expect((await ask('operator', 'get', '/calls/{id}', { id })).status).toBe(200);
    expect((await ask('operator', 'post', '/calls/{id}/reveal', { id, body: { purpose: 'review' } })).status).toBe(200);
    expect((await ask('operator', 'post', '/incidents', { body: { title: '仓库起火', category: 'accident', locality: '330102', since: now - 60_000, records: [{ kind: 'call', id }] } })).status).toBe(200);
    expect((await ask('leader', 'post', '/levels', { body: { from: 'none', level: 'II', grounds: '演练' } })).status).toBe(200);
    const envelope = { board: 'main', type: 'call.move', sent: now, body: { id, from: 'dispatched', to: 'inHand' } };
    expect([200, 409]).toContain((await ask('operator', 'post', '/commands', { body: envelope })).status);
    expect((await ask('operator', 'get', '/levels/{id}/cap', { id: 'current' })).status).toBe(200);
    expect((await ask('operator', 'get', '/cap')).status).toBe(200);
    expect((await ask('operator', 'get', '/boards')).status).toBe(200);
    expect((await ask('leader', 'get', '/changes', { query: '?since=1.0&limit=500' })).status).toBe(200);
    expect((await ask('leader', 'get', '/changes', { query: '?since=7.0' })).status).toBe(200);
    expect((await ask('supplies', 'get', '/calls')).status).toBe(403);
  });

  test('of every kind: a page, a record, an unknown one, and every command given nothing', async () => {
    for (const feature of Object.values(asPattern)) {
      const role = readerOf(feature.kind);
      const { json } = await ask(role, 'get', `/${feature.plural}`, { query: '?limit=3&sort=oldest' });
      const [first] = json.records as { id: string }[];
      if (first) expect((await ask(role, 'get', `/${feature.plural}/{id}`, { id: first.id })).status).toBe(200);
      if (capKinds[feature.kind]) await ask(role, 'get', `/${feature.plural}/{id}/cap`, { id: 'no-such' });
      expect((await ask(role, 'get', `/${feature.plural}/{id}`, { id: 'no-such' })).status).toBe(404);
      if (feature.timeline) expect((await ask(role, 'get', `/${feature.plural}/{id}/timeline`, { id: first?.id ?? 'no-such' })).status).toBe(first ? 200 : 404);
      if (feature.revealers.length > 0) await ask(feature.revealers[0] as Role, 'post', `/${feature.plural}/{id}/reveal`, { id: 'no-such', body: { purpose: 'review' } });
    }
    for (const [template, operations] of Object.entries(document.paths)) {
      if (!operations.post || template.endsWith('/reveal') || template === '/commands') continue;
      for (const role of roles) await ask(role, 'post', template, { body: {}, ...(template.includes('{id}') ? { id: randomUUID() } : {}) });
    }
  });

  test('of the hub itself: whether it lives and is ready, its figures for their own key, and this description', async () => {
    for (const template of ['/healthz', '/readyz', '/api/openapi.json']) expect((await ask('operator', 'get', template)).status).toBe(200);
    expect((await ask('metrics', 'get', '/metrics')).status).toBe(200);
    expect((await ask('leader', 'get', '/metrics')).status).toBe(403);
  });

  test('leaves nothing described unasked', () => {
    expect(described().filter((key) => !asked.has(key))).toEqual([]);
  });

  test('every route there is stands in it, or no key opens it', async () => {
    const known = new Set(described().map((key) => key.replace(/ (.*)/, (_, template: string) => ` ${addressOf(template).replace('{id}', ':id')}`)));
    const routes = routesOf((centre.apps[0] as App).http).map((route) => `${route.method} ${route.path}`);
    expect([...known].filter((key) => !routes.includes(key))).toEqual([]);
    const others = routes.filter((key) => !known.has(key));
    // What a browser is sent: pages and what they are made of, no record.
    expect(others.filter((key) => !key.includes(' /api/')).sort()).toEqual(pagesAlone);
    // Sign-in and pairing know nobody yet; everything else refuses every key.
    const open: string[] = [];
    for (const key of others.filter((key) => key.includes(' /api/') && !knowsNobody.includes(key))) {
      const [method = '', path = ''] = key.split(' ');
      for (const program of Object.values(programs)) {
        const reply = await program.ask(method.toUpperCase(), path.replaceAll(':id', randomUUID()), method === 'get' ? undefined : {}, { 'idempotency-key': randomUUID() });
        if (![401, 403].includes(reply.status)) open.push(`${key} ${reply.status}`);
      }
    }
    expect(open).toEqual([]);
    expect(others).toEqual(expect.arrayContaining(knowsNobody));
  });

  test('what a webhook is sent is as described', async () => {
    const app = centre.apps[0];
    const [chief] = (await app?.access.people.list()) ?? [];
    const browser = await centre.person('hooks', 'admin');
    expect(chief).toBeDefined();
    const made = await browser.browser.ask('POST', '/api/v1/webhooks', { name: '收', board: 'main', url: receiver.url });
    expect(made.status).toBe(201);
    const now = Date.now();
    await ask('operator', 'post', '/calls', { body: { rung: now - 60_000, answered: now - 50_000, topic: 'symptoms', locality: '330102' } });
    await expect.poll(() => receiver.all.length, { timeout: 30_000 }).toBeGreaterThan(0);
    const valid = validator(`/webhooks/change/post/requestBody/content/${token('application/json')}/schema`);
    for (const { data } of receiver.all) expect(valid(data) ? [] : valid.errors).toEqual([]);
    const { webhook } = made.json as { webhook: { id: string } };
    expect((await browser.browser.ask('POST', `/api/v1/webhooks/${webhook.id}/test`)).status).toBe(200);
    const tried = validator(`/webhooks/test/post/requestBody/content/${token('application/json')}/schema`);
    const test = receiver.all.find((r) => r.data.type === 'test');
    expect(tried(test?.data) ? [] : tried.errors).toEqual([]);
  });
});
