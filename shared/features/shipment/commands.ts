import { z } from 'zod';
import { within } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { telephone } from '../../text/telephone.ts';
import type { Instant } from '../../time/clock.ts';
import { DAY, dayOf } from '../../time/zone.ts';
import { command, type DecideContext, type Decision, type Needs, type NeedsContext, type Put, type Stored } from '../feature.ts';
import { list } from '../list/record.ts';
import { placeNeeds, placeWords } from '../locality/named.ts';
import { locality } from '../locality/record.ts';
import { merge } from '../merge.ts';
import { DIFFERENCE_UNIT, differenceNeeds, differenceOrder } from '../order/open.ts';
import { unit as unitDef } from '../unit/record.ts';
import { aheadOf, change, code, given, instant, lat, localityCode, lon, lonLat, text, uuid } from '../values.ts';
import { isMoving, moveOf, type ShipmentMove } from './moves.ts';
import { shipment, state, states, type Hazard, type Shipment, type ShipmentLine, type ShipmentState } from './record.ts';
import { heard, placed, reckoned, silence, SILENT_AFTER } from './way.ts';

const desk = ['supplies', 'leader'] as const;

/** In the item's own measure; thousandths at most. */
const quantity = z.number().min(0).max(1_000_000_000).multipleOf(0.001);

const stop = z.strictObject({
  /** Null: a place beyond the board's localities, named by its words alone. */
  locality: localityCode.nullable(),
  place: text(60).min(1),
  /** Left out: the middle of the locality. */
  at: lonLat.nullable().default(null),
});

const driverNumber = text(40)
  .optional()
  .refine((t) => !t || telephone(t) !== null, { params: { field: 'badTelephone' } })
  .transform((t) => (t ? (telephone(t) ?? undefined) : undefined));

/** A plate in one written form: no blanks, dots or dashes, capitals. */
const vehicle = text(20).transform((v) => v.normalize('NFKC').replace(/[\s·•.-]/g, '').toUpperCase() || null);

const words = { escort: text(60).transform((t) => t || null), driverName: text(40) };
const personalNames = ['driverName', 'driverNumber'] as const;

const counterOf = (x: NeedsContext): string => `shipment:${dayOf(x.now, x.zone)}`;
const units = (...codes: (string | null | undefined)[]): [string, string][] => codes.flatMap((u) => (u ? [['unit', u] as [string, string]] : []));

function resolved(c: DecideContext, s: z.infer<typeof stop>, path: string): Shipment['from'] {
  if (s.locality === null) return s;
  const found = c.get(locality, s.locality);
  if (!found || found.body.validTo !== null) throw refuseField(`${path}.locality`, 'unknownLocality');
  return { ...s, at: s.at ?? found.body.centre };
}

function unitKnown(c: DecideContext, unit: string | null, path: string): void {
  if (unit !== null && !c.get(unitDef, unit)?.body.active) throw refuseField(path, 'unknownUnit');
}

/** The catalogue's word on each line; `known`: lines already on board may have been switched off since. */
function hazardsOf(c: DecideContext, lines: readonly { item: string }[], path: (i: number) => string, known: readonly string[] = []): Hazard[] {
  const items = c.get(list, 'items')?.body.items ?? [];
  const out = new Set<Hazard>();
  lines.forEach((line, i) => {
    const item = items.find((x) => x.code === line.item && (x.active || known.includes(x.code)));
    if (!item) throw refuseField(path(i), 'unknownItem');
    if (item.hazard) out.add(item.hazard);
  });
  return [...out].sort();
}

function planInOrder(s: Pick<Shipment, 'departPlanned' | 'arrivePlanned'>, path: string): void {
  if (s.departPlanned !== null && s.arrivePlanned !== null && s.arrivePlanned < s.departPlanned) throw refuseField(path, 'badTime');
}

/** A load is announced and gets its number. */
export const announce = command({
  roles: desk,
  body: z.strictObject({
    from: stop,
    to: stop.extend({ locality: localityCode }),
    unit: code.nullable().default(null),
    lines: z
      .array(z.strictObject({ item: code, announced: quantity.gt(0) }))
      .min(1)
      .max(50),
    departPlanned: instant.nullable().default(null),
    arrivePlanned: instant.nullable().default(null),
    vehicle: vehicle.optional(),
    escort: words.escort.optional(),
    driverName: words.driverName.optional(),
    driverNumber,
  }),
  needs: (b, x): Needs => ({
    records: [['list', 'items'], ...placeNeeds(b.from.locality, b.to.locality), ...units(b.unit)],
    counters: [counterOf(x)],
  }),
  decide(c, b) {
    b.lines.forEach((l, i) => {
      if (b.lines.findIndex((m) => m.item === l.item) !== i) throw refuseField(`lines.${i}.item`, 'duplicate');
    });
    const hazards = hazardsOf(c, b.lines, (i) => `lines.${i}.item`);
    const from = resolved(c, b.from, 'from');
    const to = resolved(c, b.to, 'to');
    unitKnown(c, b.unit, 'unit');
    planInOrder(b, 'arrivePlanned');
    const number = `S${dayOf(c.now, c.zone).replaceAll('-', '')}-${String(c.take(counterOf(c))).padStart(3, '0')}`;
    const body: Shipment = {
      number,
      announced: c.now,
      from,
      to,
      placeWords: { from: placeWords(c, from.locality), to: placeWords(c, to.locality) },
      unit: b.unit,
      lines: b.lines.map((l) => ({ ...l, counted: null })),
      reasons: {},
      hazards,
      departPlanned: b.departPlanned,
      arrivePlanned: b.arrivePlanned,
      state: 'planned',
      stateSince: c.now,
      times: { planned: c.now },
      position: null,
      track: [],
      eta: null,
      silentSince: null,
      stateReason: null,
      vehicle: b.vehicle ?? null,
      escort: b.escort ?? null,
      clerk: c.author.label,
      driverName: null,
      driverNumber: null,
    };
    // A clerk could otherwise announce what the clerk cannot see.
    if (!within(c.author.scope, placeOf(body))) throw refuseField('to.locality', 'notAllowedHere');
    const personal = Object.fromEntries(personalNames.flatMap((n) => (b[n] ? [[n, b[n]]] : [])));
    return { puts: [{ kind: 'shipment', id: c.newId, body, personal }], result: { id: c.newId, number } };
  },
});

export const placeOf = (s: Pick<Shipment, 'from' | 'to' | 'unit'>): { units: string[]; localities: string[] } => ({
  units: s.unit === null ? [] : [s.unit],
  localities: [...new Set([s.to.locality, s.from.locality].filter((l) => l !== null))],
});

function existing(c: DecideContext, id: string): Stored<Shipment> {
  const found = c.get(shipment, id);
  if (!found) throw refuse('notFound');
  return found;
}

const done = (now: Stored<Shipment>, body?: Shipment, personal?: Record<string, string | null>, more: Decision['result'] = {}, beside: Put[] = []): Decision => ({
  puts: body ? [{ kind: 'shipment', id: now.id, body, ...(personal && { personal }) }, ...beside] : [],
  result: { id: now.id, number: now.body.number, ...more },
});

/** Correct what was announced. Lines go one by one: two clerks disturb each other only on the same item. */
export const amend = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({
      from: change(stop),
      to: change(stop.extend({ locality: localityCode })),
      unit: change(code.nullable()),
      departPlanned: change(instant.nullable()),
      arrivePlanned: change(instant.nullable()),
      vehicle: change(vehicle),
      escort: change(words.escort),
      driverName: change(words.driverName),
      driverNumber: change(driverNumber),
    }),
    /** What was announced of an item, as seen and as it is to be; null: not on board. */
    lines: z
      .array(z.strictObject({ item: code, from: quantity.nullable(), to: quantity.gt(0).nullable() }))
      .max(50)
      .default([]),
  }),
  needs: (b): Needs => ({
    records: [
      ['shipment', b.id],
      ['list', 'items'],
      ...placeNeeds(b.changes.from?.to.locality, b.changes.to?.to.locality),
      ...units(b.changes.unit?.to),
    ],
  }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.state === 'stored' || now.body.state === 'cancelled') throw refuse('movedOn', { both: [{ field: 'state', yours: null, theirs: now.body.state }] });
    if (b.lines.length > 0 && !['planned', 'departed', 'onTheWay', 'arrived'].includes(now.body.state)) throw refuseField('lines', 'notAllowedHere');
    const edits = given(b.changes);
    // A stop's point may have been filled in from its locality: what the editor left empty is then what it was.
    for (const name of ['from', 'to'] as const) {
      const wish = b.changes[name];
      if (wish) edits[name] = { from: wish.from, to: resolved(c, wish.to, `changes.${name}.to`) };
    }
    const taken = merge(now.body, edits);
    const lines = amendLines(now.body.lines, b.lines);
    if (Object.keys(taken).length === 0 && lines === now.body.lines) return done(now);
    const personal: Record<string, string | null> = {};
    for (const name of personalNames) {
      if (!(name in taken)) continue;
      personal[name] = (taken[name] as string | undefined) || null;
      delete taken[name];
    }
    const body: Shipment = { ...now.body, ...(taken as Partial<Shipment>), lines };
    if (body.lines.length === 0) throw refuseField('lines', 'required');
    if (body.lines.length > 50) throw refuseField('lines', 'tooLong', { max: 50 });
    if ('unit' in taken) unitKnown(c, body.unit, 'changes.unit.to');
    for (const name of ['from', 'to'] as const) if (name in taken) body.placeWords = { ...body.placeWords, [name]: placeWords(c, body[name].locality) };
    if (lines !== now.body.lines) {
      body.hazards = hazardsOf(c, body.lines, () => 'lines', now.body.lines.map((l) => l.item));
    }
    planInOrder(body, 'changes.arrivePlanned.to');
    body.eta = reckoned(body);
    return done(now, body, personal);
  },
});

function amendLines(lines: ShipmentLine[], edits: { item: string; from: number | null; to: number | null }[]): ShipmentLine[] {
  const both: { field: string; yours: unknown; theirs: unknown }[] = [];
  let out = lines;
  for (const { item, from, to } of edits) {
    const line = out.find((l) => l.item === item);
    const is = line?.announced ?? null;
    if (is === to) continue;
    if (is !== from) both.push({ field: `lines.${item}`, yours: to, theirs: is });
    else if (to === null) out = out.filter((l) => l.item !== item);
    else if (line) out = out.map((l) => (l.item === item ? { ...l, announced: to } : l));
    else out = [...out, { item, announced: to, counted: null }];
  }
  if (both.length > 0) throw refuse('conflict', { both });
  return out;
}

/** How far back the real time of a move may lie: a clerk catches up after a night without a line. */
const BACK = 7 * DAY;

function moved(c: DecideContext, now: Shipment, to: ShipmentState, by: ShipmentMove['by'], b: { at?: Instant; vehicle?: string | null; reason?: string }): Shipment {
  const way = moveOf(now.state, to);
  if (way?.by !== by) throw refuseField('to', 'notAllowedHere');
  if (c.author.role === 'system' || !way.roles.includes(c.author.role)) throw refuse('notAllowed');
  const plate = b.vehicle ?? now.vehicle;
  if (way.needs.includes('vehicle') && !plate) throw refuseField('vehicle', 'required');
  if (way.needs.includes('reason') && !b.reason) throw refuseField('reason', 'required');
  if (way.needs.includes('counts')) {
    const open = now.lines.filter((l) => l.counted === null);
    if (open.length > 0) throw refuseField('lines', 'notCounted', { count: open.length });
  }
  // `planned` is when it was written down, which may be after the truck left.
  const last = Math.max(0, ...Object.entries(now.times).map(([s, t]) => (s === 'planned' ? 0 : t)));
  const at = b.at ?? Math.max(c.occurred, last);
  if (aheadOf(at, c.now)) throw refuseField('at', 'timeInFuture');
  if (at < c.now - BACK) throw refuseField('at', 'timeTooOld');
  if (!way.back && at < last) throw refuseField('at', 'badTime');
  const kept = states.slice(0, states.indexOf(to) + 1).flatMap((s) => (now.times[s] === undefined ? [] : [[s, now.times[s]]]));
  const times = way.back ? (Object.fromEntries(kept) as Shipment['times']) : { ...now.times, [to]: at };
  const body: Shipment = { ...now, state: to, stateSince: c.now, times, vehicle: plate, stateReason: b.reason ?? null };
  if (way.back && to === 'planned') {
    body.position = null;
    body.track = [];
  }
  body.eta = reckoned(body);
  body.silentSince = null;
  return body;
}

/** What a count reads so that a difference can open an order by itself; the unit is known only once the load is read. */
const countNeeds = (x: NeedsContext, id: string): Needs => {
  const needs = differenceNeeds(x, id);
  return { ...needs, records: [['shipment', id], ['list', 'items'], ['unit', DIFFERENCE_UNIT], ...(needs.records ?? [])] };
};

/** Whoever counted it: that something is missing, or too much, is somebody's to clear up from this moment on. */
function differenceOf(c: DecideContext, id: string, s: Shipment): Put[] {
  const differing = s.lines.filter((l) => l.counted !== null && l.counted !== l.announced);
  if (s.state !== 'counted' || differing.length === 0) return [];
  // The unit it is for, else whoever keeps the supplies; on a board with neither, the leader's list still shows it.
  const unit = s.unit ?? (c.get(unitDef, DIFFERENCE_UNIT)?.body.active ? DIFFERENCE_UNIT : null);
  if (unit === null) return [];
  const items = c.get(list, 'items')?.body.items ?? [];
  const said = differing.map((l) => {
    const item = items.find((i) => i.code === l.item);
    return `${item?.name.zh ?? l.item}：应到 ${l.announced}，实点 ${l.counted ?? 0}${item?.measure ? ` ${item.measure.zh}` : ''}${s.reasons[l.item] ? `（${s.reasons[l.item]}）` : ''}`;
  });
  const about = { kind: 'shipment', id, name: s.number, locality: s.to.locality, placeWords: s.placeWords.to };
  return differenceOrder(c, { shipment: id, unit, text: said.join('\n'), about });
}

function from(now: Stored<Shipment>, seen: ShipmentState, yours: ShipmentState): void {
  if (now.body.state !== seen) throw refuse('movedOn', { both: [{ field: 'state', yours, theirs: now.body.state }] });
}

/** One state on, or a mistaken one back, by the table in moves.ts. `at`: when it really was so. */
export const move = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    from: state,
    to: state,
    at: instant.optional(),
    vehicle: vehicle.optional(),
    reason: text(300).optional(),
  }),
  needs: (b, x): Needs => (b.to === 'counted' ? countNeeds(x, b.id) : { records: [['shipment', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    from(now, b.from, b.to);
    const body = moved(c, now.body, b.to, 'shipment.move', b);
    return done(now, body, undefined, {}, differenceOf(c, now.id, body));
  },
});

/** Into the store: its way is over. */
export const store = command({
  roles: desk,
  body: z.strictObject({ id: uuid, at: instant.optional() }),
  needs: (b): Needs => ({ records: [['shipment', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    from(now, 'counted', 'stored');
    return done(now, moved(c, now.body, 'stored', 'shipment.store', b));
  },
});

export const cancel = command({
  roles: desk,
  body: z.strictObject({ id: uuid, from: state, reason: text(300).min(1) }),
  needs: (b): Needs => ({ records: [['shipment', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    from(now, b.from, 'cancelled');
    return done(now, moved(c, now.body, 'cancelled', 'shipment.cancel', b));
  },
});

/**
 * Where it was at a time. Late, repeated and out-of-order positions are no errors: what is not new is let go, and the
 * answer says `kept: false`. `afresh`: the points so far were wrong; the way begins again here.
 */
export const position = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    lon,
    lat,
    at: instant,
    locality: localityCode.nullable().default(null),
    afresh: z.boolean().default(false),
  }),
  needs: (b): Needs => ({ records: [['shipment', b.id], ...placeNeeds(b.locality)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.state === 'planned') throw refuseField('id', 'notAllowedHere');
    if (aheadOf(b.at, c.now)) throw refuseField('at', 'timeInFuture');
    // After it has come in, or from before it left: a straggler of the network.
    const arrived = now.body.times.arrived;
    if (!isMoving(now.body.state) && (arrived === undefined || b.at > arrived)) return done(now, undefined, undefined, { kept: false });
    if (b.at < (now.body.times.departed ?? 0) - 600_000) return done(now, undefined, undefined, { kept: false });
    if (b.locality !== null && !c.get(locality, b.locality)) throw refuseField('locality', 'unknownLocality');
    const point: Shipment['track'][number] = [round(b.lon), round(b.lat), b.at];
    const way = placed(b.afresh ? [] : now.body.track, point);
    if (!way.kept) {
      if (way.why === 'tooFast') throw refuseField('lon', 'tooFast', { max: 200 });
      return done(now, undefined, undefined, { kept: false });
    }
    const body: Shipment = { ...now.body, track: way.track };
    if (way.newest) body.position = { lon: point[0], lat: point[1], at: b.at, locality: b.locality };
    body.silentSince = silence({ ...body, silentSince: way.newest ? null : body.silentSince }, c.now);
    body.eta = reckoned(body);
    return done(now, body, undefined, { kept: true });
  },
});

/** About a metre: more digits would only pretend. */
const round = (v: number): number => Math.round(v * 1e5) / 1e5;

/**
 * What came off the truck, line by line. `from`: the count seen (null: none yet). Two clerks at different lines merge;
 * at the same line the second is shown both counts. A difference needs its reason; what nobody announced is a line too.
 * `done`: nothing is left to count.
 */
export const count = command({
  roles: desk,
  body: z.strictObject({
    id: uuid,
    lines: z
      .array(z.strictObject({ item: code, from: quantity.nullable(), counted: quantity, reason: text(200).optional() }))
      .min(1)
      .max(50)
      .refine((all) => new Set(all.map((l) => l.item)).size === all.length, { params: { field: 'duplicate' } }),
    done: z.boolean().default(false),
  }),
  needs: (b, x): Needs => countNeeds(x, b.id),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.state !== 'unloading') throw refuse('movedOn', { both: [{ field: 'state', yours: 'unloading', theirs: now.body.state }] });
    const both: { field: string; yours: unknown; theirs: unknown }[] = [];
    let lines = now.body.lines;
    const reasons = { ...now.body.reasons };
    b.lines.forEach((l, i) => {
      const line = lines.find((x) => x.item === l.item) ?? { item: l.item, announced: 0, counted: null };
      if (line.counted !== l.from && line.counted !== l.counted) {
        both.push({ field: `lines.${l.item}`, yours: l.counted, theirs: line.counted });
        return;
      }
      const differs = l.counted !== line.announced;
      const reason = l.reason || (line.counted === l.counted ? reasons[l.item] : undefined);
      if (differs && !reason) throw refuseField(`lines.${i}.reason`, 'required');
      if (differs && reason) reasons[l.item] = reason;
      else delete reasons[l.item];
      const counted = { ...line, counted: l.counted };
      lines = lines.some((x) => x.item === l.item) ? lines.map((x) => (x.item === l.item ? counted : x)) : [...lines, counted];
    });
    if (both.length > 0) throw refuse('conflict', { both });
    if (lines.length > 50) throw refuseField('lines', 'tooLong', { max: 50 });
    const known = now.body.lines.map((l) => l.item);
    const hazards = lines === now.body.lines ? now.body.hazards : hazardsOf(c, lines, (i) => `lines.${i}.item`, known);
    const counted: Shipment = { ...now.body, lines, reasons, hazards };
    const body = b.done ? moved(c, counted, 'counted', 'shipment.move', {}) : counted;
    return done(now, body, undefined, {}, differenceOf(c, now.id, body));
  },
});

/** Nothing heard for half an hour: written once by the board itself (rule 15). A position takes it away again. */
export const silent = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, heard: instant }),
  needs: (b): Needs => ({ records: [['shipment', b.id]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (heard(now.body) !== b.heard || now.body.silentSince !== null || c.now < b.heard + SILENT_AFTER) return { puts: [] };
    return { puts: [{ kind: 'shipment', id: now.id, body: { ...now.body, silentSince: b.heard } }] };
  },
});
