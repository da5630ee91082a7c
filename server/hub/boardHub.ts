import type pg from 'pg';
import { audienceKey, everywhere, type Audience, type Author } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { only } from '../../shared/features/fields.ts';
import type { Answer, Beat, BoardInfo, CommandMessage, EntryFrame, ViewFrame } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { scaledClock, type Clock } from '../../shared/time/clock.ts';
import { entryChannel, publicChannel, type Fanout } from '../fanout/fanout.ts';
import { Follower } from '../fanout/follower.ts';
import type { Log } from '../log.ts';
import { idFrom } from '../record/ids.ts';
import { readLog, type BoardRow, type LogEntry } from '../record/log.ts';
import { readHeld } from '../record/queries.ts';
import { Writer } from '../record/writer.ts';
import { EntriesChannel, ViewsChannel } from './channels.ts';
import { Picture, type DueNow } from './picture.ts';

/**
 * One board on one hub: follows its log, keeps its figures, and tells every audience here what changed.
 *
 * Rule 12's pace: the first change after a quiet moment goes out in the same turn of the loop; then at most one flush
 * every `gap`, which grows from 20 to 100 ms only while flushing takes more than a quarter of it.
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
  row: BoardRow;
  features: Record<string, Feature>;
  clock: Clock;
  fanout: Fanout;
  log: Log;
  delivery: Delivery;
}

const GAP_MIN = 20;
const GAP_MAX = 100;
const CHECKPOINT_EVERY = 5_000;
/** What a console holds at most (rule 6). */
const HELD_MAX = 2_000;
const DUES_AT_ONCE = 200;

const system: Author = { id: 'system', label: '系统', role: 'system', scope: everywhere };

interface Loading {
  buffer: LogEntry[];
  ready: Promise<EntriesChannel>;
}

export class BoardHub {
  readonly info: BoardInfo;
  readonly clock: Clock;
  readonly speed: number;
  private readonly picture: Picture;
  private readonly writer: Writer;
  private follower!: Follower;
  private views!: ViewsChannel;
  private readonly channels = new Map<string, EntriesChannel>();
  private readonly loading = new Map<string, Loading>();
  private readonly dueInHand = new Set<string>();
  private flushTimer: NodeJS.Timeout | null = null;
  private flushQueued = false;
  private lastFlush = -Infinity;
  private gap = GAP_MIN;
  private checkpointed = 0;
  private closed = false;

  private constructor(private readonly parts: BoardHubParts) {
    const { row, features, pool, log } = parts;
    this.info = { id: row.id, name: row.name, zone: row.zone, exercise: row.exercise };
    this.clock = row.time ? scaledClock(parts.clock, row.time.anchor, row.time.start, row.time.speed) : parts.clock;
    this.speed = row.time?.speed ?? 1;
    this.picture = new Picture(features, row.zone);
    this.writer = new Writer({
      pool,
      board: row.id,
      zone: row.zone,
      clock: this.clock,
      features,
      log,
      committed: (entries) => this.committed(entries),
    });
  }

  static async open(parts: BoardHubParts): Promise<BoardHub> {
    const hub = new BoardHub(parts);
    const start = await hub.resume(parts.row.at.epoch);
    hub.follower = new Follower({
      pool: parts.pool,
      board: parts.row.id,
      start,
      log: parts.log,
      monotonic: () => parts.clock.monotonic(),
      apply: (entries) => hub.apply(entries),
      newEpoch: (epoch) => hub.newEpoch(epoch),
    });
    hub.views = new ViewsChannel(parts.row.id, hub.picture, start.epoch, start.revision, hub.clock.now());
    parts.fanout.subscribe(entryChannel(parts.row.id), (message) => hub.rung(message));
    hub.follower.readOn();
    await hub.follower.settled();
    hub.checkpointed = start.revision;
    return hub;
  }

  /** The newest checkpoint of these versions, or the beginning (rule 3). */
  private async resume(epoch: number): Promise<Position> {
    const { rows } = await this.parts.pool.query<{ revision: string; state: unknown }>(
      'select revision, state from checkpoint where board = $1 and epoch = $2 and versions = $3 order by revision desc limit 1',
      [this.info.id, epoch, this.picture.versions()],
    );
    const row = rows[0];
    if (!row) return { epoch, revision: 0 };
    this.picture.load(row.state);
    return { epoch, revision: Number(row.revision) };
  }

  private async newEpoch(epoch: number): Promise<Position> {
    this.picture.reset();
    this.channels.clear();
    this.checkpointed = 0;
    return this.resume(epoch);
  }

  get at(): Position {
    return this.follower.at;
  }

  get queued(): number {
    return this.writer.queued;
  }

  submit(author: Author, message: CommandMessage): Promise<Answer> {
    return this.writer.submit(author, message);
  }

  /** After commit, before the sender hears of it: this hub's screens need no detour through Redis. */
  private committed(entries: LogEntry[]): void {
    for (const entry of entries) {
      this.follower.receive(entry);
      this.parts.fanout.publish(entryChannel(this.info.id), JSON.stringify(entry));
      this.parts.fanout.publish(publicChannel(this.info.id), JSON.stringify(outward(entry, this.parts.features)));
    }
  }

  private rung(message: string): void {
    // The channel belongs to hubs of one build alone (Redis ACLs); what cannot be read is a hole, and the log fills it.
    try {
      this.follower.receive(JSON.parse(message) as LogEntry);
    } catch (err) {
      this.parts.log.warn({ err, board: this.info.id }, 'an unreadable message on the hubs’ channel');
      this.follower.readOn();
    }
  }

  private apply(entries: LogEntry[]): void {
    for (const entry of entries) {
      this.picture.apply(entry);
      for (const channel of this.channels.values()) channel.apply(entry);
      for (const { buffer } of this.loading.values()) buffer.push(entry);
    }
    // Before the first views exist nobody listens yet.
    if (this.views) this.flushSoon();
    if (this.at.revision - this.checkpointed >= CHECKPOINT_EVERY) void this.checkpoint();
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
    if (this.closed) return;
    const begun = this.parts.clock.monotonic();
    if (this.flushTimer) clearTimeout(this.flushTimer);
    this.flushTimer = null;
    this.flushQueued = false;
    for (const [key, channel] of this.channels) {
      const frame = channel.frame();
      if (frame) this.parts.delivery.entry(this.room(key), frame);
    }
    const frame = this.views.frame(this.at, this.clock.now(), all);
    if (frame) this.parts.delivery.view(this.viewsRoom, frame);
    this.lastFlush = this.parts.clock.monotonic();
    const took = this.lastFlush - begun;
    this.gap = took > this.gap / 4 ? Math.min(GAP_MAX, this.gap * 1.5) : Math.max(GAP_MIN, this.gap / 1.5);
  }

  /** Once a second, after the heads were read: time's own figures, and the beat (rule 7). */
  beat(head: Position | undefined, asked: number): void {
    if (this.closed) return;
    if (head) this.follower.head(head, asked);
    this.flush(true);
    for (const [key, channel] of this.channels) {
      const room = this.room(key);
      if (!this.parts.delivery.occupied(room)) {
        this.channels.delete(key);
        continue;
      }
      this.parts.delivery.beat(room, this.beatNow(channel));
      channel.rest();
    }
    this.parts.delivery.beat(this.viewsRoom, this.beatNow(null));
  }

  beatNow(channel: EntriesChannel | null): Beat {
    const at = this.at;
    return {
      board: this.info.id,
      epoch: at.epoch,
      revision: at.revision,
      sentEntries: channel?.sent() ?? at.revision,
      sentViews: this.views.sent(),
      proven: Math.max(0, this.parts.clock.monotonic() - this.follower.proven),
      now: this.clock.now(),
      speed: this.speed,
    };
  }

  get proven(): number {
    return this.parts.clock.monotonic() - this.follower.proven;
  }

  get viewsRoom(): string {
    return `${this.info.id}/views`;
  }

  room(key: string): string {
    return `${this.info.id}/${key}`;
  }

  /**
   * The channel of an audience, read from the record when nobody of that audience is here yet. Entries that come in
   * meanwhile wait in the buffer; those the read already covers are skipped by revision.
   */
  async channel(audience: Extract<Audience, { type: 'console' }>): Promise<EntriesChannel> {
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

  viewsSnapshot(): { at: Position; views: Record<string, unknown> } {
    return this.views.snapshot();
  }

  /** Rule 15: what has fallen due becomes a command whose id follows from record, clock and time, so that two hubs write it once. */
  runDues(): void {
    if (this.closed) return;
    const idOf = ({ kind, id, due }: DueNow): string => idFrom(this.info.id, this.at.epoch, kind, id, due.clock, due.at);
    for (const found of this.picture.dueBy(this.clock.now(), DUES_AT_ONCE, (d) => this.dueInHand.has(idOf(d)))) {
      const { kind, id, due } = found;
      const commandId = idOf(found);
      this.dueInHand.add(commandId);
      const message = { id: commandId, board: this.info.id, type: due.command, sent: due.at, body: { id, ...due.body } };
      void this.writer.submit(system, message).then((answer) => {
        if (answer.ok) return;
        this.parts.log.warn({ kind, id, clock: due.clock, code: answer.error.code }, 'a due time was not written; tried again');
        // Asked again with the next tick: the command is the same, so it is written once.
        setTimeout(() => this.dueInHand.delete(commandId), 1_000).unref();
      });
    }
    if (this.dueInHand.size > 10_000) this.dueInHand.clear();
  }

  private async checkpoint(): Promise<void> {
    const { epoch, revision } = this.at;
    if (revision === this.checkpointed) return;
    this.checkpointed = revision;
    try {
      await this.parts.pool.query(
        `insert into checkpoint (board, epoch, revision, versions, state) values ($1, $2, $3, $4, $5)
         on conflict (board, epoch, revision) do update set versions = excluded.versions, state = excluded.state`,
        [this.info.id, epoch, revision, this.picture.versions(), this.picture.save()],
      );
    } catch (err) {
      this.parts.log.warn({ err, board: this.info.id }, 'no checkpoint this time; the log has everything');
    }
  }

  async close(): Promise<void> {
    await this.writer.close();
    this.flush(false);
    this.closed = true;
    if (this.flushTimer) clearTimeout(this.flushTimer);
    this.parts.fanout.unsubscribe(entryChannel(this.info.id));
    await this.follower.settled();
    await this.checkpoint();
  }

  /** For tests and the technician: every entry after a position, from the log. */
  log(after: Position, limit: number): Promise<LogEntry[]> {
    return readLog(this.parts.pool, this.info.id, after, limit);
  }
}

/** What other programs hear of an entry: public fields alone, in the form `v1` of README (rule 5). */
export function outward(entry: LogEntry, features: Record<string, Feature>): Record<string, unknown> {
  return {
    v: 1,
    board: entry.board,
    epoch: entry.epoch,
    revision: entry.revision,
    recorded: new Date(entry.recorded).toISOString(),
    occurred: new Date(entry.occurred).toISOString(),
    command: entry.command,
    puts: entry.puts.flatMap((put) => {
      const feature = features[put.kind];
      return feature ? [{ kind: put.kind, id: put.id, version: put.version, body: only(feature.record, put.body, ['public']) }] : [];
    }),
  };
}

