import type { Role } from '../../access/access.ts';
import { alertLevels, type AlertLevel } from '../rule/record.ts';
import type { AlertState } from './record.ts';

/** Which role may take an alert from where to where, and what must be said. Server, buttons and tests read this. */
export interface AlertMove {
  from: AlertState;
  to: AlertState;
  roles: readonly Role[];
  needs: readonly ('intends' | 'until' | 'reason')[];
}

const desk = ['operator', 'leader'] as const;
const leader = ['leader'] as const;

export const moves: readonly AlertMove[] = [
  { from: 'new', to: 'acknowledged', roles: desk, needs: ['intends', 'until'] },
  { from: 'new', to: 'acting', roles: desk, needs: ['intends', 'until'] },
  { from: 'new', to: 'shelved', roles: leader, needs: ['until', 'reason'] },
  { from: 'new', to: 'cleared', roles: desk, needs: ['reason'] },
  { from: 'acknowledged', to: 'acting', roles: desk, needs: ['intends', 'until'] },
  // Said again with a new end, before the first runs out.
  { from: 'acknowledged', to: 'acknowledged', roles: desk, needs: ['intends', 'until'] },
  { from: 'acknowledged', to: 'shelved', roles: leader, needs: ['until', 'reason'] },
  { from: 'acknowledged', to: 'cleared', roles: desk, needs: ['reason'] },
  { from: 'acting', to: 'acting', roles: desk, needs: ['intends', 'until'] },
  { from: 'acting', to: 'shelved', roles: leader, needs: ['until', 'reason'] },
  { from: 'acting', to: 'cleared', roles: desk, needs: ['reason'] },
  { from: 'shelved', to: 'acknowledged', roles: desk, needs: ['intends', 'until'] },
  { from: 'shelved', to: 'cleared', roles: desk, needs: ['reason'] },
];

export const movesFrom = (from: AlertState, role?: Role): AlertMove[] => moves.filter((m) => m.from === from && (role === undefined || m.roles.includes(role)));

export const moveOf = (from: AlertState, to: AlertState): AlertMove | undefined => moves.find((m) => m.from === from && m.to === to);

/** Not over yet: counted on every wall, shelved or not. */
export const stands = (state: AlertState): boolean => state !== 'cleared';

/** Highest first, then the one that has stood longest. */
export const byLevel = (a: { level: AlertLevel; raised: number }, b: { level: AlertLevel; raised: number }): number => alertLevels.indexOf(a.level) - alertLevels.indexOf(b.level) || a.raised - b.raised;
