import { expect, it } from 'vitest';
import type { Shipment } from '../../../shared/features/shipment/record.ts';
import { byPressing, standingOf } from './standing.ts';

const NOW = Date.UTC(2020, 1, 5, 18, 0);
const MINUTE = 60_000;
const load = (id: string, more: Partial<Shipment>): { id: string; body: Shipment } => ({
  id,
  body: { state: 'onTheWay', stateSince: NOW - 60 * MINUTE, silentSince: null, eta: null, arrivePlanned: null, departPlanned: null, announced: NOW - 90 * MINUTE, ...more } as Shipment,
});

it('a silent truck is silent before it is late; one nobody set a time for is neither', () => {
  const past = { at: NOW - MINUTE, plusMinus: 5 };
  expect(standingOf(load('a', { silentSince: NOW - 40 * MINUTE, eta: past }).body, NOW)).toBe('silent');
  expect(standingOf(load('a', { eta: past }).body, NOW)).toBe('late');
  expect(standingOf(load('a', { eta: { at: NOW + MINUTE, plusMinus: 5 }, arrivePlanned: NOW - MINUTE }).body, NOW)).toBe('moving');
  expect(standingOf(load('a', {}).body, NOW)).toBe('moving');
  expect(standingOf(load('a', { state: 'arrived', eta: past }).body, NOW)).toBe('yard');
  expect(standingOf(load('a', { state: 'cancelled' }).body, NOW)).toBe('closed');
});

it('what presses most comes first, and of the same sort the one that waits longest', () => {
  const all = [
    load('planned', { state: 'planned', departPlanned: NOW + MINUTE }),
    load('later', { eta: { at: NOW + 60 * MINUTE, plusMinus: 5 } }),
    load('sooner', { eta: { at: NOW + 10 * MINUTE, plusMinus: 5 } }),
    load('no time', {}),
    load('yard new', { state: 'arrived', stateSince: NOW - MINUTE }),
    load('yard old', { state: 'counted', stateSince: NOW - 30 * MINUTE }),
    load('late', { arrivePlanned: NOW - MINUTE }),
    load('silent', { silentSince: NOW - 31 * MINUTE }),
  ];
  expect(byPressing(all, NOW).map((l) => l.id)).toEqual(['silent', 'late', 'yard old', 'yard new', 'sooner', 'later', 'no time', 'planned']);
});
