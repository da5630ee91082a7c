import { beat as beatSchema, entryFrame, joined as joinedSchema, presenceFrame, viewFrame, type Beat, type JoinMessage, type PresenceFrame } from '../../shared/protocol/messages.ts';
import { errorCodes, problem as problemSchema, type Problem } from '../../shared/protocol/errors.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { next, type LinkEvent, type LinkState, type LostReason } from './link.ts';
import { receive, unjoined, type Change, type Received, type RejoinReason, type Snapshot, type Sync } from './sync.ts';
import type { OpenTransport, Transport } from './transport.ts';

/**
 * Silence after which a line that claims to be open is given up: a hub beats every second. Before the picture turns stale,
 * so that the screen then names the right one: a hub that says nothing, not a database behind a hub that can be reached.
 */
export const SILENCE = 4_500;
const JOIN_TIMEOUT = 10_000;
/** The longest wait between two attempts. Half of it is chance, so that a hundred screens do not return as one. */
const MAX_WAIT = 3_000;
/** How often one that was refused asks whether that still holds. */
const REFUSED_WAIT = 15_000;

export interface ConnectionParts {
  transport: OpenTransport;
  clock: Clock;
  join: Omit<JoinMessage, 'protocol'>;
  random?: () => number;
  link(state: LinkState): void;
  /** Changes for the picture, in order, with the state they lead to. */
  changed(changes: Change[], sync: Sync): void;
  /** The answer to a join that was taken, asked at monotonic `asked`. */
  joined(snapshot: Snapshot, asked: number): void;
  /** A beat the picture agrees with. Answers whether it is so late that a new join should measure anew. */
  proved(beat: Beat): boolean;
  /** Who else is at the record this page has open. */
  present(frame: PresenceFrame): void;
}

export interface Connection {
  open(): void;
  close(): void;
  /** Try at once instead of when the wait is over: someone signed in, the machine is back on the net, the page woke. */
  now(): void;
  /** What another door said: the session is over, or this page is too old. */
  sessionEnded(): void;
  tooOld(): void;
  request: Transport['request'];
  readonly state: LinkState;
  readonly sync: Sync;
}

/** Keeps a page joined to its board: connects, joins, joins again when a frame was missed, and comes back by itself. */
export function createConnection(parts: ConnectionParts): Connection {
  const { clock } = parts;
  const random = parts.random ?? Math.random;
  let state: LinkState = { name: 'idle' };
  let sync: Sync = unjoined;
  let attempts = 0;
  let rejoins: number[] = [];
  /** Only the newest join counts: an answer to an older one, or from an older connection, is not looked at. */
  let asking = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const transport = parts.transport({
    connected() {
      clearTimeout(retry);
      move({ type: 'connected', at: clock.now() });
      void join();
    },
    disconnected: () => drop('closed'),
    failed(said) {
      const problem = problemSchema.safeParse(said);
      if (problem.success) refusedBy(problem.data);
      else drop('unreachable');
    },
    received(event, message) {
      listen();
      switch (event) {
        case 'board:entry': {
          const frame = entryFrame.safeParse(message);
          return frame.success ? take({ type: 'entry', frame: frame.data }) : unreadable(event, frame.error);
        }
        case 'board:view': {
          const frame = viewFrame.safeParse(message);
          return frame.success ? take({ type: 'view', frame: frame.data }) : unreadable(event, frame.error);
        }
        case 'board:beat': {
          const beat = beatSchema.safeParse(message);
          return beat.success ? take({ type: 'beat', beat: beat.data }) : unreadable(event, beat.error);
        }
        case 'board:presence': {
          // Nothing of the picture: one that cannot be read is told again soon.
          const frame = presenceFrame.safeParse(message);
          return frame.success ? parts.present(frame.data) : console.warn('who else is here could not be read', frame.error);
        }
      }
    },
  });

  function move(event: LinkEvent): void {
    const after = next(state, event);
    if (after === state) return;
    state = after;
    parts.link(state);
  }

  function take(received: Received): void {
    const out = receive(sync, received);
    sync = out.sync;
    if (out.changes.length > 0 || received.type === 'beat') parts.changed(out.changes, sync);
    if (received.type === 'beat' && out.proved && parts.proved(received.beat)) return joinAgain('missed');
    if (out.rejoin) joinAgain(out.rejoin);
  }

  /** Something of the wrong shape: the page and the hub do not speak the same, or a frame was spoiled. Never half applied. */
  function unreadable(event: string, cause: unknown): void {
    console.warn(`a ${event} could not be read`, cause);
    joinAgain('gap');
  }

  function joinAgain(reason: RejoinReason): void {
    sync = { ...sync, phase: 'joining', held: [] };
    move({ type: 'rejoin', at: clock.now() });
    const mono = clock.monotonic();
    rejoins = [...rejoins.filter((at) => mono - at < 10_000), mono];
    const crowd = reason === 'told' ? 1_000 : 0;
    const wait = rejoins.length === 1 ? crowd * random() : Math.min(MAX_WAIT, 100 * 2 ** rejoins.length) * (0.5 + random() / 2);
    asking++;
    clearTimeout(retry);
    if (wait === 0) void join();
    else retry = setTimeout(() => void join(), wait);
  }

  async function join(): Promise<void> {
    const mine = ++asking;
    const asked = clock.monotonic();
    take({ type: 'asked' });
    listen();
    const message: JoinMessage = { ...parts.join, protocol: PROTOCOL };
    let answer: unknown;
    try {
      answer = await transport.request('board:join', message, JOIN_TIMEOUT);
    } catch {
      // Unanswered: the line broke (and says so itself), or it hangs, in which case it is let go here.
      if (mine === asking && transport.connected) drop('silent');
      return;
    }
    if (mine !== asking) return;
    const read = joinedSchema.safeParse(answer);
    if (!read.success) {
      console.warn('the answer to a join could not be read', read.error);
      transport.disconnect();
      clearTimeout(silence);
      return move({ type: 'tooOld', at: clock.now() });
    }
    if (!read.data.ok) return refusedBy(read.data.error);
    const out = receive(sync, { type: 'joined', snapshot: read.data });
    sync = out.sync;
    if (out.changes.length > 0) {
      attempts = 0;
      parts.joined(read.data, asked);
      parts.changed(out.changes, sync);
      move({ type: 'joined', at: clock.now() });
    }
    if (out.rejoin) joinAgain(out.rejoin);
  }

  function refusedBy(problem: Problem): void {
    const at = clock.now();
    switch (errorCodes[problem.code]) {
      case 'signIn':
        letGo();
        return move({ type: 'sessionEnded', at });
      case 'reload':
        letGo();
        return move({ type: 'tooOld', at });
      case 'retry':
      case 'rejoin':
        return drop('notReady', (problem.retryAfter ?? 0) * 1_000);
      case 'mend':
      case 'stop':
        letGo();
        move({ type: 'refused', at, problem });
        retry = setTimeout(() => transport.connect(), REFUSED_WAIT);
    }
  }

  function letGo(): void {
    asking++;
    clearTimeout(retry);
    clearTimeout(silence);
    transport.disconnect();
  }

  function drop(reason: LostReason, atLeast = 0): void {
    letGo();
    sync = { ...sync, phase: 'joining', held: [] };
    // A line that fell silent has been so for as long as it was listened to in vain.
    move({ type: 'dropped', at: clock.now() - (reason === 'silent' && state.name === 'live' ? SILENCE : 0), reason });
    if (state.name === 'refused') retry = setTimeout(() => transport.connect(), REFUSED_WAIT);
    else if (state.name === 'lost') {
      const wait = Math.min(MAX_WAIT, 200 * 2 ** attempts++);
      retry = setTimeout(() => transport.connect(), Math.max(atLeast, wait * (0.5 + random() / 2)));
    }
  }

  function listen(): void {
    clearTimeout(silence);
    silence = setTimeout(() => drop('silent'), SILENCE);
  }

  return {
    open() {
      if (state.name !== 'idle' && state.name !== 'signIn' && state.name !== 'refused') return;
      clearTimeout(retry);
      move({ type: 'open', at: clock.now() });
      transport.connect();
    },
    close() {
      letGo();
      move({ type: 'close', at: clock.now() });
    },
    now() {
      if (state.name !== 'lost' || transport.connected) return;
      attempts = 0;
      clearTimeout(retry);
      transport.connect();
    },
    sessionEnded: () => refusedBy({ code: 'notSignedIn' }),
    tooOld: () => refusedBy({ code: 'upgradeNeeded' }),
    request: (event, message, timeout) => transport.request(event, message, timeout),
    get state() {
      return state;
    },
    get sync() {
      return sync;
    },
  };
}
