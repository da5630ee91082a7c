import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watch } from 'vue';
import { ManualClock } from '../../shared/time/clock.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import { fakeHub, type FakeHub } from '../testing/fakeHub.ts';
import { useBoard } from './store.ts';
import { reloadWhenQuiet, RELOAD_REST } from './reload.ts';
import { newerAnswers } from './query.ts';

let clock: ManualClock;
let hub: FakeHub;
let board: ReturnType<typeof useBoard>;
/** The hub's beats go on once a second, as a real one's do, unless it is dead. */
let beating: boolean;

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(50);
    await vi.advanceTimersByTimeAsync(50);
    if (beating && clock.monotonic() % 1_000 === 0) hub.beat();
  }
}

const start = (): void => board.start({ transport: hub.open, entries: true, views: true, clock });
const views = (): Record<string, unknown> => board.views as Record<string, unknown>;
const ids = (): string[] => [...board.records('call').keys()].sort();

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
  hub = fakeHub(clock);
  board = useBoard();
  beating = true;
});

afterEach(() => {
  board.stop();
  vi.useRealTimers();
});

describe('a page joined to its board', () => {
  it('shows the picture it joined to, and every change after it', async () => {
    hub.put({ id: 'a' });
    hub.view({ call: { open: 1 } });
    start();
    await pass(100);
    expect(hub.joins).toEqual([{ protocol: PROTOCOL, entries: true, views: true }]);
    expect(board.link.name).toBe('live');
    expect(board.stale).toBe(false);
    expect(board.info?.id).toBe('zj');
    expect(ids()).toEqual(['a']);
    expect(views().call).toEqual({ open: 1 });
    hub.put({ id: 'b' });
    hub.put({ id: 'c', held: false });
    await pass(1_050);
    expect(ids()).toEqual(['a', 'b']);
    expect(board.at).toEqual({ epoch: 1, revision: 4 });
    hub.put({ id: 'b', held: false });
    hub.gone('call', 'a');
    await pass(50);
    expect(ids()).toEqual([]);
  });

  it('[R12] draws a burst as one update', async () => {
    start();
    await pass(100);
    const seen: number[] = [];
    const stop = watch(
      () => board.records('call').size,
      (size) => seen.push(size),
    );
    for (let n = 0; n < 200; n++) hub.put({ id: `r${n}` });
    await pass(50);
    expect(seen).toEqual([200]);
    stop();
  });

  it('[R7] says it is stale within five seconds of silence, keeps the picture, and comes back without a flash', async () => {
    hub.put({ id: 'a' });
    start();
    await pass(2_000);
    beating = false;
    hub.down = true;
    const died = clock.monotonic();
    let staleAt: number | null = null;
    const sizes: number[] = [];
    const stops = [
      watch(
        () => board.stale,
        (stale) => {
          if (stale) staleAt ??= clock.monotonic();
        },
        { flush: 'sync' },
      ),
      watch(
        () => board.records('call').size,
        (size) => sizes.push(size),
        { flush: 'sync' },
      ),
    ];
    await pass(6_500);
    // This test's time goes in steps of 50.
    expect((staleAt ?? Infinity) - died).toBeLessThanOrEqual(5_000);
    expect(board.link).toMatchObject({ name: 'lost' });
    expect(ids()).toEqual(['a']);
    hub.put({ id: 'b' }, { lost: true });
    beating = true;
    hub.down = false;
    await pass(4_000);
    expect(board.link.name).toBe('live');
    expect(board.stale).toBe(false);
    expect(ids()).toEqual(['a', 'b']);
    expect(sizes).toEqual([2]);
    for (const stop of stops) stop();
  });

  it('[R7] calls itself fresh again only together with the picture that proves it (found by faults)', async () => {
    hub.put({ id: 'a' });
    start();
    await pass(2_000);
    beating = false;
    hub.down = true;
    hub.cut();
    await pass(6_500);
    expect(board.stale).toBe(true);
    hub.put({ id: 'b' }, { lost: true });
    hub.view({ call: { open: 2 } }, { lost: true });
    const shown: unknown[] = [];
    const stop = watch(
      () => board.stale,
      (stale) => shown.push({ stale, ids: ids(), call: views().call, at: board.at?.revision }),
      { flush: 'sync' },
    );
    beating = true;
    hub.down = false;
    await pass(4_000);
    expect(shown).toEqual([{ stale: false, ids: ['a', 'b'], call: { open: 2 }, at: expect.any(Number) as number }]);
    expect(board.at?.revision).toBe((shown[0] as { at: number }).at);
    stop();
  });

  it('[R7] is stale when the hub lives but cannot prove itself against its database', async () => {
    start();
    await pass(1_000);
    const began = clock.monotonic();
    for (let s = 0; s < 7; s++) {
      await pass(1_000);
      hub.proven = clock.monotonic() - began;
    }
    expect(board.link.name).toBe('live');
    expect(board.stale).toBe(true);
    hub.proven = 0;
    await pass(1_000);
    expect(board.stale).toBe(false);
  });

  it('[R6] asks again when a frame was lost; at the next frame or the next beat; and shows the old picture meanwhile', async () => {
    start();
    await pass(100);
    hub.put({ id: 'a' }, { lost: true });
    hub.holdJoins = true;
    hub.put({ id: 'b' });
    await pass(100);
    expect(board.link.name).toBe('joining');
    expect(ids()).toEqual([]);
    hub.put({ id: 'c' });
    await pass(100);
    hub.answerJoins();
    await pass(100);
    expect(ids()).toEqual(['a', 'b', 'c']);
    expect(board.link.name).toBe('live');

    hub.view({ call: 7 }, { lost: true });
    await pass(2_000);
    expect(views().call).toBe(7);
    expect(hub.joins.length).toBe(3);
  });

  it('[R7] does not take beats for proof while a missed frame is still being asked for', async () => {
    start();
    await pass(1_000);
    hub.holdJoins = true;
    hub.put({ id: 'a' }, { lost: true });
    hub.put({ id: 'b' });
    await pass(6_000);
    expect(board.stale).toBe(true);
  });

  it('[R3] takes the picture of a new epoch', async () => {
    hub.put({ id: 'a' });
    start();
    await pass(1_000);
    hub.newEpoch();
    await pass(3_000);
    hub.put({ id: 'n' });
    await pass(4_000);
    expect(board.at).toMatchObject({ epoch: 2 });
    expect(ids()).toEqual(['n']);
  });

  it('comes back by itself after the hub was away for long, at most some seconds after it is back', async () => {
    start();
    await pass(1_000);
    hub.down = true;
    hub.cut();
    await pass(10 * 60_000);
    expect(board.link).toMatchObject({ name: 'lost', reason: 'unreachable' });
    hub.down = false;
    await pass(4_000);
    expect(board.link.name).toBe('live');
    expect(hub.lines()).toBe(1);
  }, 30_000);

  it('stops at the end of the session, keeps the picture, and goes on after it', async () => {
    hub.put({ id: 'a' });
    start();
    await pass(1_000);
    hub.turnAway = { code: 'notSignedIn' };
    hub.cut();
    await pass(20_000);
    expect(board.link.name).toBe('signIn');
    expect(ids()).toEqual(['a']);
    const tries = hub.joins.length;
    hub.turnAway = null;
    board.resume();
    await pass(500);
    expect(board.link.name).toBe('live');
    expect(hub.joins.length).toBe(tries + 1);
  });

  it('says what the hub refuses, and asks again now and then', async () => {
    hub.refuseJoin = { code: 'notAllowed' };
    start();
    await pass(1_000);
    expect(board.link).toMatchObject({ name: 'refused', problem: { code: 'notAllowed' } });
    await pass(60_000);
    expect(hub.joins.length).toBeLessThanOrEqual(6);
    hub.refuseJoin = null;
    await pass(20_000);
    expect(board.link.name).toBe('live');
  });

  it('waits as long as it is told when the hub is not ready', async () => {
    hub.refuseJoin = { code: 'notReady', retryAfter: 5 };
    start();
    await pass(4_500);
    expect(hub.joins).toHaveLength(1);
    hub.refuseJoin = null;
    await pass(1_500);
    expect(board.link.name).toBe('live');
  });

  it('[R17] knows when it is older than the hub, and asks for nothing more', async () => {
    hub.refuseJoin = { code: 'upgradeNeeded' };
    start();
    await pass(30_000);
    expect(board.link.name).toBe('reload');
    expect(hub.joins).toHaveLength(1);
  });

  it('applies nothing of a frame it cannot read', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    hub.put({ id: 'a' });
    start();
    await pass(1_000);
    for (const event of ['board:entry', 'board:view', 'board:beat'] as const) hub.garble(event);
    await pass(1_000);
    expect(ids()).toEqual(['a']);
    expect(board.link.name).toBe('live');
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });

  it('[R7] is stale when the page slept, until its next beat', async () => {
    start();
    await pass(1_100);
    clock.advance(30_000);
    await vi.advanceTimersByTimeAsync(300);
    expect(board.stale).toBe(true);
    await pass(1_100);
    expect(board.stale).toBe(false);
  });

  it('begins with nothing for the next person', async () => {
    hub.put({ id: 'a' });
    hub.view({ call: 1 });
    start();
    await pass(100);
    board.stop();
    expect(ids()).toEqual([]);
    expect(board.info).toBeNull();
    expect(views()).toEqual({});
    expect(hub.lines()).toBe(0);
  });

  it('tells those who ask which records a frame touched', async () => {
    start();
    await pass(100);
    const touched: (string | null)[] = [];
    const stop = board.onTouch((kind, id) => touched.push(kind && `${kind}/${id}`));
    hub.put({ id: 'a' });
    hub.gone('call', 'a');
    await pass(50);
    stop();
    hub.put({ id: 'b' });
    await pass(50);
    expect(touched).toEqual(['call/a', 'call/a']);
  });

  it('asks, and says the hub is not ready when there is none', async () => {
    const query = { name: 'list', board: 'zj', kind: 'call', q: '', where: {}, sort: 'newest', limit: 50 } as const;
    expect(await board.ask({ ...query, where: {} })).toEqual({ ok: false, error: { code: 'notReady' } });
    start();
    await pass(100);
    expect(await board.ask({ ...query, where: {} })).toMatchObject({ ok: true, total: 0 });
  });
});

describe('answers to queries', () => {
  it('a late one never undoes a newer one, whichever order they come in', () => {
    const order = newerAnswers();
    const first = order.ask();
    const second = order.ask();
    expect(order.takes(second, { epoch: 1, revision: 12 })).toBe(true);
    expect(order.takes(first, { epoch: 1, revision: 11 })).toBe(false);
    const third = order.ask();
    expect(order.takes(third, { epoch: 1, revision: 11 })).toBe(false);
    expect(order.takes(order.ask(), { epoch: 2, revision: 1 })).toBe(true);
  });

  it('those of another question do not count', () => {
    const order = newerAnswers();
    const old = order.ask();
    order.reset();
    expect(order.takes(old, { epoch: 1, revision: 99 })).toBe(false);
    expect(order.takes(order.ask(), { epoch: 1, revision: 5 })).toBe(true);
  });
});

describe('a page that is too old', () => {
  function parts(): { clock: ManualClock; storage: Pick<Storage, 'getItem' | 'setItem'>; quiet: () => boolean; reload: ReturnType<typeof vi.fn<() => void>> } {
    const kept = new Map<string, string>();
    return {
      clock,
      storage: { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => void kept.set(k, v) },
      quiet: () => true,
      reload: vi.fn<() => void>(),
    };
  }

  it('loads itself again at a quiet moment, and not in circles', async () => {
    let quiet = false;
    const p = { ...parts(), quiet: () => quiet };
    reloadWhenQuiet(p);
    await pass(5_000);
    expect(p.reload).not.toHaveBeenCalled();
    quiet = true;
    await pass(1_500);
    expect(p.reload).toHaveBeenCalledTimes(1);
    const callOff = reloadWhenQuiet(p);
    await pass(60_000);
    expect(p.reload).toHaveBeenCalledTimes(1);
    await pass(RELOAD_REST);
    expect(p.reload).toHaveBeenCalledTimes(2);
    callOff();
  });

  it('can be called off', async () => {
    let quiet = false;
    const p = { ...parts(), quiet: () => quiet };
    const callOff = reloadWhenQuiet(p);
    callOff();
    quiet = true;
    await pass(5_000);
    expect(p.reload).not.toHaveBeenCalled();
  });
});
