import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, type App } from 'vue';
import type { QueryMessage, QueryResult, WireRecord } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { fakeHub, type FakeHub } from '../testing/fakeHub.ts';
import { usePages, type LivePages } from './pages.ts';
import { useBoard } from './store.ts';

const ALL = 1_000;
let clock: ManualClock;
let hub: FakeHub;
let app: App;
let pages: LivePages;
let asked: QueryMessage[];
/** While it is above nought, questions are refused, one each. */
let refusals: number;

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(50);
    await vi.advanceTimersByTimeAsync(50);
    if (clock.monotonic() % 1_000 === 0) hub.beat();
  }
}
const record = (n: number): WireRecord => ({ kind: 'call', id: `c${n}`, version: 1, revision: 1, held: false, body: { n } });
function answer(query: QueryMessage): QueryResult {
  asked.push(query);
  if (query.name !== 'list') throw new Error(query.name);
  if (refusals > 0) {
    refusals -= 1;
    return { ok: false, error: { code: 'tooMany', retryAfter: 1 } };
  }
  const from = query.after === undefined ? 0 : Number(query.after);
  const to = Math.min(ALL, from + (query.limit ?? 50));
  return { ok: true, at: { epoch: 1, revision: 1 }, records: Array.from({ length: to - from }, (_, i) => record(from + i)), total: ALL, next: to < ALL ? String(to) : null } as QueryResult;
}

beforeEach(async () => {
  vi.useFakeTimers();
  const pinia = createPinia();
  setActivePinia(pinia);
  clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
  hub = fakeHub(clock);
  hub.onQuery = answer;
  asked = [];
  refusals = 0;
  useBoard().start({ transport: hub.open, entries: true, views: true, clock });
  await pass(100);
  app = createApp({ setup: () => ((pages = usePages('call', {})), () => null) }).use(pinia);
  app.mount(document.createElement('div'));
  await pass(100);
});
afterEach(() => {
  app.unmount();
  useBoard().stop();
  vi.useRealTimers();
});

it('reads ahead of what is looked at, and no further', async () => {
  const ahead = pages.count.value;
  expect(ahead).toBeGreaterThan(300);
  expect(ahead).toBeLessThan(ALL);
  pages.look(ahead - 20, ahead - 1);
  await pass(100);
  expect(pages.count.value).toBeGreaterThan(ahead + 200);
  expect(pages.rowAt(ahead)?.record.id).toBe(`c${ahead}`);
});

it('told to wait it waits, however much is scrolled meanwhile, and then goes on to the last row by itself', async () => {
  refusals = 1;
  const [had, before] = [pages.count.value, asked.length];
  for (let i = 18; i > 0; i--) {
    pages.look(had - 20 - i, had - i);
    await pass(50);
    expect(asked.length, `${i}`).toBe(before + 1);
  }
  expect(pages.problem.value).toMatchObject({ code: 'tooMany' });
  await pass(200);
  expect(pages.problem.value).toBeNull();
  expect(pages.count.value).toBeGreaterThan(had);
  for (let seen = 0; !pages.whole.value && seen < 30; seen++) {
    pages.look(pages.count.value - 20, pages.count.value - 1);
    await pass(50);
  }
  expect(pages.count.value).toBe(ALL);
});
