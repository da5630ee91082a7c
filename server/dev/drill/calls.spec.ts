import { expect, test } from 'vitest';
import { EARS } from '../../../shared/features/call/ears.ts';
import { HOUR } from '../../../shared/time/zone.ts';
import { SCENARIO_START } from '../../boards.ts';
import { Random } from '../random.ts';
import { madeCalls, type MadeCall } from './calls.ts';

const made = (seed: number): MadeCall[] => madeCalls(new Random(seed), SCENARIO_START - 2 * HOUR, SCENARIO_START + 12 * HOUR, () => 3, ['330102003', '330102004'], ['330106', '330212'], { at: SCENARIO_START, locality: '330106' });

test('the same night from the same seed, in order of ringing', () => {
  const night = made(7);
  expect(night.map((c) => c.at)).toEqual(night.map((c) => c.at).toSorted((a, b) => a - b));
  expect(made(7)).toEqual(night);
});

test.each([1, 7, 2020, 65_537])('soon after it begins enough people of one county ring about one matter for early warning to see, seed %i', (seed) => {
  const first = made(seed).filter((c) => c.topic === 'hazard' && c.locality === '330106' && c.at >= SCENARIO_START && c.at < SCENARIO_START + 4 * 60_000);
  expect(first.length).toBeGreaterThanOrEqual(EARS.leastCount);
});
