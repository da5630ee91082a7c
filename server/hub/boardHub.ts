import type pg from 'pg';
import { audienceKey, everywhere, type Audience, type Author } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { same } from '../../shared/features/merge.ts';
import { errorCodes, refuse } from '../../shared/protocol/errors.ts';
import type { Answer, Beat, BoardInfo, CommandMessage, EntryFrame, Joined, QueryMessage, QueryResult, ViewFrame } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { scaledClock, type Clock, type Instant } from '../../shared/time/clock.ts';
import { entryChannel, publicChannel, type Fanout } from '../fanout/fanout.ts';
import { Follower } from '../fanout/follower.ts';
import { heardEntry } from './heard.ts';
import type { Log } from '../log.ts';
import { termEnded } from '../record/erasure.ts';
import { idFrom } from '../record/ids.ts';
import { positionOf, readLog, type BoardRow, type BoardTime, type Head, type LogEntry } from '../record/log.ts';
import { writeCheckpoint } from '../record/checkpoints.ts';
import { readHeld } from '../record/queries.ts';
import { outward } from '../record/shaped.ts';
import { Writer } from '../record/writer.ts';
import { EntriesChannel, ViewsChannel } from './channels.ts';
import { leaveCheckpoint, readPast } from './past.ts';
import { survey } from './survey.ts';
import { Watch } from './watch.ts';
import type { Meter } from './meter.ts';
import { Picture, type DueNow } from './picture.ts';
import { Waits } from './waits.ts';

/**
 * One board on one hub: follows its log, keeps its figures, and tells every audience here what changed.
 *
 * Rule 12's pace: the first change after a quiet moment goes out in the same turn of the loop; then at most one flush
 * every `gap`, which grows from 20 to 100 ms only while flushing takes more than a quarter of it.
 *
 * A board whose picture cannot be trusted (an entry of a newer build, a fold that threw) is `broken`: it takes nothing,
 * proves nothing and says why (rule 17). Its screens turn stale on what they last saw.
 */

/** Where frames go: rooms of sockets on this hub. */
export interface Delivery {
  entry(room: string, frame: EntryFrame): void;
  view(room: string, frame: ViewFrame): void;
  beat(room: string, beat: Beat): void;
  /** Rooms somebody is in. */
  occupied(room: string): boolean;
}

export interface BoardHubParts {
  pool: pg.Pool;
  /** For going through what is present, beside commands and the beat's proof. */
  readers: pg.Pool;
  row: BoardRow;
  features: Record<string, Feature>;
  clock: Clock;
  fanout: Fanout;
  log: Log;
  delivery: Delivery;
  /** A board stands at a later revision than before. Must not throw. */
  moved?(board: string): void;
  /** What has come onto a board, in order. Must not throw. */
  applied?(board: string, entries: readonly LogEntry[]): void;
  meter?: Meter;
  /** Rule 14: whether this machine's clock is near enough to PostgreSQL's to write by. */
  clockIsRight(): boolean;
  /** Commands that may wait to be written, where a test cannot send so many. */
  maxQueue?: number;
  /** Revisions between two checkpoints, where a test cannot wait for 5,000. */
  checkpointEvery?: number;
}

const GAP_MIN = 20;
const GAP_MAX = 100;
const CHECKPOINT_EVERY = 5_000;
/** A checkpoint is left at most a twentieth of the time: the larger it is, the seldomer. */
const CHECKPOINT_REST = 19;
/** What a console holds at most (rule 6). */
const HELD_MAX = 2_000;
const DUES_AT_ONCE = 200;
const ERASE_AT_ONCE = 200;
/** Milliseconds without proof after which figures are too old to raise anything by. */
const PROOF_FOR_FIGURES = 5_000;
/** Milliseconds said for "never proved": a beat carries a number. */
const NEVER = 86_400_000;

const system: Author = { id: 'system', label: '系统', role: 'system', scope: everywhere };

/** What a screen begins with. */
export type Start = Pick<Extract<Joined, { ok: true }>, 'entries' | 'views' | 'beat'>;

interface Loading {
  buffer: LogEntry[];
  ready: Promise<EntriesChannel>;
}

export class BoardHub {
  info: BoardInfo;
  /** Screens learn the centre's name, and begin with a new time, when they join: the next beat tells them to. */
  private rejoin = false;
  /** The board's own time; on an exercise it may be set anew while the hub runs. */
  readonly clock: Clock;
  private time: BoardTime | null;
  private running: Clock;
  private readonly picture: Picture;
  private readonly writer: Writer;
  private follower!: Follower;
  private views!: ViewsChannel;
  private readonly channels = new Map<string, EntriesChannel>();
  private readonly loading = new Map<string, Loading>();
  private readonly dueInHand = new Set<string>();
  /** Not written, and asked for again from the next beat on: the command is the same, so it is written once. */
  private readonly dueAgain: string[] = [];
  private watch!: Watch;
  private asking = false;
  private surveying = false;
  private flushTimer: NodeJS.Timeout | null = null;
  private flushQueued = false;
  private lastFlush = -Infinity;
  private gap = GAP_MIN;
  private checkpointed = 0;
  private checkpointing: Promise<void> | null = null;
  private checkpointRest = -Infinity;
  private closed = false;
  /** Requests of other programs that wait for the next change. */
  readonly waits = new Waits();
  /** Why this board is not served any more, for the technician. */
  broken: string | null = null;

  private constructor(private readonly parts: BoardHubParts) {
    const { row, features, pool, log } = parts;
    this.info = { id: row.id, name: row.name, zone: row.zone, exercise: row.exercise };
    this.time = row.time;
    this.running = runBy(parts.clock, row.time);
    this.clock = { now: () => this.running.now(), monotonic: () => parts.clock.monotonic() };
    this.picture = new Picture(features, row.zone);
    this.writer = new Writer({
      pool,
      board: row.id,
      zone: row.zone,
      clock: this.clock,
      features,
      log,
      clockIsRight: () => parts.clockIsRight(),
      ...(parts.maxQueue === undefined ? {} : { maxQueue: parts.maxQueue }),
      committed: (entries) => this.committed(entries),
      measured: (commands, ms) => parts.meter?.batch(commands, ms),
    });
  }

  static async open(parts: BoardHubParts): Promise<BoardHub> {
    const hub = new BoardHub(parts);
    const start = (await hub.resume(parts.row.at.epoch))();
    hub.follower = new Follower({
      pool: parts.pool,
      board: parts.row.id,
      start,
      log: parts.log,
      monotonic: () => parts.clock.monotonic(),
      apply: (entries) => hub.apply(entries),
      newEpoch: (epoch) => hub.newEpoch(epoch),
    });
    hub.watch = hub.watched();
    hub.views = new ViewsChannel(parts.row.id, hub.picture, start.epoch, start.revision, hub.clock.now());
    parts.fanout.subscribe(entryChannel(parts.row.identity), (message) => hub.rung(message));
    hub.follower.readOn();
    await hub.follower.settled();
    return hub;
  }

  /** Reads what an epoch begins with here; what is returned puts it in place. */
  private async resume(epoch: number): Promise<() => Position> {
    const past = await readPast(this.parts.pool, this.parts.features, this.info, epoch);
    return () => {
      this.picture.take(past.picture);
      this.checkpointed = past.revision;
      return { epoch, revision: past.revision };
    };
  }

  private watched(): Watch {
    return new Watch({
      pool: this.parts.readers,
      board: this.info.id,
      zone: this.info.zone,
      features: this.parts.features,
      log: this.parts.log,
      now: () => this.clock.now(),
      viewOf: (kind) => this.picture.view(kind, this.clock.now()),
      wake: () => this.askSoon(),
    });
  }

  private async newEpoch(epoch: number): Promise<() => Position> {
    const begin = await this.resume(epoch);
    return () => {
      const start = begin();
      this.watch.stop();
      this.watch = this.watched();
      // Whoever listens was told of another life of this board: it joins again, also where no figures are asked for.
      const end: Beat = { ...this.beatNow(null), ...start, sentEntries: start.revision, sentViews: start.revision, rejoin: true };
      for (const key of this.channels.keys()) this.parts.delivery.beat(this.room(key), end);
      this.channels.clear();
      this.parts.delivery.beat(this.aloneRoom, end);
      this.waits.all();
      return start;
    };
  }

  /** Of this very board, given when it was made. */
  get identity(): string {
    return this.parts.row.identity;
  }

  get at(): Position {
    return this.follower.at;
  }

  /** Milliseconds between two flushes, as things stand (rule 12). */
  get pace(): number {
    return this.gap;
  }

  /** Revisions PostgreSQL has and this hub has not followed yet. */
  get behind(): number {
    return this.follower.behind;
  }

  get queued(): number {
    return this.writer.queued;
  }

  submit(author: Author, message: CommandMessage): Promise<Answer> {
    if (this.broken) return Promise.resolve({ ok: false, error: { code: 'notReady', retryAfter: 5 } });
    return this.writer.submit(author, message);
  }

  /** After commit, before the sender hears of it: this hub's screens need no detour through Redis. */
  private committed(entries: LogEntry[]): void {
    for (const entry of entries) {
      this.follower.receive(entry);
      this.parts.fanout.publish(entryChannel(this.parts.row.identity), JSON.stringify(entry));
      this.parts.fanout.publish(publicChannel(this.info.id), JSON.stringify(outward(entry, this.parts.features)));
    }
  }

  private rung(message: string): void {
    // Its own come back to it as well, and are nothing new.
    const position = positionOf(message);
    if (position && position.epoch === this.at.epoch && position.revision <= this.at.revision) return;
    // What cannot be read is a hole, and the log fills it.
    try {
      const entry = heardEntry(message, this.parts.features);
      if (entry?.board === this.info.id) return this.follower.receive(entry);
    } catch (err) {
      this.parts.log.warn({ err, board: this.info.id }, 'an unreadable message on the hubs’ channel');
    }
    this.follower.readOn();
  }

  private apply(entries: LogEntry[]): void {
    if (this.broken) return;
    try {
      this.fold(entries);
    } catch (err) {
      this.breakOff(err);
      return;
    }
    this.parts.moved?.(this.info.id);
    this.parts.applied?.(this.info.id, entries);
    // Before the first views exist nobody listens yet.
    if (this.views) this.flushSoon();
    this.waits.heard(entries);
    this.askSoon();
    if (this.at.revision - this.checkpointed >= (this.parts.checkpointEvery ?? CHECKPOINT_EVERY)) this.checkpointSoon();
  }

  private fold(entries: LogEntry[]): void {
    for (const entry of entries) {
      for (const { kind, kindVersion } of entry.puts) {
        if (kindVersion > (this.parts.features[kind]?.version ?? -1)) throw new Error(`revision ${entry.revision} holds ${kind} ${kindVersion}, which this build does not know`);
      }
      this.picture.apply(entry, (change) => this.watch.change(change));
      for (const channel of this.channels.values()) channel.apply(entry);
      for (const { buffer } of this.loading.values()) buffer.push(entry);
    }
  }

  private breakOff(err: unknown): void {
    this.broken = err instanceof Error ? err.message : String(err);
    this.parts.log.fatal({ err, board: this.info.id, at: this.at }, 'this board is not served any more; a newer build is needed');
  }

  private flushSoon(): void {
    if (this.flushQueued || this.closed) return;
    this.flushQueued = true;
    const wait = this.lastFlush + this.gap - this.parts.clock.monotonic();
    if (wait <= 0) setImmediate(() => this.flush(false));
    else this.flushTimer = setTimeout(() => this.flush(false), wait);
  }

  /** One frame to every audience that has something new. `all` asks also for figures that time alone changes. */
  flush(all: boolean): void {
    if (this.closed || this.broken) return;
    const begun = this.parts.clock.monotonic();
    if (this.flushTimer) clearTimeout(this.flushTimer);
    this.flushTimer = null;
    this.flushQueued = false;
    try {
      for (const [key, channel] of this.channels) {
        const frame = channel.frame();
        if (frame) this.parts.delivery.entry(this.room(key), frame);
      }
      const frame = this.views.frame(this.at, this.clock.now(), all);
      if (frame) this.parts.delivery.view(this.viewsRoom, frame);
    } catch (err) {
      return this.breakOff(err);
    }
    this.lastFlush = this.parts.clock.monotonic();
    const took = this.lastFlush - begun;
    this.gap = took > this.gap / 4 ? Math.min(GAP_MAX, this.gap * 1.5) : Math.max(GAP_MIN, this.gap / 1.5);
  }

  /** Once a second, after the heads were read: time's own figures, and the beat (rule 7). */
  beat(head: Head | undefined, asked: number): void {
    if (this.closed) return;
    for (const commandId of this.dueAgain.splice(0)) this.dueInHand.delete(commandId);
    if (head) {
      this.follower.head({ epoch: head.epoch, revision: head.revision }, asked);
      if (!same(head.name, this.info.name)) {
        this.info = { ...this.info, name: head.name };
        this.rejoin = true;
      }
      this.runBy(head.time);
    }
    this.flush(true);
    const rejoin = this.rejoin ? { rejoin: true } : {};
    for (const [key, channel] of this.channels) {
      const room = this.room(key);
      if (!this.parts.delivery.occupied(room)) {
        this.channels.delete(key);
        continue;
      }
      this.parts.delivery.beat(room, { ...this.beatNow(channel), ...rejoin });
      channel.rest();
    }
    this.parts.delivery.beat(this.aloneRoom, { ...this.beatNow(null), ...rejoin });
    this.rejoin = false;
  }

  get speed(): number {
    return this.time?.speed ?? 1;
  }

  runBy(time: BoardTime | null): void {
    if (same(time, this.time)) return;
    this.time = time;
    this.running = runBy(this.parts.clock, time);
    this.rejoin = true;
  }

  beatNow(channel: EntriesChannel | null): Beat {
    const at = this.at;
    return {
      board: this.info.id,
      epoch: at.epoch,
      revision: at.revision,
      sentEntries: channel?.sent() ?? at.revision,
      sentViews: this.views.sent(),
      proven: this.proven,
      now: this.clock.now(),
      speed: this.speed,
    };
  }

  /** Milliseconds since this hub was last proved to be at the head. */
  get proven(): number {
    if (this.broken) return NEVER;
    return Math.min(NEVER, Math.max(0, this.parts.clock.monotonic() - this.follower.proven));
  }

  get viewsRoom(): string {
    return `${this.info.id}/views`;
  }

  /** Who has figures and no entries: the beat of everybody else says where their entries stand as well. */
  get aloneRoom(): string {
    return `${this.info.id}/alone`;
  }

  room(key: string): string {
    return `${this.info.id}/${key}`;
  }

  /**
   * A screen joins without a crack (rule 6). `enter` is called once, without waiting: whoever is put into the rooms
   * there, and answered there, is told exactly what continues the answer.
   * Throws `notReady` while this hub changes to another epoch, or cannot serve the board.
   */
  async join(audience: Extract<Audience, { type: 'console' }> | null, views: boolean, enter: (rooms: string[], start: Start) => void): Promise<void> {
    const channel = audience && (await this.channel(audience));
    if (this.broken || this.closed || (channel && this.channels.get(audienceKey(channel.audience)) !== channel)) {
      throw refuse('notReady', { retryAfter: 1 });
    }
    this.flush(false);
    const rooms = [channel ? this.room(audienceKey(channel.audience)) : this.aloneRoom, ...(views ? [this.viewsRoom] : [])];
    enter(rooms, {
      entries: channel?.snapshot() ?? null,
      views: views ? this.views.snapshot() : null,
      beat: this.beatNow(channel),
    });
  }

  /**
   * The channel of an audience, read from the record when nobody of that audience is here yet. Entries that come in
   * meanwhile wait in the buffer; those the read already covers are skipped by revision.
   */
  private async channel(audience: Extract<Audience, { type: 'console' }>): Promise<EntriesChannel> {
    if (this.broken) throw refuse('notReady', { retryAfter: 5 });
    const key = audienceKey(audience);
    const there = this.channels.get(key);
    if (there) return there;
    const underway = this.loading.get(key);
    if (underway) return underway.ready;
    const buffer: LogEntry[] = [];
    const ready = (async () => {
      try {
        const features = Object.values(this.parts.features).filter((f) => f.readers.includes(audience.role));
        const read = await readHeld(this.parts.pool, this.info.id, features, audience.scope, HELD_MAX);
        if (read.at.epoch !== this.at.epoch) {
          // One of the two is of another life of this board; the screen asks again when this hub has followed.
          this.follower.doubtEpoch();
          throw refuse('notReady', { retryAfter: 1 });
        }
        const channel = new EntriesChannel(this.info.id, audience, this.parts.features, read);
        for (const entry of buffer) channel.apply(entry);
        this.channels.set(key, channel);
        return channel;
      } finally {
        this.loading.delete(key);
      }
    })();
    this.loading.set(key, { buffer, ready });
    return ready;
  }

  /** Rule 15: what has fallen due becomes a command whose id follows from record, clock and time, so that two hubs write it once. */
  runDues(): void {
    if (this.closed || this.broken) return;
    const idOf = ({ kind, id, due }: DueNow): string => idFrom(this.info.id, this.at.epoch, kind, id, due.clock, due.at);
    const fallen = this.picture.dueBy(this.clock.now(), DUES_AT_ONCE, (d) => this.dueInHand.has(idOf(d)));
    const written = fallen.map((found) => {
      const { kind, id, due } = found;
      const commandId = idOf(found);
      this.dueInHand.add(commandId);
      const message = { id: commandId, board: this.info.id, type: due.command, sent: due.at, body: { id, ...due.body } };
      return this.writer.submit(system, message).then((answer) => {
        if (answer.ok) return;
        const { code } = answer.error;
        if (errorCodes[code] !== 'retry') {
          this.parts.log.error({ kind, id, clock: due.clock, code }, 'a due time was refused by its own kind');
          return;
        }
        this.parts.log.warn({ kind, id, clock: due.clock, code }, 'a due time was not written; tried again');
        this.dueAgain.push(commandId);
      });
    });
    // There are more than go at once: what falls due together does not wait for one look after another.
    if (fallen.length === DUES_AT_ONCE) void Promise.all(written).then(() => setImmediate(() => this.runDues()));
    if (this.dueInHand.size > 10_000) this.dueInHand.clear();
    this.runAsks();
  }

  /** Since when nobody served the board: the same hours are written once, whichever hub comes first (rule 19). */
  dark(command: string, from: Instant): Promise<Answer> {
    const id = idFrom(this.info.id, this.at.epoch, 'dark', from);
    return this.submit(system, { id, board: this.info.id, type: command, sent: this.clock.now(), body: { from } });
  }

  private askSoon(): void {
    if (this.asking || this.closed) return;
    this.asking = true;
    setImmediate(() => {
      this.asking = false;
      this.runAsks();
    });
  }

  /** What watchers owe, as {@link runDues}. A hub that cannot prove its figures raises nothing by them. */
  private runAsks(): void {
    if (this.closed || this.broken || !this.parts.clockIsRight()) return;
    if (this.proven <= PROOF_FOR_FIGURES) this.watch.figures(this.parts.clock.monotonic());
    const idOf = (key: string): string => idFrom(this.info.id, this.at.epoch, 'watch', key);
    for (const { key, command, body } of this.watch.due(DUES_AT_ONCE, (k) => this.dueInHand.has(idOf(k)))) {
      const commandId = idOf(key);
      this.dueInHand.add(commandId);
      const { watch } = this;
      void this.writer.submit(system, { id: commandId, board: this.info.id, type: command, sent: this.clock.now(), body }).then((answer) => {
        if (!answer.ok && errorCodes[answer.error.code] === 'retry') {
          this.parts.log.warn({ command, code: answer.error.code }, 'what a watcher asked for was not written; tried again');
          this.dueAgain.push(commandId);
          return;
        }
        if (!answer.ok) this.parts.log.error({ command, key, code: answer.error.code }, 'what a watcher asked for was refused');
        watch.done(key);
        this.dueInHand.delete(commandId);
        this.askSoon();
      });
    }
  }

  /** One at a time: it goes through everything there is. */
  async survey(author: Author, message: Extract<QueryMessage, { name: 'survey' }>): Promise<QueryResult> {
    if (this.surveying) throw refuse('tooMany', { retryAfter: 1 });
    this.surveying = true;
    try {
      const { readers, features } = this.parts;
      return await survey({ pool: readers, board: this.info.id, zone: this.info.zone, features, at: this.at, now: this.clock.now(), viewOf: (kind) => this.picture.view(kind, this.clock.now()) }, author, message);
    } finally {
      this.surveying = false;
    }
  }

  /** When watchers have gone through what was present. For tests. */
  watchSettled(): Promise<void> {
    return this.watch.settled();
  }

  /** In slices; each is one command a record, whose id follows from the record's version: two hubs write it once. */
  async eraseOld(): Promise<void> {
    for (const feature of Object.values(this.parts.features)) {
      const { erasure } = feature;
      if (!erasure || erasure.after === null) continue;
      const before = this.clock.now() - erasure.after;
      for (;;) {
        if (this.closed || this.broken) return;
        const found = await termEnded(this.parts.pool, this.info.id, feature.kind, before, ERASE_AT_ONCE);
        const answers = await Promise.all(
          found.map(({ id, version }) =>
            this.writer.submit(system, {
              id: idFrom(this.info.id, this.at.epoch, feature.kind, id, 'erase', version),
              board: this.info.id,
              type: erasure.command,
              sent: this.clock.now(),
              body: { id },
            }),
          ),
        );
        const refused = answers.find((a) => !a.ok);
        if (refused && !refused.ok) this.parts.log.warn({ kind: feature.kind, code: refused.error.code }, 'a record whose term has ended was not erased');
        if (refused || found.length < ERASE_AT_ONCE) break;
      }
    }
  }

  /** Of where the board stands now, while it goes on (past.ts). One at a time, and never more than its share of the time. */
  private checkpointSoon(): void {
    const { readers, features, clock, log } = this.parts;
    const begun = clock.monotonic();
    if (this.checkpointing || this.closed || this.broken || begun < this.checkpointRest) return;
    const at = this.at;
    const going = (): boolean => !this.closed && !this.broken && this.at.epoch === at.epoch;
    this.checkpointing = leaveCheckpoint(readers, features, this.info, at, going)
      .then(
        (left) => {
          if (left) this.checkpointed = at.revision;
        },
        (err: unknown) => log.warn({ err, board: this.info.id }, 'no checkpoint this time; the log has everything'),
      )
      .finally(() => {
        this.checkpointing = null;
        this.checkpointRest = clock.monotonic() + (clock.monotonic() - begun) * CHECKPOINT_REST;
      });
  }

  /** At closing nothing changes any more: the figures themselves are written out. */
  private async lastCheckpoint(): Promise<void> {
    await this.checkpointing;
    if (this.at.revision === this.checkpointed || this.broken) return;
    try {
      await writeCheckpoint(this.parts.pool, this.info.id, this.at, this.picture.versions(), this.picture.parts());
    } catch (err) {
      this.parts.log.warn({ err, board: this.info.id }, 'no checkpoint this time; the log has everything');
    }
  }

  /** When no checkpoint is being left. For tests. */
  async checkpointSettled(): Promise<void> {
    await this.checkpointing;
  }

  /** When the log that is being read has been read. */
  settled(): Promise<void> {
    return this.follower.settled();
  }

  async close(): Promise<void> {
    this.watch.stop();
    await this.writer.close();
    this.flush(false);
    this.closed = true;
    if (this.flushTimer) clearTimeout(this.flushTimer);
    this.parts.fanout.unsubscribe(entryChannel(this.parts.row.identity));
    await this.follower.settled();
    await this.lastCheckpoint();
  }

  /** For tests and the technician: every entry after a position, from the log. */
  log(after: Position, limit: number): Promise<LogEntry[]> {
    return readLog(this.parts.pool, this.info.id, after, limit);
  }
}

const runBy = (clock: Clock, time: BoardTime | null): Clock => (time ? scaledClock(clock, time.anchor, time.start, time.speed) : clock);
