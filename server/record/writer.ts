import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Author } from '../../shared/access/access.ts';
import { within } from '../../shared/access/access.ts';
import type { Command, DecideContext, Decision, Feature, Needs, Put, Stored } from '../../shared/features/feature.ts';
import type { Body, RecordDef } from '../../shared/features/fields.ts';
import { same } from '../../shared/features/merge.ts';
import { Refused, admit, errorCodes, refuse, refuseField, type Problem } from '../../shared/protocol/errors.ts';
import type { Answer, CommandMessage } from '../../shared/protocol/messages.ts';
import { grams, normalise } from '../../shared/text/grams.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { facetsOf, ownOf } from './finder.ts';
import type { LogEntry, LogPut } from './log.ts';
import { idFrom } from './ids.ts';

/**
 * The one place where a board changes (rules 1, 2, 4, 9, 16).
 *
 * Purpose: commands queue here; a batch becomes one transaction. What must hold:
 * - The board's row is locked before anything of the board is read, in a statement of its own: under READ COMMITTED a
 *   statement sees what was committed when it began, so reading in the locking statement would see a stale board.
 * - Later commands of a batch see the puts of earlier ones; a refused one leaves nothing behind, not even a number.
 * - Nobody is answered before COMMIT has returned. When it is not known whether COMMIT happened, the answer is
 *   `notReady`: the sender asks again under the same id and gets the first outcome.
 * - A command that PostgreSQL will not store (half a surrogate pair, a key too long for its index, a natural key taken)
 *   takes nobody with it: the batch is rolled back and its commands are tried one by one.
 * - A command sees of the record what it named in its needs and nothing else, whoever shares its batch.
 * Lifecycle: `close` refuses new work and waits for the batch in hand.
 */

export interface WriterParts {
  pool: pg.Pool;
  board: string;
  zone: string;
  clock: Clock;
  features: Record<string, Feature>;
  log: Log;
  /** Rule 14: asked when a batch has been decided. What a wrong clock said is not written. */
  clockIsRight(): boolean;
  /** Commands that may wait, where a test cannot send so many. */
  maxQueue?: number;
  /** Called after commit with the batch's entries, in order. Must not throw. */
  committed(entries: LogEntry[]): void;
  /** A batch of so many commands is on disk, after so many milliseconds. Must not throw. */
  measured?(commands: number, ms: number): void;
}

interface Job {
  author: Author;
  message: CommandMessage;
  command: Command;
  body: unknown;
  hash: string;
  needs: Needs;
  done(answer: Answer): void;
}

interface RecordTuple {
  kind: string;
  id: string;
  version: number;
  kindVersion: number;
  revision: number;
  body: Record<string, unknown>;
}

interface Held {
  revision: number;
  epoch: number;
  recorded: Instant;
}

interface Seen {
  records: Map<string, Stored<Record<string, unknown>> | undefined>;
  keys: Map<string, Stored<Record<string, unknown>> | undefined>;
}

/** Records, keys and counters as a batch sees them: what was read, overlaid with what the batch has decided. */
class Batch {
  readonly records = new Map<string, Stored<Record<string, unknown>>>();
  readonly keys = new Map<string, string>();
  readonly counters = new Map<string, number>();
  readonly outcomes = new Map<string, { hash: string; answer: Answer }>();
  readonly entries: LogEntry[] = [];
  readonly entryMeta: { sent: Instant; commandId: string }[] = [];
  readonly written = new Map<string, Stored<Record<string, unknown>>>();
  /** `free`: nobody had it when the batch was read, or whoever had it gave it up in this batch. */
  readonly keyWrites = new Map<string, { kind: string; key: string; id: string; gone: boolean; free: boolean }>();
  /** Natural keys this batch knows the owner of. */
  readonly keysKnown = new Set<string>();
  personal: { kind: string; id: string; field: string; version: number; value: string; grams: string[]; hashes: number[] }[] = [];
  readonly erased = new Map<string, [kind: string, id: string]>();
  /** Records of which a personal value was withdrawn. */
  readonly cleared = new Set<string>();
  readonly newOutcomes: { author: string; id: string; hash: string; answer: Answer }[] = [];
  readonly counterWrites = new Set<string>();
}

const MAX_BATCH = 256;
const MAX_QUEUE = 20_000;
/** Milliseconds PostgreSQL waits for this hub's next statement within a transaction. */
const MAX_IDLE = 3_000;
const pair = (a: string, b: string): string => `${a}\u0000${b}`;

export class Writer {
  private queue: Job[] = [];
  private running: Promise<void> | null = null;
  private closed = false;

  constructor(private readonly parts: WriterParts) {}

  get queued(): number {
    return this.queue.length;
  }

  /** Resolves when the command is on disk or refused; never rejects. The envelope has been parsed at the door. */
  submit(author: Author, message: CommandMessage): Promise<Answer> {
    if (this.closed || this.queue.length >= (this.parts.maxQueue ?? MAX_QUEUE)) return Promise.resolve(no({ code: 'notReady', retryAfter: 1 }));
    const command = commandOf(this.parts.features, message.type);
    if (!command) return Promise.resolve(no({ code: 'unknownCommand' }));
    if (!command.roles.includes(author.role)) return Promise.resolve(no({ code: 'notAllowed' }));
    const now = this.parts.clock.now();
    let body: unknown;
    let needs: Needs;
    try {
      body = admit(command.body, message.body);
      needs = command.needs?.(body, { now, zone: this.parts.zone, author }) ?? {};
    } catch (error) {
      return Promise.resolve(error instanceof Refused ? no(error.problem) : this.failed(message, error));
    }
    return new Promise((done) => {
      this.queue.push({ author, message, command, body, hash: hashOf(message), needs, done });
      this.running ??= this.drain();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async drain(): Promise<void> {
    // One turn of the loop lets commands that arrived together become one commit.
    await new Promise(setImmediate);
    while (this.queue.length > 0) {
      const jobs = this.queue.splice(0, MAX_BATCH);
      await this.settle(jobs);
    }
    // In the same turn as the last look at the queue: a command that comes after it starts a new round.
    this.running = null;
  }

  private async settle(jobs: Job[]): Promise<void> {
    const [first] = jobs;
    if (!first) return;
    const { board, log } = this.parts;
    try {
      await this.commit(jobs);
    } catch (error) {
      if (!ofItsContent(error)) {
        log.error({ err: error, board, commands: jobs.length }, 'a batch was not committed; its senders ask again');
        for (const job of jobs) job.done(no({ code: 'notReady', retryAfter: 1 }));
      } else if (jobs.length > 1) {
        log.warn({ err: error, board, commands: jobs.length }, 'a batch holds a command that cannot be stored; each is tried by itself');
        for (const job of jobs) await this.settle([job]);
      } else if (isKeyTaken(error)) first.done(no({ code: 'alreadyExists' }));
      else if (isData(error)) first.done(no({ code: 'inputRejected', fields: [] }));
      else first.done(this.failed(first.message, error));
    }
  }

  /** A rule or a value of ours is wrong: the technician finds the line by `ref`. */
  private failed(message: CommandMessage, error: unknown): Answer {
    const ref = message.id.slice(0, 8);
    this.parts.log.error({ err: error, command: message.type, ref }, 'a rule failed');
    return no({ code: 'internal', ref });
  }

  private async commit(jobs: Job[]): Promise<void> {
    const client = await this.parts.pool.connect();
    let broken: Error | undefined;
    // Lost between two statements, a connection says so by an event, which nobody else hears while it is out of the pool.
    const lost = (err: Error): void => {
      broken = err;
    };
    client.on('error', lost);
    const begun = this.parts.clock.monotonic();
    try {
      // One journey each way: PostgreSQL takes up a statement when the one before it is done, and none after one that failed.
      const [, held, batch] = await Promise.all([
        // A hub that freezes while it holds the board's row must not hold the board: PostgreSQL then gives up on it.
        // Every statement here looks rows up by their keys, whatever the keys are: planning it anew costs more than it does.
        client.query(`begin; set local idle_in_transaction_session_timeout = ${MAX_IDLE}; set local plan_cache_mode = force_generic_plan`),
        this.lock(client),
        this.read(client, jobs),
      ]);
      const answers = jobs.map((job) => this.decide(job, held, batch));
      if (!this.parts.clockIsRight()) throw new Error('this machine’s clock was set while commands waited');
      const written = batch.entries.length > 0 || batch.newOutcomes.length > 0 ? this.write(client, held, batch) : Promise.resolve();
      await Promise.all([written, client.query('commit')]);
      this.parts.measured?.(jobs.length, this.parts.clock.monotonic() - begun);
      this.parts.committed(batch.entries);
      jobs.forEach((job, i) => job.done(answers[i] as Answer));
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      await client.query('rollback').catch((err: unknown) => this.parts.log.debug({ err }, 'rollback on a dead connection'));
      throw error;
    } finally {
      client.removeListener('error', lost);
      client.release(broken);
    }
  }

  private async lock(client: pg.PoolClient): Promise<Held> {
    const { rows } = await client.query<{ epoch: number; revision: string; recorded: Date }>({
      name: 'lock-board',
      text: 'select epoch, revision, recorded from board where id = $1 for update',
      values: [this.parts.board],
    });
    const row = rows[0];
    if (!row) throw new Error(`board ${this.parts.board} is gone`);
    return { epoch: row.epoch, revision: Number(row.revision), recorded: row.recorded.getTime() };
  }

  private async read(client: pg.PoolClient, jobs: Job[]): Promise<Batch> {
    const records = new Map<string, [string, string]>();
    const keys = new Map<string, [string, string]>();
    const counters = new Set<string>();
    for (const { needs } of jobs) {
      for (const r of needs.records ?? []) records.set(pair(...r), r);
      for (const k of needs.keys ?? []) keys.set(pair(...k), k);
      for (const c of needs.counters ?? []) counters.add(c);
    }
    const column = (rows: Iterable<[string, string]>, i: 0 | 1): string[] => [...rows].map((r) => r[i]);
    const { rows } = await client.query<{
      outcomes: { author: string; id: string; hash: string; answer: Answer }[] | null;
      records: RecordTuple[] | null;
      keys: { kind: string; key: string; id: string }[] | null;
      counters: { name: string; value: number }[] | null;
    }>({
      name: 'read-batch',
      // Each row is looked up by its own key (`limit` keeps PostgreSQL from joining): a join of all there is of the board, cheap
      // while that is little, would cost more with every record until PostgreSQL has counted them again (rule 12).
      text: `with key as (
          select w.kind, w.key, k.id from unnest($6::text[], $7::text[]) as w(kind, key)
            cross join lateral (select id from record_key where board = $1 and kind = w.kind and key = w.key limit 1) as k),
        wanted as (
          select kind, id from unnest($4::text[], $5::text[]) as w(kind, id)
          union select kind, id from key)
        select
          (select jsonb_agg(jsonb_build_object('author', w.author, 'id', w.id, 'hash', o.hash, 'answer', o.answer))
             from unnest($2::text[], $3::text[]) as w(author, id)
               cross join lateral (select hash, answer from outcome where board = $1 and author_id = w.author and id = w.id limit 1) as o) as outcomes,
          (select jsonb_agg(jsonb_build_object('kind', w.kind, 'id', w.id, 'version', r.version,
                   'kindVersion', r.kind_version, 'revision', r.revision, 'body', r.body))
             from wanted w
               cross join lateral (select version, kind_version, revision, body from record where board = $1 and kind = w.kind and id = w.id limit 1) as r) as records,
          (select jsonb_agg(jsonb_build_object('kind', kind, 'key', key, 'id', id)) from key) as keys,
          (select jsonb_agg(jsonb_build_object('name', name, 'value', value)) from counter
            where board = $1 and name = any($8::text[])) as counters`,
      values: [
        this.parts.board,
        jobs.map((j) => j.author.id),
        jobs.map((j) => j.message.id),
        column(records.values(), 0),
        column(records.values(), 1),
        column(keys.values(), 0),
        column(keys.values(), 1),
        [...counters],
      ],
    });
    const batch = new Batch();
    for (const name of keys.keys()) batch.keysKnown.add(name);
    const found = rows[0];
    for (const o of found?.outcomes ?? []) batch.outcomes.set(pair(o.author, o.id), { hash: o.hash, answer: o.answer });
    for (const r of found?.records ?? []) {
      const feature = this.parts.features[r.kind];
      if (!feature || r.kindVersion > feature.version) throw new Unreadable(`record ${r.kind}/${r.id} is of version ${r.kindVersion}, newer than this hub knows`);
      const body = r.kindVersion < feature.version ? feature.upgrade(r.body, r.kindVersion) : r.body;
      batch.records.set(pair(r.kind, r.id), { kind: r.kind, id: r.id, version: r.version, revision: r.revision, body });
    }
    for (const k of found?.keys ?? []) batch.keys.set(pair(k.kind, k.key), k.id);
    for (const c of found?.counters ?? []) batch.counters.set(c.name, c.value);
    return batch;
  }

  private decide(job: Job, held: Held, batch: Batch): Answer {
    const name = pair(job.author.id, job.message.id);
    const earlier = batch.outcomes.get(name);
    if (earlier) return earlier.hash === job.hash ? earlier.answer : no({ code: 'idReused' });
    const answer = this.outcome(job, held, batch);
    // What may succeed when asked again is not an outcome.
    if (answer.ok || errorCodes[answer.error.code] !== 'retry') {
      batch.outcomes.set(name, { hash: job.hash, answer });
      batch.newOutcomes.push({ author: job.author.id, id: job.message.id, hash: job.hash, answer });
    }
    return answer;
  }

  private outcome(job: Job, held: Held, batch: Batch): Answer {
    const taken = new Map<string, number>();
    const now = Math.max(held.recorded, this.parts.clock.now());
    const occurred = job.message.occurred ?? now;
    const counters = new Set(job.needs.counters);
    const newId = idFrom(this.parts.board, job.author.id, job.message.id);
    const seen = this.seen(job, batch);
    const context: DecideContext = {
      now,
      zone: this.parts.zone,
      author: job.author,
      newId,
      occurred,
      get: <R extends RecordDef>(def: R, id: string) => seen.records.get(pair(def.kind, id)) as Stored<Body<R>> | undefined,
      find: <R extends RecordDef>(def: R, key: string) => seen.keys.get(pair(def.kind, key)) as Stored<Body<R>> | undefined,
      take: (counter) => {
        if (!counters.has(counter)) throw new Error(`${job.message.type} took counter ${counter} without naming it in its needs`);
        const next = (taken.get(counter) ?? batch.counters.get(counter) ?? 0) + 1;
        taken.set(counter, next);
        return next;
      },
    };
    // Rule 10: what lies outside one's scope is answered like what does not exist, before any rule of its kind looks at it.
    const named = (job.needs.records ?? []).map(([kind, id]) => seen.records.get(pair(kind, id)));
    if (this.outside(job, named)) return no({ code: 'notFound' });
    let decision: Decision;
    let puts: LogPut[];
    try {
      if (occurred > now + 60_000) throw refuseField('occurred', 'timeInFuture');
      decision = job.command.decide(context, job.body);
      if (decision.puts.length === 0 && this.outside(job, seen.records.values())) throw refuse('notAllowed');
      const names = new Set<string>();
      puts = decision.puts.map((put) => this.check(put, job, batch, seen, newId, names));
    } catch (error) {
      if (!(error instanceof Refused)) return this.failed(job.message, error);
      const { problem } = error;
      if (!problem.both) return no(problem);
      // Rule 10: both values of a field are shown only to someone who may see the record.
      if (this.outside(job, seen.records.values())) return no({ code: 'notFound' });
      return no({ ...problem, both: this.impersonal(job, problem.both) });
    }
    if (puts.length > 0) {
      held.revision += 1;
      held.recorded = now;
      this.take(batch, held, now, occurred, job, decision.puts, puts);
      for (const [counter, value] of taken) {
        batch.counters.set(counter, value);
        batch.counterWrites.add(counter);
      }
    }
    return { ok: true, epoch: held.epoch, revision: held.revision, recorded: now, result: decision.result ?? {} };
  }

  /** What a command may look at: what it named, as it stands after the commands before it. */
  private seen(job: Job, batch: Batch): Seen {
    const records: Seen['records'] = new Map();
    const keys: Seen['keys'] = new Map();
    for (const [kind, id] of job.needs.records ?? []) records.set(pair(kind, id), batch.records.get(pair(kind, id)));
    for (const [kind, key] of job.needs.keys ?? []) {
      const id = batch.keys.get(pair(kind, key));
      const found = id === undefined ? undefined : batch.records.get(pair(kind, id));
      keys.set(pair(kind, key), found);
      if (found) records.set(pair(kind, found.id), found);
    }
    return { records, keys };
  }

  /** Rule 16: an answer is kept beside the log, so what somebody wrote into a personal field is not in it; the form still has it. */
  private impersonal(job: Job, both: NonNullable<Problem['both']>): Problem['both'] {
    const kinds = [job.message.type.split('.')[0] ?? '', ...(job.needs.records ?? []).map(([kind]) => kind)];
    const personal = new Set(kinds.flatMap((kind) => this.parts.features[kind]?.record.personalFields ?? []));
    return both.map((b) => (personal.has(b.field.split('.')[0] ?? '') ? { ...b, yours: null } : b));
  }

  private outside(job: Job, records: Iterable<Stored<Record<string, unknown>> | undefined>): boolean {
    return [...records].some((r) => r && !within(job.author.scope, (this.parts.features[r.kind] as Feature).place(r.body)));
  }

  /** Scope, keys, shape: nothing enters the log that its own kind would not read back. */
  private check(put: Put, job: Job, batch: Batch, seen: Seen, newId: string, names: Set<string>): LogPut {
    const feature = this.parts.features[put.kind];
    if (!feature) throw new Error(`a put of unknown kind ${put.kind}`);
    const name = pair(put.kind, put.id);
    if (names.has(name)) throw new Error(`${job.message.type} puts ${put.kind}/${put.id} twice`);
    names.add(name);
    // Otherwise a record that is there but was not read would begin again at version 1 (rule 9).
    if (!seen.records.has(name) && !put.id.startsWith(newId)) throw new Error(`${job.message.type} puts ${put.kind}/${put.id} without naming it in its needs`);
    const before = batch.records.get(name);
    const version = (before?.version ?? 0) + 1;
    const body: Record<string, unknown> = { ...put.body };
    for (const field of feature.record.personalFields) {
      const value = put.erase ? null : put.personal?.[field];
      body[field] = value === undefined ? (before?.body[field] ?? null) : value === null ? null : version;
    }
    const parsed = feature.record.schema.parse(body) as Record<string, unknown>;
    if (!within(job.author.scope, feature.place(before?.body ?? parsed))) throw refuse('notAllowed');
    for (const key of feature.keys?.(parsed) ?? []) {
      const owner = batch.keys.get(pair(put.kind, key));
      const claim = `key\u0000${pair(put.kind, key)}`;
      if (names.has(claim)) throw new Error(`${job.message.type} gives the key ${key} to two records`);
      names.add(claim);
      if (owner !== undefined && owner !== put.id) throw refuse('alreadyExists', { fields: [{ path: key.split(':')[0] ?? '', code: 'taken' }] });
    }
    let was: Record<string, unknown> | null = null;
    if (before) {
      was = {};
      for (const field of new Set([...Object.keys(before.body), ...Object.keys(parsed)])) {
        if (!same(before.body[field], parsed[field])) was[field] = before.body[field] ?? null;
      }
    }
    return { kind: put.kind, id: put.id, version, kindVersion: feature.version, body: parsed, was };
  }

  private take(batch: Batch, held: Held, now: Instant, occurred: Instant, job: Job, given: Put[], puts: LogPut[]): void {
    batch.entries.push({
      board: this.parts.board,
      epoch: held.epoch,
      revision: held.revision,
      recorded: now,
      occurred,
      command: job.message.type,
      author: { id: job.author.id, label: job.author.label },
      puts,
    });
    batch.entryMeta.push({ sent: job.message.sent, commandId: job.message.id });
    puts.forEach((put, i) => {
      const feature = this.parts.features[put.kind] as Feature;
      const name = pair(put.kind, put.id);
      const before = batch.records.get(name);
      const old = new Set(before ? feature.keys?.(before.body) : []);
      for (const key of feature.keys?.(put.body) ?? []) {
        if (old.delete(key)) continue;
        const k = pair(put.kind, key);
        batch.keys.set(k, put.id);
        // A key nobody asked for (a number just given) is written as new: PostgreSQL refuses it when it is not.
        batch.keyWrites.set(k, { kind: put.kind, key, id: put.id, gone: false, free: batch.keysKnown.has(k) });
        batch.keysKnown.add(k);
      }
      for (const key of old) {
        const k = pair(put.kind, key);
        batch.keys.delete(k);
        batch.keysKnown.add(k);
        batch.keyWrites.set(k, { kind: put.kind, key, id: put.id, gone: true, free: true });
      }
      const stored = { kind: put.kind, id: put.id, version: put.version, revision: held.revision, body: put.body };
      batch.records.set(name, stored);
      batch.written.set(name, stored);
      if (given[i]?.erase) {
        batch.erased.set(name, [put.kind, put.id]);
        // What the batch itself wrote of it before never reaches the table.
        batch.personal = batch.personal.filter((p) => p.kind !== put.kind || p.id !== put.id);
        return;
      }
      for (const [field, value] of Object.entries(given[i]?.personal ?? {})) {
        if (value === null) batch.cleared.add(name);
        else batch.personal.push({ kind: put.kind, id: put.id, field, version: put.version, value, grams: grams(value.slice(0, 2_000)), hashes: ownOf(this.parts.board, put.kind, value) });
      }
    });
  }

  /**
   * What a record's personal values are found by, where this batch wrote or ended one: those written now, and of which earlier
   * ones go on standing. Null: as it was.
   */
  private own(feature: Feature, r: Stored<Record<string, unknown>>, batch: Batch): { own: number[] | null; kept: { field: string; version: number }[] } {
    const fields = feature.record.personalFields.filter((field) => r.body[field] !== null);
    const now = batch.personal.filter((p) => p.kind === r.kind && p.id === r.id);
    const written = now.filter((p) => r.body[p.field] === p.version);
    if (now.length === 0 && !batch.erased.has(pair(r.kind, r.id)) && !batch.cleared.has(pair(r.kind, r.id))) return { own: null, kept: [] };
    return {
      own: [...new Set(written.flatMap((p) => p.hashes))],
      kept: fields.filter((field) => !written.some((p) => p.field === field)).map((field) => ({ field, version: r.body[field] as number })),
    };
  }

  /** The statement is on its way when this returns. */
  private async write(client: pg.PoolClient, held: Held, batch: Batch): Promise<void> {
    const records = [...batch.written.values()].map((r) => {
      const feature = this.parts.features[r.kind] as Feature;
      const place = feature.place(r.body);
      const words = normalise(feature.words(r.body).join(' '));
      return {
        kind: r.kind,
        id: r.id,
        version: r.version,
        kind_version: feature.version,
        revision: r.revision,
        held: feature.held(r.body),
        units: place.units,
        localities: place.localities,
        ord: feature.order(r.body),
        words,
        grams: grams(words),
        body: r.body,
        facets: facetsOf(this.parts.board, feature, r.body),
        ...this.own(feature, r, batch),
      };
    });
    const keys = [...batch.keyWrites.values()];
    const at = new Date(held.recorded).toISOString();
    await client.query({
      name: 'write-batch',
      // Rows to delete or erase are looked up by key as in `read`, for the same reason.
      text: `with
        e as (insert into entry (board, epoch, revision, recorded, occurred, sent, command, command_id, author_id, author_label)
          select $1, $2, x.revision, x.recorded, x.occurred, x.sent, x.command, x.command_id, x.author_id, x.author_label
            from jsonb_to_recordset($4) as x(revision bigint, recorded timestamptz, occurred timestamptz, sent timestamptz,
                 command text, command_id text, author_id text, author_label text)),
        p as (insert into put (board, epoch, revision, ord, kind, id, version, kind_version, body, was)
          select $1, $2, x.revision, x.ord, x.kind, x.id, x.version, x.kind_version, x.body, x.was
            from jsonb_to_recordset($5) as x(revision bigint, ord int, kind text, id text, version int, kind_version int, body jsonb, was jsonb)),
        r as (insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, grams, body)
          select $1, x.kind, x.id, x.version, x.kind_version, x.revision, x.held, x.units, x.localities, x.ord, x.words, x.grams, x.body
            from jsonb_to_recordset($6) as x(kind text, id text, version int, kind_version int, revision bigint, held boolean,
                 units text[], localities text[], ord double precision, words text, grams text[], body jsonb)
          on conflict (board, kind, id) do update set version = excluded.version, kind_version = excluded.kind_version,
            revision = excluded.revision, held = excluded.held, units = excluded.units, localities = excluded.localities,
            ord = excluded.ord, words = excluded.words, grams = excluded.grams, body = excluded.body),
        f as (insert into finder (board, kind, id, version, ord, facets, own)
          select $1, x.kind, x.id, case when kept.lacks then 0 else x.version end, x.ord, x.facets, case when x.own is null then null else x.own || coalesce(kept.own, '{}') end
            from jsonb_to_recordset($6) as x(kind text, id text, version int, ord double precision, facets int[], own int[], kept jsonb)
              left join lateral (select array_agg(distinct h) filter (where h is not null) as own, bool_or(p.hashes is null) as lacks from jsonb_to_recordset(x.kept) as w(field text, version int)
                cross join lateral (select hashes from personal where board = $1 and kind = x.kind and id = x.id and field = w.field and version = w.version limit 1) as p
                left join lateral unnest(p.hashes) as h on true) as kept on x.own is not null
          on conflict (board, kind, id) do update set version = excluded.version, ord = excluded.ord, facets = excluded.facets,
            own = coalesce(excluded.own, finder.own)),
        kd as (delete from record_key where ctid = any(array(
          select k.ctid from jsonb_to_recordset($7) as x(kind text, key text, id text)
            cross join lateral (select ctid from record_key where board = $1 and kind = x.kind and key = x.key and id = x.id limit 1) as k))),
        k as (insert into record_key (board, kind, key, id)
          select $1, x.kind, x.key, x.id from jsonb_to_recordset($8) as x(kind text, key text, id text)
          on conflict (board, kind, key) do update set id = excluded.id),
        kn as (insert into record_key (board, kind, key, id)
          select $1, x.kind, x.key, x.id from jsonb_to_recordset($13) as x(kind text, key text, id text)),
        c as (insert into counter (board, name, value)
          select $1, x.name, x.value from jsonb_to_recordset($9) as x(name text, value bigint)
          on conflict (board, name) do update set value = excluded.value),
        s as (insert into personal (board, kind, id, field, version, value, grams, hashes)
          select $1, x.kind, x.id, x.field, x.version, x.value, x.grams, x.hashes
            from jsonb_to_recordset($10) as x(kind text, id text, field text, version int, value text, grams text[], hashes int[])),
        er as (update personal set value = null, grams = '{}', hashes = null, erased = $12 where ctid = any(array(
          select q.ctid from jsonb_to_recordset($14) as x(kind text, id text)
            cross join lateral (select ctid from personal where board = $1 and kind = x.kind and id = x.id and erased is null offset 0) as q))),
        o as (insert into outcome (board, author_id, id, hash, answer, kept)
          select $1, x.author, x.id, x.hash, x.answer, now()
            from jsonb_to_recordset($11) as x(author text, id text, hash text, answer jsonb))
        update board set revision = $3, recorded = $12 where id = $1`,
      values: [
        this.parts.board,
        held.epoch,
        held.revision,
        JSON.stringify(
          batch.entries.map((e, i) => ({
            revision: e.revision,
            recorded: new Date(e.recorded).toISOString(),
            occurred: new Date(e.occurred).toISOString(),
            sent: new Date(batch.entryMeta[i]?.sent ?? e.recorded).toISOString(),
            command: e.command,
            command_id: batch.entryMeta[i]?.commandId,
            author_id: e.author.id,
            author_label: e.author.label,
          })),
        ),
        JSON.stringify(
          batch.entries.flatMap((e) =>
            e.puts.map((p, ord) => ({
              revision: e.revision,
              ord,
              kind: p.kind,
              id: p.id,
              version: p.version,
              kind_version: p.kindVersion,
              body: p.body,
              was: p.was,
            })),
          ),
        ),
        JSON.stringify(records),
        JSON.stringify(keys.filter((k) => k.gone)),
        JSON.stringify(keys.filter((k) => !k.gone && k.free)),
        JSON.stringify([...batch.counterWrites].map((name) => ({ name, value: batch.counters.get(name) }))),
        JSON.stringify(batch.personal),
        JSON.stringify(batch.newOutcomes),
        at,
        JSON.stringify(keys.filter((k) => !k.gone && !k.free)),
        JSON.stringify([...batch.erased.values()].map(([kind, id]) => ({ kind, id }))),
      ],
    });
  }
}

/** What a batch holds was refused, not the connection or the moment: asking again as it is would end the same way. */
function ofItsContent(error: unknown): boolean {
  return error instanceof Unreadable || isData(error) || /^23/.test(sqlState(error));
}

const sqlState = (error: unknown): string => {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
};

/** SQLSTATE classes 22 and 54: the data itself, or its size, is what failed. */
const isData = (error: unknown): boolean => /^(22|54)/.test(sqlState(error));

const isKeyTaken = (error: unknown): boolean => sqlState(error) === '23505' && (error as { table?: unknown }).table === 'record_key';

/** A record this build cannot read: newer than it, or of a kind it does not have (rule 17). */
class Unreadable extends Error {}

/** Own properties only: `constructor.name` is not a command. */
function commandOf(features: Record<string, Feature>, type: string): Command | undefined {
  const kind = type.split('.')[0] ?? '';
  const feature = Object.hasOwn(features, kind) ? features[kind] : undefined;
  return feature && Object.hasOwn(feature.commands, type) ? feature.commands[type] : undefined;
}

const no = (error: Problem): Answer => ({ ok: false, error });

/** Names a command's content, so that one id cannot stand for two (rule 4). Salted by the id: bodies hold telephone numbers. */
function hashOf(message: CommandMessage): string {
  return createHash('sha256').update(`${message.id}\n${message.type}\n${stable(message.body)}`).digest('base64');
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.keys(value)
      .sort()
      .map((k) => `${JSON.stringify(k)}:${stable((value as Record<string, unknown>)[k])}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
