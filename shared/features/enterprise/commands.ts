import { z } from 'zod';
import { within } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { creditCode } from '../../text/creditCode.ts';
import { telephone } from '../../text/telephone.ts';
import { HOUR, dayOf } from '../../time/zone.ts';
import { command, type DecideContext, type Decision, type Needs, type Stored } from '../feature.ts';
import { list, type ListName } from '../list/record.ts';
import { placeNeeds, placeWords } from '../locality/named.ts';
import { locality } from '../locality/record.ts';
import { merge } from '../merge.ts';
import { hazards } from '../shipment/record.ts';
import { unit as unitDef } from '../unit/record.ts';
import { change, code, day, given, localityCode, lonLat, text, uuid } from '../values.ts';
import { moveOf } from './moves.ts';
import { enterprise, risk, safetyCode, state, type Enterprise } from './record.ts';

const desk = ['enterprises', 'leader'] as const;

const credit = z
  .string()
  .max(60)
  .refine((t) => creditCode(t) !== null, { params: { field: 'badCreditCode' } })
  .transform((t) => creditCode(t) ?? '');
const contactNumber = text(40)
  .optional()
  .refine((t) => !t || telephone(t) !== null, { params: { field: 'badTelephone' } })
  .transform((t) => (t ? (telephone(t) ?? undefined) : undefined));
const address = text(200).transform((t) => t || null);
const headcount = z.int().min(0).max(1_000_000);
const hazardList = z
  .array(z.enum(hazards))
  .max(hazards.length)
  .transform((h) => [...new Set(h)].sort());
const personalNames = ['contactName', 'contactNumber'] as const;

const units = (u: string | null | undefined): [string, string][] => (u ? [['unit', u]] : []);

function localityKnown(c: DecideContext, l: string, path: string): void {
  const at = c.get(locality, l);
  if (!at || at.body.validTo !== null) throw refuseField(path, 'unknownLocality');
}

function unitKnown(c: DecideContext, u: string | null, path: string): void {
  if (u !== null && !c.get(unitDef, u)?.body.active) throw refuseField(path, 'unknownUnit');
}

function inList(c: DecideContext, name: ListName, x: string, path: string, known: readonly string[] = []): void {
  const found = c.get(list, name)?.body.items.some((i) => i.code === x && (i.active || known.includes(x)));
  if (!found) throw refuseField(path, 'notInList');
}

export const placeOf = (e: Pick<Enterprise, 'unit' | 'locality'>): { units: string[]; localities: string[] } => ({
  units: e.unit === null ? [] : [e.unit],
  localities: [e.locality],
});

function existing(c: DecideContext, id: string): Stored<Enterprise> {
  const found = c.get(enterprise, id);
  if (!found) throw refuse('notFound');
  return found;
}

const done = (now: Stored<Enterprise>, body?: Enterprise, personal?: Record<string, string | null>): Decision => ({
  puts: body ? [{ kind: 'enterprise', id: now.id, body, ...(personal && { personal }) }] : [],
  result: { id: now.id },
});

/** Put on the register. One that never stopped working is registered as resumed. */
export const register = command({
  roles: desk,
  body: z.strictObject({
    name: text(80).min(1),
    creditCode: credit,
    locality: localityCode,
    address: address.optional(),
    position: lonLat.nullable().default(null),
    trade: code,
    headcount,
    hazards: hazardList.default([]),
    unit: code.nullable().default(null),
    state: z.enum(['notResumed', 'resumed']).default('notResumed'),
    contactName: text(40).optional(),
    contactNumber,
  }),
  needs: (b): Needs => ({
    records: [['list', 'trades'], ...placeNeeds(b.locality), ...units(b.unit)],
    keys: [['enterprise', `creditCode:${b.creditCode}`]],
  }),
  decide(c, b) {
    if (c.find(enterprise, `creditCode:${b.creditCode}`)) throw refuse('alreadyExists', { fields: [{ path: 'creditCode', code: 'taken' }] });
    localityKnown(c, b.locality, 'locality');
    unitKnown(c, b.unit, 'unit');
    inList(c, 'trades', b.trade, 'trade');
    const body: Enterprise = {
      name: b.name,
      creditCode: b.creditCode,
      locality: b.locality,
      placeWords: placeWords(c, b.locality),
      address: b.address ?? null,
      position: b.position,
      trade: b.trade,
      headcount: b.headcount,
      hazards: b.hazards,
      unit: b.unit,
      registered: c.now,
      state: b.state,
      stateSince: c.now,
      stateReason: null,
      risk: null,
      riskSince: null,
      code: null,
      codeSince: null,
      judgedBy: null,
      judgedReason: null,
      reportedDay: null,
      reportedAt: null,
      reportedBy: null,
      zero: false,
      capacity: null,
      staff: null,
      masksDays: null,
      difficulties: [],
      output: [],
      difficultyWords: null,
      inspector: c.author.label,
      contactName: null,
      contactNumber: null,
    };
    if (!within(c.author.scope, placeOf(body))) throw refuseField('locality', 'notAllowedHere');
    const personal = Object.fromEntries(personalNames.flatMap((n) => (b[n] ? [[n, b[n]]] : [])));
    return { puts: [{ kind: 'enterprise', id: c.newId, body, personal }], result: { id: c.newId } };
  },
});

export const amend = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({
      name: change(text(80).min(1)),
      creditCode: change(credit),
      locality: change(localityCode),
      address: change(address),
      position: change(lonLat.nullable()),
      trade: change(code),
      headcount: change(headcount),
      hazards: change(hazardList),
      unit: change(code.nullable()),
      contactName: change(text(40)),
      contactNumber: change(contactNumber),
    }),
  }),
  needs: (b): Needs => ({
    records: [['enterprise', b.id], ['list', 'trades'], ...placeNeeds(b.changes.locality?.to), ...units(b.changes.unit?.to)],
    keys: b.changes.creditCode ? [['enterprise', `creditCode:${b.changes.creditCode.to}`]] : [],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    const taken = merge(now.body, given(b.changes));
    if (Object.keys(taken).length === 0) return done(now);
    const personal: Record<string, string | null> = {};
    for (const name of personalNames) {
      if (!(name in taken)) continue;
      personal[name] = (taken[name] as string | undefined) || null;
      delete taken[name];
    }
    const body: Enterprise = { ...now.body, ...(taken as Partial<Enterprise>) };
    if ('creditCode' in taken && c.find(enterprise, `creditCode:${body.creditCode}`)) {
      throw refuse('alreadyExists', { fields: [{ path: 'changes.creditCode.to', code: 'taken' }] });
    }
    if ('locality' in taken) {
      localityKnown(c, body.locality, 'changes.locality.to');
      body.placeWords = placeWords(c, body.locality);
    }
    if ('unit' in taken) unitKnown(c, body.unit, 'changes.unit.to');
    if ('trade' in taken) inList(c, 'trades', body.trade, 'changes.trade.to');
    return done(now, body, personal);
  },
});

/** One step on the way back to work, by the table in moves.ts. */
export const resume = command({
  roles: desk,
  body: z.strictObject({ id: uuid, from: state, to: state, reason: text(300).optional() }),
  needs: (b): Needs => ({ records: [['enterprise', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.state !== b.from) throw refuse('movedOn', { both: [{ field: 'state', yours: b.to, theirs: now.body.state }] });
    const way = moveOf(b.from, b.to);
    if (!way) throw refuseField('to', 'notAllowedHere');
    if (c.author.role === 'system' || !way.roles.includes(c.author.role)) throw refuse('notAllowed');
    if (way.needs.includes('reason') && !b.reason) throw refuseField('reason', 'required');
    if (way.needs.includes('judged')) {
      if (now.body.risk === null) throw refuseField('risk', 'required');
      if (now.body.code === 'red') throw refuseField('code', 'notAllowedHere');
    }
    return done(now, { ...now.body, state: b.to, stateSince: c.now, stateReason: b.reason || null });
  },
});

/** Made at night without a line, it may still come in for its own day so long after. */
const LATE = 12 * HOUR;

/**
 * The day's report. A later one of the same day replaces it (the earlier stays in the history); sending the same one
 * again changes nothing. `zero`: nothing made, nobody on duty; the figures are then 0 and need not be filled in.
 */
export const report = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    day,
    zero: z.boolean().default(false),
    capacity: z.number().min(0).max(200).optional(),
    staff: z.int().min(0).max(1_000_000).optional(),
    output: z
      .array(z.strictObject({ product: text(40).min(1), quantity: z.number().min(0).max(1_000_000_000), unit: text(10).min(1) }))
      .max(20)
      .default([]),
    masksDays: z.number().min(0).max(365).nullable().default(null),
    difficulties: z.array(code).max(20).default([]),
    words: text(500).default(''),
  }),
  needs: (b): Needs => ({
    records: [
      ['enterprise', b.id],
      ['list', 'difficulties'],
    ],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    const today = dayOf(c.now, c.zone);
    if (b.day > today) throw refuseField('day', 'timeInFuture');
    const ownDay = b.day === dayOf(c.occurred, c.zone) && c.now - c.occurred <= LATE;
    if (b.day < today && !ownDay) throw refuseField('day', 'timeTooOld', { newest: today });
    if (now.body.reportedDay !== null && b.day < now.body.reportedDay) throw refuseField('day', 'timeTooOld', { newest: now.body.reportedDay });
    if (b.zero) {
      if (b.capacity) throw refuseField('capacity', 'notAllowedHere');
      if (b.staff) throw refuseField('staff', 'notAllowedHere');
      if (b.output.some((l) => l.quantity > 0)) throw refuseField('output', 'notAllowedHere');
    } else {
      if (b.capacity === undefined) throw refuseField('capacity', 'required');
      if (b.staff === undefined) throw refuseField('staff', 'required');
    }
    const difficulties = [...new Set(b.difficulties)].sort();
    for (const x of difficulties) inList(c, 'difficulties', x, `difficulties.${b.difficulties.indexOf(x)}`, now.body.difficulties);
    const said = {
      zero: b.zero,
      capacity: b.capacity ?? 0,
      staff: b.staff ?? 0,
      output: b.output,
      masksDays: b.masksDays,
      difficulties,
      difficultyWords: b.words || null,
    };
    return done(now, { ...now.body, ...said, reportedDay: b.day, reportedAt: c.now, reportedBy: c.author.label });
  },
});

/** Risk colour and safety code as an inspector judges them, with the reason. Later by rules; then this is the override. */
export const judge = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({ risk: change(risk), code: change(safetyCode) }),
    reason: text(300).min(1),
  }),
  needs: (b): Needs => ({ records: [['enterprise', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    const taken = merge(now.body, given(b.changes)) as Partial<Enterprise>;
    if (Object.keys(taken).length === 0) return done(now);
    const body: Enterprise = { ...now.body, ...taken, judgedBy: c.author.label, judgedReason: b.reason };
    if (taken.risk) body.riskSince = c.now;
    if (taken.code) body.codeSince = c.now;
    return done(now, body);
  },
});
