import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../shared/time/clock.ts';
import { fakeHub, type FakeHub } from '../testing/fakeHub.ts';
import { memoryKeep, ownerOf, type Keep } from './keep.ts';
import { KEEP_SAVED, openOutbox, type Entry, type Outbox, type OutboxParts, type Tabs } from './outbox.ts';
import type { Transport } from './transport.ts';

const start = Date.UTC(2020, 1, 5, 14);
const DRAFT = '3f0c5a44-6f0e-4b43-9d0e-0f6a2b1c7d10';
let clock: ManualClock;
let hub: FakeHub;
let rows: Map<string, Entry>;
let opened: Outbox[];
let line: Transport;
const ended = vi.fn();
const tooOld = vi.fn();

/** Time as everything sees it: timers and clocks together. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(Math.min(50, left));
    await vi.advanceTimersByTimeAsync(Math.min(50, left));
  }
}

/** A line of its own to the hub, and what the outbox is told about it. */
async function connect(box: Outbox): Promise<void> {
  await new Promise<void>((resolve) => {
    line = hub.open({
      connected: () => {
        box.linkChanged('live');
        resolve();
      },
      disconnected: () => box.linkChanged('lost'),
      failed: () => resolve(),
      received: () => undefined,
    });
    line.connect();
  });
}

async function open(person = 'li', more: Partial<OutboxParts> = {}): Promise<Outbox> {
  const box = await openOutbox({
    owner: ownerOf('zj', person, 'operator'),
    board: 'zj',
    keep: memoryKeep(rows),
    clock,
    boardNow: () => clock.now(),
    carry: (message, timeout) => line.request('command', message, timeout),
    sessionEnded: ended,
    tooOld,
    random: () => 0.5,
    ...more,
  });
  opened.push(box);
  return box;
}

const states = (box: Outbox): string[] => box.entries.value.map((e) => e.state.name);
const keptStates = (): string[] => [...rows.values()].map((e) => e.state.name);

beforeEach(() => {
  vi.useFakeTimers();
  clock = new ManualClock(start);
  hub = fakeHub(clock);
  rows = new Map();
  opened = [];
  ended.mockClear();
  tooOld.mockClear();
  line = hub.open({ connected: () => undefined, disconnected: () => undefined, failed: () => undefined, received: () => undefined });
});

afterEach(() => {
  for (const box of opened) box.close();
  vi.useRealTimers();
});

describe('commands on their way [R4]', () => {
  it('sends and says what became of it', async () => {
    const box = await open();
    await connect(box);
    const entry = await box.send('call.log', { n: 1 }, { form: 'call', title: '来电' });
    expect(await box.settled(entry.key)).toMatchObject({ name: 'saved', epoch: 1, revision: 1, at: start });
    expect(hub.received[0]).toMatchObject({ type: 'call.log', board: 'zj', body: { n: 1 }, sent: start });
    await pass(100);
    expect(keptStates()).toEqual(['saved']);
  });

  it('keeps before it sends: nothing leaves while the write is under way', async () => {
    let finish = (): void => undefined;
    const real = memoryKeep(rows);
    const keep: Keep<Entry> = { ...real, add: (row) => new Promise<boolean>((resolve) => (finish = () => void real.add(row).then(resolve))) };
    const box = await open('li', { keep });
    await connect(box);
    const sending = box.send('call.log', { n: 1 });
    await pass(500);
    expect(hub.received).toHaveLength(0);
    finish();
    const entry = await sending;
    expect(keptStates()).toEqual(['waiting']);
    await box.settled(entry.key);
    expect(hub.received).toHaveLength(1);
  });

  it('waits without a line, survives a killed browser, and sends once', async () => {
    const first = await open();
    await first.send('call.log', { n: 1 });
    await first.send('call.log', { n: 2 });
    await pass(5_000);
    expect(states(first)).toEqual(['waiting', 'waiting']);
    expect(first.hold.value).toBe('link');
    first.close();

    const second = await open();
    await connect(second);
    await pass(1_000);
    expect(states(second)).toEqual(['saved', 'saved']);
    expect(hub.received.map((m) => m.body.n)).toEqual([1, 2]);
  });

  it('asks again under the same id, byte for byte, when the answer is lost', async () => {
    hub.script = ['loseAnswer'];
    const box = await open();
    await connect(box);
    const entry = await box.send('call.log', { n: 1, none: undefined });
    await pass(100);
    expect(states(box)).toEqual(['waiting']);
    clock.advance(60_000);
    await connect(box);
    await pass(1_000);
    expect(states(box)).toEqual(['saved']);
    expect(hub.received).toHaveLength(2);
    expect(JSON.stringify(hub.received[1])).toBe(JSON.stringify(hub.received[0]));
    expect(hub.stored.size).toBe(1);
    expect(await box.settled(entry.key)).toMatchObject({ revision: 1 });
  });

  it('asks again after a browser died between sending and the answer', async () => {
    hub.script = ['hang'];
    const first = await open();
    await connect(first);
    await first.send('call.log', { n: 1 });
    await pass(100);
    expect(states(first)).toEqual(['sending']);
    expect(keptStates()).toEqual(['waiting']);
    first.close();
    const second = await open();
    await connect(second);
    await pass(500);
    expect(states(second)).toEqual(['saved']);
    expect(new Set(hub.received.map((m) => m.id)).size).toBe(1);
  });

  it('keeps the order: the second is not sent before the first is answered', async () => {
    hub.script = [{ code: 'notReady', retryAfter: 2 }];
    const box = await open();
    await connect(box);
    await box.send('shipment.move', { n: 1 });
    await box.send('shipment.move', { n: 2 });
    await pass(1_500);
    expect(hub.received.map((m) => m.body.n)).toEqual([1]);
    expect(box.hold.value).toBe('retry');
    expect(box.entries.value[0]?.state).toMatchObject({ name: 'waiting', attempts: 1, problem: { code: 'notReady' } });
    await pass(1_500);
    expect(hub.received.map((m) => m.body.n)).toEqual([1, 1, 2]);
    expect(states(box)).toEqual(['saved', 'saved']);
  });

  it('lets the others pass when the hub fails over one again and again, and goes on trying', async () => {
    hub.script = [{ code: 'internal' }, { code: 'internal' }, { code: 'internal' }, { code: 'internal' }];
    const box = await open();
    await connect(box);
    await box.send('call.log', { n: 1 });
    await box.send('call.log', { n: 2 });
    await pass(60_000);
    expect(states(box)).toEqual(['saved', 'saved']);
    expect(hub.received.map((m) => m.body.n)).toEqual([1, 1, 1, 1, 2, 1]);
  });

  it('keeps a refused one on the list until somebody has seen to it', async () => {
    const problem = { code: 'inputRejected', fields: [{ path: 'topic', code: 'required' }] } as const;
    hub.script = [{ code: problem.code, fields: [...problem.fields] }];
    const box = await open();
    await connect(box);
    const bad = await box.send('call.log', { n: 1 }, { form: 'call' });
    const good = await box.send('call.log', { n: 2 });
    expect(await box.settled(bad.key)).toMatchObject({ name: 'refused', problem });
    expect(await box.settled(good.key)).toMatchObject({ name: 'saved' });
    await pass(KEEP_SAVED + 1_000);
    box.close();
    const later = await open();
    expect(states(later)).toEqual(['refused']);
    expect(await later.reopen(bad.key)).toMatchObject({ body: { n: 1 } });
    expect(later.entries.value).toEqual([]);
    expect(rows.size).toBe(0);
    expect(await later.reopen(bad.key)).toBeNull();
  }, 30_000);

  it('does not take away what has not been answered', async () => {
    const box = await open();
    const entry = await box.send('call.log', { n: 1 });
    await box.dismiss(entry.key);
    expect(states(box)).toEqual(['waiting']);
  });

  it('pauses at the end of the session and goes on when the same person is back', async () => {
    hub.script = [{ code: 'notSignedIn' }];
    const box = await open();
    await connect(box);
    await box.send('call.log', { n: 1 });
    await box.send('call.log', { n: 2 });
    await pass(20_000);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(hub.received).toHaveLength(1);
    expect(box.hold.value).toBe('signIn');
    box.linkChanged('lost');
    expect(box.hold.value).toBe('signIn');
    box.linkChanged('live');
    box.resume();
    await pass(500);
    expect(states(box)).toEqual(['saved', 'saved']);
  });

  it('waits for the new page when this one is too old', async () => {
    hub.script = [{ code: 'unknownCommand' }];
    const box = await open();
    await connect(box);
    await box.send('call.newThing', { n: 1 });
    await pass(20_000);
    expect(tooOld).toHaveBeenCalledTimes(1);
    expect(hub.received).toHaveLength(1);
    expect(keptStates()).toEqual(['waiting']);
  });

  it('belongs to one person: the next one at the desk neither sees nor sends it', async () => {
    const li = await open('li');
    await li.send('call.log', { n: 'li' });
    li.close();
    const wang = await open('wang');
    await connect(wang);
    await wang.send('call.log', { n: 'wang' });
    await pass(2_000);
    expect(wang.entries.value.map((e) => e.message.body.n)).toEqual(['wang']);
    expect(hub.received.map((m) => m.body.n)).toEqual(['wang']);
    wang.close();
    const back = await open('li');
    await connect(back);
    await pass(1_000);
    expect(hub.received.map((m) => m.body.n)).toEqual(['wang', 'li']);
  });

  it('takes saved ones off after a day', async () => {
    const box = await open();
    await connect(box);
    await box.settled((await box.send('call.log', { n: 1 })).key);
    await pass(100);
    box.close();
    clock.advance(KEEP_SAVED - 1_000);
    const next = await open();
    expect(states(next)).toEqual(['saved']);
    next.close();
    clock.advance(2_000);
    expect((await open()).entries.value).toEqual([]);
    expect(rows.size).toBe(0);
  });

  it('sends again after a restore what an earlier epoch had saved, when the person says so', async () => {
    const box = await open();
    await connect(box);
    const entry = await box.send('call.log', { n: 1 });
    await box.settled(entry.key);
    hub.newEpoch();
    await connect(box);
    expect(await box.sendAgain(1)).toBe(0);
    expect(await box.sendAgain(2)).toBe(1);
    await pass(500);
    expect(await box.settled(entry.key)).toMatchObject({ name: 'saved', epoch: 2, revision: 1 });
    expect(hub.stored.get(entry.key)?.message.body).toEqual({ n: 1 });
  });

  it('says so when the browser keeps nothing, and still sends', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const keep: Keep<Entry> = {
      all: () => Promise.reject(new Error('no storage')),
      put: () => Promise.reject(new Error('no storage')),
      add: () => Promise.reject(new Error('no storage')),
      remove: () => Promise.resolve(),
    };
    const box = await open('li', { keep });
    const entry = await box.send('call.log', { n: 1 });
    expect(entry.kept).toBe(false);
    await connect(box);
    expect(await box.settled(entry.key)).toMatchObject({ name: 'saved' });
    await pass(100);
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });

  describe('several tabs', () => {
    /** Tabs of one browser: a lock that is handed on, and a channel all hear. */
    function browser(): { tabs(): Tabs } {
      const queue: { lead(): void; signal: AbortSignal }[] = [];
      const listeners = new Set<() => void>();
      const handOn = (): void => queue[0]?.lead();
      return {
        tabs: () => {
          let mine: (() => void) | null = null;
          return {
            whenLeading(signal, lead) {
              const place = { lead, signal };
              queue.push(place);
              if (queue[0] === place) queueMicrotask(lead);
              signal.addEventListener('abort', () => {
                const first = queue[0] === place;
                queue.splice(queue.indexOf(place), 1);
                if (first) handOn();
              });
            },
            changed: () => listeners.forEach((l) => l !== mine && queueMicrotask(l)),
            onChanged(listen) {
              mine = listen;
              listeners.add(listen);
              return () => listeners.delete(listen);
            },
          };
        },
      };
    }

    it('one sends for all; every one sees what became of it; the next takes over', async () => {
      const b = browser();
      const one = await open('li', { tabs: b.tabs() });
      const two = await open('li', { tabs: b.tabs() });
      await connect(one);
      two.linkChanged('live');
      await pass(100);
      const entry = await two.send('call.log', { n: 1 });
      await pass(500);
      expect(hub.received).toHaveLength(1);
      expect(states(one)).toEqual(['saved']);
      expect(await two.settled(entry.key)).toMatchObject({ name: 'saved' });
      one.close();
      await two.send('call.log', { n: 2 });
      await pass(500);
      expect(hub.received.map((m) => m.body.n)).toEqual([1, 2]);
      expect(states(two)).toEqual(['saved', 'saved']);
    });

    it('one draft sent from both in one moment is one command, and both have its outcome', async () => {
      const b = browser();
      const one = await open('li', { tabs: b.tabs() });
      const two = await open('li', { tabs: b.tabs() });
      await connect(one);
      two.linkChanged('live');
      await pass(100);
      // The form of the second was filled in a little later: what the hub would refuse as another body under one id.
      const [first, second] = await Promise.all([one.send('call.log', { n: 1 }, { id: DRAFT }), two.send('call.log', { n: 2 }, { id: DRAFT })]);
      expect([first.key, second.key]).toEqual([DRAFT, DRAFT]);
      await pass(500);
      expect(hub.received.map((m) => m.body.n)).toEqual([1]);
      expect([...states(one), ...states(two)]).toEqual(['saved', 'saved']);
      expect(await two.settled(DRAFT)).toMatchObject({ name: 'saved', revision: 1 });
      // And hours later, from a tab nobody closed.
      expect((await two.send('call.log', { n: 1 }, { id: DRAFT })).state.name).toBe('saved');
      await pass(500);
      expect(hub.received).toHaveLength(1);
    });

    it('without locks both may send, and it is stored once', async () => {
      const one = await open();
      await one.send('call.log', { n: 1 });
      const two = await open();
      await connect(two);
      one.linkChanged('live');
      await pass(1_000);
      expect(hub.received.length).toBeGreaterThanOrEqual(1);
      expect(hub.stored.size).toBe(1);
      expect([...states(one), ...states(two)]).toEqual(['saved', 'saved']);
    });
  });
});
