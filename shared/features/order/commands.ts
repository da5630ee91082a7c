import { z } from 'zod';
import { within, type Place } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { DAY } from '../../time/zone.ts';
import { askExtension, extendClock, pauseClock, pauseReason, refuseExtension, resumeClock, stepBody, stopClock, type DueClock } from '../../time/dueClock.ts';
import { command, type DecideContext, type Decision, type Needs, type Put, type Stored } from '../feature.ts';
import { incident, LINKS } from '../incident/record.ts';
import { clockNeeds, countingOf, startUnder, stepped } from '../limit/clocks.ts';
import { unit as unitDef } from '../unit/record.ts';
import { merge } from '../merge.ts';
import { change, code, given, instant, text } from '../values.ts';
import { aboutKinds, aboutOf } from './about.ts';
import { isUnderWay, moveOf } from './moves.ts';
import { openNeeds, openOrders, startTowards } from './open.ts';
import { order, standing, type Order } from './record.ts';

/** As orders are named: the command's id, with the unit's place behind it where several were told. */
export const orderId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-\d{1,2})?$/);
const words = text(2_000);
const reason = text(500);
/** How far ahead a due moment may lie. */
const FARTHEST = 366 * DAY;

export const placeOf = (o: Pick<Order, 'unit' | 'locality'>): Place => ({ units: [o.unit], localities: o.locality === null ? [] : [o.locality] });

/** A moment somebody chose: ahead, and not beyond a year. */
function ahead(c: DecideContext, due: number, path: string): number {
  if (due <= c.now) throw refuseField(path, 'badTime');
  if (due > c.now + FARTHEST) throw refuseField(path, 'badTime');
  return due;
}

function unitAtWork(c: DecideContext, unit: string, path: string): void {
  if (!c.get(unitDef, unit)?.body.active) throw refuseField(path, 'unknownUnit');
}

export const giveBody = z.strictObject({
  title: text(40).min(1),
  text: words.default(''),
  units: z
    .array(code)
    .min(1)
    .max(20)
    .refine((all) => new Set(all).size === all.length, { params: { field: 'duplicate' } }),
  about: z
    .strictObject({ kind: z.enum(aboutKinds), id: z.string().min(1).max(80) })
    .nullable()
    .default(null),
  /** One of the two: a time limit's code, or the moment itself. */
  limit: code.nullable().default(null),
  due: instant.nullable().default(null),
});
export type GiveBody = z.input<typeof giveBody>;

/** 下达: an order to one or several units, about a record or about none. */
export const give = command({
  roles: ['leader'],
  body: giveBody,
  needs: (b, x): Needs => {
    const { records, counters } = openNeeds(x, b.limit);
    return { counters, records: [...records, ...b.units.map((u): [string, string] => ['unit', u]), ...(b.about ? [[b.about.kind, b.about.id] as [string, string]] : [])] };
  },
  decide(c, b) {
    b.units.forEach((u, i) => unitAtWork(c, u, `units.${i}`));
    if (b.limit === null && b.due === null) throw refuseField('limit', 'required');
    if (b.limit !== null && b.due !== null) throw refuseField('due', 'notAllowedHere');
    const about = b.about && aboutOf[b.about.kind](c, b.about.id);
    if (b.about && !about) throw refuse('notFound');
    const clock = b.limit !== null ? startUnder(c, b.limit, 'order', 'limit') : startTowards(c, ahead(c, b.due ?? 0, 'due'));
    const { puts, number } = openOrders(c, { title: b.title, text: b.text, units: b.units, about: b.about && about ? { ...about, ...b.about } : null, clock, origin: 'person' });
    // A leader of one part does not order another's about.
    const beyond = puts.findIndex((p) => !within(c.author.scope, placeOf(p.body as Order)));
    if (beyond >= 0) throw refuseField(`units.${beyond}`, 'notAllowedHere');
    return { puts: [...puts, ...joined(c, b.about, puts)], result: { id: puts[0]?.id ?? '', number } };
  },
});

/** Orders about an incident belong to it from the moment they are given, as long as it has room. */
function joined(c: DecideContext, about: { kind: string; id: string } | null, orders: readonly Put[]): Put[] {
  const of = about?.kind === 'incident' ? c.get(incident, about.id) : undefined;
  if (!of || of.body.links.length + orders.length > LINKS) return [];
  const links = orders.map((p) => ({ kind: 'order', id: p.id, name: (p.body as Order).number }));
  return [{ kind: 'incident', id: of.id, body: { ...of.body, links: [...of.body.links, ...links] } }];
}

/**
 * What is to be done, by whom or by when, put right by the leader who gave it; what the board gave by itself is any
 * leader's. Another unit begins as if it were told now; the earlier one sees the order no more.
 */
export const amend = command({
  roles: ['leader'],
  body: z.strictObject({ id: orderId, changes: z.strictObject({ title: change(text(40).min(1)), text: change(words), unit: change(code), due: change(instant) }) }),
  needs: (b, x): Needs => ({ records: [['order', b.id], ...clockNeeds(x), ...(b.changes.unit ? [['unit', b.changes.unit.to] as [string, string]] : [])] }),
  decide(c, b) {
    const now = underWay(c, b.id);
    const { clock, origin, byId } = now.body;
    if (origin === 'person' && byId !== c.author.id) throw refuse('notAllowed');
    if (origin !== 'person' && b.changes.title) throw refuseField('changes.title', 'notAllowedHere');
    if (b.changes.due && clock.due === null) throw refuseField('changes.due', 'notAllowedHere');
    const { due, ...taken } = merge({ ...now.body, due: clock.due }, given(b.changes)) as Partial<Order> & { due?: number };
    if (due === undefined && Object.keys(taken).length === 0) return { puts: [], result: { id: now.id, number: now.body.number } };
    const next: Partial<Order> = { ...taken };
    if (due !== undefined) {
      ahead(c, due, 'changes.due.to');
      next.clock = due > (clock.due ?? due) ? extendClock(clock, due, c.now, countingOf(c)) : startTowards(c, due, clock);
      next.urgedSince = null;
    }
    if (taken.unit !== undefined) {
      unitAtWork(c, taken.unit, 'changes.unit.to');
      if (!within(c.author.scope, placeOf({ ...now.body, ...next }))) throw refuseField('changes.unit.to', 'notAllowedHere');
      Object.assign(next, { standing: 'given', standingSince: c.now, report: null, reportedAt: null });
    }
    return done(now, next);
  },
});

function existing(c: DecideContext, id: string): Stored<Order> {
  const found = c.get(order, id);
  if (!found) throw refuse('notFound');
  return found;
}
const done = (now: Stored<Order>, change: Partial<Order>): Decision => ({ puts: [{ kind: 'order', id: now.id, body: { ...now.body, ...change } }], result: { id: now.id, number: now.body.number } });

/** One standing on, by the table in moves.ts. */
export const move = command({
  roles: ['unit', 'leader'],
  body: z.strictObject({
    id: orderId,
    from: standing,
    to: standing,
    report: words.optional(),
    reason: reason.optional(),
    /** To whom it goes instead. */
    unit: code.optional(),
    /** Begun anew: until when, where no limit says so. */
    due: instant.optional(),
    limit: code.optional(),
  }),
  needs: (b, x): Needs => ({ records: [['order', b.id], ...clockNeeds(x, b.limit), ...(b.unit ? [['unit', b.unit] as [string, string]] : [])] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.standing !== b.from) throw refuse('movedOn', { both: [{ field: 'standing', yours: b.to, theirs: now.body.standing }] });
    const way = moveOf(b.from, b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (c.author.role === 'system' || !way.roles.includes(c.author.role)) throw refuse('notAllowed');
    for (const need of way.needs) if (!b[need]) throw refuseField(need, 'required');
    if (b.unit !== undefined && !way.unit) throw refuseField('unit', 'notAllowedHere');
    if (b.report !== undefined && !way.needs.includes('report')) throw refuseField('report', 'notAllowedHere');
    if ((b.due !== undefined || b.limit !== undefined) && way.clock !== 'anew') throw refuseField('due', 'notAllowedHere');
    if (b.unit !== undefined) unitAtWork(c, b.unit, 'unit');
    const by = countingOf(c);
    const change: Partial<Order> = { standing: b.to, standingSince: c.now };
    if (way.clock === 'stop') change.clock = stopClock(now.body.clock, c.now, by);
    else if (way.clock === 'pause') change.clock = pauseClock(now.body.clock, 'waitingForDecision', c.now, by);
    else if (way.clock === 'anew') {
      Object.assign(change, { clock: anew(c, b, now.body.clock), urgedSince: null });
    }
    if (b.report) Object.assign(change, { report: b.report, reportedAt: c.now });
    if (b.reason) change.reason = b.reason;
    if (b.unit) change.unit = b.unit;
    if (b.to === 'finished' || b.to === 'cancelled') change.urgedSince = null;
    return done(now, change);
  },
});

/** Taken up again, or given to another: under the limit or until the moment said now, which somebody must say. */
function anew(c: DecideContext, b: { due?: number; limit?: string }, before: DueClock): DueClock {
  if (b.limit !== undefined) return startUnder(c, b.limit, 'order', 'limit', before);
  if (b.due !== undefined) return startTowards(c, ahead(c, b.due, 'due'), before);
  throw refuseField('limit', 'required');
}

/** What is done to an order's clock while the unit has it: each is one command, held to the same conditions. */
function underWay(c: DecideContext, id: string): Stored<Order> & { body: Order } {
  const now = existing(c, id);
  if (!isUnderWay(now.body.standing)) throw refuse('movedOn', { both: [{ field: 'standing', yours: null, theirs: now.body.standing }] });
  return now;
}

/** 催办 by a leader. */
export const urge = command({
  roles: ['leader'],
  body: z.strictObject({ id: orderId }),
  needs: (b): Needs => ({ records: [['order', b.id]] }),
  decide(c, b) {
    const now = underWay(c, b.id);
    return done(now, { urgedSince: c.now, urges: now.body.urges + 1 });
  },
});

export const pause = command({
  roles: ['leader'],
  body: z.strictObject({ id: orderId, why: pauseReason, reason: reason.min(1) }),
  needs: (b, x): Needs => ({ records: [['order', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const now = underWay(c, b.id);
    if (now.body.clock.paused !== null) throw refuseField('id', 'notAllowedHere');
    return done(now, { clock: pauseClock(now.body.clock, b.why, c.now, countingOf(c)), reason: b.reason });
  },
});

export const resume = command({
  roles: ['leader'],
  body: z.strictObject({ id: orderId }),
  needs: (b, x): Needs => ({ records: [['order', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const now = underWay(c, b.id);
    if (now.body.clock.paused === null) throw refuseField('id', 'notAllowedHere');
    return done(now, { clock: resumeClock(now.body.clock, c.now, countingOf(c)) });
  },
});

/** 申请延期: asked by the unit, later than it is due now. */
export const ask = command({
  roles: ['unit', 'leader'],
  body: z.strictObject({ id: orderId, until: instant, reason: reason.min(1) }),
  needs: (b): Needs => ({ records: [['order', b.id]] }),
  decide(c, b) {
    const now = underWay(c, b.id);
    if (now.body.clock.due === null) throw refuseField('id', 'notAllowedHere');
    if (b.until <= now.body.clock.due) throw refuseField('until', 'badTime');
    return done(now, { clock: askExtension(now.body.clock, ahead(c, b.until, 'until'), c.now), reason: b.reason });
  },
});

/** 批准或不予延期. `until` other than asked for: so long and no longer. Also without having been asked. */
export const extend = command({
  roles: ['leader'],
  body: z.strictObject({ id: orderId, granted: z.boolean(), until: instant.optional(), reason: reason.optional() }),
  needs: (b, x): Needs => ({ records: [['order', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const now = underWay(c, b.id);
    const { clock } = now.body;
    if (!b.granted) {
      if (clock.asked === null) throw refuseField('id', 'notAllowedHere');
      if (!b.reason) throw refuseField('reason', 'required');
      return done(now, { clock: refuseExtension(clock), reason: b.reason });
    }
    const until = b.until ?? clock.asked?.until;
    if (until === undefined) throw refuseField('until', 'required');
    if (clock.due === null || until <= clock.due) throw refuseField('until', 'badTime');
    return done(now, { clock: extendClock(clock, ahead(c, until, 'until'), c.now, countingOf(c)), urgedSince: null, ...(b.reason && { reason: b.reason }) });
  },
});

/** What time made true: reminded, late, urged, passed up to the leader. By the board itself, once (rule 15). */
export const tick = command({
  roles: ['system'],
  body: z.strictObject({ id: orderId, ...stepBody }),
  needs: (b, x): Needs => ({ records: [['order', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const clock = stepped(c, now.body.clock, b);
    return clock === null ? { puts: [] } : done(now, { clock });
  },
});
