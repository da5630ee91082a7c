import { everywhere, type Author } from '../../shared/access/access.ts';
import type { Ring } from '../../shared/features/ring/record.ts';
import { Refused } from '../../shared/protocol/errors.ts';
import { queryMessage } from '../../shared/protocol/messages.ts';
import type { Queries } from '../record/queries.ts';
import type { OpenRing } from './calls.ts';
import { EXCHANGE } from './telephony.ts';

const reader: Author = { id: 'telephony', label: '话务交换机', role: 'leader', scope: everywhere };

/** Rings of the exchange that stand on the record without an end. No personal value is asked for. */
export async function listOpenRings(queries: Queries, board: string): Promise<OpenRing[]> {
  const out: OpenRing[] = [];
  let after: string | undefined;
  do {
    const where = { stage: ['ringing', 'answered'], exchange: [EXCHANGE] };
    const page = await queries.ask({ author: reader, scope: everywhere, impersonal: true }, queryMessage.parse({ name: 'list', board, kind: 'ring', where, limit: 200, ...(after !== undefined && { after }) }));
    if (!page.ok) throw new Refused(page.error);
    for (const { body } of page.records ?? []) {
      const ring = body as Ring;
      out.push({ call: ring.call, rung: ring.rung, answered: ring.answered !== null });
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return out;
}
