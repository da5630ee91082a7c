import { describe, expect, it } from 'vitest';
import { samples } from '../../../shared/features/call/samples.ts';
import type { Call } from '../../../shared/features/call/record.ts';
import type { Ring } from '../../../shared/features/ring/record.ts';
import { samples as ringSamples } from '../../../shared/features/ring/samples.ts';
import { byPressure, byWaiting, counts, pressureOf, type OpenCall } from './pressing.ts';

const base = samples()[0]?.body as Call;
const now = base.rung + 3_600_000;
let n = 0;
const missed = { ...ringSamples()[1]?.body } as Ring;
const rung = (id: string, ago: number): OpenCall => ({ id, ring: { ...missed, rung: now - ago } });
const call = (more: Partial<Call>): { id: string; call: Call } => {
  n++;
  return { id: String(n), call: { ...base, number: `20200205-${String(n).padStart(4, '0')}`, due: null, ...more } };
};

describe('the order of the open calls', () => {
  it('puts what is late longest first, then who was missed, then what falls due soonest, call-backs last', () => {
    const calls = {
      callBack: call({ stage: 'finished', stageSince: now - 9_000_000 }),
      soon: call({ due: now + 60_000 }),
      late: call({ due: now - 60_000 }),
      missed: call({ origin: 'missed', answered: null, stage: 'accepted', unit: null, due: now + 900_000 }),
      later: call({ due: now + 600_000 }),
      later2: call({ due: now + 600_000 }),
      longLate: call({ due: now - 600_000 }),
      answered: call({ stage: 'answered' }),
    };
    expect(byPressure(Object.values(calls), now).map((c) => Object.entries(calls).find(([, v]) => v === c)?.[0])).toEqual([
      'longLate',
      'late',
      'missed',
      'soon',
      'later',
      'later2',
      'answered',
      'callBack',
    ]);
    expect(counts(Object.values(calls), now)).toEqual({ late: 2, missed: 1, running: 3, waiting: 1, callBack: 1, paused: 0, merged: 0 });
  });

  it('counts a call late from the very moment it is due', () => {
    expect(pressureOf(call({ due: now }).call, now)).toBe('late');
    expect(pressureOf(call({ due: now + 1 }).call, now)).toBe('running');
  });

  it('whoever is to be called stands in one queue, the longest waiting first: missed rings, missed calls written down by hand, and those whose matter is closed', () => {
    const closed = call({ stage: 'finished', stageSince: now - 500_000 });
    const byHand = call({ origin: 'missed', answered: null, stage: 'dispatched', rung: now - 400_000, due: now - 1 });
    const calledBack = call({ origin: 'missed', answered: null, stage: 'dispatched', rung: now - 900_000, ring: 'r', due: now + 1 });
    const all = [call({ stage: 'inHand', due: now + 1 }), closed, calledBack, byHand, rung('a', 300_000), rung('b', 600_000)];
    expect(byWaiting(all).map((o) => o.id)).toEqual(['b', closed.id, byHand.id, 'a']);
    expect(byPressure(all, now).map((o) => o.id).slice(0, 3)).toEqual([byHand.id, 'b', 'a']);
    expect(pressureOf(calledBack.call, now)).toBe('running');
  });

  it('does not call a missed caller missed once somebody has taken it in hand', () => {
    expect(pressureOf(call({ origin: 'missed', answered: null, stage: 'inHand', due: now + 1 }).call, now)).toBe('running');
    expect(pressureOf(call({ origin: 'missed', answered: null, stage: 'answered' }).call, now)).toBe('waiting');
  });
});
