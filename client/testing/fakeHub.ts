import type { Problem } from '../../shared/protocol/errors.ts';
import { commandMessage, type Answer, type Beat, type BoardInfo, type CommandMessage, type EntryFrame, type Joined, type QueryMessage, type QueryResult, type ViewFrame, type WireRecord } from '../../shared/protocol/messages.ts';
import type { ManualClock } from '../../shared/time/clock.ts';
import { Unanswered, type OpenTransport, type TransportEvents } from '../board/transport.ts';

/**
 * The other end of the line, at the level of the protocol and to a script: it numbers and keeps commands as a hub does, and
 * loses answers, breaks lines, skips frames and refuses as it is told. It shares no code with the real one.
 */
export interface FakeHub {
  open: OpenTransport;
  /** Everything a command event brought, in order, repeats too. */
  received: CommandMessage[];
  /** What was decided, once an id. */
  stored: Map<string, { message: CommandMessage; answer: Answer }>;
  joins: unknown[];
  epoch: number;
  revision: number;
  records: Map<string, WireRecord>;
  views: Record<string, unknown>;
  board: BoardInfo;
  /** Milliseconds since the hub proved itself, as its beats say. */
  proven: number;
  /** How many lines are open. */
  lines(): number;
  /** Nobody answers at all. */
  down: boolean;
  /** Said to whoever connects, or asks to join. */
  turnAway: Problem | null;
  refuseJoin: Problem | null;
  /** Answers a question; without it all records there are of the kind asked for. */
  onQuery: ((message: QueryMessage) => QueryResult) | null;
  /** What happens to the next commands, one each; then they are answered. */
  script: Script[];
  /** Joins are not answered until {@link FakeHub.answerJoins}. */
  holdJoins: boolean;
  answerJoins(): void;
  /** Breaks every line. */
  cut(): void;
  /** The record is put back: a new epoch with nothing in it, and every line broken. */
  newEpoch(): void;
  /** A change of the record; `lost` of its frames never arrive. */
  put(record: Partial<WireRecord> & { id: string }, how?: { lost?: boolean }): void;
  gone(kind: string, id: string): void;
  view(values: Record<string, unknown>, how?: { lost?: boolean }): void;
  beat(more?: Partial<Beat>): void;
  /** Something that is not of the protocol. */
  garble(event: 'board:entry' | 'board:view' | 'board:beat'): void;
}

export type Script =
  /** Decided and written; the answer is lost with the line. */
  | 'loseAnswer'
  /** The line breaks before the hub reads it. */
  | 'loseCommand'
  /** Neither an answer nor a broken line. */
  | 'hang'
  | Problem;

export function fakeHub(clock: ManualClock, more: { board?: Partial<BoardInfo> } = {}): FakeHub {
  interface Line {
    events: TransportEvents;
    waiting: Set<() => void>;
  }
  const open = new Set<Line>();
  let heldJoins: (() => void)[] = [];
  let sentEntries = 0;
  let sentViews = 0;

  const later = (act: () => void): void => queueMicrotask(act);
  const everyone = (act: (line: Line) => void): void => open.forEach(act);
  const decide = (message: CommandMessage): Answer => {
    const first = hub.stored.get(message.id);
    if (first) {
      if (JSON.stringify(first.message.body) !== JSON.stringify(message.body)) return { ok: false, error: { code: 'idReused' } };
      return first.answer;
    }
    hub.revision++;
    const answer: Answer = { ok: true, epoch: hub.epoch, revision: hub.revision, recorded: clock.now(), result: {} };
    hub.stored.set(message.id, { message, answer });
    return answer;
  };
  const beatNow = (): Beat => ({
    board: hub.board.id,
    epoch: hub.epoch,
    revision: hub.revision,
    sentEntries,
    sentViews,
    proven: hub.proven,
    now: clock.now(),
    speed: 1,
  });

  const hub: FakeHub = {
    received: [],
    stored: new Map(),
    joins: [],
    epoch: 1,
    revision: 0,
    records: new Map(),
    views: {},
    board: { id: 'zj', name: { zh: '指挥中心', en: 'Centre' }, zone: 'Asia/Shanghai', exercise: false, ...more.board },
    proven: 0,
    lines: () => open.size,
    down: false,
    turnAway: null,
    refuseJoin: null,
    onQuery: null,
    script: [],
    holdJoins: false,
    answerJoins() {
      hub.holdJoins = false;
      const held = heldJoins;
      heldJoins = [];
      for (const answer of held) answer();
    },
    cut() {
      for (const line of [...open]) {
        open.delete(line);
        for (const fail of line.waiting) fail();
        line.events.disconnected();
      }
    },
    newEpoch() {
      hub.epoch++;
      hub.revision = sentEntries = sentViews = 0;
      hub.records.clear();
      hub.views = {};
      hub.stored.clear();
      hub.cut();
    },
    put(record, { lost = false } = {}) {
      const whole: WireRecord = { kind: 'call', version: 1, held: true, body: {}, ...record, revision: ++hub.revision };
      if (whole.held) hub.records.set(`${whole.kind}/${whole.id}`, whole);
      else hub.records.delete(`${whole.kind}/${whole.id}`);
      const frame: EntryFrame = { board: hub.board.id, epoch: hub.epoch, from: sentEntries, to: hub.revision, puts: [whole], gone: [] };
      sentEntries = hub.revision;
      if (!lost) everyone((line) => line.events.received('board:entry', structuredClone(frame)));
    },
    gone(kind, id) {
      hub.records.delete(`${kind}/${id}`);
      hub.revision++;
      const frame: EntryFrame = { board: hub.board.id, epoch: hub.epoch, from: sentEntries, to: hub.revision, puts: [], gone: [[kind, id]] };
      sentEntries = hub.revision;
      everyone((line) => line.events.received('board:entry', frame));
    },
    view(values, { lost = false } = {}) {
      Object.assign(hub.views, values);
      hub.revision++;
      const frame: ViewFrame = { board: hub.board.id, epoch: hub.epoch, from: sentViews, to: hub.revision, at: clock.now(), views: values };
      sentViews = hub.revision;
      if (!lost) everyone((line) => line.events.received('board:view', structuredClone(frame)));
    },
    beat(over = {}) {
      const beat = { ...beatNow(), ...over };
      everyone((line) => line.events.received('board:beat', beat));
      sentEntries = sentViews = hub.revision;
    },
    garble: (event) => everyone((line) => line.events.received(event, { what: 1 })),
    open(events) {
      const line: Line = { events, waiting: new Set() };
      return {
        get connected() {
          return open.has(line);
        },
        connect() {
          later(() => {
            if (hub.down) return events.failed(null);
            if (hub.turnAway) return events.failed(hub.turnAway);
            open.add(line);
            events.connected();
          });
        },
        disconnect() {
          open.delete(line);
          for (const fail of line.waiting) fail();
        },
        request(event, message, timeout) {
          return new Promise((resolve, reject) => {
            const fail = (): void => {
              clearTimeout(timer);
              line.waiting.delete(fail);
              reject(new Unanswered());
            };
            const timer = setTimeout(fail, timeout);
            line.waiting.add(fail);
            if (!open.has(line)) return fail();
            const answer = (value: unknown): void => {
              if (!line.waiting.delete(fail)) return;
              clearTimeout(timer);
              resolve(structuredClone(value));
            };
            later(() => {
              if (event === 'board:join') return join(message, answer);
              if (event === 'command') return command(message, answer);
              if (hub.onQuery) return answer(hub.onQuery(message as QueryMessage));
              const { kind } = message as { kind?: string };
              const found = [...hub.records.values()].filter((r) => kind === undefined || r.kind === kind);
              answer({ ok: true, at: { epoch: hub.epoch, revision: hub.revision }, records: found, total: found.length });
            });
          });
        },
      };
    },
  };

  function join(message: unknown, answer: (value: unknown) => void): void {
    hub.joins.push(message);
    const asked = message as { entries: boolean; views: boolean };
    const joined: Joined = hub.refuseJoin
      ? { ok: false, error: hub.refuseJoin }
      : {
          ok: true,
          hub: { id: 'h1', build: 'b1' },
          board: hub.board,
          entries: asked.entries ? { at: { epoch: hub.epoch, revision: sentEntries }, records: [...hub.records.values()] } : null,
          views: asked.views ? { at: { epoch: hub.epoch, revision: sentViews }, views: { ...hub.views } } : null,
          beat: beatNow(),
        };
    const copy = structuredClone(joined);
    if (hub.holdJoins) heldJoins.push(() => answer(copy));
    else answer(copy);
  }

  function command(raw: unknown, answer: (value: unknown) => void): void {
    const message = commandMessage.parse(raw);
    const what = hub.script.shift();
    if (what === 'loseCommand') return hub.cut();
    hub.received.push(message);
    if (what === 'hang') return;
    if (what === 'loseAnswer') {
      decide(message);
      return hub.cut();
    }
    answer(what ? { ok: false, error: what } : decide(message));
  }

  return hub;
}
