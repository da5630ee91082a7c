import type pg from 'pg';
import { audienceKey, type Audience, type Author } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { same } from '../../shared/features/merge.ts';
import { refuse } from '../../shared/protocol/errors.ts';
import type { Answer, Beat, BoardInfo, CommandMessage, EntryFrame, Joined, QueryMessage, QueryResult, ViewFrame } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { scaledClock, type Clock, type Instant } from '../../shared/time/clock.ts';
import { entryChannel, publicChannel, type Fanout } from '../fanout/fanout.ts';
import { Follower } from '../fanout/follower.ts';
import { heardEntry } from './heard.ts';
import type { Log } from '../log.ts';
import { positionOf, readLog, type BoardRow, type BoardTime, type Head, type LogEntry } from '../record/log.ts';
import { readHeld } from '../record/queries.ts';
import { outward } from '../record/shaped.ts';
import { Writer } from '../record/writer.ts';
import { EntriesChannel, ViewsChannel } from './channels.ts';
import { Checkpoints } from './checkpoints.ts';
import { readPast } from './past.ts';
import { survey } from './survey.ts';
import { Watch } from './watch.ts';
import type { Meter } from './meter.ts';
import { Owed } from './owed.ts';
import { Picture } from './picture.ts';
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
/** What a console holds at most (rule 6). */
const HELD_MAX = 2_000;
/** Milliseconds said for "never proved": a beat carries a number. */
const NEVER = 86_400_000;

/** What a screen begins with. */
export type Start = Pick<Extract<Joined, { ok: true }>, 'entries' | 'views' | 'beat'>;
/** The same, as far as it is many, as JSON. */
export type WrittenStart = Partial<Record<'entries' | 'views', Buffer[]>>;

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
  private watch!: Watch;
  private readonly owed: Owed;
  private readonly checkpoints: Checkpoints;
  private surveying = false;
  private flushTimer: NodeJS.Timeout | null = null;
  private flushQueued = false;
  private lastFlush = -Infinity;
  private gap = GAP_MIN;
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
    this.owed = new Owed({
      board: row.id,
      features,
      pool,
      log,
      now: () => this.clock.now(),
      monotonic: () => parts.clock.monotonic(),
      epoch: () => this.at.epoch,
      going: () => this.going,
      clockIsRight: () => parts.clockIsRight(),
      proven: () => this.proven,
      picture: this.picture,
      watch: () => this.watch,
      submit: (author, message) => this.submit(author, message),
    });
    this.checkpoints = new Checkpoints({
      pool,
      readers: parts.readers,
      features,
      log,
      monotonic: () => parts.clock.monotonic(),
      every: parts.checkpointEvery ?? CHECKPOINT_EVERY,
      picture: this.picture,
      info: () => this.info,
      at: () => this.at,
      going: () => this.going,
    });
  }

  private get going(): boolean {
    return !this.closed && !this.broken;
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
      this.checkpoints.began(past.revision);
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
      wake: () => this.owed.askSoon(),
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
    this.owed.askSoon();
    this.checkpoints.moved();
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
    if (!this.going) return;
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
    this.owed.beat();
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
  async join(audience: Extract<Audience, { type: 'console' }> | null, views: boolean, enter: (rooms: string[], start: Start, written: () => WrittenStart) => void): Promise<void> {
    const channel = audience && (await this.channel(audience));
    if (this.broken || this.closed || (channel && this.channels.get(audienceKey(channel.audience)) !== channel)) {
      throw refuse('notReady', { retryAfter: 1 });
    }
    this.flush(false);
    const rooms = [channel ? this.room(audienceKey(channel.audience)) : this.aloneRoom, ...(views ? [this.viewsRoom] : [])];
    enter(
      rooms,
      {
        entries: channel?.snapshot() ?? null,
        views: views ? this.views.snapshot() : null,
        beat: this.beatNow(channel),
      },
      () => ({ ...(channel ? { entries: channel.written() } : {}), ...(views ? { views: [this.views.written()] } : {}) }),
    );
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
        const channel = new EntriesChannel(this.info.id, audience, this.parts.features, read);
        await channel.writeAhead();
        if (read.at.epoch !== this.at.epoch) {
          // One of the two is of another life of this board; the screen asks again when this hub has followed.
          this.follower.doubtEpoch();
          throw refuse('notReady', { retryAfter: 1 });
        }
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

  /** Rule 15: what has fallen due, and what watchers ask for, becomes commands. */
  runDues(): void {
    this.owed.run();
  }

  dark(command: string, from: Instant): Promise<Answer> {
    return this.owed.dark(command, from);
  }

  eraseOld(): Promise<void> {
    return this.owed.eraseOld();
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

  /** When no checkpoint is being left. For tests. */
  checkpointSettled(): Promise<void> {
    return this.checkpoints.settled();
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
    await this.checkpoints.settled();
    if (!this.broken) await this.checkpoints.last();
  }

  /** For tests and the technician: every entry after a position, from the log. */
  log(after: Position, limit: number): Promise<LogEntry[]> {
    return readLog(this.parts.pool, this.info.id, after, limit);
  }
}

const runBy = (clock: Clock, time: BoardTime | null): Clock => (time ? scaledClock(clock, time.anchor, time.start, time.speed) : clock);
