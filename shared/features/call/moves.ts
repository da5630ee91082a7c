import type { Role } from '../../access/access.ts';
import type { Stage } from './record.ts';

export const needNames = ['unit', 'reply', 'reason', 'rating', 'into'] as const;
export type Need = (typeof needNames)[number];

/** Which role may take a call from where to where, and what must be filled in. Server, buttons and tests read this. */
export interface Move {
  from: Stage;
  to: Stage;
  roles: readonly (Role | 'system')[];
  needs: readonly Need[];
  /** May be given though it need not be. */
  may?: readonly Need[];
  /** The command that takes it there; left out: `call.move`. */
  by?: 'call.merge' | 'call.unmerge' | 'call.follow';
}

/** The hotline, and a leader. */
const desk = ['operator', 'leader'] as const;
/** The unit at its own desk, or the hotline where the unit was heard by telephone. */
const unit = ['operator', 'leader', 'unit'] as const;
const leader = ['leader'] as const;

/** The caller has no answer yet. */
const unanswered = ['accepted', 'dispatched', 'inHand', 'urged', 'sentBack'] as const satisfies readonly Stage[];

export const moves: readonly Move[] = [
  { from: 'accepted', to: 'dispatched', roles: desk, needs: ['unit'] },
  { from: 'accepted', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'accepted', to: 'urged', roles: leader, needs: ['unit'] },
  { from: 'dispatched', to: 'inHand', roles: unit, needs: [] },
  { from: 'dispatched', to: 'answered', roles: unit, needs: ['reply'] },
  { from: 'dispatched', to: 'sentBack', roles: unit, needs: ['reason'] },
  { from: 'dispatched', to: 'urged', roles: leader, needs: [] },
  { from: 'sentBack', to: 'dispatched', roles: desk, needs: ['unit'] },
  { from: 'sentBack', to: 'answered', roles: desk, needs: ['reply'] },
  { from: 'inHand', to: 'answered', roles: unit, needs: ['reply'] },
  { from: 'inHand', to: 'sentBack', roles: unit, needs: ['reason'] },
  { from: 'inHand', to: 'urged', roles: leader, needs: [] },
  { from: 'urged', to: 'inHand', roles: unit, needs: [] },
  { from: 'urged', to: 'answered', roles: unit, needs: ['reply'] },
  { from: 'urged', to: 'sentBack', roles: unit, needs: ['reason'] },
  { from: 'answered', to: 'finished', roles: desk, needs: [] },
  { from: 'answered', to: 'inHand', roles: desk, needs: ['reason'], may: ['unit'] },
  { from: 'finished', to: 'calledBack', roles: desk, needs: [] },
  { from: 'finished', to: 'inHand', roles: desk, needs: ['reason'], may: ['unit'] },
  { from: 'calledBack', to: 'rated', roles: desk, needs: ['rating'] },
  { from: 'calledBack', to: 'inHand', roles: desk, needs: ['reason'], may: ['unit'] },
  { from: 'rated', to: 'inHand', roles: desk, needs: ['reason'], may: ['unit'] },
  // Followed under an earlier call, and back to where it was; with the earlier one finished it is owed a call-back too.
  ...unanswered.map((from): Move => ({ from, to: 'merged', roles: desk, needs: ['into'], may: ['reason'], by: 'call.merge' })),
  ...unanswered.map((to): Move => ({ from: 'merged', to, roles: desk, needs: ['into', 'reason'], by: 'call.unmerge' })),
  ...unanswered.map((to): Move => ({ from: 'finished', to, roles: desk, needs: ['into', 'reason'], by: 'call.unmerge' })),
  { from: 'merged', to: 'finished', roles: ['system'], needs: [], by: 'call.follow' },
  { from: 'finished', to: 'merged', roles: ['system'], needs: [], by: 'call.follow' },
];

/** What `call.move` asks for: all but the call another is merged into. */
export type Asked = Exclude<Need, 'into'>;
export interface Step extends Move {
  needs: readonly Asked[];
  may?: readonly Asked[];
}
export const movesFrom = (from: Stage): Step[] => moves.filter((m): m is Step => m.from === from && m.by === undefined);

/** By `call.move`, or by the command named. */
export const moveOf = (from: Stage, to: Stage, by?: Move['by']): Move | undefined => moves.find((m) => m.from === from && m.to === to && m.by === by);

/** A unit has it to do. */
const unitsTurn = ['dispatched', 'inHand', 'urged'] as const satisfies readonly Stage[];

/**
 * What is done to a call where it stands, and leads nowhere: by whom, and in which stages. A unit acts while it has the call to
 * do, and not on one it has sent back. Server, buttons and tests read this too.
 */
export const acts = {
  /** 催办: the unit that has it is pressed for an answer; where no unit has it there is nobody to press. */
  urge: { operator: unitsTurn, leader: unitsTurn },
  pause: { operator: unanswered, leader: unanswered, unit: unitsTurn },
  resume: { operator: unanswered, leader: unanswered, unit: unitsTurn },
  ask: { operator: unanswered, leader: unanswered, unit: unitsTurn },
  extend: { leader: unanswered },
} as const satisfies Record<string, Partial<Record<Role, readonly Stage[]>>>;
export type Act = keyof typeof acts;
export const actNames = Object.keys(acts) as Act[];
export const rolesOf = (act: Act): Role[] => Object.keys(acts[act]) as Role[];
export const mayAct = (act: Act, role: Role | 'system', stage: Stage): boolean => (acts[act] as Partial<Record<Role | 'system', readonly Stage[]>>)[role]?.includes(stage) ?? false;

/** The clock runs until the caller has an answer. */
export const clockRuns = (stage: Stage): boolean => (unanswered as readonly Stage[]).includes(stage);

export const isUnitsTurn = (stage: Stage): boolean => (unitsTurn as readonly Stage[]).includes(stage);

/** Open until the caller has been called back. */
export const isOpen = (stage: Stage): boolean => stage !== 'calledBack' && stage !== 'rated';

/** Its matter is settled: calls merged into it are owed their call-backs. */
export const isSettled = (stage: Stage): boolean => stage === 'finished' || stage === 'calledBack' || stage === 'rated';
