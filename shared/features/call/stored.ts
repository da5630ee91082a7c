import type { Place } from '../../access/access.ts';
import { refuse } from '../../protocol/errors.ts';
import type { DecideContext, Decision, Stored } from '../feature.ts';
import { told } from './clocks.ts';
import { call, type Call } from './record.ts';

/** What every command on a call begins and ends with. */

export const placeOf = (c: Pick<Call, 'unit' | 'locality'>): Place => ({ units: c.unit === null ? [] : [c.unit], localities: [c.locality] });

export function existing(c: DecideContext, id: string): Stored<Call> {
  const found = c.get(call, id);
  if (!found) throw refuse('notFound');
  return found;
}

export const done = (now: Stored<Call>, body: Call, personal: Record<string, string | null> = {}): Decision => ({
  puts: [{ kind: 'call', id: now.id, body: told(body), personal }],
  result: { id: now.id, number: now.body.number },
});
