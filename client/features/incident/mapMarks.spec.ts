import { expect, test } from 'vitest';
import type { IncidentView } from '../../../shared/features/incident/stats.ts';
import { marksOf } from '../mapMarks.ts';

const view = (openBy: Record<string, number>, gravestBy?: IncidentView['gravestBy']): IncidentView => ({ openBy, ...(gravestBy && { gravestBy }) }) as unknown as IncidentView;

test('one mark a county, shaped as the gravest there, the gravest first', () => {
  const marks = marksOf({ incident: view({ '330102': 1, '330211': 3, '330302': 1 }, { '330102': 'IV', '330211': 'I', '330302': 'none' }) });
  expect(marks.map((m) => [m.code, m.shape, m.count])).toEqual([
    ['330211', 'triangle', 3],
    ['330102', 'bar', 1],
    ['330302', 'ring', 1],
  ]);
});

test('nothing open, nothing marked; of a grade a hub does not say nothing is made up', () => {
  expect(marksOf({})).toEqual([]);
  expect(marksOf({ incident: view({}, {}) })).toEqual([]);
  expect(marksOf({ incident: view({ '330211': 2 }) })).toMatchObject([{ shape: 'ring', count: 2 }]);
});
