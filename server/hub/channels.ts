import { setImmediate as turn } from 'node:timers/promises';
import type { Audience } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import type { EntryFrame, ViewFrame, WireRecord } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { LogEntry, LogPut } from '../record/log.ts';
import { AT_ONCE } from '../record/queries.ts';
import { shaped } from '../record/shaped.ts';
import type { Picture } from './picture.ts';

/**
 * What one audience of a board has been told, so that the next frame continues it without a crack (rules 6, 10, 12).
 * A channel keeps in hand exactly what a screen that has followed it holds: joining is a copy of that, made in the same
 * turn of the loop in which the screen enters the room, so that no frame falls between.
 */

export class EntriesChannel {
  /** Where this channel's readers stand. */
  at: Position;
  private readonly records = new Map<string, WireRecord>();
  private readonly puts = new Map<string, WireRecord>();
  private readonly gone = new Map<string, [string, string]>();
  /** Records as `,` and JSON, since somebody joined with them. */
  private readonly texts = new WeakMap<WireRecord, Buffer>();
  private told: number;

  constructor(
    private readonly board: string,
    readonly audience: Extract<Audience, { type: 'console' }>,
    private readonly features: Record<string, Feature>,
    read: { at: Position; records: WireRecord[] },
  ) {
    this.at = read.at;
    this.told = read.at.revision;
    for (const record of read.records) this.records.set(`${record.kind}/${record.id}`, record);
  }

  /** Entries at or before the position are already in what was read. */
  apply(entry: LogEntry): void {
    if (entry.epoch !== this.at.epoch || entry.revision <= this.at.revision) return;
    this.at = { epoch: entry.epoch, revision: entry.revision };
    for (const put of entry.puts) this.put(entry, put);
  }

  private put(entry: LogEntry, put: LogPut): void {
    const name = `${put.kind}/${put.id}`;
    const seen = shaped(this.audience, this.features, put, entry.revision);
    if (seen && 'put' in seen) {
      this.gone.delete(name);
      this.puts.set(name, seen.put);
      if (seen.put.held) this.records.set(name, seen.put);
      else this.records.delete(name);
      return;
    }
    const had = this.records.delete(name);
    const queued = this.puts.delete(name);
    if (had || queued || seen) this.gone.set(name, [put.kind, put.id]);
  }

  /** What has happened since the last frame; null when this audience saw nothing of it (the next beat moves it on). */
  frame(): EntryFrame | null {
    if (this.puts.size === 0 && this.gone.size === 0) return null;
    const frame: EntryFrame = {
      board: this.board,
      epoch: this.at.epoch,
      from: this.told,
      to: this.at.revision,
      puts: [...this.puts.values()],
      gone: [...this.gone.values()],
    };
    this.puts.clear();
    this.gone.clear();
    this.told = this.at.revision;
    return frame;
  }

  /** The last revision told to the room. A beat at which nothing waits moves it to where the channel stands. */
  sent(): number {
    return this.told;
  }

  rest(): void {
    if (this.puts.size === 0 && this.gone.size === 0) this.told = this.at.revision;
  }

  snapshot(): { at: Position; records: WireRecord[] } {
    return { at: this.stands, records: [...this.records.values()] };
  }

  /** The same as JSON, in pieces: a record is written once, however many of this audience join with it. */
  written(): Buffer[] {
    const records = Array.from(this.records.values(), (record) => this.text(record));
    if (records[0]) records[0] = records[0].subarray(1);
    return [Buffer.from(`{"at":${JSON.stringify(this.stands)},"records":[`), ...records, Buffer.from(']}')];
  }

  /** Writes ahead what the first who joins is given, and lets others come between. Nothing may be applied meanwhile. */
  async writeAhead(): Promise<void> {
    let n = 0;
    for (const record of this.records.values()) {
      this.text(record);
      if (++n % AT_ONCE === 0) await turn();
    }
  }

  private text(record: WireRecord): Buffer {
    let text: Buffer | undefined = this.texts.get(record);
    if (!text) this.texts.set(record, (text = Buffer.from(`,${JSON.stringify(record)}`)));
    return text;
  }

  private get stands(): Position {
    return { epoch: this.at.epoch, revision: this.told };
  }
}

export class ViewsChannel {
  private readonly texts = new Map<string, string>();
  private readonly values = new Map<string, unknown>();
  private whole: Buffer | null = null;
  private told: number;

  constructor(
    private readonly board: string,
    private readonly picture: Picture,
    private epoch: number,
    revision: number,
    now: Instant,
  ) {
    this.told = revision;
    this.take(picture.names, now);
  }

  private take(names: Iterable<string>, now: Instant): Record<string, unknown> {
    const changed: Record<string, unknown> = {};
    for (const name of names) {
      const value = this.picture.view(name, now);
      const text = JSON.stringify(value);
      if (this.texts.get(name) === text) continue;
      this.texts.set(name, text);
      // A copy: the fold goes on changing what it handed out.
      const copy: unknown = JSON.parse(text);
      this.values.set(name, copy);
      changed[name] = copy;
    }
    return changed;
  }

  /** Figures that changed up to a revision. `all` also asks those that time alone changes. */
  frame(at: Position, now: Instant, all: boolean): ViewFrame | null {
    const names = all ? this.picture.names : [...this.picture.touched];
    this.picture.touched.clear();
    const views = this.take(names, now);
    const from = this.told;
    if (Object.keys(views).length === 0 && at.epoch === this.epoch && at.revision === from) return null;
    this.told = at.revision;
    this.epoch = at.epoch;
    this.whole = null;
    return { board: this.board, epoch: at.epoch, from, to: at.revision, at: now, views };
  }

  sent(): number {
    return this.told;
  }

  snapshot(): { at: Position; views: Record<string, unknown> } {
    return { at: this.stands, views: Object.fromEntries(this.values) };
  }

  /** The same as JSON, written once for all who join between two changes. */
  written(): Buffer {
    if (this.whole) return this.whole;
    const views = Array.from(this.texts, ([name, text]) => `${JSON.stringify(name)}:${text}`);
    return (this.whole = Buffer.from(`{"at":${JSON.stringify(this.stands)},"views":{${views.join()}}}`));
  }

  private get stands(): Position {
    return { epoch: this.epoch, revision: this.told };
  }
}
