import type { Role } from '../../access/access.ts';
import type { Standing } from './record.ts';

export const needNames = ['report', 'reason'] as const;
export type Need = (typeof needNames)[number];

/** Who may take an order from where to where, and what must be filled in. Server, buttons and tests read this. */
export interface Move {
  from: Standing;
  to: Standing;
  roles: readonly Role[];
  needs: readonly Need[];
  /** The clock: stops, stands still, or begins anew. */
  clock?: 'stop' | 'pause' | 'anew';
  /** May go to another unit. */
  unit?: true;
}

/** The unit at its desk, or a leader who was told by telephone. */
const unit = ['unit', 'leader'] as const;
const leader = ['leader'] as const;

export const moves: readonly Move[] = [
  { from: 'given', to: 'accepted', roles: unit, needs: [] },
  { from: 'given', to: 'sentBack', roles: unit, needs: ['reason'], clock: 'pause' },
  { from: 'accepted', to: 'reported', roles: unit, needs: ['report'] },
  { from: 'accepted', to: 'finished', roles: unit, needs: ['report'], clock: 'stop' },
  { from: 'accepted', to: 'sentBack', roles: unit, needs: ['reason'], clock: 'pause' },
  { from: 'reported', to: 'reported', roles: unit, needs: ['report'] },
  { from: 'reported', to: 'finished', roles: unit, needs: ['report'], clock: 'stop' },
  { from: 'finished', to: 'verified', roles: leader, needs: [] },
  { from: 'finished', to: 'accepted', roles: leader, needs: ['reason'], clock: 'anew' },
  { from: 'verified', to: 'accepted', roles: leader, needs: ['reason'], clock: 'anew' },
  { from: 'sentBack', to: 'given', roles: leader, needs: ['reason'], clock: 'anew', unit: true },
  { from: 'given', to: 'cancelled', roles: leader, needs: ['reason'], clock: 'stop' },
  { from: 'accepted', to: 'cancelled', roles: leader, needs: ['reason'], clock: 'stop' },
  { from: 'reported', to: 'cancelled', roles: leader, needs: ['reason'], clock: 'stop' },
  { from: 'sentBack', to: 'cancelled', roles: leader, needs: ['reason'], clock: 'stop' },
];

export const movesFrom = (from: Standing): Move[] => moves.filter((m) => m.from === from);
export const moveOf = (from: Standing, to: Standing): Move | undefined => moves.find((m) => m.from === from && m.to === to);

/** The unit still has it to do. */
export const isUnderWay = (s: Standing): boolean => s === 'given' || s === 'accepted' || s === 'reported';
/** Open until it was verified or called off. */
export const isOpen = (s: Standing): boolean => s !== 'verified' && s !== 'cancelled';
