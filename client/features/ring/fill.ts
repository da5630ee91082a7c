import { overAt } from '../../../shared/features/ring/events.ts';
import type { Ring } from '../../../shared/features/ring/record.ts';
import { telephone } from '../../../shared/text/telephone.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import type { TakenRing } from './claimed.ts';

/** The part of a call's form that a ring fills. */
export interface FromRing {
  ring: string | null;
  origin: string;
  rung: Instant | null;
  answered: Instant | null;
  ended: Instant | null;
  callerNumber: string;
}

/** What the exchange tells later goes where nobody has put anything in. */
export function fillTimes(d: FromRing, ring: Ring): void {
  if (ring.stage === 'missed') return;
  d.rung ??= ring.rung;
  d.answered ??= ring.answered;
  const over = overAt(ring);
  if (over !== null && d.answered !== null && over >= d.answered) d.ended ??= over;
}

/** Fills what is empty; what the exchange calls by an extension's number is no number a call can be logged with. */
export function fillFrom(d: FromRing, { id, ring, number }: TakenRing): void {
  d.ring = id;
  if (d.callerNumber.trim() === '' && telephone(number) !== null) d.callerNumber = number;
  if (ring.stage === 'missed') {
    d.origin = 'missed';
    d.rung = ring.rung;
    d.answered = null;
    d.ended = null;
  } else {
    d.origin = 'telephone';
    fillTimes(d, ring);
  }
}

/** Whether what stands in the form is this very caller, typed by hand before the ring was taken. */
export const sameCaller = (d: FromRing, number: string): boolean => d.ring === null && number !== '' && telephone(d.callerNumber) === number;
