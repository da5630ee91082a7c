import { createApp, defineComponent, h, nextTick, reactive } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reading } from '../../shared/features/feature.ts';
import { createWords } from './i18n.ts';
import { figureWords } from './figureWords.ts';
import Figure from './Figure.vue';
import { provideGlance, SETTLE, type Glance, type Proof } from './glance.ts';

const NOW = Date.UTC(2020, 1, 5, 14, 41, 10);
const board = (): Proof => reactive({ info: { zone: 'Asia/Shanghai' }, now: NOW, speed: 1, stale: false, age: 0 });

function mount(proof: Proof, readings: { reading: Reading | undefined; because?: string }): { root: HTMLElement; glance: Glance; stop(): void } {
  const root = document.createElement('div');
  let glance: Glance | null = null;
  const app = createApp(
    defineComponent(() => {
      glance = provideGlance(proof);
      return () => h(Figure, { reading: readings.reading, because: readings.because, label: '未办结', staleAfter: 60_000, ageingAfter: 10_000, tone: 'red' });
    }),
  );
  app.use(createWords({ figure: figureWords }, 'zh'));
  app.mount(root);
  return { root, glance: glance as unknown as Glance, stop: () => app.unmount() };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('in silence the picture’s time stands at its last proof, whatever the clock and the board’s speed do', async () => {
  const proof = board();
  proof.speed = 60;
  const { glance, stop } = mount(proof, { reading: undefined });
  Object.assign(proof, { now: NOW + 60_000, age: 1_000 });
  expect(glance.shown.value).toBe(NOW + 60_000);
  // Six seconds without proof, at sixty times.
  Object.assign(proof, { stale: true });
  Object.assign(proof, { now: NOW + 360_000, age: 6_000 });
  await nextTick();
  expect(glance.shown.value).toBe(NOW);
  Object.assign(proof, { age: Infinity, now: NOW + 900_000 });
  expect(glance.shown.value).toBe(NOW);
  Object.assign(proof, { stale: false, age: 0 });
  expect(glance.shown.value).toBe(NOW + 900_000);
  stop();
});

test('an unknown says why in the screen’s own words where it knows more, but never while nothing has come', async () => {
  const readings = reactive({ reading: { value: null, asOf: NOW, why: 'tooFew' } as Reading | undefined, because: '12 通均为补录' });
  const { root, stop } = mount(board(), readings);
  expect(root.querySelector('.figure')?.textContent).toBe('未办结12 通均为补录');
  expect(root.querySelector('.figure-unknown')?.getAttribute('aria-label')).toBe('12 通均为补录');
  readings.reading = undefined;
  await nextTick();
  expect(root.querySelector('.figure')?.textContent).toBe('未办结等待数据');
  stop();
});

test('value, zero, unknown and old look different on the figure itself', async () => {
  const proof = board();
  const readings: { reading: Reading | undefined } = reactive({ reading: { value: 1_342, asOf: NOW } });
  const { root, stop } = mount(proof, readings);
  const figure = (): Element => root.querySelector('.figure')!;
  const at = async (reading: Reading | undefined): Promise<string> => {
    readings.reading = reading;
    await nextTick();
    return `${['red', 'value', 'zero', 'unknown', 'fresh', 'ageing', 'stale'].filter((c) => figure().classList.contains(c)).join(' ')}: ${figure().textContent}`;
  };
  expect(await at({ value: 1_342, asOf: NOW })).toBe('red value fresh: 未办结1,342');
  expect(await at({ value: 0, asOf: NOW })).toBe('zero fresh: 未办结0');
  expect(await at({ value: null, asOf: null, why: 'notCounted' })).toBe('unknown fresh: 未办结未盘点');
  expect(await at({ value: 5, asOf: NOW - 20_000 })).toBe('red value ageing: 未办结520 秒前的数');
  expect(await at({ value: 5, asOf: NOW - 120_000 })).toBe('red value stale: 未办结52 分前的数');
  expect(await at(undefined)).toBe('unknown fresh: 未办结等待数据');
  proof.stale = true;
  expect(await at({ value: 5, asOf: NOW })).toBe('red value stale: 未办结5');
  stop();
});

test('what changed is highlighted; what came with the picture, or came back with it, is not', async () => {
  const proof = board();
  const readings: { reading: Reading | undefined } = reactive({ reading: { value: 1, asOf: NOW } });
  const { root, stop } = mount(proof, readings);
  const lit = async (value: number): Promise<number> => {
    readings.reading = { value, asOf: NOW };
    await nextTick();
    return root.querySelectorAll('.changed').length;
  };
  expect(await lit(2)).toBe(0);
  vi.advanceTimersByTime(SETTLE);
  expect(await lit(2)).toBe(0);
  expect(await lit(3)).toBe(1);
  stop();

  const again = mount(proof, readings);
  vi.advanceTimersByTime(SETTLE);
  proof.stale = true;
  await nextTick();
  proof.stale = false;
  readings.reading = { value: 9, asOf: NOW };
  await nextTick();
  expect(again.root.querySelectorAll('.changed').length).toBe(0);
  again.stop();
});
