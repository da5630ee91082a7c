import type { LogBody } from '../../../shared/features/call/commands.ts';
import { DAY, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { clockIn } from '../parts/clockIn.ts';
import type { LogDraft } from './logDraft.ts';

/** What is being entered from a paper form: as it stands there, times of day beside the day. */
export interface BackDraft extends Pick<LogDraft, 'callerNumber' | 'callerName' | 'locality' | 'placeText' | 'address' | 'topic' | 'unit' | 'narrative' | 'reply'> {
  /** The form's number, or its last digits; empty: there was no form. */
  form: string;
  day: string;
  rung: string;
  answered: string;
  ended: string;
  writer: string;
}

export const emptyBack = (day = '', writer = ''): BackDraft => ({
  form: '',
  day,
  rung: '',
  answered: '',
  ended: '',
  writer,
  callerNumber: '',
  callerName: '',
  locality: null,
  placeText: '',
  address: '',
  topic: '',
  unit: null,
  narrative: '',
  reply: '',
});

/** `127` is the form that ends so, where there is but one of them among the unused. */
export function wholeNumber(typed: string, unused: readonly string[]): string {
  const t = typed.normalize('NFKC').replace(/\s/g, '');
  if (!/^\d{1,4}$/.test(t)) return t;
  const found = unused.filter((n) => n.endsWith(`-${t.padStart(4, '0')}`));
  return found.length === 1 ? (found[0] as string) : t;
}

/** A time of day on a day, and where it lies before another time, on the day after: past midnight. NaN: not a time. */
export function momentOn(day: string, typed: string, zone: string, notBefore?: Instant | null): Instant | null {
  if (typed.trim() === '') return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return NaN;
  const begins = startOfDay(day, zone);
  const at = clockIn(typed, begins + DAY - 1, zone);
  if (at === null || dayOf(at, zone) !== day) return NaN;
  return notBefore !== undefined && notBefore !== null && at < notBefore ? at + DAY : at;
}

export function backBodyOf(d: BackDraft, zone: string, unused: readonly string[]): LogBody {
  const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
  const rung = momentOn(d.day, d.rung, zone);
  const answered = momentOn(d.day, d.answered, zone, rung);
  const ended = momentOn(d.day, d.ended, zone, answered ?? rung);
  return {
    origin: answered === null ? 'missed' : 'telephone',
    rung: rung ?? answered ?? NaN,
    answered,
    ended,
    topic: d.topic,
    locality: d.locality ?? '',
    ...(d.unit === null ? {} : { unit: d.unit }),
    callerName: given(d.callerName),
    callerNumber: given(d.callerNumber),
    address: given(d.address),
    narrative: given(d.narrative),
    reply: given(d.reply),
    backEntered: true,
    formNumber: given(wholeNumber(d.form, unused)),
    writtenBy: given(d.writer),
  };
}
