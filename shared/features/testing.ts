import { everywhere, type Author, type Role } from '../access/access.ts';
import { Refused, problemOf, type Problem } from '../protocol/errors.ts';
import type { Instant } from '../time/clock.ts';
import { defaultCommands } from './defaults.ts';
import type { Change, Command, DecideContext, Decision, Feature, Stored } from './feature.ts';
import type { RecordDef } from './fields.ts';

/**
 * A board in memory for tests of decide and of the folds: commands one after the other, as the writer runs them
 * (needs, door, decide, shape), without a database. What it keeps it keeps as the log would: by value.
 */

export const NIGHT: Instant = Date.UTC(2020, 1, 4, 18, 14);
export const ZONE = 'Asia/Shanghai';

export const person = (role: Role | 'system' = 'operator', more: Partial<Author> = {}): Author => ({
  id: `test-${role}`,
  label: `测试 ${role}`,
  role,
  scope: everywhere,
  ...more,
});

export type Outcome = { ok: true; result: NonNullable<Decision['result']>; puts: Decision['puts'] } | { ok: false; problem: Problem };

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What was read belongs to nobody: a rule that writes into it fails here, as it would disturb its neighbours in a batch. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

export class TinyBoard {
  now: Instant = NIGHT;
  zone = ZONE;
  readonly changes: Change<Record<string, unknown>>[] = [];
  readonly personal = new Map<string, string | null>();
  private readonly records = new Map<string, Stored<Record<string, unknown>>>();
  private readonly counters = new Map<string, number>();
  private made = 0;

  constructor(private readonly features: Record<string, Feature>) {}

  /** A board of its own that goes on from here. */
  fork(): TinyBoard {
    const other = new TinyBoard(this.features);
    other.now = this.now;
    other.made = this.made;
    other.changes.push(...this.changes);
    for (const [k, v] of this.records) other.records.set(k, v);
    for (const [k, v] of this.counters) other.counters.set(k, v);
    for (const [k, v] of this.personal) other.personal.set(k, v);
    return other;
  }

  /** A record as if some command had put it. */
  seed(kind: string, id: string, body: Record<string, unknown>): void {
    this.put(kind, id, body, {}, this.now, `${kind}.seed`);
  }

  get(kind: string, id: string): Stored<Record<string, unknown>> | undefined {
    return this.records.get(`${kind}/${id}`);
  }

  all(kind: string): Stored<Record<string, unknown>>[] {
    return [...this.records.values()].filter((r) => r.kind === kind);
  }

  send(type: string, body: Record<string, unknown>, author: Author = person(), occurred?: Instant): Outcome {
    const command: Command | undefined = this.features[type.split('.')[0] ?? '']?.commands[type];
    if (!command) return { ok: false, problem: { code: 'unknownCommand' } };
    if (!command.roles.includes(author.role)) return { ok: false, problem: { code: 'notAllowed' } };
    const parsed = command.body.safeParse(body, { reportInput: true });
    if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
    const needs = command.needs?.(parsed.data, { now: this.now, zone: this.zone, author }) ?? {};
    const reads = new Set((needs.records ?? []).map(([kind, id]) => `${kind}/${id}`));
    const finds = new Set((needs.keys ?? []).map(([kind, key]) => `${kind}/${key}`));
    const taken = new Map<string, number>();
    const newId = `00000000-0000-4000-8000-${String(++this.made).padStart(12, '0')}`;
    const context: DecideContext = {
      now: this.now,
      zone: this.zone,
      author,
      newId,
      occurred: occurred ?? this.now,
      get: <R extends RecordDef>(def: R, id: string) => {
        // The writer reads what needs names and nothing else: a rule that forgets one sees nothing in production.
        if (!reads.has(`${def.kind}/${id}`)) throw new Error(`${type} reads ${def.kind}/${id} without naming it in its needs`);
        return this.get(def.kind, id) as never;
      },
      find: <R extends RecordDef>(def: R, key: string) => {
        if (!finds.has(`${def.kind}/${key}`)) throw new Error(`${type} finds ${def.kind} by ${key} without naming it in its needs`);
        return this.all(def.kind).find((r) => this.features[def.kind]?.keys?.(r.body).includes(key)) as never;
      },
      take: (counter) => {
        if (!needs.counters?.includes(counter)) throw new Error(`${type} takes counter ${counter} without naming it in its needs`);
        const next = (taken.get(counter) ?? this.counters.get(counter) ?? 0) + 1;
        taken.set(counter, next);
        return next;
      },
    };
    let decision: Decision;
    try {
      decision = command.decide(context, parsed.data);
    } catch (error) {
      if (error instanceof Refused) return { ok: false, problem: error.problem };
      throw error;
    }
    for (const [name, value] of taken) this.counters.set(name, value);
    for (const put of decision.puts) {
      const { personalFields } = this.features[put.kind]?.record ?? { personalFields: [] };
      const personal = put.erase ? Object.fromEntries(personalFields.map((field) => [field, null])) : (put.personal ?? {});
      this.put(put.kind, put.id, put.body, personal, context.occurred, type);
    }
    return { ok: true, result: decision.result ?? {}, puts: decision.puts };
  }

  private put(kind: string, id: string, given: Record<string, unknown>, personal: Record<string, string | null>, occurred: Instant, command: string): void {
    const feature = this.features[kind];
    if (!feature) throw new Error(`a put of unknown kind ${kind}`);
    const before = this.records.get(`${kind}/${id}`);
    const version = (before?.version ?? 0) + 1;
    const body: Record<string, unknown> = copy(given);
    for (const field of feature.record.personalFields) {
      const value = personal[field];
      if (command.endsWith('.seed')) continue;
      body[field] = value === undefined ? (before?.body[field] ?? null) : value === null ? null : version;
    }
    for (const [field, value] of Object.entries(personal)) this.personal.set(`${kind}/${id}/${field}`, value);
    const after = feature.record.schema.parse(body) as Record<string, unknown>;
    frozen(after);
    this.changes.push({ kind, id, before: before?.body ?? null, after, revision: this.changes.length + 1, recorded: this.now, occurred, command });
    this.records.set(`${kind}/${id}`, { kind, id, version, revision: this.changes.length, body: after });
  }
}

/** The code of a refusal, and of its first field: `inputRejected reason:required`. */
export function why(outcome: Outcome): string {
  if (outcome.ok) return 'ok';
  const field = outcome.problem.fields?.[0];
  return field ? `${outcome.problem.code} ${field.path}:${field.code}` : outcome.problem.code;
}

/** Localities enough for a test: the province, two cities, three counties, one that has ended, a street. */
const places: [code: string, zh: string, parent: string | null, centre: [number, number] | null][] = [
  ['330000', '浙江省', null, [120.2, 30.3]],
  ['330100', '杭州市', '330000', [120.2, 30.3]],
  ['330200', '宁波市', '330000', [121.5, 29.9]],
  ['330102', '上城区', '330100', [120.17, 30.24]],
  ['330212', '鄞州区', '330200', [121.55, 29.82]],
  ['330782', '义乌市', '330000', [120.08, 29.31]],
  ['330102003', '湖滨街道', '330102', null],
  ['330103', '下城区', '330100', null],
];

const made = new WeakMap<Record<string, Feature>, TinyBoard>();

/** A board with all that a new one starts with and a few localities, all through the ordinary commands; made once, each test has its own. */
export function startedBoard(features: Record<string, Feature>): TinyBoard {
  const ready = made.get(features) ?? makeBoard(features);
  made.set(features, ready);
  return ready.fork();
}

function makeBoard(features: Record<string, Feature>): TinyBoard {
  const board = new TinyBoard(features);
  const admin = person('admin');
  const must = (type: string, body: Record<string, unknown>): void => {
    const outcome = board.send(type, body, admin);
    if (!outcome.ok) throw new Error(`${type} ${JSON.stringify(body)}: ${why(outcome)}`);
  };
  const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
  for (const [code, zh, parent, centre] of places) {
    const validTo = code === '330103' ? '2021-04-09' : null;
    const level = code.length > 6 ? 'street' : code.endsWith('0000') ? 'province' : code.endsWith('00') ? 'city' : 'county';
    const both = { zh, en: code };
    must('locality.save', { code, create: true, changes: { name: set(both), short: set(both), parent: set(parent), level: set(level), validTo: set(validTo), centre: set(centre) } });
  }
  for (const [type, , body] of defaultCommands()) must(type, body);
  return board;
}
