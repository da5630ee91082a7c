import { z } from 'zod';
import { isMoving } from '../../../shared/features/shipment/moves.ts';
import type { Shipment } from '../../../shared/features/shipment/record.ts';
import { instant, lat, localityCode, lon } from '../../../shared/features/values.ts';
import { DAY } from '../../../shared/time/zone.ts';
import { definePurpose } from '../../outer/purpose.ts';

/** The driver of one load says where he is, with a tap, and sees where he is going; it ends when the load has come in. */
export const driver = definePurpose({
  name: 'driver',
  path: '/d',
  kind: 'shipment',
  makers: ['supplies', 'leader'],
  label: '驾驶员',
  lasts: 14 * DAY,
  open: (s: Shipment) => s.state === 'planned' || isMoving(s.state),
  shows: (s) => ({ number: s.number, from: s.from.place, to: s.to.place, moving: isMoving(s.state), told: s.position?.at ?? null }),
  tells: {
    command: 'shipment.position',
    input: z.strictObject({ lon, lat, at: instant, locality: localityCode.nullable() }),
    body: (id, { lon, lat, at, locality }) => ({ id, lon, lat, at, locality }),
    occurred: ({ at }) => at,
  },
  places: true,
});
