import type { Author } from '../../access/access.ts';
import { isOpen } from './moves.ts';
import type { Call } from './record.ts';

/** Who handles a call while it is open: the operator who logged it, and the desk of the unit whose it is. */
export const handles = (c: Call, who: Pick<Author, 'id' | 'role' | 'scope'>): boolean =>
  isOpen(c.stage) && (who.role === 'unit' ? c.unit !== null && (who.scope.units ?? []).includes(c.unit) : c.operatorId === who.id);
