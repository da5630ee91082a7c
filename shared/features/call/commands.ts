import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { dayOf } from '../../time/zone.ts';
import { telephone } from '../../text/telephone.ts';
import { command, type DecideContext, type Needs, type NeedsContext, type Stored } from '../feature.ts';
import { list, type ListItem } from '../list/record.ts';
import { locality } from '../locality/record.ts';
import { merge } from '../merge.ts';
import { unit as unitDef } from '../unit/record.ts';
import { clockRuns, moveOf } from './moves.ts';
import { call, origins, stage, type Call } from './record.ts';

const text = (max: number): z.ZodString => z.string().trim().max(max);
const instant = z.int().min(0);

/** A claimed time may be this far ahead of the hub's clock, and this far behind without back-entry. */
const AHEAD = 60_000;

/** Personal values as a person types them; numbers are brought to one form. */
const caller = {
  callerName: text(40).optional(),
  callerNumber: text(40)
    .optional()
    .refine((t) => !t || telephone(t) !== null, { params: { field: 'badTelephone' } })
    .transform((t) => (t ? (telephone(t) ?? undefined) : undefined)),
  address: text(200).optional(),
  narrative: text(10_000).optional(),
};

export const logBody = z.strictObject({
  origin: z.enum(origins).default('telephone'),
  rung: instant,
  answered: instant.nullable(),
  ended: instant.nullable().default(null),
  topic: z.string().min(1).max(40),
  locality: z.string().min(1).max(12),
  /** Left out: the unit the topic names. */
  unit: z.string().max(40).nullable().optional(),
  ...caller,
});
export type LogBody = z.input<typeof logBody>;

const personalNames = ['callerName', 'callerNumber', 'address', 'narrative'] as const;

function timesInOrder(c: DecideContext, t: { rung: number; answered: number | null; ended: number | null }): void {
  if (t.rung > c.now + AHEAD) throw refuseField('rung', 'timeInFuture');
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

const counterOf = (x: NeedsContext): string => `call:${dayOf(x.now, x.zone)}`;

/** 受理: a call is written down and gets its number. */
export const log = command({
  roles: ['operator', 'leader'],
  body: logBody,
  needs: (b, x): Needs => ({
    records: [
      ['list', 'topics'],
      ['locality', b.locality],
    ],
    counters: [counterOf(x)],
  }),
  decide(c, b) {
    timesInOrder(c, b);
    const topic = topicOf(c, b.topic);
    localityKnown(c, b.locality);
    const unit = b.unit === undefined ? (topic.unit ?? null) : b.unit;
    const number = `${dayOf(c.now, c.zone).replaceAll('-', '')}-${String(c.take(counterOf(c))).padStart(4, '0')}`;
    const body: Call = {
      number,
      origin: b.origin,
      rung: b.rung,
      answered: b.answered,
      ended: b.ended,
      topic: topic.code,
      urgency: topic.urgency ?? 'normal',
      locality: b.locality,
      unit,
      stage: unit === null ? 'accepted' : 'dispatched',
      stageSince: c.now,
      due: topic.minutes === undefined ? null : b.rung + topic.minutes * 60_000,
      overdueSince: null,
      rating: null,
      operator: c.author.label,
      operatorId: c.author.id,
      callerName: null,
      callerNumber: null,
      address: null,
      narrative: null,
      reply: null,
    };
    const personal = Object.fromEntries(personalNames.flatMap((n) => (b[n] ? [[n, b[n]]] : [])));
    return { puts: [{ kind: 'call', id: c.newId, body, personal }], result: { id: c.newId, number } };
  },
});

function existing(c: DecideContext, id: string): Stored<Call> {
  const found = c.get(call, id);
  if (!found) throw refuse('notFound');
  return found;
}

const change = <S extends z.ZodType>(to: S): z.ZodOptional<z.ZodObject<{ from: z.ZodUnknown; to: S }>> =>
  z.strictObject({ from: z.unknown(), to }).optional();

/** Correct what was written down. Personal fields compare by reference: `from` is the version the editor saw. */
export const amend = command({
  roles: ['operator', 'leader'],
  body: z.strictObject({
    id: z.uuid(),
    changes: z.strictObject({
      topic: change(z.string().min(1).max(40)),
      locality: change(z.string().min(1).max(12)),
      answered: change(instant.nullable()),
      ended: change(instant.nullable()),
      callerName: change(text(40)),
      callerNumber: change(caller.callerNumber),
      address: change(text(200)),
      narrative: change(text(10_000)),
    }),
  }),
  needs: (b): Needs => ({
    records: [['call', b.id], ['list', 'topics'], ...(b.changes.locality ? [['locality', b.changes.locality.to] as [string, string]] : [])],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    const given = Object.fromEntries(Object.entries(b.changes).filter(([, v]) => v !== undefined)) as Record<string, { from: unknown; to: unknown }>;
    const taken = merge(now.body, given);
    if (Object.keys(taken).length === 0) return { puts: [], result: { id: now.id, number: now.body.number } };
    const personal: Record<string, string | null> = {};
    const body: Call = { ...now.body };
    for (const name of personalNames) if (name in taken) personal[name] = (taken[name] as string | undefined) || null;
    if ('locality' in taken) {
      localityKnown(c, taken.locality as string);
      body.locality = taken.locality as string;
    }
    if ('topic' in taken) {
      const topic = topicOf(c, taken.topic as string);
      body.topic = topic.code;
      body.urgency = topic.urgency ?? 'normal';
      if (clockRuns(body.stage)) body.due = topic.minutes === undefined ? null : body.rung + topic.minutes * 60_000;
    }
    if ('answered' in taken) body.answered = taken.answered as number | null;
    if ('ended' in taken) body.ended = taken.ended as number | null;
    timesInOrder(c, body);
    return { puts: [{ kind: 'call', id: now.id, body, personal }], result: { id: now.id, number: now.body.number } };
  },
});

/** Take a call one stage on, by the table in moves.ts. */
export const move = command({
  roles: ['operator', 'leader'],
  body: z.strictObject({
    id: z.uuid(),
    from: stage,
    to: stage,
    unit: z.string().min(1).max(40).optional(),
    reply: text(10_000).optional(),
    reason: text(500).optional(),
    rating: z.int().min(1).max(5).optional(),
  }),
  needs: (b): Needs => ({ records: [['call', b.id], ...(b.unit ? [['unit', b.unit] as [string, string]] : [])] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.stage !== b.from) throw refuse('movedOn', { both: [{ field: 'stage', yours: b.to, theirs: now.body.stage }] });
    const way = moveOf(b.from, b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (c.author.role === 'system' || !way.roles.includes(c.author.role)) throw refuse('notAllowed');
    for (const need of way.needs) {
      if (need === 'unit' && now.body.unit !== null) continue;
      if (!b[need]) throw refuseField(need, 'required');
    }
    if (b.unit && !c.get(unitDef, b.unit)) throw refuseField('unit', 'unknownUnit');
    const running = clockRuns(b.to);
    const body: Call = {
      ...now.body,
      stage: b.to,
      stageSince: c.now,
      unit: b.unit ?? now.body.unit,
      rating: b.rating ?? now.body.rating,
      due: running ? now.body.due : null,
      overdueSince: running ? now.body.overdueSince : null,
    };
    const personal: Record<string, string> = {};
    if (b.reply) personal.reply = b.reply;
    if (b.reason) personal.reply = b.reason;
    return { puts: [{ kind: 'call', id: now.id, body, personal }], result: { id: now.id, number: now.body.number } };
  },
});

/** Its time has passed: written once by the board itself, whichever hub notices first (rule 15). */
export const overdue = command({
  roles: ['system'],
  body: z.strictObject({ id: z.uuid(), due: instant }),
  needs: (b): Needs => ({ records: [['call', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.due !== b.due || now.body.overdueSince !== null || c.now < b.due) return { puts: [] };
    return { puts: [{ kind: 'call', id: now.id, body: { ...now.body, overdueSince: b.due } }] };
  },
});
