import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Author } from '../../shared/access/access.ts';
import { within } from '../../shared/access/access.ts';
import type { Command, DecideContext, Decision, Feature, Needs, Put, Stored } from '../../shared/features/feature.ts';
import type { Body, RecordDef } from '../../shared/features/fields.ts';
import { same } from '../../shared/features/merge.ts';
import { Refused, admit, errorCodes, refuse, refuseField, type Problem } from '../../shared/protocol/errors.ts';
import type { Answer, CommandMessage } from '../../shared/protocol/messages.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { lockBoard, pair, readBatch, Unreadable, writeBatch, type Batch, type Held } from './batch.ts';
import { ownOf } from './finder.ts';
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

interface Seen {
  records: Map<string, Stored<Record<string, unknown>> | undefined>;
  keys: Map<string, Stored<Record<string, unknown>> | undefined>;
}

const MAX_BATCH = 256;
const MAX_QUEUE = 20_000;
/** Milliseconds PostgreSQL waits for this hub's next statement within a transaction. */
const MAX_IDLE = 3_000;
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
        lockBoard(client, this.parts.board),
        readBatch(client, this.parts.board, this.parts.features, jobs),
      ]);
      const answers = jobs.map((job) => this.decide(job, held, batch));
      if (!this.parts.clockIsRight()) throw new Error('this machine’s clock was set while commands waited');
      const written = batch.entries.length > 0 || batch.newOutcomes.length > 0 ? writeBatch(client, this.parts.board, this.parts.features, held, batch) : Promise.resolve();
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
        else batch.personal.push({ kind: put.kind, id: put.id, field, version: put.version, value, hashes: ownOf(this.parts.board, put.kind, value) });
      }
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
