import type { Beat, EntryFrame, Joined, ViewFrame, WireRecord } from '../../shared/protocol/messages.ts';
import { step, type Position } from '../../shared/protocol/position.ts';

/**
 * Keeps a screen's picture in step with the record, or notices that it is not (rules 3, 6, 7, 11).
 *
 * Pure: what is received goes in, and out come the next state, the changes for the picture, and whether to join again.
 * What must hold:
 * - The picture only ever moves from one whole revision to the next one told; a frame is applied in full or not at all.
 * - Frames that arrive between asking to join and its answer are held, and those newer than the answer are applied after it.
 * - While a new join is out the old picture stays. Nothing is ever cleared: a snapshot replaces the picture in one change.
 * - Within an epoch the picture does not go back.
 * - `proved` is true only for a beat that the picture agrees with: freshness rests on nothing else.
 */
export interface Sync {
  board: string | null;
  phase: 'joining' | 'live';
  entries: Track | null;
  views: Track | null;
  held: Frame[];
  /** Snapshots in a row that were older than what is shown. */
  older: number;
}

/** Where one of the two streams stands. */
export interface Track {
  at: Position;
  /** Where the last frame or snapshot ended. Between it and `at` a beat has said that there was nothing for this room. */
  told: number;
  /** Time of the last view, which orders views that lead from a revision to itself. */
  time: number;
}

export type Frame = { type: 'entry'; frame: EntryFrame } | { type: 'view'; frame: ViewFrame };
export type Snapshot = Extract<Joined, { ok: true }>;
export type Received = Frame | { type: 'asked' } | { type: 'joined'; snapshot: Snapshot } | { type: 'beat'; beat: Beat };

export type Change =
  | { type: 'replace'; records: WireRecord[] | null; views: Record<string, unknown> | null }
  | { type: 'records'; puts: WireRecord[]; gone: [string, string][] }
  | { type: 'views'; views: Record<string, unknown> };

export type RejoinReason = 'gap' | 'otherEpoch' | 'missed' | 'told' | 'overflow' | 'older';

export interface Outcome {
  sync: Sync;
  changes: Change[];
  rejoin: RejoinReason | null;
  proved: boolean;
}

/** More than this between a question and its answer, and the answer would be old news anyway. */
export const HOLD = 2_000;
/**
 * A hub that is behind the picture is asked again this often before it is believed: two hubs differ by moments, while
 * one that insists holds another record than the one we saw, and a screen frozen for ever would help nobody.
 */
export const PATIENCE = 5;

export const unjoined: Sync = { board: null, phase: 'joining', entries: null, views: null, held: [], older: 0 };

export function receive(sync: Sync, received: Received): Outcome {
  switch (received.type) {
    case 'asked':
      return quiet({ ...sync, phase: 'joining', held: [] });
    case 'joined':
      return joined(sync, received.snapshot);
    case 'beat':
      return beat(sync, received.beat);
    case 'entry':
    case 'view':
      return frame(sync, received);
  }
}

const quiet = (sync: Sync): Outcome => ({ sync, changes: [], rejoin: null, proved: false });
const again = (sync: Sync, rejoin: RejoinReason): Outcome => ({ sync: { ...sync, phase: 'joining', held: [] }, changes: [], rejoin, proved: false });

const behind = (a: Position, b: Position): boolean => a.epoch < b.epoch || (a.epoch === b.epoch && a.revision < b.revision);

function joined(sync: Sync, s: Snapshot): Outcome {
  const track = (part: { at: Position } | null): Track | null => part && { at: part.at, told: part.at.revision, time: 0 };
  const fresh: Sync = { board: s.board.id, phase: 'live', entries: track(s.entries), views: track(s.views), held: [], older: 0 };
  // The answer's own beat says how far the hub is, beyond what concerned this room.
  const told = beat(fresh, s.beat);
  const old = sync.board === s.board.id && (older(told.sync.entries, sync.entries) || older(told.sync.views, sync.views));
  if (old && sync.older + 1 < PATIENCE) return again({ ...sync, older: sync.older + 1 }, 'older');

  let now = told.sync;
  const changes: Change[] = [{ type: 'replace', records: s.entries?.records ?? null, views: s.views?.views ?? null }];
  let rejoin = told.rejoin;
  for (const waiting of sync.held) {
    if (rejoin) break;
    const after = frame(now, waiting);
    changes.push(...after.changes);
    now = after.sync;
    rejoin = after.rejoin;
  }
  return { sync: now, changes, rejoin, proved: rejoin === null };
}

const older = (a: Track | null, than: Track | null): boolean => a !== null && than !== null && behind(a.at, than.at);

function frame(sync: Sync, f: Frame): Outcome {
  if (sync.phase === 'joining') {
    if (sync.held.length >= HOLD) return again(sync, 'overflow');
    return quiet({ ...sync, held: [...sync.held, f] });
  }
  const which = f.type === 'entry' ? 'entries' : 'views';
  const track = sync[which];
  if (track === null || f.frame.board !== sync.board) return quiet(sync);

  switch (decide(track, f)) {
    case 'ignore':
      return quiet(sync);
    case 'behind':
      return again(sync, 'gap');
    case 'otherEpoch':
      return again(sync, 'otherEpoch');
    case 'apply': {
      const moved: Track = {
        at: { epoch: track.at.epoch, revision: Math.max(track.at.revision, f.frame.to) },
        told: Math.max(track.told, f.frame.to),
        time: f.type === 'view' ? f.frame.at : track.time,
      };
      const change: Change =
        f.type === 'entry' ? { type: 'records', puts: f.frame.puts, gone: f.frame.gone } : { type: 'views', views: f.frame.views };
      return { sync: { ...sync, [which]: moved }, changes: [change], rejoin: null, proved: false };
    }
  }
}

/**
 * The shared rule, with one thing more that only a screen knows: a frame that begins where the last one ended is the
 * next one, even if a beat has since said that nothing lay between.
 */
function decide(track: Track, f: Frame): ReturnType<typeof step> {
  const rule = step(track.at, f.frame);
  const { from, to, epoch } = f.frame;
  if (rule === 'otherEpoch' || epoch !== track.at.epoch) return rule;
  if (f.type === 'view' && from === to) {
    if (from < track.told || f.frame.at < track.time) return 'ignore';
    return from <= track.at.revision ? 'apply' : 'behind';
  }
  if (from === to) return 'ignore';
  if (rule === 'behind' && from >= track.told && from < track.at.revision) return 'apply';
  return rule;
}

function beat(sync: Sync, b: Beat): Outcome {
  // Beats between a question and its answer say nothing about the old picture that is still shown.
  if (sync.phase === 'joining' || b.board !== sync.board) return quiet(sync);
  if (b.rejoin) return again(sync, 'told');
  let now = sync;
  for (const [which, sent] of [['entries', b.sentEntries], ['views', b.sentViews]] as const) {
    const track = now[which];
    if (track === null) continue;
    if (b.epoch < track.at.epoch) return quiet(sync);
    if (b.epoch > track.at.epoch) return again(sync, 'otherEpoch');
    if (track.at.revision < sent) return again(sync, 'missed');
    if (b.revision > track.at.revision) now = { ...now, [which]: { ...track, at: { ...track.at, revision: b.revision } } };
  }
  return { sync: now, changes: [], rejoin: null, proved: true };
}

/** The revision the whole screen shows: the lower of its two streams. */
export function shown(sync: Sync): Position | null {
  const { entries, views } = sync;
  if (entries === null || views === null) return entries?.at ?? views?.at ?? null;
  return behind(entries.at, views.at) ? entries.at : views.at;
}
