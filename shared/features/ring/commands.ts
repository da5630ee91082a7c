import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { DAY } from '../../time/zone.ts';
import { command, type DecideContext, type Decision, type Needs, type Put, type Stored } from '../feature.ts';
import { same } from '../merge.ts';
import { aheadOf, code, instant, text, uuid } from '../values.ts';
import { claimState } from './claim.ts';
import { overAt, RINGS_AT_MOST, staged, TALKS_AT_MOST, unlogged, withEvent } from './events.ts';
import { callBackMoveOf } from './moves.ts';
import { callerNumber } from './number.ts';
import { callBack, ring, ringEvents, type Ring } from './record.ts';

const desk = ['operator', 'leader'] as const;

/** How late an exchange, or the bridge before it, may tell of a call. */
const BACK = 7 * DAY;

/** An exchange's own name of a call. No blank: it becomes part of what a batch reads by. */
const callId = z.string().regex(/^[\w.:@+/-]{1,80}$/);
const extension = z.string().regex(/^[\w.+*#-]{1,40}$/);

export const reportBody = z.strictObject({
  exchange: code.describe('The name the centre gives this exchange'),
  call: callId.describe('The exchange’s own id of the call, the same in each of its events; must not hold the caller’s number'),
  event: z.enum(ringEvents).describe('In any order, and again: the same record. `missed` is an end nobody answered before; `ended` without `answered` is the same'),
  at: instant.describe('When it happened, by the exchange’s clock: milliseconds since 1970, at most a minute ahead'),
  /** The caller's number in whatever form; left out, empty or one of the usual words: withheld. */
  number: z
    .string()
    .max(80)
    .nullable()
    .optional()
    .refine((raw) => raw === undefined || raw === null || callerNumber(raw) !== undefined, { params: { field: 'badTelephone' } })
    .transform((raw) => (raw === undefined || raw === null ? null : (callerNumber(raw) ?? null)))
    .describe('The caller’s, however written; left out, null, empty or `anonymous` and its like: withheld'),
  line: text(40).optional().describe('What the caller dialled'),
  extension: extension.optional().describe('That rings, or that answered'),
  estimated: z.boolean().default(false).describe('Told after a gap: `at` is reckoned, not heard'),
});
export type ReportBody = z.input<typeof reportBody>;

export const keyOf = (exchange: string, call: string): string => `call:${exchange}/${call}`;

/** A call id that holds the number would put it where personal values may not stand (rule 16). Shorter ones stand in any id by chance. */
function demandImpersonal(b: z.infer<typeof reportBody>): void {
  const digits = b.number?.replace(/\D/g, '') ?? '';
  if (digits.length < 10) return;
  for (const name of ['call', 'line', 'extension'] as const) if (b[name]?.replace(/\D/g, '').includes(digits)) throw refuseField(name, 'notAllowedHere');
}

const blank = (exchange: string, call: string, at: number): Ring => ({
  exchange,
  call,
  line: null,
  extensions: [],
  answeredAt: null,
  stage: 'ringing',
  rung: at,
  answered: null,
  ended: null,
  estimated: false,
  lapsed: null,
  number: null,
  numberAt: null,
  claimedBy: null,
  claimedById: null,
  claimedAt: null,
  log: null,
  letGo: null,
  callBack: null,
  tries: 0,
  triedAt: null,
  reason: null,
});

/** What an exchange tells of one call. In any order, repeated, from two hubs at once: the same record. */
export const report = command({
  roles: [...desk, 'system'],
  body: reportBody,
  needs: (b): Needs => ({ keys: [['ring', keyOf(b.exchange, b.call)]] }),
  decide(c, b) {
    if (aheadOf(b.at, c.now)) throw refuseField('at', 'timeInFuture');
    if (b.at < c.now - BACK) throw refuseField('at', 'timeTooOld');
    demandImpersonal(b);
    const found = c.find(ring, keyOf(b.exchange, b.call));
    const id = found?.id ?? c.newId;
    const now = found?.body ?? blank(b.exchange, b.call, b.at);
    const next = withEvent(now, { event: b.event, at: b.at, line: b.line, extension: b.extension, estimated: b.estimated });
    // Of two numbers the one told earlier stands; the value itself is not read here (rule 16).
    const takesNumber = b.number !== null && (now.numberAt === null || b.at < now.numberAt);
    if (takesNumber) next.numberAt = b.at;
    const result = { id };
    if (found && !takesNumber && same(next, now)) return { puts: [], result };
    return { puts: [{ kind: 'ring', id, body: next, ...(takesNumber && { personal: { number: b.number } }) }], result };
  },
});

function existing(c: DecideContext, id: string): Stored<Ring> {
  const found = c.get(ring, id);
  if (!found) throw refuse('notFound');
  return found;
}

const changed = (now: Stored<Ring>, more: Partial<Ring>, personal?: Put['personal']): Decision => ({
  puts: [{ kind: 'ring', id: now.id, body: { ...now.body, ...more }, ...(personal && { personal }) }],
  result: { id: now.id },
});
const unchanged = (now: Stored<Ring>): Decision => ({ puts: [], result: { id: now.id } });
const free = { claimedBy: null, claimedById: null, claimedAt: null } as const;

/** 接手. `from`: whose claim was seen. `over`: that a colleague's claim is taken over was said twice. */
export const claim = command({
  roles: desk,
  body: z.strictObject({ id: uuid, from: z.string().max(80).nullable(), over: z.boolean().default(false) }),
  needs: (b): Needs => ({ records: [['ring', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const r = now.body;
    if (r.log !== null) throw refuse('movedOn', { both: [{ field: 'log', yours: null, theirs: r.log }] });
    if (r.claimedById === c.author.id) return unchanged(now);
    const state = claimState(r, c.now);
    const mayTake = state === 'free' || state === 'stale' || (state === 'held' && b.over);
    if (!mayTake || (r.claimedById !== null && r.claimedById !== b.from)) {
      throw refuse('movedOn', { both: [{ field: 'claimedBy', yours: c.author.label, theirs: r.claimedBy }] });
    }
    return changed(now, { claimedBy: c.author.label, claimedById: c.author.id, claimedAt: c.now, letGo: null });
  },
});

/** 放回: whoever claimed it does not go on with it. */
export const release = command({
  roles: desk,
  body: z.strictObject({ id: uuid }),
  needs: (b): Needs => ({ records: [['ring', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    return now.body.claimedById === c.author.id ? changed(now, free) : unchanged(now);
  },
});

/** 回电: tried, reached, given up with a reason, by the table in moves.ts. */
export const callBackMove = command({
  roles: desk,
  body: z.strictObject({ id: uuid, from: callBack, to: callBack, reason: text(500).optional() }),
  needs: (b): Needs => ({ records: [['ring', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const is = now.body.callBack;
    if (is !== b.from) throw refuse('movedOn', { both: [{ field: 'callBack', yours: b.to, theirs: is }] });
    const way = callBackMoveOf(b.from, b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (way.needs.includes('reason') && !b.reason) throw refuseField('reason', 'required');
    if (b.reason && !way.needs.includes('reason')) throw refuseField('reason', 'notAllowedHere');
    const tried = b.to === 'tried' || b.to === 'reached';
    return changed(
      now,
      { callBack: b.to, ...(tried && { tries: now.body.tries + 1, triedAt: c.now }), ...(b.to !== 'tried' && free) },
      { reason: b.reason ?? null },
    );
  },
});

/** Nothing is to be written down: a wrong number, a test, a colleague. */
export const letGo = command({
  roles: desk,
  body: z.strictObject({ id: uuid }),
  needs: (b): Needs => ({ records: [['ring', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.letGo !== null || now.body.log !== null) return unchanged(now);
    if (now.body.answered === null) throw refuseField('id', 'notAllowedHere');
    return changed(now, { letGo: c.now, ...free });
  },
});

/** How long a finished one stands at the desks to be written down. */
export const LOGGED_WITHIN = 30 * 60_000;

/** When the board itself must act: an end that is never told, a call nobody writes down. */
export function dueOf(r: Ring): { clock: 'end' | 'log'; at: number } | null {
  if (r.stage === 'ringing') return { clock: 'end', at: r.rung + RINGS_AT_MOST };
  if (r.stage === 'answered') return { clock: 'end', at: (r.answered ?? r.rung) + TALKS_AT_MOST };
  if (unlogged(r)) return { clock: 'log', at: Math.max(overAt(r) ?? 0, r.claimedAt ?? 0) + LOGGED_WITHIN };
  return null;
}

/** Written once by the board itself (rule 15). An event that comes after all puts right what it says. */
export const lapse = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, clock: z.enum(['end', 'log']), due: instant }),
  needs: (b): Needs => ({ records: [['ring', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const due = dueOf(now.body);
    if (due?.clock !== b.clock || due.at !== b.due || c.now < b.due) return { puts: [] };
    const next = b.clock === 'end' ? staged({ ...now.body, lapsed: b.due }) : { ...now.body, letGo: b.due, ...free };
    return { puts: [{ kind: 'ring', id: now.id, body: next }] };
  },
});

/**
 * What becomes of a ring when a call is written down from it: part of the same entry as the call (`call.log` names the ring
 * in its `needs`). The claim ends; whoever was owed a call-back has been spoken with. A second call from the same ring
 * changes nothing: logging never fails over it.
 */
export function loggedFrom(c: DecideContext, id: string, callRecord: string): Put[] {
  const found = c.get(ring, id);
  if (!found) throw refuseField('ring', 'invalid');
  const r = found.body;
  if (r.log !== null) return [];
  const back = r.callBack === null ? {} : { callBack: 'reached' as const, ...(r.callBack === 'reached' ? {} : { tries: r.tries + 1, triedAt: c.now }) };
  return [{ kind: 'ring', id, body: { ...r, log: callRecord, ...free, ...back } }];
}
