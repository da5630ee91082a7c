import { expect, test } from 'vitest';
import { rowsThatFit, stageOf } from './stage.ts';

test('one unit is the same both ways, and a wider wall has more units rather than larger ones', () => {
  expect(stageOf(1920, 1080)).toEqual({ unit: 1, width: 1920, height: 1080, form: 'standard' });
  expect(stageOf(3840, 2160)).toEqual({ unit: 2, width: 1920, height: 1080, form: 'standard' });
  expect(stageOf(3840, 1080)).toEqual({ unit: 1, width: 3840, height: 1080, form: 'wide' });
  expect(stageOf(7680, 2160)).toEqual({ unit: 2, width: 3840, height: 1080, form: 'wide' });
  const odd = stageOf(6656, 1792);
  expect([odd.form, odd.height, Math.round(odd.width)]).toEqual(['wide', 1080, 4011]);
  expect([stageOf(3440, 1440).form, stageOf(1600, 1200).form, stageOf(1080, 1920).form]).toEqual(['broad', 'standard', 'upright']);
  expect(stageOf(1080, 1920)).toMatchObject({ unit: 0.5625, width: 1920 });
});

test('only whole rows are shown', () => {
  expect([rowsThatFit(430, 86), rowsThatFit(429, 86), rowsThatFit(429.6, 86), rowsThatFit(0, 86), rowsThatFit(-5, 86)]).toEqual([5, 4, 5, 0, 0]);
});
