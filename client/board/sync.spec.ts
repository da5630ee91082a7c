import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Beat, EntryFrame, ViewFrame, WireRecord } from '../../shared/protocol/messages.ts';
import { HOLD, PATIENCE, receive, shown, unjoined, type Change, type Outcome, type Received, type Snapshot, type Sync } from './sync.ts';

const board = { id: 'zj', name: { zh: '', en: '' }, zone: 'Asia/Shanghai', exercise: false };
const record = (id: string, revision: number, held = true): WireRecord => ({ kind: 'call', id, version: revision, revision, held, body: { n: revision } });
const beat = (revision: number, more: Partial<Beat> = {}): Beat => ({
  board: 'zj',
  epoch: 1,
  revision,
  sentEntries: revision,
  sentViews: revision,
  proven: 0,
  now: 0,
  speed: 1,
  ...more,
});
const snapshot = (revision: number, records: WireRecord[] = [], more: { epoch?: number; beat?: Partial<Beat>; views?: Record<string, unknown> } = {}): Snapshot => ({
  ok: true,
  hub: { id: 'h', build: 'b' },
  board,
  entries: { at: { epoch: more.epoch ?? 1, revision }, records },
  views: { at: { epoch: more.epoch ?? 1, revision }, views: more.views ?? {} },
  beat: beat(revision, { epoch: more.epoch ?? 1, ...more.beat }),
});
const entry = (from: number, to: number, more: Partial<EntryFrame> = {}): Received => ({
  type: 'entry',
  frame: { board: 'zj', epoch: 1, from, to, puts: [record(`r${to}`, to)], gone: [], ...more },
});
const view = (from: number, to: number, more: Partial<ViewFrame> = {}): Received => ({
  type: 'view',
  frame: { board: 'zj', epoch: 1, from, to, at: to, views: { call: to }, ...more },
});

const live = (revision: number): Sync => receive(unjoined, { type: 'joined', snapshot: snapshot(revision) }).sync;
const all = (sync: Sync, ...received: Received[]): Outcome & { rejoins: string[] } => {
  const rejoins: string[] = [];
  const changes: Change[] = [];
  let out: Outcome = { sync, changes: [], rejoin: null, proved: false };
  for (const r of received) {
    out = receive(out.sync, r);
    changes.push(...out.changes);
    if (out.rejoin) rejoins.push(out.rejoin);
  }
  return { ...out, changes, rejoins };
};

describe('a screen in step with the record', () => {
  it('[R5] applies the next, ignores the older, asks again for the later', () => {
    expect(receive(live(10), entry(10, 11)).changes).toHaveLength(1);
    expect(receive(live(10), entry(8, 9))).toMatchObject({ changes: [], rejoin: null });
    expect(receive(live(10), entry(12, 13))).toMatchObject({ changes: [], rejoin: 'gap' });
    expect(receive(live(10), entry(8, 12))).toMatchObject({ changes: [], rejoin: 'gap' });
  });

  it('[R3] joins again in another epoch and ignores what is left of an older one', () => {
    expect(receive(live(10), entry(10, 11, { epoch: 2 })).rejoin).toBe('otherEpoch');
    expect(receive(live(10), { type: 'beat', beat: beat(3, { epoch: 2 }) }).rejoin).toBe('otherEpoch');
    const second = receive(unjoined, { type: 'joined', snapshot: snapshot(5, [], { epoch: 2 }) }).sync;
    expect(receive(second, entry(5, 6))).toMatchObject({ changes: [], rejoin: null });
    expect(receive(second, { type: 'beat', beat: beat(5) })).toMatchObject({ rejoin: null, proved: false });
  });

  it('[R6] holds what arrives before the answer and applies only what is newer than it', () => {
    const out = all(unjoined, { type: 'asked' }, entry(9, 10), entry(10, 11), view(10, 11), { type: 'joined', snapshot: snapshot(10) });
    expect(out.rejoins).toEqual([]);
    expect(out.changes.map((c) => c.type)).toEqual(['replace', 'records', 'views']);
    expect(shown(out.sync)).toEqual({ epoch: 1, revision: 11 });
  });

  it('[R6] asks again when what it held does not continue the answer', () => {
    const out = all(unjoined, { type: 'asked' }, entry(12, 13), { type: 'joined', snapshot: snapshot(10) });
    expect(out.rejoins).toEqual(['gap']);
    expect(out.changes.map((c) => c.type)).toEqual(['replace']);
  });

  it('[R6] never clears the picture: until the new one is whole, nothing changes', () => {
    const out = all(live(10), entry(12, 13), { type: 'asked' }, entry(13, 14), view(13, 14), { type: 'beat', beat: beat(14) });
    expect(out.changes).toEqual([]);
    expect(shown(out.sync)).toEqual({ epoch: 1, revision: 10 });
    const after = receive(out.sync, { type: 'joined', snapshot: snapshot(13) });
    expect(after.changes[0]?.type).toBe('replace');
    expect(shown(after.sync)).toEqual({ epoch: 1, revision: 14 });
  });

  it('[R7] a beat moves on a screen that had nothing to hear, and finds one that missed something', () => {
    const moved = receive(live(10), { type: 'beat', beat: beat(15, { sentEntries: 10, sentViews: 10 }) });
    expect(moved).toMatchObject({ rejoin: null, proved: true });
    expect(shown(moved.sync)).toEqual({ epoch: 1, revision: 15 });
    expect(receive(live(10), { type: 'beat', beat: beat(15, { sentEntries: 12, sentViews: 10 }) })).toMatchObject({ rejoin: 'missed', proved: false });
    expect(receive(live(10), { type: 'beat', beat: beat(15, { sentEntries: 10, sentViews: 12 }) })).toMatchObject({ rejoin: 'missed', proved: false });
  });

  it('takes the frame after such a beat, whether it counts from there or from the last frame', () => {
    for (const from of [10, 12, 15]) {
      const moved = receive(live(10), { type: 'beat', beat: beat(15, { sentEntries: 10, sentViews: 10 }) }).sync;
      const out = receive(moved, entry(from, 16));
      expect(out).toMatchObject({ rejoin: null });
      expect(out.changes).toHaveLength(1);
    }
    const moved = receive(live(10), { type: 'beat', beat: beat(15, { sentEntries: 10, sentViews: 10 }) }).sync;
    expect(receive(moved, entry(9, 16)).rejoin).toBe('gap');
  });

  it('[R7] a beat proves nothing while the picture is being asked for', () => {
    const out = all(live(10), entry(12, 13), { type: 'beat', beat: beat(13) });
    expect(out.proved).toBe(false);
    expect(all(unjoined, { type: 'beat', beat: beat(13) }).proved).toBe(false);
  });

  it('[R11] joins again when told', () => {
    expect(receive(live(10), { type: 'beat', beat: beat(10, { rejoin: true }) })).toMatchObject({ rejoin: 'told', proved: false });
  });

  it('takes figures that time alone changed, in their order', () => {
    const later = receive(live(10), view(10, 10, { at: 100, views: { call: 'later' } }));
    expect(later.changes).toHaveLength(1);
    expect(receive(later.sync, view(10, 10, { at: 50, views: { call: 'earlier' } })).changes).toEqual([]);
    const moved = receive(live(10), { type: 'beat', beat: beat(12, { sentEntries: 10, sentViews: 10 }) }).sync;
    expect(receive(moved, view(10, 10, { at: 100 })).changes).toHaveLength(1);
    expect(receive(live(10), view(12, 12)).rejoin).toBe('gap');
  });

  it('ignores another board', () => {
    expect(receive(live(10), entry(12, 13, { board: 'other' }))).toMatchObject({ changes: [], rejoin: null });
    expect(receive(live(10), { type: 'beat', beat: beat(20, { board: 'other', sentEntries: 20 }) })).toMatchObject({ rejoin: null, proved: false });
  });

  it('does not go back within an epoch, but does not freeze for ever before a hub that insists', () => {
    let sync = live(10);
    for (let n = 1; n < PATIENCE; n++) {
      const out = all(sync, { type: 'asked' }, { type: 'joined', snapshot: snapshot(7) });
      expect(out.rejoins).toEqual(['older']);
      expect(out.changes).toEqual([]);
      expect(shown(out.sync)).toEqual({ epoch: 1, revision: 10 });
      sync = out.sync;
    }
    const out = all(sync, { type: 'asked' }, { type: 'joined', snapshot: snapshot(7) });
    expect(out.rejoins).toEqual([]);
    expect(shown(out.sync)).toEqual({ epoch: 1, revision: 7 });
  });

  it('reads the answer’s own beat: a room that had nothing to hear is not an older picture', () => {
    const moved = receive(live(10), { type: 'beat', beat: beat(15, { sentEntries: 10, sentViews: 10 }) }).sync;
    const out = all(moved, { type: 'asked' }, { type: 'joined', snapshot: snapshot(10, [], { beat: { revision: 16, sentEntries: 10, sentViews: 10 } }) });
    expect(out.rejoins).toEqual([]);
    expect(shown(out.sync)).toEqual({ epoch: 1, revision: 16 });
  });

  it('gives up holding when the answer takes too long', () => {
    let out = receive(unjoined, { type: 'asked' });
    for (let n = 0; n < HOLD; n++) out = receive(out.sync, entry(n, n + 1));
    expect(out.rejoin).toBeNull();
    expect(receive(out.sync, entry(HOLD, HOLD + 1)).rejoin).toBe('overflow');
  });
});

/**
 * An independent model: the record as a list of changes, told to a room in frames of several, some of which concern
 * nobody here. Whatever happens to the frames, a screen ends equal to the model or asking to join again; and it never
 * shows, at any revision it claims, anything but the model of that revision.
 */
describe('any loss, repeat or reorder of frames', () => {
  interface World {
    /** The room's records after each revision. */
    states: Map<string, number>[];
    frames: { from: number; to: number; puts: WireRecord[]; gone: [string, string][] }[];
  }

  const changes = fc.array(fc.record({ id: fc.integer({ min: 0, max: 5 }), act: fc.constantFrom('put', 'put', 'gone', 'elsewhere') }), { minLength: 1, maxLength: 40 });
  const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 40, maxLength: 40 });

  function world(list: { id: number; act: string }[], sizes: number[]): World {
    const states = [new Map<string, number>()];
    const frames: World['frames'] = [];
    let open: World['frames'][number] = { from: 0, to: 0, puts: [], gone: [] };
    let size = 0;
    for (const [i, { id, act }] of list.entries()) {
      const revision = i + 1;
      const key = `r${id}`;
      const state = new Map(states[i]);
      if (act === 'put') {
        state.set(key, revision);
        open.puts = [...open.puts.filter((p) => p.id !== key), record(key, revision)];
        open.gone = open.gone.filter(([, g]) => g !== key);
      } else if (act === 'gone' && state.delete(key)) {
        open.puts = open.puts.filter((p) => p.id !== key);
        open.gone.push(['call', key]);
      }
      states.push(state);
      open.to = revision;
      if (++size >= (sizes[frames.length % sizes.length] ?? 1) || revision === list.length) {
        // A frame with nothing in it is not sent; the next one begins where the last one ended.
        if (open.puts.length + open.gone.length > 0 || revision === list.length) {
          frames.push(open);
          open = { from: revision, to: revision, puts: [], gone: [] };
        }
        size = 0;
      }
    }
    return { states, frames };
  }

  const apply = (picture: Map<string, number>, list: Change[]): Map<string, number> => {
    let now = picture;
    for (const c of list) {
      if (c.type === 'replace') now = new Map((c.records ?? []).map((r) => [r.id, r.revision]));
      if (c.type === 'records') {
        now = new Map(now);
        for (const p of c.puts) now.set(p.id, p.revision);
        for (const [, id] of c.gone) now.delete(id);
      }
    }
    return now;
  };

  const entryOf = (f: World['frames'][number]): Received => ({ type: 'entry', frame: { board: 'zj', epoch: 1, ...f } });

  it('ends equal to the record or asks to join again', () => {
    const mess = fc.array(fc.record({ take: fc.nat(), act: fc.constantFrom('deliver', 'deliver', 'deliver', 'drop', 'repeat', 'swap', 'beat', 'rejoin') }), { maxLength: 80 });
    fc.assert(
      fc.property(changes, cuts, fc.nat(), mess, (list, sizes, start, acts) => {
        const { states, frames } = world(list, sizes);
        const first = start % (frames.length + 1);
        const begin = first === 0 ? 0 : (frames[first - 1]?.to ?? 0);
        const snap = (revision: number): Snapshot => ({
          ...snapshot(revision, [...(states[revision] ?? new Map<string, number>())].map(([id, r]) => record(id, r))),
          views: null,
        });
        const joined = receive(unjoined, { type: 'joined', snapshot: snap(begin) });
        let sync = joined.sync;
        let picture = apply(new Map(), joined.changes);
        let asking = false;
        let cursor = first;
        let head = begin;

        const take = (r: Received): void => {
          const out = receive(sync, r);
          sync = out.sync;
          picture = apply(picture, out.changes);
          if (out.rejoin) asking = true;
          const at = sync.entries?.at.revision ?? 0;
          // What it shows is the record at the revision it claims, always.
          if (!asking) expect([...picture].sort()).toEqual([...(states[at] ?? [])].sort());
        };

        for (const { take: n, act } of acts) {
          const frame = frames[cursor];
          switch (act) {
            case 'deliver':
              if (frame) take(entryOf(frame));
              if (frame) head = frame.to;
              cursor++;
              break;
            case 'drop':
              if (frame) head = frame.to;
              cursor++;
              break;
            case 'repeat': {
              const old = frames[n % Math.max(1, Math.min(cursor, frames.length))];
              if (old && cursor > 0) take(entryOf(old));
              break;
            }
            case 'swap': {
              const after = frames[cursor + 1];
              if (frame && after) {
                take(entryOf(after));
                take(entryOf(frame));
                head = after.to;
                cursor += 2;
              }
              break;
            }
            case 'beat':
              take({ type: 'beat', beat: beat(head, { sentEntries: head }) });
              break;
            case 'rejoin':
              take({ type: 'asked' });
              take({ type: 'joined', snapshot: snap(head) });
              asking = false;
          }
        }
        // At the end a beat: whoever missed something knows it now.
        take({ type: 'beat', beat: beat(head, { sentEntries: head }) });
        if (asking) {
          take({ type: 'asked' });
          asking = false;
          take({ type: 'joined', snapshot: snap(head) });
        }
        expect(asking).toBe(false);
        expect(sync.entries?.at.revision).toBe(head);
        expect([...picture].sort()).toEqual([...(states[head] ?? [])].sort());
      }),
      { numRuns: 400 },
    );
  });

  it('a lost frame is always noticed by the next frame or beat', () => {
    fc.assert(
      fc.property(changes, cuts, fc.nat(), (list, sizes, n) => {
        const { frames } = world(list, sizes);
        const lost = n % frames.length;
        let sync = receive(unjoined, { type: 'joined', snapshot: { ...snapshot(0), views: null } }).sync;
        let noticed = false;
        for (const [i, f] of frames.entries()) {
          if (i === lost) continue;
          const out = receive(sync, entryOf(f));
          sync = out.sync;
          noticed ||= out.rejoin !== null;
          if (i === lost + 1) expect(noticed).toBe(true);
        }
        const last = frames.at(-1)?.to ?? 0;
        noticed ||= receive(sync, { type: 'beat', beat: beat(last) }).rejoin !== null;
        expect(noticed).toBe(true);
      }),
    );
  });
});
