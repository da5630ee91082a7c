import { defineStore } from 'pinia';
import { markRaw, ref, shallowReactive, shallowRef, type ShallowRef } from 'vue';
import { queryResult, type BoardInfo, type QueryMessage, type QueryResult, type WireRecord } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { ScreenInfo } from '../../shared/screen/profile.ts';
import { systemClock, type Clock } from '../../shared/time/clock.ts';
import { createConnection, type Connection } from './connection.ts';
import { ageOf, beatHeard, boardNow, freshFor, isStale, joinHeard, remeasure, tick, unproven, woke } from './freshness.ts';
import type { LinkState } from './link.ts';
import type { Entry, Outbox, Sending } from './outbox.ts';
import { createPresence } from './presence.ts';
import { shown, type Change, type Sync } from './sync.ts';
import { Unanswered, type OpenTransport } from './transport.ts';

/**
 * What a board's views are called and look like. Empty here, since the board knows no kind; whoever lists the kinds adds
 * them (`declare module '../board/store.ts' { interface KnownViews … }`).
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface KnownViews {}
export type BoardViews = Partial<KnownViews>;

export interface BoardOptions {
  transport: OpenTransport;
  /** Absent: the hub knows which board this screen belongs to. */
  board?: string;
  entries: boolean;
  views: boolean;
  clock?: Clock;
}

/** `kind`, `id` of a record that a frame brought or took away; both null when the whole picture was replaced. */
export type Touch = (kind: string | null, id: string | null, put: WireRecord | null) => void;

const TICK = 250;
/**
 * Milliseconds between two updates when changes come thick. The first after a quiet moment is shown with the next picture; twenty a second
 * are more than a person can tell apart, and leave a wall's player most of its frames free.
 */
const PACE = 45;
const ASK_TIMEOUT = 10_000;

/**
 * The board as this page shows it. Panels read it and nothing else: none of them touches the socket. Frames that come
 * between two pictures of the screen are one update.
 */
export const useBoard = defineStore('board', () => {
  const info = shallowRef<BoardInfo | null>(null);
  const at = shallowRef<Position | null>(null);
  const views = shallowReactive<BoardViews>({});
  const link = shallowRef<LinkState>({ name: 'idle' });
  const stale = ref(true);
  /** Milliseconds since the picture was last proved current, in steps of a second; Infinity when it never was. */
  const age = ref(Infinity);
  /** The board's time, whole seconds; 0 before the first beat. */
  const now = ref(0);
  const speed = ref(1);
  const build = ref<string | null>(null);
  /** Of a wall: what the centre knows of the screen it is on, and until when (monotonic) it shows its test card. */
  const screen = shallowRef<{ info: ScreenInfo; cardUntil: number } | null>(null);

  const presence = markRaw(
    createPresence({
      board: () => info.value?.id ?? null,
      say: (message) => (connection ? connection.request('presence', message, ASK_TIMEOUT) : Promise.reject(new Unanswered())),
    }),
  );

  const kinds = new Map<string, ShallowRef<ReadonlyMap<string, WireRecord>>>();
  const touches = new Set<Touch>();
  let clock: Clock = systemClock;
  let connection: Connection | null = null;
  let outbox: Outbox | null = null;
  let freshness = unproven(0);
  let pending: Change[] = [];
  let latest: Sync | null = null;
  let pendingInfo: BoardInfo | null = null;
  let stopTimers = (): void => undefined;
  let staleTimer: ReturnType<typeof setTimeout> | undefined;
  let cancelFlush: (() => void) | null = null;
  let flushed = -Infinity;

  function kindRef(kind: string): ShallowRef<ReadonlyMap<string, WireRecord>> {
    let found = kinds.get(kind);
    if (!found) kinds.set(kind, (found = shallowRef(new Map())));
    return found;
  }

  /** Records of a kind this console holds in hand. Reactive: a new map whenever one of them changed. */
  const records = (kind: string): ReadonlyMap<string, WireRecord> => kindRef(kind).value;

  function flush(): void {
    cancelFlush = null;
    if (latest === null) return;
    flushed = clock.monotonic();
    const changes = pending;
    pending = [];
    const touched: [string | null, string | null, WireRecord | null][] = [];
    const drafts = new Map<string, Map<string, WireRecord>>();
    const draftOf = (kind: string): Map<string, WireRecord> => {
      let draft = drafts.get(kind);
      if (!draft) drafts.set(kind, (draft = new Map(kindRef(kind).value)));
      return draft;
    };
    const newViews: Record<string, unknown> = {};
    for (const change of changes) {
      switch (change.type) {
        case 'replace':
          if (change.records) {
            for (const kind of kinds.keys()) drafts.set(kind, new Map());
            for (const record of change.records) if (record.held) draftOf(record.kind).set(record.id, markRaw(record));
          }
          Object.assign(newViews, change.views);
          touched.push([null, null, null]);
          break;
        case 'records':
          for (const put of change.puts) {
            if (put.held) draftOf(put.kind).set(put.id, markRaw(put));
            else if (kindRef(put.kind).value.has(put.id) || drafts.has(put.kind)) draftOf(put.kind).delete(put.id);
            touched.push([put.kind, put.id, put]);
          }
          for (const [kind, id] of change.gone) {
            draftOf(kind).delete(id);
            touched.push([kind, id, null]);
          }
          break;
        case 'views':
          Object.assign(newViews, change.views);
      }
    }
    for (const [kind, map] of drafts) kindRef(kind).value = map;
    Object.assign(views, newViews);
    if (pendingInfo) {
      info.value = pendingInfo;
      pendingInfo = null;
    }
    const position = shown(latest);
    if (position?.revision !== at.value?.revision || position?.epoch !== at.value?.epoch) at.value = position;
    look();
    for (const [kind, id, put] of touched) for (const touch of touches) touch(kind, id, put);
  }

  /** With the next picture of the screen; a page in the background gets none, and a covered one may wait for long. */
  function soon(): void {
    if (cancelFlush) return;
    let frame = 0;
    const early = PACE - (clock.monotonic() - flushed);
    const paced = early > 0 ? setTimeout(() => (frame = requestAnimationFrame(go)), early) : ((frame = requestAnimationFrame(go)), undefined);
    const timer = setTimeout(go, TICK);
    cancelFlush = () => {
      clearTimeout(paced);
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
    function go(): void {
      cancelFlush?.();
      flush();
    }
  }

  function look(): void {
    const mono = clock.monotonic();
    const old = isStale(freshness, mono);
    if (stale.value !== old) stale.value = old;
    const ms = ageOf(freshness, mono);
    const seconds = Math.floor(ms / 1_000) * 1_000;
    if (age.value !== seconds) age.value = seconds;
    const time = boardNow(freshness, mono);
    if (time !== null) {
      const second = Math.floor(time / 1_000) * 1_000;
      if (now.value !== second) now.value = second;
    }
    clearTimeout(staleTimer);
    if (!old) staleTimer = setTimeout(look, Math.ceil(freshFor(freshness, mono)));
  }

  /** Connects and keeps connected until {@link stop}. Starting again, as another person or board, begins with nothing. */
  function start(options: BoardOptions): void {
    stop();
    clock = options.clock ?? systemClock;
    freshness = unproven(clock.monotonic());
    const mine = createConnection({
      transport: options.transport,
      clock,
      join: { board: options.board, entries: options.entries, views: options.views },
      link(state) {
        link.value = state;
        presence.line(state.name === 'live');
        outbox?.linkChanged(state.name);
      },
      present: (frame) => presence.heard(frame),
      joined(snapshot, asked) {
        pendingInfo = snapshot.board;
        build.value = snapshot.hub.build;
        speed.value = snapshot.beat.speed;
        if (snapshot.screen) screen.value = { info: snapshot.screen, cardUntil: clock.monotonic() + snapshot.screen.card };
        // Seen with the picture it proves, in the same flush: until then an older one is still shown.
        freshness = joinHeard(freshness, snapshot.beat, asked, clock.monotonic());
      },
      changed(changes, sync) {
        latest = sync;
        for (const change of changes) pending.push(change);
        // A whole picture at once: no tick may find its proof before it is shown.
        if (changes.some((change) => change.type === 'replace')) flush();
        else soon();
      },
      proved(beat) {
        freshness = beatHeard(freshness, beat, clock.monotonic());
        if (speed.value !== beat.speed) speed.value = beat.speed;
        look();
        return Math.random() < remeasure(freshness);
      },
    });
    connection = mine;

    const awake = (): void => {
      freshness = woke(freshness, clock.monotonic());
      look();
      mine.now();
    };
    const visible = (): void => {
      if (document.visibilityState === 'visible' && clock.monotonic() - freshness.ticked > TICK * 4) awake();
    };
    const online = (): void => mine.now();
    const timer = setInterval(() => {
      const before = freshness.proof;
      freshness = tick(freshness, clock.monotonic());
      look();
      if (before !== null && freshness.proof === null) mine.now();
    }, TICK);
    document.addEventListener('visibilitychange', visible);
    document.addEventListener('resume', awake);
    window.addEventListener('pageshow', visible);
    window.addEventListener('online', online);
    stopTimers = () => {
      clearInterval(timer);
      clearTimeout(staleTimer);
      document.removeEventListener('visibilitychange', visible);
      document.removeEventListener('resume', awake);
      window.removeEventListener('pageshow', visible);
      window.removeEventListener('online', online);
    };
    mine.open();
  }

  /** Lets go of the board and forgets the picture: for leaving it, never for a broken line. */
  function stop(): void {
    stopTimers();
    stopTimers = () => undefined;
    cancelFlush?.();
    cancelFlush = null;
    connection?.close();
    connection = null;
    pending = [];
    latest = null;
    pendingInfo = null;
    info.value = null;
    at.value = null;
    stale.value = true;
    age.value = Infinity;
    now.value = 0;
    for (const kind of kinds.values()) kind.value = new Map();
    for (const name of Object.keys(views)) delete (views as Record<string, unknown>)[name];
  }

  /** Asks the hub; never stored, never repeated by itself. A hub that does not answer is `notReady`. */
  async function ask(query: QueryMessage): Promise<QueryResult> {
    try {
      if (!connection) throw new Unanswered();
      return queryResult.parse(await connection.request('query', query, ASK_TIMEOUT));
    } catch (cause) {
      if (cause instanceof Unanswered) return { ok: false, error: { code: 'notReady' } };
      console.warn('the answer to a query could not be read', cause);
      return { ok: false, error: { code: 'internal' } };
    }
  }

  /** Hands a command to the outbox, which keeps it before it is sent. The entry tells how it goes. */
  async function send(type: string, body: Record<string, unknown>, more: Sending = {}): Promise<Entry> {
    if (!outbox) throw new Error('nobody sits here: a command needs its author');
    return outbox.send(type, body, more);
  }

  function useOutbox(box: Outbox | null): void {
    outbox = box;
    box?.linkChanged(link.value.name);
  }

  /** Carries one command to the hub, for the outbox. */
  const carry = (message: unknown, timeout: number): Promise<unknown> =>
    connection ? connection.request('command', message, timeout) : Promise.reject(new Unanswered());

  function onTouch(touch: Touch): () => void {
    touches.add(touch);
    return () => touches.delete(touch);
  }

  /** The session is back, or someone wants to try now. */
  function resume(): void {
    connection?.open();
    connection?.now();
  }

  return {
    info,
    at,
    views,
    link,
    stale,
    age,
    now,
    speed,
    build,
    screen,
    presence,
    records,
    start,
    stop,
    resume,
    sessionEnded: () => connection?.sessionEnded(),
    tooOld: () => connection?.tooOld(),
    ask,
    send,
    carry,
    useOutbox,
    onTouch,
    flush,
  };
});
