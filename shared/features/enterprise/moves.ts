import type { Role } from '../../access/access.ts';
import type { Resumption } from './record.ts';

/** `reason`: words filled in now. `judged`: its risk has been judged, and its safety code is not red. */
export type ResumptionNeed = 'reason' | 'judged';

export interface ResumptionMove {
  from: Resumption;
  to: Resumption;
  roles: readonly Role[];
  needs: readonly ResumptionNeed[];
}

const both = ['enterprises', 'leader'] as const;

/**
 * The way back to work. The risk of every restart is judged before it is permitted (notice of February 2020), so a
 * permission asks for a judgement on record. Server, buttons and tests read this table.
 */
export const moves: readonly ResumptionMove[] = [
  { from: 'notResumed', to: 'applied', roles: both, needs: [] },
  { from: 'applied', to: 'underReview', roles: both, needs: [] },
  { from: 'applied', to: 'notResumed', roles: both, needs: ['reason'] },
  { from: 'underReview', to: 'permitted', roles: both, needs: ['judged'] },
  { from: 'underReview', to: 'notResumed', roles: both, needs: ['reason'] },
  { from: 'permitted', to: 'resumed', roles: both, needs: [] },
  { from: 'permitted', to: 'stopped', roles: both, needs: ['reason'] },
  { from: 'resumed', to: 'stopped', roles: both, needs: ['reason'] },
  { from: 'stopped', to: 'applied', roles: both, needs: [] },
  { from: 'stopped', to: 'resumed', roles: ['leader'], needs: ['reason', 'judged'] },
];

export const moveOf = (from: Resumption, to: Resumption): ResumptionMove | undefined => moves.find((m) => m.from === from && m.to === to);

export const movesFrom = (from: Resumption): ResumptionMove[] => moves.filter((m) => m.from === from);
