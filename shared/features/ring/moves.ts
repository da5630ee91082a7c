import type { Role } from '../../access/access.ts';
import type { CallBack } from './record.ts';

/** Who may take a call-back from where to where, and what must be filled in. Server, buttons and tests read this. */
export interface CallBackMove {
  from: CallBack;
  to: CallBack;
  roles: readonly Role[];
  needs: readonly 'reason'[];
}

const desk = ['operator', 'leader'] as const;

export const callBackMoves: readonly CallBackMove[] = [
  { from: 'owed', to: 'tried', roles: desk, needs: [] },
  { from: 'owed', to: 'reached', roles: desk, needs: [] },
  { from: 'owed', to: 'givenUp', roles: desk, needs: ['reason'] },
  { from: 'tried', to: 'tried', roles: desk, needs: [] },
  { from: 'tried', to: 'reached', roles: desk, needs: [] },
  { from: 'tried', to: 'givenUp', roles: desk, needs: ['reason'] },
  // Given up is no bar to somebody who tries once more.
  { from: 'givenUp', to: 'tried', roles: desk, needs: [] },
  { from: 'givenUp', to: 'reached', roles: desk, needs: [] },
];

export const callBackMovesFrom = (from: CallBack): CallBackMove[] => callBackMoves.filter((m) => m.from === from);

export const callBackMoveOf = (from: CallBack, to: CallBack): CallBackMove | undefined => callBackMoves.find((m) => m.from === from && m.to === to);
