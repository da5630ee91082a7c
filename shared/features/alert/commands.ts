import { z } from 'zod';
import type { Role } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import type { Instant } from '../../time/clock.ts';
import { dayOf } from '../../time/zone.ts';
import { command, type DecideContext, type Needs, type NeedsContext, type Put, type Stored } from '../feature.ts';
import { locality } from '../locality/record.ts';
import { ruleCode } from '../rule/commands.ts';
import { Failed } from '../rule/expression.ts';
import { holdsFrom, inputsOf, isOver, lookedAt, titleParams, type Scalar } from '../rule/judge.ts';
import { alertLevel, rule, type AlertLevel, type Rule } from '../rule/record.ts';
import { subjectOf } from '../rule/subjects.ts';
import { shift, slotKey, type Shift } from '../shift/record.ts';
import { instant, localityCode, text, uuid } from '../values.ts';
import { moveOf, stands } from './moves.ts';
import { alert, alertState, LONGEST_PAUSE, type Alert, type AlertState } from './record.ts';

const desk = ['operator', 'leader'] as const;
const MINUTE = 60_000;

/** One standing alert of a rule for a record, or for a place or unit. */
export const standingKey = (code: string, of: string): string => `standing:${code}/${of}`;
export const ofRecord = (kind: string, id: string): string => `${kind}/${id}`;

const counterOf = (c: NeedsContext): string => `alert/${dayOf(c.now, c.zone).replaceAll('-', '')}`;
const numberOf = (c: DecideContext): string => `A${dayOf(c.now, c.zone).replaceAll('-', '')}-${String(c.take(counterOf(c))).padStart(3, '0')}`;
const roster = (c: NeedsContext): [string, string] => ['shift', slotKey(c.now)];

type Place = Pick<Alert, 'rank' | 'whose' | 'whosePerson' | 'riseAt'>;

/**
 * Whose it is at a place of the roster that is on now, and when it goes further. Whoever stands last keeps it until the shift
 * ends: then, as for everybody, it is the next shift's.
 */
function at(c: DecideContext, rank: number, level: AlertLevel): Place {
  const on = c.find(shift, slotKey(c.now))?.body;
  const one = on?.duty[rank];
  if (!on || !one) return { rank, whose: null, whosePerson: null, riseAt: null };
  const further = on.duty[rank + 1] !== undefined;
  return { rank, whose: one.label, whosePerson: one.person, riseAt: Math.min(further ? c.now + on.rise[level] * MINUTE : Infinity, on.to) };
}

/**
 * Where it goes when nobody has acknowledged it: behind whoever has it, where they stand on the roster now; to the first of
 * it where they are not on any more. Null: nobody is on.
 */
function next(c: DecideContext, now: Alert): Partial<Alert> | null {
  const on = c.find(shift, slotKey(c.now))?.body;
  if (!on) return null;
  const has = (d: Shift['duty'][number] | undefined): boolean => d !== undefined && d.label === now.whose && d.person === now.whosePerson;
  const rank = has(on.duty[now.rank]) ? now.rank : on.duty.findIndex(has);
  const upAt = (now.roseAt ?? now.stateSince) + on.rise[now.level] * MINUTE;
  // Nobody stands behind them; or their own shift has gone over into another of theirs before their time is up.
  if (rank >= 0 && on.duty[rank + 1] === undefined) return { rank, riseAt: on.to };
  if (rank >= 0 && upAt > c.now) return { rank, riseAt: Math.min(upAt, on.to) };
  return { ...at(c, rank + 1, now.level), roseAt: c.now };
}

type Fresh = Pick<Alert, 'level' | 'title' | 'params' | 'about' | 'units' | 'localities' | 'raisedBy' | 'rule' | 'key' | 'inputs' | 'holds' | 'least' | 'notes'>;

function raised(c: DecideContext, given: Fresh): { puts: Put[]; result: { id: string; number: string } } {
  const body: Alert = {
    number: numberOf(c),
    ...given,
    state: 'new',
    stateSince: c.now,
    raised: c.now,
    ...at(c, 0, given.level),
    roseAt: null,
    by: null,
    byPerson: null,
    intends: null,
    until: null,
    reason: null,
    back: 0,
  };
  return { puts: [{ kind: 'alert', id: c.newId, body }], result: { id: c.newId, number: body.number } };
}

/**
 * By hand. Its title is read by everyone in the room: no names, no numbers of people. Whoever stands beside the truck or in
 * the plant raises it too, about what they may read; the desks of the centre handle it.
 */
export const raise = command({
  roles: [...desk, 'supplies', 'enterprises'],
  body: z.strictObject({
    title: text(40).min(1),
    level: alertLevel,
    about: z.strictObject({ kind: z.string().max(30), id: z.string().min(1).max(80) }).nullable().default(null),
    locality: localityCode.nullable().default(null),
    notes: text(2_000).default(''),
  }),
  needs: (b, c): Needs => ({
    records: [...(b.about ? [[b.about.kind, b.about.id] as [string, string]] : []), ...(b.locality === null ? [] : [['locality', b.locality] as [string, string]])],
    keys: [roster(c)],
    counters: [counterOf(c)],
  }),
  decide(c, b) {
    let place = { units: [] as string[], localities: b.locality === null ? [] : [b.locality] };
    if (b.locality !== null && !c.get(locality, b.locality)) throw refuseField('locality', 'unknownLocality');
    if (b.about) {
      const feature = subjectOf(b.about.kind);
      if (!feature) throw refuseField('about.kind', 'notInList');
      const about = feature.readers.includes(c.author.role as Role) ? c.get(feature.record, b.about.id) : null;
      if (!about) throw refuse('notFound');
      if (b.locality === null) place = feature.place(about.body);
    }
    return raised(c, {
      level: b.level,
      title: { zh: b.title, en: b.title },
      params: {},
      about: b.about,
      ...place,
      raisedBy: c.author.label,
      rule: null,
      key: null,
      inputs: {},
      holds: null,
      least: 0,
      notes: b.notes,
    });
  },
});

const byRule = (code: string, r: Rule): Alert['rule'] => ({ code, edition: r.edition, name: r.name });

/** The rule as it stands, if that is still the edition meant and it is switched on. */
function ruleNow(c: DecideContext, code: string, edition: number): Rule | null {
  const now = c.get(rule, code)?.body;
  return now && now.active && now.edition === edition ? now : null;
}

/**
 * A rule holds for a record (rule 15): noticed by a hub, judged here again on the record as it stands under the lock, so
 * that what a hub remembers wrongly or late writes nothing.
 */
export const found = command({
  roles: ['system'],
  body: z.strictObject({ rule: ruleCode, edition: z.int().min(1), kind: z.string().max(30), id: z.string().min(1).max(80) }),
  needs: (b, c): Needs => ({
    records: [
      ['rule', b.rule],
      [b.kind, b.id],
    ],
    keys: [['alert', standingKey(b.rule, ofRecord(b.kind, b.id))], roster(c)],
    counters: [counterOf(c)],
  }),
  decide(c, b) {
    const now = ruleNow(c, b.rule, b.edition);
    const feature = now?.looks === 'records' && now.kind === b.kind ? subjectOf(b.kind) : undefined;
    const of = feature && c.get(feature.record, b.id);
    if (!now || !feature || !of || c.find(alert, standingKey(b.rule, ofRecord(b.kind, b.id)))) return { puts: [] };
    const values = lookedAt(b.kind, of.body);
    const from = judged(() => holdsFrom(now, values, 0));
    if (from === undefined || from === null || from > c.now) return { puts: [] };
    return raised(c, {
      level: now.level,
      title: now.title,
      params: titleParams(now, values),
      about: { kind: b.kind, id: b.id },
      ...feature.place(of.body),
      raisedBy: null,
      rule: byRule(b.rule, now),
      key: null,
      inputs: inputsOf(now, values),
      holds: true,
      least: now.least,
      notes: '',
    });
  },
});

/** Undefined where it cannot be worked out; the hub that noticed says so on the rule. */
function judged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failed) return undefined;
    throw error;
  }
}

const scalar = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);

/** Places a figure is kept by: its key, or parts of it with @ between (`symptoms@330102@2020-02-09`). */
const placesIn = (key: string | null): string[] => (key ?? '').split('@').filter((part) => localityCode.safeParse(part).success);

/** A rule holds for figures, as the hub that noticed had them: figures are no record, so they come with it. */
export const figure = command({
  roles: ['system'],
  body: z.strictObject({
    rule: ruleCode,
    edition: z.int().min(1),
    key: z.string().max(80).nullable(),
    params: z.record(z.string().max(40), scalar),
    inputs: z.record(z.string().max(60), scalar),
  }),
  needs: (b, c): Needs => ({
    records: [['rule', b.rule], ...placesIn(b.key).map((code): [string, string] => ['locality', code])],
    keys: [['alert', standingKey(b.rule, b.key ?? '')], roster(c)],
    counters: [counterOf(c)],
  }),
  decide(c, b) {
    const now = ruleNow(c, b.rule, b.edition);
    if (now?.looks !== 'figures' || c.find(alert, standingKey(b.rule, b.key ?? ''))) return { puts: [] };
    const place = placesIn(b.key).filter((code) => c.get(locality, code) !== undefined);
    return raised(c, {
      level: now.level,
      title: now.title,
      params: b.params as Record<string, Scalar>,
      about: null,
      units: [],
      localities: place,
      raisedBy: null,
      rule: byRule(b.rule, now),
      key: b.key,
      inputs: b.inputs as Record<string, Scalar>,
      holds: true,
      least: now.least,
      notes: '',
    });
  },
});

function existing(c: DecideContext, id: string): Stored<Alert> {
  const now = c.get(alert, id);
  if (!now) throw refuse('notFound');
  return now;
}

const put = (now: Stored<Alert>, changes: Partial<Alert>): { puts: Put[] } => ({ puts: [{ kind: 'alert', id: now.id, body: { ...now.body, ...changes } }] });

const settled = { rank: 0, whose: null, whosePerson: null, riseAt: null, until: null } as const;
const over = (now: Alert, at: Instant): Partial<Alert> =>
  stands(now.state) ? { ...settled, state: 'cleared', stateSince: at, by: null, byPerson: null, holds: false, reason: null } : { holds: false };

/** What raised it is so no longer. Of records it is judged here again; a rule switched off or changed has let go of it. */
export const end = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, rule: ruleCode, about: z.strictObject({ kind: z.string().max(30), id: z.string().max(80) }).nullable() }),
  needs: (b): Needs => ({ records: [['alert', b.id], ['rule', b.rule], ...(b.about ? [[b.about.kind, b.about.id] as [string, string]] : [])] }),
  decide(c, b) {
    const now = c.get(alert, b.id);
    if (!now || now.body.holds !== true || now.body.rule?.code !== b.rule) return { puts: [] };
    const r = c.get(rule, b.rule)?.body;
    const goes = r?.active === true && r.looks === (now.body.about ? 'records' : 'figures');
    if (goes && c.now < now.body.raised + now.body.least * 60_000) return { puts: [] };
    if (goes && b.about) {
      const feature = subjectOf(b.about.kind);
      const of = feature && c.get(feature.record, b.about.id);
      // Where it cannot be told it stands.
      if (of && r.kind === b.about.kind && judged(() => isOver(r, lookedAt(of.kind, of.body), c.now)) !== true) return { puts: [] };
    }
    return put(now, over(now.body, c.now));
  },
});

/** Acknowledge, take in hand, shelve, clear. */
export const move = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    /** The state whoever moves it saw. */
    from: alertState,
    to: alertState,
    /** Read by everyone in the room. */
    intends: text(30).optional(),
    until: instant.optional(),
    reason: text(300).optional(),
  }),
  needs: (b, c): Needs => ({ records: [['alert', b.id]], keys: [roster(c)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const is: AlertState = now.body.state;
    if (is !== b.from) {
      if (is === b.to) return { puts: [], result: { id: now.id, number: now.body.number } };
      throw refuse('movedOn', { both: [{ field: 'state', yours: b.to, theirs: is }] });
    }
    const way = moveOf(b.from, b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (!way.roles.some((r) => r === c.author.role)) throw refuse('notAllowed');
    for (const need of way.needs) if (b[need] === undefined || b[need] === '') throw refuseField(need, 'required');
    for (const said of ['intends', 'until', 'reason'] as const) if (b[said] !== undefined && !way.needs.includes(said)) throw refuseField(said, 'notAllowedHere');
    if (b.until !== undefined && (b.until <= c.now || b.until > c.now + LONGEST_PAUSE)) throw refuseField('until', 'badTime');
    const who = { by: c.author.label, byPerson: c.author.id };
    // Whoever comes on next looks at it anew.
    const until = b.until === undefined ? null : Math.min(b.until, c.find(shift, slotKey(c.now))?.body.to ?? b.until);
    const body: Partial<Alert> = { ...settled, ...who, state: b.to, stateSince: c.now, intends: b.intends ?? null, until, reason: b.reason ?? null };
    return { ...put(now, body), result: { id: now.id, number: now.body.number } };
  },
});

/** Nobody has acknowledged it in time: it rises to the next on the roster, written once (rule 15). */
export const riseOn = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, at: instant }),
  needs: (b, c): Needs => ({ records: [['alert', b.id]], keys: [roster(c)] }),
  decide(c, b) {
    const now = c.get(alert, b.id);
    if (!now || now.body.state !== 'new' || now.body.riseAt !== b.at || c.now < b.at) return { puts: [] };
    // Nobody is on: it stays where it is and is asked no more.
    return put(now, next(c, now.body) ?? { riseAt: null });
  },
});

/** An acknowledgement or a shelving has run out: it is new again. */
export const lapse = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, at: instant }),
  needs: (b, c): Needs => ({ records: [['alert', b.id]], keys: [roster(c)] }),
  decide(c, b) {
    const now = c.get(alert, b.id);
    if (!now || now.body.until !== b.at || c.now < b.at || !['acknowledged', 'acting', 'shelved'].includes(now.body.state)) return { puts: [] };
    return put(now, { state: 'new', stateSince: c.now, ...at(c, 0, now.body.level), roseAt: null, until: null, back: now.body.back + 1 });
  },
});
