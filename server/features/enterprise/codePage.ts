import type { Enterprise } from '../../../shared/features/enterprise/record.ts';
import { definePurpose } from '../../outer/purpose.ts';

/** A stranger who scans the sheet at the gate sees the colour of the safety code, and nothing else. */
export const codePage = definePurpose({
  name: 'code',
  path: '/e',
  kind: 'enterprise',
  makers: ['enterprises', 'leader'],
  label: '扫码人',
  lasts: null,
  open: () => true,
  shows: (e: Enterprise) => ({ code: e.code }),
});
