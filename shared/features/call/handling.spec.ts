import { expect, it } from 'vitest';
import { everywhere } from '../../access/access.ts';
import { handles } from './handling.ts';
import { stages, type Call } from './record.ts';
import { samples } from './samples.ts';

it('an open call is handled by the operator who logged it and by the unit whose it is, and by nobody else', () => {
  const [{ body }] = samples() as unknown as [{ body: Call }];
  const call: Call = { ...body, stage: 'dispatched', unit: 'health', operatorId: 'li' };
  const unit = (units: string[]): Parameters<typeof handles>[1] => ({ id: 'u', role: 'unit', scope: { units, localities: [] } });
  expect(handles(call, { id: 'li', role: 'operator', scope: everywhere })).toBe(true);
  expect(handles(call, { id: 'wang', role: 'operator', scope: everywhere })).toBe(false);
  expect(handles(call, { id: 'zhou', role: 'leader', scope: everywhere })).toBe(false);
  expect(handles(call, unit(['police', 'health']))).toBe(true);
  expect(handles(call, unit(['police']))).toBe(false);
  expect(handles({ ...call, unit: null }, unit(['health']))).toBe(false);
  // A unit's desk that once had the number of whoever logged it is still a unit's desk.
  expect(handles({ ...call, operatorId: 'u' }, unit(['police']))).toBe(false);
  const closed = stages.filter((stage) => !handles({ ...call, stage }, { id: 'li', role: 'operator', scope: everywhere }));
  expect(closed).toEqual(['calledBack', 'rated']);
});
