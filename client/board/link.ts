import type { Problem } from '../../shared/protocol/errors.ts';

/**
 * How this page stands with its hub: one state at a time, each with only its own facts. Banners, badges and the header
 * render the state; nothing else remembers anything about the line. Instants are the machine's own clock, for "since".
 */
export type LinkState =
  | { name: 'idle' }
  /** The first attempt since the page was opened: nothing has been shown yet. */
  | { name: 'connecting'; since: number }
  /** Connected and asking for the picture. `lostSince`: since when there has been no live picture, if there ever was one. */
  | { name: 'joining'; since: number; lostSince: number | null }
  | { name: 'live'; since: number }
  | { name: 'lost'; since: number; reason: LostReason }
  /** The hub will not have us; trying again by itself would change nothing soon. */
  | { name: 'refused'; since: number; problem: Problem }
  /** This page is older than the hub. */
  | { name: 'reload'; since: number }
  /** The session ended or there is none; the last picture stays. */
  | { name: 'signIn'; since: number };

export type LinkName = LinkState['name'];

/** `closed`: the connection broke. `silent`: it seems open, yet nothing comes. `unreachable`: no hub answers. `notReady`: a hub answers that it cannot serve now. */
export type LostReason = 'closed' | 'silent' | 'unreachable' | 'notReady';

export type LinkEvent =
  | { type: 'open'; at: number }
  | { type: 'connected'; at: number }
  | { type: 'joined'; at: number }
  /** A frame was missed: the picture is asked for again and the old one stays meanwhile. */
  | { type: 'rejoin'; at: number }
  | { type: 'dropped'; at: number; reason: LostReason }
  | { type: 'refused'; at: number; problem: Problem }
  | { type: 'tooOld'; at: number }
  | { type: 'sessionEnded'; at: number }
  | { type: 'close'; at: number };

type State<N extends LinkName> = Extract<LinkState, { name: N }>;
type Event<T extends LinkEvent['type']> = Extract<LinkEvent, { type: T }>;
type Row<N extends LinkName> = { [T in LinkEvent['type']]: (state: State<N>, event: Event<T>) => LinkState };

const stay = (state: LinkState): LinkState => state;
const idle = (): LinkState => ({ name: 'idle' });
const connecting = (_: LinkState, e: { at: number }): LinkState => ({ name: 'connecting', since: e.at });
const join = (_: LinkState, e: { at: number }): LinkState => ({ name: 'joining', since: e.at, lostSince: null });
const live = (_: LinkState, e: { at: number }): LinkState => ({ name: 'live', since: e.at });
const lost = (_: LinkState, e: Event<'dropped'>): LinkState => ({ name: 'lost', since: e.at, reason: e.reason });
const refused = (_: LinkState, e: Event<'refused'>): LinkState => ({ name: 'refused', since: e.at, problem: e.problem });
const reload = (_: LinkState, e: { at: number }): LinkState => ({ name: 'reload', since: e.at });
const signIn = (_: LinkState, e: { at: number }): LinkState => ({ name: 'signIn', since: e.at });

/** What may follow on what; every cell is written out, so that none is decided by accident. */
const table: { [N in LinkName]: Row<N> } = {
  idle: {
    open: connecting,
    connected: stay,
    joined: stay,
    rejoin: stay,
    dropped: stay,
    refused: stay,
    tooOld: stay,
    sessionEnded: stay,
    close: stay,
  },
  connecting: {
    open: stay,
    connected: join,
    joined: stay,
    rejoin: stay,
    dropped: lost,
    refused,
    tooOld: reload,
    sessionEnded: signIn,
    close: idle,
  },
  joining: {
    open: stay,
    connected: stay,
    joined: live,
    // Asked again while the answer is still out: the same wait goes on.
    rejoin: stay,
    dropped: (s, e) => ({ name: 'lost', since: s.lostSince ?? e.at, reason: e.reason }),
    refused,
    tooOld: reload,
    sessionEnded: signIn,
    close: idle,
  },
  live: {
    open: stay,
    connected: stay,
    joined: stay,
    rejoin: join,
    dropped: lost,
    refused,
    tooOld: reload,
    sessionEnded: signIn,
    close: idle,
  },
  lost: {
    open: stay,
    connected: (s, e) => ({ name: 'joining', since: e.at, lostSince: s.since }),
    // An answer that comes after its connection broke belongs to no picture we may trust.
    joined: stay,
    rejoin: stay,
    // Failed again: lost since the first time; only the reason is newer.
    dropped: (s, e) => ({ ...s, reason: e.reason }),
    refused,
    tooOld: reload,
    sessionEnded: signIn,
    close: idle,
  },
  refused: {
    open: connecting,
    connected: join,
    joined: stay,
    rejoin: stay,
    dropped: stay,
    refused: (s, e) => ({ ...s, problem: e.problem }),
    tooOld: reload,
    sessionEnded: signIn,
    close: idle,
  },
  reload: {
    open: stay,
    connected: stay,
    joined: stay,
    rejoin: stay,
    dropped: stay,
    refused: stay,
    tooOld: stay,
    sessionEnded: stay,
    close: idle,
  },
  signIn: {
    open: connecting,
    connected: stay,
    joined: stay,
    rejoin: stay,
    dropped: stay,
    refused,
    tooOld: reload,
    sessionEnded: stay,
    close: idle,
  },
};

export function next(state: LinkState, event: LinkEvent): LinkState {
  // The table pairs each name with the function for that name; the compiler cannot follow the pairing through an index.
  const move = table[state.name][event.type] as (state: LinkState, event: LinkEvent) => LinkState;
  return move(state, event);
}
