import { z } from 'zod';
import { marksOf, type Mark } from '../../shared/features/fields.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { changeEntry, changesAnswer, MAX_CHANGES, MAX_WAIT } from '../../shared/protocol/changes.ts';
import { errorCodes, fieldProblem, problem, type ErrorCode } from '../../shared/protocol/errors.ts';
import { answer, boardInfo, commandMessage, historyLine, timelineLine, wireRecord } from '../../shared/protocol/messages.ts';
import { position } from '../../shared/protocol/position.ts';
import { words } from '../../shared/protocol/words.ts';
import type { CapKinds } from './cap.ts';
import { bodySchema, commandRoutes, type CommandRoute } from './commandRoutes.ts';
import { statusOf } from './problems.ts';

/**
 * What other programs may ask of a hub, in OpenAPI 3.1, made from the schemas that are checked at the door and the list of
 * kinds: a new kind stands in it by itself. Real answers are held to it in openapi.pg.spec.ts.
 */
type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Json => ({ content: { 'application/json': { schema } } });
const nameOfKind = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1);

const said: Record<Mark, string> = {
  public: 'public',
  internal: 'internal: never on a wall or the outward channel',
  personal: 'personal: the version of the record that wrote the value, or null; the value itself is asked for by `reveal`',
};

/** A record's body as a reader with these marks holds it. Older records may lack a field that came later. */
function bodyOf(feature: Feature, marks: readonly Mark[]): Json {
  const properties: Json = {};
  for (const [name, field] of Object.entries(feature.record.fields)) {
    if (marks.includes(field.mark)) properties[name] = { ...schemaOf(field.schema), description: said[field.mark], 'x-mark': field.mark };
  }
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function recordOf(feature: Feature): Json {
  const { properties, ...rest } = schemaOf(wireRecord) as { properties: Json };
  return { ...rest, properties: { ...properties, kind: { const: feature.kind }, body: bodyOf(feature, marksOf) } };
}

const query = (name: string, schema: Json, description: string, required = false): Json => ({ name, in: 'query', required, schema, description });
const pathId: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 80 } };
const board = query('board', { type: 'string', pattern: '^[a-z0-9-]{1,40}$' }, 'May be left out by whoever has one board');
const idempotency: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  description: 'Names this command for good: the same key and body give the first outcome, another body `idReused`',
};
const anyOfBoards = { type: 'array', items: ref('Board') };

/** A problem as it leaves by HTTP: with a sentence for a person, in the language asked for. */
const failure = z.object({
  ok: z.literal(false),
  error: problem.extend({ message: z.string(), fields: z.array(fieldProblem.extend({ message: z.string() })).optional() }),
});

const hubState = z.object({
  ok: z.boolean(),
  hub: z.object({ id: z.string(), build: z.string() }),
  postgres: z.enum(['own', 'private']),
  bus: z.object({ runsOn: z.enum(['own Redis', 'private Redis', 'process']), up: z.boolean() }),
  boards: z.array(z.string()),
  connections: z.int().describe('Sockets open on this hub'),
  clockApart: z.number().describe('Milliseconds between its clock and that of PostgreSQL'),
});
const readyState = hubState.extend({ why: z.string().nullable() });

/** What watches over a hub asks beside /api/v1; open to everybody, but for the figures. */
function watched(failures: Json): Record<string, Json> {
  const beside = (summary: string, answers: Record<string, Json>, more: Json = { security: [] }): Json => ({
    servers: [{ url: '/' }],
    get: { summary, tags: ['hub'], ...more, responses: Object.fromEntries(Object.entries(answers).map(([status, content]) => [status, { description: summary, content }])) },
  });
  const figures = beside('Figures of the hub for Prometheus, for a key made for them alone', { 200: { 'text/plain': { schema: { type: 'string' } } } }, {});
  return {
    '/metrics': { ...figures, get: { ...(figures.get as Json), responses: { ...(figures.get as { responses: Json }).responses, ...failures } } },
    '/healthz': beside('Whether the process lives', { 200: { 'application/json': { schema: schemaOf(hubState) } } }),
    '/readyz': beside('Whether it can take a command', Object.fromEntries([200, 503].map((status) => [status, { 'application/json': { schema: schemaOf(readyState) } }]))),
    '/api/openapi.json': beside('This description', { 200: { 'application/json': { schema: { type: 'object', required: ['openapi', 'paths'] } } } }),
  };
}

/** Answers any request may get; each code of the closed list under its status. */
function problems(): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of Object.keys(errorCodes) as ErrorCode[]) byStatus.set(statusOf[code], [...(byStatus.get(statusOf[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `${code}: ${words.en.errors[code]}`).join('; '),
        ...(status === 429 || status === 503 ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } } } : {}),
        ...json(ref('Failure')),
      },
    ]),
  );
}

export function openApi(kinds: readonly Feature[], cap: CapKinds, build: string): Json {
  const failures = Object.fromEntries(Object.keys(problems()).map((status) => [status, { $ref: `#/components/responses/E${status}` }]));
  const get = (summary: string, parameters: Json[], schema: Json): Json => ({ summary, parameters, responses: { 200: { description: 'Read', ...json(schema) }, ...failures } });

  const xml = (summary: string, parameters: Json[], type: string): Json => ({ summary, parameters, responses: { 200: { description: 'Read', content: { [type]: { schema: { type: 'string' } } } }, ...failures } });

  const command = ({ kind, type, takesId, command: c }: CommandRoute): Json => {
    const { $schema: _dialect, ...body } = bodySchema(c) as Json;
    const { id: _id, ...properties } = (body.properties ?? {}) as Json;
    const required = ((body.required ?? []) as string[]).filter((name) => name !== 'id');
    return {
      operationId: type,
      tags: [kind],
      summary: type,
      description: `For ${c.roles.filter((r) => r !== 'system').join(', ')}.`,
      parameters: [...(takesId ? [pathId] : []), board, query('occurred', { type: 'integer' }, 'When it happened, as claimed: milliseconds since 1970, at most a minute ahead'), idempotency],
      requestBody: { required: required.length > 0, ...json(takesId ? { ...body, properties, required } : body) },
      responses: { 200: { description: 'On disk in PostgreSQL', ...json(ref('Saved')) }, ...failures },
    };
  };

  const paths: Record<string, Json> = {
    ...watched(failures),
    '/boards': { get: get('Boards that may be opened', [], { type: 'object', required: ['boards'], properties: { boards: anyOfBoards } }) },
    '/changes': {
      get: get(
        'The log after a position, shaped for role and scope',
        [
          board,
          query('since', { type: 'string', pattern: '^[1-9]\\d{0,8}\\.(0|[1-9]\\d{0,14})$' }, '`<epoch>.<revision>`; left out: from now on'),
          query('limit', { type: 'integer', minimum: 1, maximum: MAX_CHANGES, default: 100 }, 'Entries at most'),
          query('wait', { type: 'number', minimum: 0, maximum: MAX_WAIT, default: 0 }, 'Seconds to wait for the first entry when there is none'),
        ],
        ref('Changes'),
      ),
    },
    '/cap': { get: xml('CAP 1.2 messages in force, as an Atom list', [board], 'application/atom+xml') },
    '/commands': {
      post: {
        summary: 'Any command, in its envelope',
        parameters: [{ ...idempotency, required: false, description: 'In place of the id in the envelope' }],
        requestBody: { required: true, ...json(schemaOf(commandMessage.partial({ id: true }), 'input')) },
        responses: { 200: { description: 'On disk in PostgreSQL', ...json(ref('Saved')) }, ...failures },
      },
    },
  };
  for (const feature of kinds) {
    const { kind, plural } = feature;
    const record = ref(nameOfKind(kind));
    const narrowed = [...feature.filters, ...(feature.filters.includes('locality') ? [] : ['locality'])];
    const page = {
      type: 'object',
      required: ['ok', 'at', 'records', 'next', 'total'],
      properties: {
        ok: { const: true },
        at: ref('Position'),
        records: { type: 'array', items: record },
        next: { type: ['string', 'null'], description: 'Ask `after` this for the next page; null: there is none' },
        total: { type: 'integer', description: 'Counted up to 10001' },
      },
    };
    const one = {
      type: 'object',
      required: ['ok', 'at', 'record'],
      properties: {
        ok: { const: true },
        at: ref('Position'),
        record,
        personal: { type: 'object', additionalProperties: { type: ['string', 'null'] }, description: 'Masked; empty for a key that may not ask for them' },
        history: { type: 'array', items: ref('HistoryLine') },
      },
    };
    paths[`/${plural}`] = {
      get: {
        tags: [kind],
        ...get(
          `List of ${plural}`,
          [
            board,
            query('q', { type: 'string', maxLength: 200 }, 'Words that must all be found'),
            query('held', { type: 'boolean' }, 'Only what is open, or only what is not'),
            query('sort', { enum: ['newest', 'oldest'], default: 'newest' }, 'Order'),
            query('after', { type: 'string', maxLength: 200 }, '`next` of the page before'),
            query('limit', { type: 'integer', minimum: 1, maximum: 200, default: 50 }, 'Records at most'),
            ...narrowed.map((field) => query(field, { type: 'array', items: { type: 'string', maxLength: 80 } }, 'One of these; with `!` behind the name: none of these')),
          ],
          page,
        ),
      },
    };
    paths[`/${plural}/{id}`] = { get: { tags: [kind], ...get(`One of ${plural}, with its history`, [pathId, board], one) } };
    if (feature.timeline) {
      const timeline = {
        type: 'object',
        required: ['ok', 'at', 'timeline', 'next'],
        properties: { ok: { const: true }, at: ref('Position'), timeline: { type: 'array', items: ref('TimelineLine') }, next: { type: ['string', 'null'], description: 'Ask `after` this for what is older; null: there is none' } },
      };
      const paged = [query('after', { type: 'string', maxLength: 60 }, '`next` of the page before'), query('limit', { type: 'integer', minimum: 1, maximum: 200, default: 50 }, 'Entries at most')];
      paths[`/${plural}/{id}/timeline`] = { get: { tags: [kind], ...get('Its own changes and those of the records that belong to it, newest first', [pathId, board, ...paged], timeline) } };
    }
    if (cap[kind]) paths[`/${plural}/{id}/cap`] = { get: { tags: [kind], ...xml('Its newest message in CAP 1.2; an exercise is marked so', [pathId, board], 'application/cap+xml') } };
    if (feature.revealers.length > 0) {
      paths[`/${plural}/{id}/reveal`] = {
        post: {
          tags: [kind],
          summary: 'Its personal values, whole; who asked and why is on disk before they leave',
          parameters: [pathId, board],
          requestBody: { required: true, ...json({ type: 'object', required: ['purpose'], properties: { purpose: { type: 'string', description: 'A line of the list `purposes`, or `handling` for whoever handles the record' }, words: { type: 'string', maxLength: 100, description: 'In one’s own words; required with `other`. No personal detail belongs here' } } }) },
          responses: { 200: { description: 'Read', ...json(one) }, ...failures },
        },
      };
    }
  }
  for (const route of commandRoutes(kinds)) (paths[route.template] ??= {}).post = command(route);

  const change = {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string', description: 'The command' },
      timestamp: { type: 'string', format: 'date-time', description: 'When it was recorded' },
      data: {
        allOf: [ref('OutwardEntry')],
        type: 'object',
        required: ['exercise'],
        properties: {
          exercise: { type: 'boolean' },
          gone: { type: 'array', items: { type: 'object', required: ['kind', 'id'], properties: { kind: { type: 'string' }, id: { type: 'string' } } }, description: 'What has left the scope of this hook; with nothing else in it the command is `record.gone`' },
        },
      },
    },
  };
  const signed = (summary: string, body: Json): Json => ({
    post: {
      summary,
      parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({ name, in: 'header', required: true, schema: { type: 'string' } })),
      requestBody: { required: true, ...json(body) },
      responses: { '2XX': { description: 'Taken' }, 410: { description: 'Never again: the hook is switched off' } },
    },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: '指挥中心态势板 / Situation board',
      version: build,
      description: 'For other programs of the centre. A key is made by an administrator and sent as `Authorization: Bearer`. What is not in here, no key opens.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }],
    paths,
    webhooks: {
      change: signed('A committed change, signed after standardwebhooks.com; while a secret takes the place of another, two signatures with a space between', change),
      test: signed('Sent when an administrator asks for it', {
        type: 'object',
        required: ['type', 'timestamp', 'data'],
        properties: { type: { const: 'test' }, timestamp: { type: 'string', format: 'date-time' }, data: { type: 'object', required: ['board', 'exercise'], properties: { board: { type: 'string' }, exercise: { type: 'boolean' } } } },
      }),
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      responses: Object.fromEntries(Object.entries(problems()).map(([status, response]) => [`E${status}`, response])),
      schemas: {
        Position: schemaOf(position),
        Board: schemaOf(boardInfo),
        Saved: schemaOf(answer.options[0]),
        Failure: schemaOf(failure),
        HistoryLine: schemaOf(historyLine),
        TimelineLine: schemaOf(timelineLine),
        ChangeEntry: schemaOf(changeEntry),
        Changes: schemaOf(changesAnswer),
        OutwardEntry: outwardSchema(kinds),
        ...Object.fromEntries(kinds.map((feature) => [nameOfKind(feature.kind), recordOf(feature)])),
      },
    },
  };
}

/** The form `v1` of the outward channel and of webhooks. */
function outwardSchema(kinds: readonly Feature[]): Json {
  const text = { type: 'string', format: 'date-time' };
  return {
    type: 'object',
    required: ['v', 'board', 'epoch', 'revision', 'recorded', 'occurred', 'command', 'puts'],
    properties: {
      v: { const: 1 },
      board: { type: 'string' },
      epoch: { type: 'integer' },
      revision: { type: 'integer' },
      recorded: text,
      occurred: text,
      command: { type: 'string' },
      puts: {
        type: 'array',
        items: {
          oneOf: kinds.map((feature) => ({
            type: 'object',
            required: ['kind', 'id', 'version', 'body'],
            properties: { kind: { const: feature.kind }, id: { type: 'string' }, version: { type: 'integer' }, body: bodyOf(feature, ['public']) },
          })),
        },
      },
    },
  };
}
