import { z } from 'zod';
import { within } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { telephone, withheld } from '../../text/telephone.ts';
import { pauseClock, stopClock } from '../../time/dueClock.ts';
import { DAY } from '../../time/zone.ts';
import { command, type DecideContext, type Needs, type Put } from '../feature.ts';
import { countingOf } from '../limit/clocks.ts';
import { list, type ListItem } from '../list/record.ts';
import { placeNeeds, placeWords } from '../locality/named.ts';
import { locality } from '../locality/record.ts';
import { merge } from '../merge.ts';
import { formNeeds, useForm } from '../paper/commands.ts';
import { loggedFrom } from '../ring/commands.ts';
import { unit as unitDef } from '../unit/record.ts';
import { aheadOf, change, code, given, instant, localityCode, text, uuid } from '../values.ts';
import { limitNeeds, startAgain, startFor, told } from './clocks.ts';
import { followed, main, withMerged } from './merging.ts';
import { counterOf, nextNumber } from './number.ts';
import { clockRuns, mayAct, movesFrom } from './moves.ts';
import { isMessage, origins, stage, type Call } from './record.ts';
import { done, existing, placeOf } from './stored.ts';
import { urgedAgain } from './urging.ts';

/** How far back a call may be written down (补录): a shift without a line, a weekend without power. */
const BACK = 7 * DAY;

/** Personal values as a person types them; numbers are brought to one form, and one that is kept back (未显示号码) is none. */
const caller = {
  callerName: text(40).optional(),
  callerNumber: text(40)
    .optional()
    .refine((t) => !t || withheld(t) || telephone(t) !== null, { params: { field: 'badTelephone' } })
    .transform((t) => (t ? (telephone(t) ?? undefined) : undefined)),
  address: text(200).optional(),
  narrative: text(10_000).optional(),
};

export const logBody = z.strictObject({
  origin: z.enum(origins).default('telephone'),
  rung: instant,
  /** Of a message: when it came in by its channel's own time, which is then when it rang. */
  received: instant.nullable().default(null),
  answered: instant.nullable(),
  ended: instant.nullable().default(null),
  topic: code,
  locality: localityCode,
  /** Left out: the unit the topic names. */
  unit: code.nullable().optional(),
  ...caller,
  /** Given when the operator could answer at once: the call is then answered as it is logged. */
  reply: text(10_000).optional(),
  /** The earlier call it belongs to: logged straight into it (并入). */
  attachTo: uuid.optional(),
  /** 群众催办: the caller rings again about that earlier call, and its unit is urged. */
  urge: z.boolean().default(false),
  /** The ring it was answered from. */
  ring: uuid.optional(),
  /** 补录: written down from paper, and the number reserved on it. */
  backEntered: z.boolean().default(false),
  formNumber: text(20).min(1).optional(),
  /** Who wrote it on the paper, and so spoke with the caller. */
  writtenBy: text(40).optional(),
});
export type LogBody = z.input<typeof logBody>;

const personalNames = ['callerName', 'callerNumber', 'address', 'narrative'] as const;

function unitKnown(c: DecideContext, unit: string | null | undefined, path: string): void {
  if (unit && !c.get(unitDef, unit)?.body.active) throw refuseField(path, 'unknownUnit');
}

function timesInOrder(c: DecideContext, t: { rung: number; answered: number | null; ended: number | null }): void {
  for (const name of ['rung', 'answered', 'ended'] as const) if (aheadOf(t[name] ?? 0, c.now)) throw refuseField(name, 'timeInFuture');
  if (t.answered !== null && t.answered < t.rung) throw refuseField('answered', 'badTime');
  if (t.ended !== null && t.ended < (t.answered ?? t.rung)) throw refuseField('ended', 'badTime');
}

function topicOf(c: DecideContext, code: string): ListItem {
  const item = c.get(list, 'topics')?.body.items.find((i) => i.code === code && i.active);
  if (!item) throw refuseField('topic', 'unknownTopic');
  return item;
}

function localityKnown(c: DecideContext, code: string): void {
  const at = c.get(locality, code);
  if (!at || at.body.validTo !== null) throw refuseField('locality', 'unknownLocality');
}

/** 受理: a call is written down and gets its number. */
export const log = command({
  roles: ['operator', 'leader'],
  body: logBody,
  needs: (b, x): Needs => ({
    records: [
      ['list', 'topics'],
      ...placeNeeds(b.locality),
      ...limitNeeds(x, b.topic),
      ...(b.unit ? [['unit', b.unit] as [string, string]] : []),
      ...(b.attachTo ? [['call', b.attachTo] as [string, string]] : []),
      ...(b.ring ? [['ring', b.ring] as [string, string]] : []),
    ],
    keys: formNeeds(b.formNumber),
    counters: [counterOf(x)],
  }),
  decide(c, given) {
    if (given.received !== null && !isMessage(given.origin)) throw refuseField('received', 'notAllowedHere');
    const b = { ...given, rung: given.received ?? given.rung };
    timesInOrder(c, b);
    if (b.rung < c.now - BACK) throw refuseField('rung', 'timeTooOld');
    if (b.urge && b.attachTo === undefined) throw refuseField('urge', 'notAllowedHere');
    if (b.origin === 'missed' && b.answered !== null) throw refuseField('answered', 'notAllowedHere');
    for (const name of ['formNumber', 'writtenBy'] as const) if (b[name] && !b.backEntered) throw refuseField(name, 'notAllowedHere');
    const topic = topicOf(c, b.topic);
    localityKnown(c, b.locality);
    unitKnown(c, b.unit, 'unit');
    const into = b.attachTo === undefined ? null : main(c, b.attachTo, 'attachTo');
    const atOnce = Boolean(b.reply);
    // Merged, it is nobody's to answer but the earlier one's.
    const unit = into ? null : b.unit === undefined ? (topic.unit ?? null) : b.unit;
    // What is on the form is the number the caller was told.
    const number = b.formNumber ?? nextNumber(c);
    const begun = startFor(c, topic, b.rung);
    // A reply on paper was given on the telephone, before it was hung up; when it is typed in says nothing of how long it took.
    const replied = b.backEntered ? (b.ended ?? b.answered ?? c.now) : c.now;
    const body = told({
      number,
      origin: b.origin,
      rung: b.rung,
      received: b.received,
      answered: b.answered,
      ended: b.ended,
      topic: topic.code,
      urgency: topic.urgency ?? 'normal',
      locality: b.locality,
      placeWords: placeWords(c, b.locality),
      unit,
      stage: into ? followed(into.body) : atOnce ? 'answered' : unit === null ? 'accepted' : 'dispatched',
      stageSince: c.now,
      clock: atOnce && !into && begun ? stopClock(begun, replied, countingOf(c)) : begun,
      due: null,
      overdueSince: null,
      urgedSince: null,
      urging: null,
      rating: null,
      reopened: 0,
      mergedInto: into?.id ?? null,
      mergedFrom: null,
      callers: 1,
      merged: [],
      backEntered: b.backEntered,
      formNumber: b.formNumber ?? null,
      ring: b.ring ?? null,
      operator: b.writtenBy || c.author.label,
      operatorId: c.author.id,
      callerName: null,
      callerNumber: null,
      address: null,
      narrative: null,
      reply: null,
      reason: null,
      urgeNote: null,
    });
    if (!within(c.author.scope, placeOf(body))) throw refuseField('locality', 'notAllowedHere');
    const personal = Object.fromEntries([...personalNames, 'reply' as const].flatMap((n) => (b[n] ? [[n, b[n]]] : [])));
    const puts: Put[] = [{ kind: 'call', id: c.newId, body, personal }];
    if (b.ring) puts.push(...loggedFrom(c, b.ring, c.newId));
    // Where the earlier one was answered meanwhile there is nobody to urge: the caller is written down all the same.
    const urged = into !== null && b.urge && mayAct('urge', c.author.role, into.body.stage);
    if (into) {
      const joined = withMerged(into.body, c.newId);
      puts.push({ kind: 'call', id: into.id, body: urged ? urgedAgain(joined, c.now, true) : joined, ...(urged && { personal: { urgeNote: null } }) });
    }
    if (b.formNumber) puts.push(useForm(c, b.formNumber, c.newId));
    return { puts, result: { id: c.newId, number, ...(b.urge && { urged }) } };
  },
});

/** Correct what was written down. Personal fields compare by reference: `from` is the version the editor saw. */
export const amend = command({
  roles: ['operator', 'leader'],
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({
      topic: change(code),
      locality: change(localityCode),
      answered: change(instant.nullable()),
      ended: change(instant.nullable()),
      callerName: change(text(40)),
      callerNumber: change(caller.callerNumber),
      address: change(text(200)),
      narrative: change(text(10_000)),
    }),
  }),
  needs: (b, x): Needs => ({
    records: [['call', b.id], ['list', 'topics'], ...placeNeeds(b.changes.locality?.to), ...(b.changes.topic ? limitNeeds(x, b.changes.topic.to) : [])],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    const taken = merge(now.body, given(b.changes));
    if (Object.keys(taken).length === 0) return { puts: [], result: { id: now.id, number: now.body.number } };
    const personal: Record<string, string | null> = {};
    const body: Call = { ...now.body };
    for (const name of personalNames) if (name in taken) personal[name] = (taken[name] as string | undefined) || null;
    if ('locality' in taken) {
      localityKnown(c, taken.locality as string);
      body.locality = taken.locality as string;
      body.placeWords = placeWords(c, body.locality);
    }
    if ('topic' in taken) {
      const topic = topicOf(c, taken.topic as string);
      body.topic = topic.code;
      body.urgency = topic.urgency ?? 'normal';
      // Counted from where it was: from the ring, or from when it was last taken up again.
      if (clockRuns(body.stage) || body.stage === 'merged') {
        const begun = startFor(c, topic, body.reopened > 0 && body.clock ? body.clock.started : body.rung, body.clock);
        const paused = body.clock?.paused ?? null;
        body.clock = begun && paused ? pauseClock(begun, paused.reason, paused.at, countingOf(c)) : begun;
      }
    }
    if ('answered' in taken) body.answered = taken.answered as number | null;
    if ('ended' in taken) body.ended = taken.ended as number | null;
    timesInOrder(c, body);
    return { puts: [{ kind: 'call', id: now.id, body: told(body), personal }], result: { id: now.id, number: now.body.number } };
  },
});

/** Take a call one stage on, by the table in moves.ts. */
export const move = command({
  roles: ['operator', 'leader', 'unit'],
  body: z.strictObject({
    id: uuid,
    from: stage,
    to: stage,
    unit: code.optional(),
    reply: text(10_000).optional(),
    reason: text(500).optional(),
    rating: z.int().min(1).max(5).optional(),
    /** What it is about, as seen: taken up again, it is then under that topic's limit of today. */
    topic: code.optional(),
  }),
  needs: (b, x): Needs => ({
    records: [['call', b.id], ['list', 'topics'], ...limitNeeds(x, b.topic), ...(b.unit ? [['unit', b.unit] as [string, string]] : [])],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.stage !== b.from) throw refuse('movedOn', { both: [{ field: 'stage', yours: b.to, theirs: now.body.stage }] });
    const way = movesFrom(b.from).find((m) => m.to === b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (!way.roles.includes(c.author.role)) throw refuse('notAllowed');
    for (const need of way.needs) {
      if (need === 'unit' && now.body.unit !== null) continue;
      if (!b[need]) throw refuseField(need, 'required');
    }
    for (const given of ['unit', 'reply', 'rating'] as const) {
      if (b[given] !== undefined && !way.needs.includes(given) && !way.may?.includes(given)) throw refuseField(given, 'notAllowedHere');
    }
    if (b.topic !== undefined && b.topic !== now.body.topic) throw refuse('movedOn', { both: [{ field: 'topic', yours: b.topic, theirs: now.body.topic }] });
    unitKnown(c, b.unit, 'unit');
    const body: Call = { ...now.body, stage: b.to, stageSince: c.now, unit: b.unit ?? now.body.unit, rating: b.rating ?? now.body.rating };
    if (b.to === 'urged') body.urgedSince = c.now;
    // Another unit was never urged.
    if (body.unit !== now.body.unit) body.urging = null;
    if (!clockRuns(b.to)) {
      body.urgedSince = null;
      if (body.clock) body.clock = stopClock(body.clock, c.now, countingOf(c));
    } else if (!clockRuns(b.from)) {
      // Taken up again after an answer: the time for a new one begins now.
      const topic = c.get(list, 'topics')?.body.items.find((i) => i.code === now.body.topic);
      Object.assign(body, { clock: startAgain(c, topic, body.clock, b.topic !== undefined), reopened: body.reopened + 1, rating: null, urging: null });
    }
    const personal: Record<string, string> = {};
    if (b.reply) personal.reply = b.reply;
    if (b.reason) personal.reason = b.reason;
    return done(now, body, personal);
  },
});
