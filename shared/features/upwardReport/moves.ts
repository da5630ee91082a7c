import type { Role } from '../../access/access.ts';
import type { ReportState } from './record.ts';

/** Which role may take a report from where to where. `sent` is final: what was wrong is put right by a further report. */
export interface Move {
  from: ReportState;
  to: ReportState;
  roles: readonly Role[];
  needs: readonly 'reason'[];
}

const desk = ['operator', 'leader'] as const;
export const moves: readonly Move[] = [
  { from: 'draft', to: 'signed', roles: ['leader'], needs: [] },
  { from: 'draft', to: 'discarded', roles: desk, needs: ['reason'] },
  { from: 'signed', to: 'draft', roles: desk, needs: ['reason'] },
  { from: 'signed', to: 'sent', roles: desk, needs: [] },
];

export const movesFrom = (from: ReportState): Move[] => moves.filter((m) => m.from === from);
export const moveOf = (from: ReportState, to: ReportState): Move | undefined => moves.find((m) => m.from === from && m.to === to);

/** Still to be signed or sent. */
export const isOpen = (s: ReportState): boolean => s === 'draft' || s === 'signed';
