import type { Role } from '../../access/access.ts';
import type { Stage } from './record.ts';

/** Which role may take a call from where to where, and what must be filled in. Server, buttons and tests read this. */
export interface Move {
  from: Stage;
  to: Stage;
  roles: readonly Role[];
  needs: readonly ('unit' | 'reply' | 'reason' | 'rating')[];
}

const desk = ['operator', 'leader'] as const;

export const moves: readonly Move[] = [
  { from: 'accepted', to: 'dispatched', roles: desk, needs: ['unit'] },
  { from: 'accepted', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'accepted', to: 'urged', roles: ['leader'], needs: ['unit'] },
  { from: 'dispatched', to: 'inHand', roles: desk, needs: [] },
  { from: 'dispatched', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'dispatched', to: 'sentBack', roles: desk, needs: ['reason'] },
  { from: 'dispatched', to: 'urged', roles: ['leader'], needs: [] },
  { from: 'sentBack', to: 'dispatched', roles: desk, needs: ['unit'] },
  { from: 'sentBack', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'inHand', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'inHand', to: 'sentBack', roles: desk, needs: ['reason'] },
  { from: 'inHand', to: 'urged', roles: ['leader'], needs: [] },
  { from: 'urged', to: 'inHand', roles: desk, needs: [] },
  { from: 'urged', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'urged', to: 'sentBack', roles: desk, needs: ['reason'] },
  { from: 'answered', to: 'finished', roles: desk, needs: [] },
  { from: 'answered', to: 'inHand', roles: desk, needs: ['reason'] },
  { from: 'finished', to: 'calledBack', roles: desk, needs: [] },
  { from: 'finished', to: 'inHand', roles: desk, needs: ['reason'] },
  { from: 'calledBack', to: 'rated', roles: desk, needs: ['rating'] },
  { from: 'calledBack', to: 'inHand', roles: desk, needs: ['reason'] },
];

export const movesFrom = (from: Stage): Move[] => moves.filter((m) => m.from === from);

export const moveOf = (from: Stage, to: Stage): Move | undefined => moves.find((m) => m.from === from && m.to === to);

/** The clock runs until the caller has an answer. */
export const clockRuns = (stage: Stage): boolean => ['accepted', 'dispatched', 'inHand', 'urged', 'sentBack'].includes(stage);

/** Open until the caller has been called back. */
export const isOpen = (stage: Stage): boolean => stage !== 'calledBack' && stage !== 'rated';
