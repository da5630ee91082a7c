import type { Role } from '../../access/access.ts';
import type { ShipmentState } from './record.ts';

/** What must be there before a move: filled in now, or already on the record (`vehicle`); `counts`: every line counted. */
export type MoveNeed = 'vehicle' | 'reason' | 'counts';

export interface ShipmentMove {
  from: ShipmentState;
  to: ShipmentState;
  roles: readonly Role[];
  needs: readonly MoveNeed[];
  /** The command that makes it. */
  by: 'shipment.move' | 'shipment.store' | 'shipment.cancel';
  /** A mistaken tap taken back: the times reached since are forgotten, the history keeps them. */
  back?: true;
}

const yard = ['supplies', 'leader'] as const;
const on = { roles: yard, by: 'shipment.move' } as const;
const back = { roles: yard, needs: ['reason'], by: 'shipment.move', back: true } as const;
const cancel = { to: 'cancelled', roles: yard, needs: ['reason'], by: 'shipment.cancel' } as const;

/** Which role may take a load from where to where, and what must be filled in. Server, buttons and tests read this. */
export const moves: readonly ShipmentMove[] = [
  { ...on, from: 'planned', to: 'departed', needs: ['vehicle'] },
  { ...on, from: 'departed', to: 'onTheWay', needs: [] },
  { ...on, from: 'departed', to: 'arrived', needs: [] },
  { ...on, from: 'onTheWay', to: 'arrived', needs: [] },
  { ...on, from: 'arrived', to: 'unloading', needs: [] },
  { ...on, from: 'unloading', to: 'counted', needs: ['counts'] },
  { from: 'counted', to: 'stored', roles: yard, needs: [], by: 'shipment.store' },
  { ...back, from: 'departed', to: 'planned' },
  { ...back, from: 'onTheWay', to: 'departed' },
  { ...back, from: 'arrived', to: 'onTheWay' },
  { ...back, from: 'unloading', to: 'arrived' },
  { ...back, from: 'counted', to: 'unloading' },
  { ...cancel, from: 'planned' },
  { ...cancel, from: 'departed' },
  { ...cancel, from: 'onTheWay' },
  { ...cancel, from: 'arrived' },
];

export const moveOf = (from: ShipmentState, to: ShipmentState): ShipmentMove | undefined => moves.find((m) => m.from === from && m.to === to);

export const movesFrom = (from: ShipmentState): ShipmentMove[] => moves.filter((m) => m.from === from);

/** Heard of by its positions. */
export const isMoving = (s: ShipmentState): boolean => s === 'departed' || s === 'onTheWay';

/** Somebody still has something to do. */
export const isOpen = (s: ShipmentState): boolean => s !== 'stored' && s !== 'cancelled';

/** In the yard, waiting for hands. */
export const atDock = (s: ShipmentState): boolean => s === 'arrived' || s === 'unloading' || s === 'counted';
