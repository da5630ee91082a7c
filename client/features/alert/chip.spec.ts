import { expect, it } from 'vitest';
import type { AlertLevel } from '../../../shared/features/rule/record.ts';
import { chipSays } from './chip.ts';

const says = (fresh: number, acknowledged: number, acting: number, shelved: number, loudest: AlertLevel | null = null): string =>
  chipSays({ fresh: { value: fresh, asOf: 1 }, acknowledged: { value: acknowledged, asOf: 1 }, acting: { value: acting, asOf: 1 }, shelved: { value: shelved, asOf: 1 }, loudest })
    .map(({ key, n }) => `${key} ${n}`)
    .join(', ');

it('a desk says no alerts only where the wall shows none', () => {
  expect(says(0, 0, 0, 0)).toBe('none 0');
  expect(says(0, 1, 2, 0)).toBe('taken 3');
  expect(says(0, 0, 1, 2)).toBe('taken 1, shelved 2');
  expect(says(0, 0, 0, 2)).toBe('onlyShelved 2');
});

it('what nobody has comes first', () => {
  expect(says(2, 1, 8, 2, 'critical')).toBe('some 2, shelved 2');
  expect(says(1, 0, 0, 0, 'low')).toBe('some 1');
});
