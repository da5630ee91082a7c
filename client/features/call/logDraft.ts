import type { LogBody } from '../../../shared/features/call/commands.ts';
import { isMessage, type Call } from '../../../shared/features/call/record.ts';
import { withheld } from '../../../shared/text/telephone.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** What is being typed about a call, as the form holds it and the draft keeps it. */
export interface LogDraft {
  origin: Call['origin'];
  rung: Instant | null;
  answered: Instant | null;
  ended: Instant | null;
  callerNumber: string;
  callerName: string;
  locality: string | null;
  /** What stands in the place field, chosen or half typed. */
  placeText: string;
  address: string;
  topic: string;
  /** Null: the unit the topic names. */
  unit: string | null;
  narrative: string;
  /** What the caller was told at once. */
  reply: string;
  /** The earlier call this caller joins, and which of its values stand in the form because of it. */
  attached: { id: string; number: string; topic: string | null; locality: string | null; /** A unit has it, who may be urged. */ urgeable?: boolean } | null;
  /** 群众催办: the unit that has the earlier call is urged with it. */
  urge: boolean;
  /** The ring it was taken from; null: put in by hand. */
  ring: string | null;
}

export const emptyLog = (): LogDraft => ({
  origin: 'telephone',
  rung: null,
  answered: null,
  ended: null,
  callerNumber: '',
  callerName: '',
  locality: null,
  placeText: '',
  address: '',
  topic: '',
  unit: null,
  narrative: '',
  reply: '',
  attached: null,
  urge: false,
  ring: null,
});

const typedFields = ['callerNumber', 'callerName', 'placeText', 'address', 'topic', 'narrative', 'reply'] as const;

/** Nothing typed and no time taken: it may be replaced without asking. */
export const isBlank = (d: LogDraft): boolean => typedFields.every((f) => d[f].trim() === '') && d.attached === null && d.rung === null && d.answered === null && d.locality === null;

/** What is sent. `now` is when it rang, if nobody took the time. */
export function bodyOf(d: LogDraft, now: Instant): LogBody {
  const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
  return {
    origin: d.origin,
    rung: d.rung ?? d.answered ?? now,
    // When a message came in is known only where somebody put it in: now is when it was written down.
    ...(isMessage(d.origin) && d.rung !== null && { received: d.rung }),
    answered: d.answered,
    ended: d.ended,
    topic: d.topic,
    locality: d.locality ?? '',
    ...(d.unit === null ? {} : { unit: d.unit }),
    callerName: given(d.callerName),
    callerNumber: withheld(d.callerNumber) ? undefined : given(d.callerNumber),
    address: given(d.address),
    narrative: given(d.narrative),
    reply: given(d.reply),
    ...(d.attached !== null && { attachTo: d.attached.id, ...(d.urge && { urge: true }) }),
    ...(d.ring === null ? {} : { ring: d.ring }),
  };
}

/** A command that came back, in the form again. */
export function draftOf(body: Record<string, unknown>, placeName: (code: string) => string): LogDraft {
  const b = body as Partial<LogBody>;
  const locality = b.locality ? b.locality : null;
  return {
    origin: b.origin ?? 'telephone',
    rung: b.rung ?? null,
    answered: b.answered ?? null,
    ended: b.ended ?? null,
    callerNumber: b.callerNumber ?? '',
    callerName: b.callerName ?? '',
    locality,
    placeText: locality === null ? '' : placeName(locality),
    address: b.address ?? '',
    topic: b.topic ?? '',
    unit: b.unit ?? null,
    narrative: b.narrative ?? '',
    reply: b.reply ?? '',
    attached: b.attachTo ? { id: b.attachTo, number: '', topic: null, locality: null, urgeable: b.urge ?? false } : null,
    urge: b.urge ?? false,
    ring: b.ring ?? null,
  };
}
