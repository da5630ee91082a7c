import { covers } from '../../../shared/access/access.ts';
import type { Call } from '../../../shared/features/call/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { DAY } from '../../../shared/time/zone.ts';

export type Likeness = 'number' | 'place' | 'topic';

/** What is known so far of the call being written down. */
export interface Asked {
  locality: string | null;
  topic: string;
  now: Instant;
}

/**
 * Why an earlier call may be the same matter; empty: it is not offered. The same number always counts. The same street of
 * the last day counts by itself; a whole county is too wide for that and takes the same matter as well.
 * @param sameNumber whether the hub found it by the caller's number.
 */
export function likeness(call: Call, sameNumber: boolean, asked: Asked): Likeness[] {
  const out: Likeness[] = sameNumber ? ['number'] : [];
  const topic = asked.topic !== '' && call.topic === asked.topic;
  const recent = asked.now - call.rung < DAY;
  const inPlace = asked.locality !== null && (covers(asked.locality, call.locality) || covers(call.locality, asked.locality));
  const sameStreet = inPlace && call.locality === asked.locality && call.locality.length > 6;
  if (recent && inPlace && (sameStreet || topic)) out.push('place');
  if (topic && out.length > 0) out.push('topic');
  return out;
}
