import type { Role } from '../../access/access.ts';
import type { Standing } from './record.ts';

/** What must be there after a move: given with it, or already on the record; a reason is given each time. */
export type Need = 'grade' | 'lead' | 'reason';

/** Which role may take an incident from where to where, and what must be filled in. Server, buttons and tests read this. */
export interface Move {
  from: Standing;
  to: Standing;
  roles: readonly Role[];
  needs: readonly Need[];
}

const desk = ['operator', 'leader'] as const;
const leader = ['leader'] as const;
export const moves: readonly Move[] = [
  { from: 'reported', to: 'confirmed', roles: leader, needs: ['grade'] },
  { from: 'reported', to: 'dismissed', roles: leader, needs: ['reason'] },
  { from: 'confirmed', to: 'inResponse', roles: desk, needs: ['lead'] },
  { from: 'confirmed', to: 'underControl', roles: desk, needs: ['reason'] },
  { from: 'confirmed', to: 'dismissed', roles: leader, needs: ['reason'] },
  { from: 'inResponse', to: 'underControl', roles: desk, needs: ['reason'] },
  { from: 'underControl', to: 'closed', roles: leader, needs: ['reason'] },
  // It flared up again, or was closed or dismissed too soon.
  { from: 'underControl', to: 'inResponse', roles: desk, needs: ['lead', 'reason'] },
  { from: 'closed', to: 'inResponse', roles: leader, needs: ['lead', 'reason'] },
  { from: 'dismissed', to: 'reported', roles: leader, needs: ['reason'] },
];

export const movesFrom = (from: Standing): Move[] => moves.filter((m) => m.from === from);
export const moveOf = (from: Standing, to: Standing): Move | undefined => moves.find((m) => m.from === from && m.to === to);

/** Somebody still has something to do. */
export const isOpen = (s: Standing): boolean => s !== 'closed' && s !== 'dismissed';

/** It was no incident: nobody owes a report of it, and what was owed is owed no longer. */
export const isDismissed = (s: Standing): boolean => s === 'dismissed';
