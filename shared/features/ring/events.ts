import type { Instant } from '../../time/clock.ts';
import { HOUR } from '../../time/zone.ts';
import type { Ring, RingEvent, RingStage } from './record.ts';

/** What each event of an exchange says of the call. */
export const eventTable: Record<RingEvent, { answers: boolean; ends: boolean }> = {
  ringing: { answers: false, ends: false },
  answered: { answers: true, ends: false },
  ended: { answers: false, ends: true },
  /** Ended and nobody answered; where an answer is told as well, that stands. */
  missed: { answers: false, ends: true },
};

/** The stage follows from what is known, however it became known. `over`: its end was told, or waited for in vain. */
export const stageTable: readonly { answered: boolean; over: boolean; stage: RingStage }[] = [
  { answered: false, over: false, stage: 'ringing' },
  { answered: true, over: false, stage: 'answered' },
  { answered: true, over: true, stage: 'ended' },
  { answered: false, over: true, stage: 'missed' },
];

/** How long an end is waited for while it rings (a queue can be long), and while somebody speaks. */
export const RINGS_AT_MOST = 10 * 60_000;
export const TALKS_AT_MOST = 4 * HOUR;

type Facts = Pick<Ring, 'answered' | 'ended' | 'lapsed'>;

/** Waited for in vain while it rang, and answered after all: then it is not over. */
const lapsedFor = (r: Facts): Instant | null => (r.lapsed !== null && (r.answered === null || r.lapsed - r.answered >= TALKS_AT_MOST) ? r.lapsed : null);

export function stageOf(r: Facts): RingStage {
  const is = { answered: r.answered !== null, over: r.ended !== null || lapsedFor(r) !== null };
  return (stageTable.find((s) => s.answered === is.answered && s.over === is.over) as (typeof stageTable)[number]).stage;
}

export interface Told {
  event: RingEvent;
  at: Instant;
  line?: string;
  extension?: string;
  estimated: boolean;
}

/** A line is not rung at by more; those first by name are kept, so that order does not matter here either. */
const EXTENSIONS = 20;

const earlier = (a: Instant | null, b: Instant): Instant => (a === null ? b : Math.min(a, b));

/** Of two the earlier; of two at once the first by name. */
function first(a: Ring['line'], at: Instant, value: string | undefined): Ring['line'] {
  if (value === undefined || value === '') return a;
  if (a === null || at < a.at || (at === a.at && value < a.value)) return { at, value };
  return a;
}

/** The facts after one more event: commutative, associative and idempotent, so that order and repetition do not matter. */
export function withEvent(r: Ring, told: Told): Ring {
  const { answers, ends } = eventTable[told.event];
  const next: Ring = {
    ...r,
    rung: Math.min(r.rung, told.at),
    answered: answers ? earlier(r.answered, told.at) : r.answered,
    ended: ends ? earlier(r.ended, told.at) : r.ended,
    estimated: r.estimated || told.estimated,
    line: first(r.line, told.at, told.line),
    answeredAt: answers ? first(r.answeredAt, told.at, told.extension) : r.answeredAt,
    extensions: told.extension ? [...new Set([...r.extensions, told.extension])].sort().slice(0, EXTENSIONS) : r.extensions,
  };
  return staged(next);
}

/** Stage and debt as they follow from the facts: what was done about a call-back is kept, and counts while one is owed. */
export function staged(r: Ring): Ring {
  const stage = stageOf(r);
  return { ...r, stage, callBack: stage === 'missed' ? (r.callBack ?? 'owed') : null };
}

/** When it was over, as far as anybody knows; never before it was answered. */
export const overAt = (r: Facts): Instant | null => {
  const at = r.ended ?? lapsedFor(r);
  return at === null ? null : Math.max(at, r.answered ?? at);
};

/** A call-back somebody still has to make. */
export const owesCallBack = (r: Pick<Ring, 'callBack'>): boolean => r.callBack === 'owed' || r.callBack === 'tried';

/** Nobody answered it, and no call was written down from it, which would be counted in its stead. */
export const missedAlone = (r: Pick<Ring, 'stage' | 'log'>): boolean => r.stage === 'missed' && r.log === null;

/** Over, answered, and neither written down nor let go. */
export const unlogged = (r: Pick<Ring, 'stage' | 'log' | 'letGo'>): boolean => r.stage === 'ended' && r.log === null && r.letGo === null;

/** A desk still has something to do about it: it is rung or spoken on, to be written down, or to be called back. */
export const inHand = (r: Ring): boolean => (r.stage === 'missed' ? owesCallBack(r) : r.log === null && r.letGo === null);
