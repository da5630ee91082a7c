import { expect, test } from 'vitest';
import type { ShipmentView } from '../../../shared/features/shipment/stats.ts';
import { truckNumbers } from './trucks.ts';

test('a truck carries the place of its load in the list; a load without a position has no number', () => {
  const view = { lines: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], trucks: [{ id: 'c' }, { id: 'x' }, { id: 'a' }] } as unknown as ShipmentView;
  expect([...truckNumbers(view)]).toEqual([['a', 1], ['c', 3]]);
});
