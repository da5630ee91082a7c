import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, ref, type App, type Ref } from 'vue';
import type { QueryMessage, QueryResult, WireRecord } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { useList, useRecord, type LiveList, type LiveRecord } from './query.ts';
import { fakeHub, type FakeHub } from '../testing/fakeHub.ts';
import { useBoard } from './store.ts';

let clock: ManualClock;
let hub: FakeHub;
let app: App;
let asked: QueryMessage[];
let answer: (query: QueryMessage) => QueryResult;
let revision: number;

const record = (id: string): WireRecord => ({ kind: 'call', id, version: 1, revision: 1, held: false, body: {} });
const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(50);
    await vi.advanceTimersByTimeAsync(50);
  }
};

beforeEach(async () => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
  hub = fakeHub(clock);
  asked = [];
  revision = 5;
  hub.onQuery = (query) => {
    asked.push(query);
    return answer(query);
  };
  useBoard().start({ transport: hub.open, entries: true, views: true, clock });
  await pass(100);
});
afterEach(() => {
  app.unmount();
  useBoard().stop();
  vi.useRealTimers();
});
function on<T>(use: () => T): T {
  let live!: T;
  app = createApp({ setup: () => ((live = use()), () => null) });
  app.mount(document.createElement('div'));
  return live;
}

const fifty = (query: QueryMessage): QueryResult => {
  const from = 'after' in query ? Number(query.after ?? 0) : 0;
  const q = 'q' in query ? query.q : '';
  return { ok: true, at: { epoch: 1, revision }, records: Array.from({ length: 50 }, (_, i) => record(`${q}${from + i}`)), total: 120, next: String(from + 50) };
};

it('a list asks again for as many pages as it shows, and for one of another question', async () => {
  answer = fifty;
  const words = ref('a');
  const list: LiveList = on(() => useList('call', () => ({ q: words.value })));
  await pass(100);
  expect([list.records.value.length, list.total.value, list.hasMore.value, asked.length]).toEqual([50, 120, true, 1]);
  await Promise.all([list.more(), pass(100)]);
  expect([list.records.value.length, asked.length]).toEqual([100, 3]);
  list.refresh();
  await pass(100);
  expect([list.records.value.length, asked.length]).toEqual([100, 5]);
  words.value = 'b';
  await pass(100);
  expect([list.records.value.length, list.records.value[0]?.id, asked.length]).toEqual([50, 'b0', 6]);
});

it('a hub that is behind what is shown changes nothing, and is asked again', async () => {
  answer = fifty;
  const list: LiveList = on(() => useList('call', {}));
  await pass(100);
  const shown = list.records.value;
  revision = 4;
  list.refresh();
  await pass(100);
  expect([list.records.value === shown, asked.length]).toEqual([true, 2]);
  revision = 6;
  await pass(1_100);
  expect([list.at.value?.revision, list.records.value === shown, asked.length]).toEqual([6, false, 3]);
});

it('a record that is gone from this scope is not shown any longer; what only failed leaves it standing', async () => {
  answer = () => ({ ok: true, at: { epoch: 1, revision }, record: record('c1') });
  const id: Ref<string | null> = ref('c1');
  const live: LiveRecord = on(() => useRecord('call', id));
  await pass(100);
  expect(live.record.value?.id).toBe('c1');
  answer = () => ({ ok: false, error: { code: 'notReady', retryAfter: 1 } });
  live.refresh();
  await pass(100);
  expect([live.record.value?.id, live.problem.value?.code]).toEqual(['c1', 'notReady']);
  answer = () => ({ ok: false, error: { code: 'notFound' } });
  live.refresh();
  await pass(100);
  expect([live.record.value, live.problem.value?.code, live.loading.value]).toEqual([null, 'notFound', false]);
  // No record at all asks nothing.
  const before = asked.length;
  id.value = null;
  await pass(2_000);
  expect([asked.length, live.problem.value]).toEqual([before, null]);
});
