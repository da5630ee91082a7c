import { z } from 'zod';
import { refuseField } from '../../protocol/errors.ts';
import { command, type Needs } from '../feature.ts';
import { aheadOf, code, instant } from '../values.ts';
import { exchange, exchangeStates } from './record.ts';

/** Told by whoever listens to the exchange. Said again, or late, it changes nothing. */
export const report = command({
  roles: ['operator', 'leader', 'admin', 'system'],
  body: z.strictObject({ exchange: code, state: z.enum(exchangeStates), at: instant }),
  needs: (b): Needs => ({ records: [['exchange', b.exchange]] }),
  decide(c, b) {
    if (aheadOf(b.at, c.now)) throw refuseField('at', 'timeInFuture');
    const now = c.get(exchange, b.exchange)?.body;
    const result = { id: b.exchange };
    if (now && (now.state === b.state || b.at < now.since)) return { puts: [], result };
    return { puts: [{ kind: 'exchange', id: b.exchange, body: { code: b.exchange, state: b.state, since: b.at } }], result };
  },
});
