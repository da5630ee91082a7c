import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reactive } from 'vue';
import type { ListFilter } from '../../../shared/protocol/filters.ts';
import { mountAtDesk, type Mounted } from '../../testing/desk.ts';
import SavedFilters from './SavedFilters.vue';
import { empty } from './findState.ts';

const MINE = { id: '0b0e1c6e-0099-4000-8000-000000000001', name: '一周物资', filter: { ...empty, where: { topic: ['supplies'] }, last: 7 } };
let at: Mounted | null = null;
let chosen: ListFilter[];
/** Requests that wait for their answer. */
let asked: ((reply: Response | Error) => void)[];
const filters = (): Response => new Response(JSON.stringify({ filters: [MINE] }));

beforeEach(() => {
  vi.useFakeTimers();
  chosen = [];
  asked = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((done, fail) => asked.push((reply) => (reply instanceof Error ? fail(reply) : done(reply)))));
});
afterEach(() => {
  at?.stop();
  at = null;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
async function opened(): Promise<{ filter: ListFilter }> {
  const props = reactive({ kind: 'call', filter: empty as ListFilter, onChoose: (f: ListFilter) => chosen.push(f) });
  at = await mountAtDesk(SavedFilters, props);
  return props;
}
const pass = async (ms: number): Promise<void> => at?.pass(ms);

it('a filter’s key pressed before the filters are there is heard when they come, the last one alone and once', async () => {
  await opened();
  at?.key('Alt+3');
  at?.key('Alt+1');
  await pass(2_000);
  expect(chosen).toEqual([]);
  asked[0]?.(filters());
  await pass(100);
  expect(chosen).toEqual([MINE.filter]);
  expect(asked).toHaveLength(1);
  at?.key('Alt+1');
  // There is no such one.
  at?.key('Alt+2');
  expect(chosen).toHaveLength(2);
});

it('not after a few seconds, nor when something else was chosen meanwhile', async () => {
  const first = await opened();
  at?.key('Alt+1');
  await pass(5_050);
  asked[0]?.(filters());
  await pass(100);
  expect(chosen).toEqual([]);
  expect(first.filter).toEqual(empty);
  at?.stop();

  asked = [];
  const second = await opened();
  at?.key('Alt+1');
  second.filter = { ...empty, where: { stage: ['accepted'] } };
  await pass(100);
  asked[0]?.(filters());
  await pass(100);
  expect(chosen).toEqual([]);
});

it('where they could not be read, the press asks anew', async () => {
  await opened();
  asked[0]?.(new Error('away'));
  await pass(100);
  at?.key('Alt+1');
  await pass(100);
  expect(asked).toHaveLength(2);
  asked[1]?.(filters());
  await pass(100);
  expect(chosen).toEqual([MINE.filter]);
});
