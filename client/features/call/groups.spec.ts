import { expect, test } from 'vitest';
import type { CallView } from '../../../shared/features/call/stats.ts';
import { callGroups, isFlood } from './groups.ts';

test('places come by how many are late, then by how many are open', () => {
  const view = { openBy: { '330102': 9, '330106': 40, '330212': 9, '330302': 1 }, lateBy: { '330102': 3, '330212': 3, '330302': 1 } };
  expect(callGroups(view).map((g) => g.id)).toEqual(['330102', '330212', '330302', '330106']);
});

test('a street’s calls are not counted a second time beside its county’s', () => {
  expect(callGroups({ openBy: { '330102': 5, '330102001': 3, '330106': 2 }, lateBy: {} }).map((g) => g.id)).toEqual(['330102', '330106']);
  // A district's own board: everything lies in one county, so its streets speak.
  expect(callGroups({ openBy: { '330102': 5, '330102001': 3, '330102002': 2 }, lateBy: { '330102002': 1 } })).toEqual([
    { id: '330102002', open: 2, late: 1 },
    { id: '330102001', open: 3, late: 0 },
  ]);
  expect(callGroups({ openBy: { '330102': 5 }, lateBy: {} })).toEqual([{ id: '330102', open: 5, late: 0 }]);
});

test('it is a flood once the lines cannot carry all that is late', () => {
  const view = (late: number | null, lines: number): CallView => ({ overdue: { value: late, asOf: 1 }, lines: Array.from({ length: lines }) }) as unknown as CallView;
  expect([isFlood(view(13, 12)), isFlood(view(12, 12)), isFlood(view(null, 12)), isFlood(view(0, 0))]).toEqual([true, false, false, false]);
});
