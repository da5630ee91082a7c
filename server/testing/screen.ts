import { receive, unjoined, type Received, type RejoinReason, type Sync } from '../../client/board/sync.ts';
import { audienceKey, type Author } from '../../shared/access/access.ts';
import type { Beat, EntryFrame, ViewFrame, WireRecord } from '../../shared/protocol/messages.ts';
import type { Chance } from './seeded.ts';
import { testBoard, type TestHub, type Told } from './cluster.ts';

/** What a screen showed at one moment, to be held against the model afterwards. */
export interface Shown {
  screen: Screen;
  /** Whole picture of one stream at a revision. */
  of: 'entries' | 'views';
  revision: number;
  picture: unknown;
}

export interface ScreenOptions {
  name: string;
  /** Null: a wall. */
  who: Author | null;
  views: boolean;
  chance: Chance;
  watch: {
    wrong(what: string): void;
    shown(shown: Shown): void;
  };
}

/**
 * A screen as far as the protocol goes: the client's own sync, a wire on which things arrive in order and late, are
 * lost, or end when it is torn off.
 */
export class Screen {
  sync: Sync = unjoined;
  hub: TestHub | null = null;
  readonly records = new Map<string, WireRecord>();
  views: Record<string, unknown> = {};
  joins = 0;
  /** One frame in so many is lost on the way although the wire holds; 0: none. */
  loses = 0;
  private wire: Received[] = [];
  private why: RejoinReason | null = 'told';
  private asking: Promise<void> | null = null;
  private readonly newest = new Map<string, number>();

  constructor(readonly options: ScreenOptions) {}

  get name(): string {
    return this.options.name;
  }

  get waiting(): number {
    return this.wire.length;
  }

  get live(): boolean {
    return this.sync.phase === 'live' && this.why === null && this.asking === null;
  }

  attach(hub: TestHub): void {
    this.detach();
    this.hub = hub;
    this.why = 'told';
  }

  detach(): void {
    this.hub?.rooms.leave(this.hear);
    this.hub = null;
    this.wire = [];
  }

  private readonly hear = ({ event, message }: Told): void => {
    if (this.loses > 0 && event !== 'beat' && this.options.chance.oneIn(this.loses)) return;
    if (event === 'entry') this.wire.push({ type: 'entry', frame: message as EntryFrame });
    else if (event === 'view') this.wire.push({ type: 'view', frame: message as ViewFrame });
    else this.wire.push({ type: 'beat', beat: message as Beat });
  };

  /** Takes up to so many things off the wire, and asks to join when it must. */
  pump(most = Infinity): void {
    for (let n = 0; n < most && this.wire.length > 0; n++) this.take(this.wire.shift() as Received);
    if (this.why && this.hub && !this.asking) this.ask(this.hub);
  }

  async asked(): Promise<void> {
    await this.asking;
  }

  private ask(hub: TestHub): void {
    const { who, views } = this.options;
    const late = this.why === 'older';
    this.why = null;
    this.joins += 1;
    this.take({ type: 'asked' });
    this.asking = (async () => {
      // A hub that is behind what is shown is asked again once it has looked at the head.
      if (late) await hub.core.tick().then(() => hub.board().settled());
      if (this.hub !== hub) return;
      const audience = who && who.role !== 'system' ? ({ type: 'console', role: who.role, scope: who.scope } as const) : null;
      await hub.board().join(audience, views, (rooms, start) => {
        if (this.hub !== hub) return;
        hub.rooms.leave(this.hear);
        for (const room of rooms) hub.rooms.enter(room, this.hear);
        const snapshot = { ok: true, hub: { id: 'h', build: 'b' }, board: testBoard, ...start } as const;
        this.wire.push({ type: 'joined', snapshot: JSON.parse(JSON.stringify(snapshot)) as typeof snapshot });
      });
    })()
      .catch((error: unknown) => {
        this.why ??= 'told';
        // A hub that has lost its database says so and is asked again; a mistake of ours is none of that.
        if (error instanceof TypeError || error instanceof RangeError) this.options.watch.wrong(`${this.name} could not join: ${error.stack ?? ''}`);
      })
      .finally(() => {
        this.asking = null;
        if (this.hub !== hub) this.why ??= 'told';
      });
  }

  private take(received: Received): void {
    const before = this.sync;
    const outcome = receive(this.sync, received);
    this.sync = outcome.sync;
    for (const change of outcome.changes) {
      if (change.type === 'replace') {
        if (change.records) {
          this.records.clear();
          for (const record of change.records) this.put(record);
        }
        this.views = { ...this.views, ...change.views };
      } else if (change.type === 'records') {
        for (const record of change.puts) this.put(record);
        for (const [, id] of change.gone) this.records.delete(id);
      } else this.views = { ...this.views, ...change.views };
    }
    for (const of of ['entries', 'views'] as const) {
      const [was, is] = [before[of]?.at, this.sync[of]?.at];
      if (was && is && (is.epoch < was.epoch || (is.epoch === was.epoch && is.revision < was.revision))) {
        this.options.watch.wrong(`${this.name} went back from ${was.revision} to ${is.revision}`);
      }
    }
    if (outcome.rejoin) this.why = outcome.rejoin;
    if (this.sync.phase === 'live' && !outcome.rejoin && (outcome.changes.length > 0 || received.type === 'beat')) this.look();
  }

  private put(record: WireRecord): void {
    if (record.version < (this.newest.get(record.id) ?? 0)) {
      this.options.watch.wrong(`${this.name} went back to version ${record.version} of ${record.id}, having seen ${this.newest.get(record.id)}`);
    }
    this.newest.set(record.id, Math.max(record.version, this.newest.get(record.id) ?? 0));
    if (record.held) this.records.set(record.id, record);
    else this.records.delete(record.id);
  }

  private look(): void {
    const { entries, views } = this.sync;
    if (entries && this.options.chance.oneIn(2)) {
      this.options.watch.shown({ screen: this, of: 'entries', revision: entries.at.revision, picture: this.inHand() });
    }
    if (views && this.options.chance.oneIn(2)) this.options.watch.shown({ screen: this, of: 'views', revision: views.at.revision, picture: { ...this.views } });
  }

  inHand(): Record<string, Record<string, unknown>> {
    return Object.fromEntries([...this.records].map(([id, r]) => [id, { id, version: r.version, revision: r.revision, ...r.body }]));
  }

  describe(): string {
    const { entries, views, phase } = this.sync;
    const at = `entries ${entries?.at.revision ?? '-'}, views ${views?.at.revision ?? '-'}, ${this.wire.length} waiting, why ${this.why ?? '-'}`;
    const who = this.options.who;
    return `${this.name} (${phase}, ${at}${who && who.role !== 'system' ? `, ${audienceKey({ type: 'console', role: who.role, scope: who.scope })}` : ''})`;
  }
}
