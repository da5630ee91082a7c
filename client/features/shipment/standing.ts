import { atDock, isMoving } from '../../../shared/features/shipment/moves.ts';
import type { Shipment } from '../../../shared/features/shipment/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** How a load stands now, for lists that put first what somebody must do something about. */
export type Standing = 'silent' | 'late' | 'yard' | 'moving' | 'planned' | 'closed';
export const pressing: readonly Standing[] = ['silent', 'late', 'yard', 'moving', 'planned', 'closed'];

type Seen = Pick<Shipment, 'state' | 'stateSince' | 'silentSince' | 'eta' | 'arrivePlanned' | 'departPlanned' | 'announced'>;

/** When it is looked for; null where nobody said. */
export const expectedOf = (s: Seen): Instant | null => s.eta?.at ?? s.arrivePlanned;

export function standingOf(s: Seen, now: Instant): Standing {
  if (isMoving(s.state)) {
    if (s.silentSince !== null) return 'silent';
    const at = expectedOf(s);
    return at !== null && at < now ? 'late' : 'moving';
  }
  if (atDock(s.state)) return 'yard';
  return s.state === 'planned' ? 'planned' : 'closed';
}

/** The moment that orders loads of the same standing: the earlier, the more pressing. */
function momentOf(s: Seen, standing: Standing): Instant {
  switch (standing) {
    case 'silent':
      return s.silentSince ?? s.stateSince;
    case 'late':
    case 'moving':
      return expectedOf(s) ?? Number.MAX_SAFE_INTEGER;
    case 'planned':
      return s.departPlanned ?? s.announced;
    default:
      return s.stateSince;
  }
}

export function byPressing<T extends { body: Seen; id: string }>(loads: readonly T[], now: Instant): (T & { standing: Standing })[] {
  return loads
    .map((load) => ({ ...load, standing: standingOf(load.body, now) }))
    .sort(
      (a, b) =>
        pressing.indexOf(a.standing) - pressing.indexOf(b.standing) || momentOf(a.body, a.standing) - momentOf(b.body, b.standing) || (a.id < b.id ? -1 : 1),
    );
}
