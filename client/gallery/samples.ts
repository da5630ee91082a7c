import { alertFeature } from '../../shared/features/alert/alert.ts';
import type { Alert } from '../../shared/features/alert/record.ts';
import { defaultRules } from '../../shared/features/rule/defaults.ts';
import { callFeature } from '../../shared/features/call/call.ts';
import { limitOf, told as byClock } from '../../shared/features/call/clocks.ts';
import { isOpen } from '../../shared/features/call/moves.ts';
import { stages, type Call, type Stage } from '../../shared/features/call/record.ts';
import { defaultLimits, defaultLists, defaultUnits } from '../../shared/features/defaults.ts';
import { enterpriseFeature } from '../../shared/features/enterprise/enterprise.ts';
import type { Enterprise } from '../../shared/features/enterprise/record.ts';
import type { Feature, Headline } from '../../shared/features/feature.ts';
import { incidentFeature } from '../../shared/features/incident/incident.ts';
import type { Incident } from '../../shared/features/incident/record.ts';
import { levelFeature } from '../../shared/features/level/level.ts';
import { listFeature } from '../../shared/features/list/list.ts';
import { localityFeature } from '../../shared/features/locality/locality.ts';
import type { Locality, MapColour } from '../../shared/features/locality/record.ts';
import type { Hazard, Shipment } from '../../shared/features/shipment/record.ts';
import { shipmentFeature } from '../../shared/features/shipment/shipment.ts';
import { ringFeature } from '../../shared/features/ring/ring.ts';
import type { Ring } from '../../shared/features/ring/record.ts';
import { orderFeature } from '../../shared/features/order/order.ts';
import { outageFeature } from '../../shared/features/outage/outage.ts';
import type { Order } from '../../shared/features/order/record.ts';
import { reckoned } from '../../shared/features/shipment/way.ts';
import type { LonLat } from '../../shared/features/values.ts';
import { unitFeature } from '../../shared/features/unit/unit.ts';
import { startClock, startUntil, type DueClock } from '../../shared/time/dueClock.ts';
import { addDays, dayOf, DAY, HOUR } from '../../shared/time/zone.ts';
import type { Picture, RecentLine } from '../apps/wall/picture.ts';

/**
 * Pictures of the wall in every state, without a hub: made-up records from a fixed seed, run through the same folds as the real
 * ones, so that their figures agree with each other.
 */
export const states = ['empty', 'quiet', 'busy', 'flood', 'stale', 'woke', 'unknown', 'exercise', 'waiting', 'late-trucks'] as const;
export type SampleState = (typeof states)[number];

/** What the tests lay beside the gallery: places and roads. */
export interface GalleryData {
  localities: (Omit<Locality, 'colour' | 'colourDay'>)[];
  colours: { day: string; colours: Record<string, MapColour> };
  routes: { from: string; to: string; way: { at: LonLat }[] }[];
}

const ZONE = 'Asia/Shanghai';
/** 22:41:10 on 5 February 2020 in the board's zone. */
export const NOW = Date.UTC(2020, 1, 5, 14, 41, 10);
const MINUTE = 60_000;

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Told {
  id: string;
  body: Record<string, unknown>;
  at: number;
}

/** Runs records through a kind's fold and keeps its headlines, as the hub does. */
function told<V>(feature: unknown, records: readonly Told[], recent: RecentLine[]): V {
  const f = feature as Feature;
  const state = f.fold.empty();
  const before = new Map<string, Record<string, unknown>>();
  let revision = 18_000;
  for (const r of records) {
    const change = { kind: f.kind, id: r.id, before: before.get(r.id) ?? null, after: r.body, revision: revision++, recorded: r.at, occurred: r.at, command: '' };
    f.fold.apply(state, change, ZONE);
    before.set(r.id, r.body);
    const line: Headline | null = f.headline(change);
    if (line) recent.push({ ...line, revision: change.revision, at: r.at, kind: f.kind, id: r.id });
  }
  return f.fold.view(state, NOW, ZONE) as V;
}

interface Scale {
  seed: number;
  /** Calls of the last days, still open, late. */
  calls: number;
  open: number;
  late: number;
  trucks: number;
  silent: number;
  /** Enterprises, share that reported, share resumed. */
  enterprises: number;
  reported: number;
  resumed: number;
  badCodes: boolean;
  level: 'I' | 'II' | 'III' | 'none';
  coloured: boolean;
}

const base: Scale = {
  seed: 7,
  calls: 230,
  open: 18,
  late: 2,
  trucks: 5,
  silent: 1,
  enterprises: 638,
  reported: 0.9,
  resumed: 0.65,
  badCodes: true,
  level: 'I',
  coloured: true,
};

const scales: Record<SampleState, Scale> = {
  busy: base,
  stale: base,
  woke: base,
  exercise: base,
  waiting: base,
  quiet: { ...base, calls: 60, open: 3, late: 0, trucks: 1, silent: 0, badCodes: false, level: 'III', reported: 1, resumed: 0.97 },
  empty: { ...base, calls: 0, open: 0, late: 0, trucks: 0, silent: 0, enterprises: 0, level: 'none', coloured: false },
  flood: { ...base, seed: 11, calls: 2_900, open: 1_342, late: 287, trucks: 40, silent: 6, enterprises: 12_638, reported: 0.61 },
  unknown: { ...base, calls: 0, open: 0, late: 0, trucks: 2, silent: 0, reported: 0, coloured: false },
  'late-trucks': { ...base, trucks: 200, silent: 9 },
};

/** Missed ones nobody has called back yet: about one to every four late calls, and a few besides. */
function rings(scale: Scale): Told[] {
  const missed = ringFeature.samples()[1]?.body as Ring;
  const count = scale.late === 0 ? 0 : 3 + Math.floor(scale.late / 4);
  return Array.from({ length: count }, (_, i) => {
    const rung = NOW - (6 + i * 17) * MINUTE;
    return { id: `ring-${i}`, body: { ...missed, call: `c-${i}`, rung, ended: rung + 25_000 }, at: rung + 26_000 };
  });
}

function calls(scale: Scale, counties: readonly string[], streets: readonly string[], random: () => number): Told[] {
  const out: Told[] = [];
  const topics = defaultLists.topics;
  const hot = ['330102', '330106', '330109', '330212', '330302', '330382', '330782'];
  for (let i = 0; i < scale.calls; i++) {
    const open = i >= scale.calls - scale.open;
    const late = i >= scale.calls - scale.late;
    const age = late ? (2 + random() * 6) * HOUR : open ? random() * random() * 5 * HOUR : (1 - Math.sqrt(random())) * 2.8 * DAY;
    const rung = NOW - Math.round(age) - 20_000;
    const topic = topics[Math.floor(random() * random() * topics.length)] ?? topics[0]!;
    const limit = limitOf(topic, (code) => {
      const found = defaultLimits.find((l) => l.code === code);
      return found && { ...found, active: true };
    });
    const due = rung + (limit?.setting.amount ?? 1_440) * MINUTE;
    const stage: Stage = open ? (['accepted', 'dispatched', 'inHand', 'urged', 'dispatched', 'inHand'] as const)[Math.floor(random() * 6)]! : random() < 0.5 ? 'calledBack' : 'rated';
    const place = random() < 0.45 ? hot[Math.floor(random() * hot.length)]! : counties[Math.floor(random() * counties.length)]!;
    const below = streets.filter((s) => s.startsWith(place));
    const body: Call = {
      number: `20200205-${String(i + 1).padStart(4, '0')}`,
      origin: 'telephone',
      rung,
      received: null,
      answered: rung + (random() < 0.93 ? 4_000 : 22_000),
      ended: null,
      topic: topic.code,
      urgency: topic.urgency ?? 'normal',
      locality: below.length > 0 && random() < 0.7 ? below[Math.floor(random() * below.length)]! : place,
      placeWords: '',
      unit: stage === 'accepted' ? null : (topic.unit ?? 'command'),
      stage,
      stageSince: rung + 2 * MINUTE,
      clock: null,
      due: null,
      overdueSince: null,
      urgedSince: null,
      urging: null,
      rating: null,
      reopened: 0,
      mergedInto: null,
      mergedFrom: null,
      callers: 1,
      merged: [],
      backEntered: false,
      formNumber: null,
      ring: null,
      operator: '',
      operatorId: '',
      callerName: null,
      callerNumber: null,
      address: null,
      narrative: null,
      reply: null,
      reason: null,
      urgeNote: null,
    };
    if (open) {
      const dueAt = late ? NOW - Math.round(random() * 90 * MINUTE) - MINUTE : Math.max(due, NOW + 4 * MINUTE);
      body.clock = { ...startUntil(dueAt, { remindBefore: null, urgeAfter: null, escalateAfter: null }, rung, { calendar: {}, zone: ZONE }), passed: late ? dueAt : null };
    }
    out.push({ id: `call-${i}`, body: byClock(body), at: rung });
  }
  if (!stages.length || out.some((r) => isOpen(r.body.stage as Stage) !== (r.body.due !== null))) throw new Error('the sample calls contradict themselves');
  return out.sort((a, b) => a.at - b.at);
}

const loads: { item: string; quantity: number; hazards: Hazard[]; further: string[] }[] = [
  { item: 'masks', quantity: 240_000, hazards: [], further: ['gloves'] },
  { item: 'alcohol', quantity: 2_000, hazards: ['flammable'], further: [] },
  { item: 'protective', quantity: 1_200, hazards: [], further: [] },
  { item: 'hypochlorite', quantity: 400, hazards: ['corrosive'], further: [] },
  { item: 'goggles', quantity: 5_000, hazards: [], further: ['gloves', 'n95'] },
];

function shipments(scale: Scale, data: GalleryData, random: () => number): Told[] {
  const out: Told[] = [];
  const names = new Map(data.localities.map((l) => [l.code, l.name.zh]));
  for (let i = 0; i < scale.trucks; i++) {
    const route = data.routes[i % data.routes.length]!;
    const load = loads[i % loads.length]!;
    const silent = i >= 1 && i <= scale.silent;
    const along = 0.2 + random() * 0.7;
    const cut = Math.max(2, Math.round(along * route.way.length));
    const jitter = (): number => (scale.trucks > 20 ? (random() - 0.5) * 0.25 : 0);
    const [dx, dy] = [jitter(), jitter()];
    const seen = NOW - (silent ? 47 : 3) * MINUTE;
    const track = route.way.slice(0, cut).map((p, k): [number, number, number] => [p.at[0] + dx, p.at[1] + dy, seen - (cut - 1 - k) * 20 * MINUTE]);
    const last = track.at(-1)!;
    const state = i === 3 ? ('unloading' as const) : i === 4 ? ('planned' as const) : ('onTheWay' as const);
    const moving = state === 'onTheWay';
    const end = route.way.at(-1)!.at;
    const body: Shipment = {
      number: `S20200205-${String(i + 1).padStart(3, '0')}`,
      announced: NOW - 9 * HOUR,
      from: { locality: route.from, place: names.get(route.from) ?? '', at: route.way[0]!.at },
      to: { locality: route.to, place: `${names.get(route.to) ?? ''}应急物资仓库`, at: [end[0] + dx, end[1] + dy] },
      placeWords: { from: '', to: '' },
      unit: 'supplies',
      lines: [{ item: load.item, announced: load.quantity, counted: null }, ...load.further.map((item) => ({ item, announced: 100, counted: null }))],
      reasons: {},
      hazards: load.hazards,
      departPlanned: state === 'planned' ? NOW + 80 * MINUTE : NOW - 3 * HOUR,
      arrivePlanned: NOW + 2 * HOUR,
      state,
      stateSince: state === 'unloading' ? NOW - 18 * MINUTE : NOW - 3 * HOUR,
      times: {},
      position: moving ? { lon: last[0], lat: last[1], at: seen, locality: null } : null,
      track: moving ? track : [],
      eta: null,
      silentSince: silent && moving ? seen : null,
      stateReason: null,
      vehicle: null,
      escort: null,
      clerk: '',
      driverName: null,
      driverNumber: null,
    };
    if (moving) body.eta = reckoned(body);
    out.push({ id: `load-${i}`, body, at: NOW - 40_000 + i });
  }
  return out;
}

function enterprises(scale: Scale, counties: readonly string[], random: () => number): Told[] {
  const today = dayOf(NOW, ZONE);
  const out: Told[] = [];
  const kinds = ['纺织', '机电', '医用材料', '氯碱化工', '食品', '电子'];
  for (let i = 0; i < scale.enterprises; i++) {
    const reports = random() < scale.reported;
    const back = random() < scale.resumed;
    const bad = scale.badCodes ? random() : 1;
    const body: Enterprise = {
      name: `演练${kinds[i % kinds.length]}有限公司`,
      creditCode: '91330211MA0DEM013F',
      locality: counties[Math.floor(random() * random() * counties.length)]!,
      placeWords: '',
      address: null,
      position: null,
      trade: 'chemicals',
      headcount: 100,
      hazards: [],
      unit: null,
      registered: NOW - 9 * DAY,
      state: i === 3 && scale.badCodes ? 'stopped' : back ? 'resumed' : 'underReview',
      stateSince: NOW - 5 * HOUR,
      stateReason: null,
      risk: 'blue',
      riskSince: null,
      code: bad < 0.02 ? 'red' : bad < 0.11 ? 'yellow' : bad < 0.16 ? null : 'green',
      codeSince: NOW - 7 * HOUR - i,
      judgedBy: null,
      judgedReason: null,
      reportedDay: addDays(today, -1),
      reportedAt: NOW - DAY,
      reportedBy: null,
      zero: false,
      capacity: back ? 55 + Math.floor(random() * 40) : 0,
      staff: 40,
      masksDays: random() < 0.04 ? 2 : 9,
      difficulties: random() < 0.05 ? ['hands'] : [],
      output: [],
      difficultyWords: null,
      inspector: '',
      contactName: null,
      contactNumber: null,
    };
    out.push({ id: `enterprise-${i}`, body, at: NOW - DAY });
    if (reports) out.push({ id: `enterprise-${i}`, body: { ...body, reportedDay: today, reportedAt: NOW - 3 * HOUR }, at: NOW - 3 * HOUR });
  }
  // One that happened just now.
  const last = out.at(-1);
  if (last && scale.badCodes) out.push({ ...last, body: { ...last.body, state: 'permitted' }, at: NOW - 3 * MINUTE }, { ...last, body: { ...last.body, state: 'resumed' }, at: NOW - 83_000 });
  return out;
}

/** Of the busy night: one nobody has that has risen, one in hand, one shelved; in a flood, thirteen of one rule and two of another. */
function alerts(state: SampleState): Told[] {
  const at = (ms: number): number => NOW - ms;
  const of = (code: string): Pick<Alert, 'rule' | 'level' | 'title'> => {
    const r = defaultRules.find((x) => x.code === code);
    if (!r) throw new Error(code);
    return { rule: { code, edition: 1, name: r.name }, level: r.level, title: r.title };
  };
  const one = (id: string, raised: number, more: Partial<Alert>): Told => ({
    id,
    at: raised,
    body: { ...alertFeature.samples()[0]?.body, number: `A20200205-${id.slice(-3)}`, raised, stateSince: raised, rank: 0, roseAt: null, riseAt: null, localities: [], params: {}, ...more },
  });
  switch (state) {
    case 'empty':
    case 'unknown':
    case 'waiting':
      return [];
    case 'quiet':
      return [one('alert-001', at(50 * MINUTE), { ...of('truckSilent'), params: { number: 'S20200205-002' }, state: 'shelved', by: '值班领导 陈', until: at(-HOUR), whose: null })];
    case 'flood':
      return Array.from({ length: 15 }, (_, i) =>
        one(`alert-${String(i).padStart(3, '0')}`, at((9 - i / 2) * MINUTE), i % 5 === 4 ? { ...of('truckSilent'), params: { number: `S20200205-0${i}` } } : { ...of('urgentLate'), params: { locality: '330102', topic: 'symptoms' }, localities: ['330102'], whose: '值班长 王' }),
      );
    case 'late-trucks':
      return [one('alert-001', at(5 * MINUTE), { ...of('hazardSilent'), params: { number: 'S20200205-002' }, state: 'acting', by: '值班长 王', intends: '电话联系押运人', until: at(-25 * MINUTE), whose: null })];
    default:
      return [
        one('alert-001', at(7 * MINUTE), { ...of('urgentLate'), params: { locality: '330102', topic: 'symptoms' }, localities: ['330102'], rank: 1, whose: '值班长 王', roseAt: at(2 * MINUTE) }),
        one('alert-002', at(31 * MINUTE), { ...of('stopped'), params: { name: '演练氯碱化工有限公司' }, state: 'acknowledged', by: '接线员 李', intends: '核实', until: at(-20 * MINUTE), whose: null }),
        one('alert-003', at(95 * MINUTE), { ...of('unreported'), state: 'shelved', by: '值班领导 陈', until: at(-HOUR), whose: null }),
      ];
  }
}

const started = (code: string, minutes: number, at: number): DueClock =>
  startClock({ code, version: 1, amount: minutes, unit: 'minutes', remindBefore: 15, urgeAfter: 0, escalateAfter: 60 }, at, { calendar: {}, zone: ZONE });

/** Of the busy night: one that is late and one under way; in a flood, eleven that are late with five units. */
function orders(state: SampleState): Told[] {
  const one = (i: number, unit: string, title: string, hours: number, minutes: number, more: Partial<Order> = {}): Told => {
    const at = NOW - hours * HOUR;
    return { id: `order-${i}`, at, body: { ...orderFeature.samples()[0]?.body, number: `D20200205-${String(i).padStart(3, '0')}`, given: `D20200205-${String(i).padStart(3, '0')}`, units: 1, unit, title, givenAt: at, standing: 'accepted', standingSince: at, clock: started('orderFour', minutes, at), ...more } };
  };
  if (state === 'empty' || state === 'unknown' || state === 'waiting') return [];
  const running = one(1, 'labour', '氯碱厂夜班缺工，协调人手', 1, 240);
  if (state === 'quiet') return [running];
  if (state !== 'flood') return [running, one(2, 'market', '核查全市药店口罩价格并公示', 3, 60, { standing: 'given' })];
  return Array.from({ length: 11 }, (_, i) => one(i, ['health', 'market', 'supplies', 'labour', 'economy'][i % 5] ?? 'health', '核查街道隔离点物资缺口并当日补齐', 2 + i, 60));
}

/** Of the busy night: a fire whose written report is owed; in a flood that report is late, and three more are open. */
function incidents(state: SampleState): Told[] {
  const one = (i: number, minutes: number, more: Partial<Incident> = {}): Told => {
    const at = NOW - minutes * MINUTE;
    const body = { ...incidentFeature.samples()[0]?.body, number: `E20200205-${String(i).padStart(3, '0')}`, since: at, knownAt: at, standingSince: at, clocks: { telephone: null, written: started('reportWritten', 60, at) }, note: null, informant: null, ...more };
    return { id: `incident-${i}`, at, body };
  };
  const unconfirmed: Partial<Incident> = { title: '义乌市一小区停水', grade: null, locality: '330782', standing: 'reported', lead: null, clocks: { telephone: null, written: null } };
  if (state === 'flood') return [one(1, 78), one(2, 40, { title: '鄞州区甬江隧道多车相撞', grade: 'III', locality: '330212' }), one(3, 12, unconfirmed), one(4, 9, { ...unconfirmed, title: '瑞安市塘下镇厂房坍塌，多人被困', locality: '330381' }), one(5, 7, { ...unconfirmed, title: '瑞安市一小区停电', locality: '330381' })];
  return ['empty', 'unknown', 'waiting', 'quiet'].includes(state) ? [] : [one(1, 44)];
}

export function picture(state: SampleState, data: GalleryData): Picture {
  const scale = scales[state];
  const random = seeded(scale.seed);
  const counties = data.localities.filter((l) => l.level === 'county' && l.validTo === null).map((l) => l.code);
  const streets = data.localities.filter((l) => l.level === 'street' && l.validTo === null).map((l) => l.code);
  const recent: RecentLine[] = [];
  const localities = data.localities.map((l): Told => ({
    id: l.code,
    body: { ...l, colour: scale.coloured && l.level === 'county' ? (data.colours.colours[l.code] ?? null) : null, colourDay: scale.coloured ? data.colours.day : null },
    at: NOW - DAY,
  }));
  const silent: RecentLine[] = [];
  const views: Picture['views'] = {
    unit: told(unitFeature, defaultUnits.map((u) => ({ id: u.code, body: { ...u, telephones: [], deputies: [], active: true }, at: NOW - 9 * DAY })), silent),
    list: told(listFeature, Object.entries(defaultLists).map(([name, items]) => ({ id: name, body: { name, items }, at: NOW - 9 * DAY })), silent),
    locality: told(localityFeature, localities, silent),
    level: told(
      levelFeature,
      scale.level === 'none' ? [] : [{ id: 'current', body: { level: scale.level, previous: 'none', since: Date.UTC(2020, 0, 23, 10), by: '值班领导 陈', grounds: '', text: '' }, at: NOW - 13 * DAY }],
      silent,
    ),
    call: told(callFeature, calls(scale, counties, streets, random), recent),
    shipment: told(shipmentFeature, shipments(scale, data, random), recent),
    enterprise: told(enterpriseFeature, enterprises(scale, counties, random), recent),
    ring: told(ringFeature, rings(scale), silent),
    alert: told(alertFeature, alerts(state), silent),
    order: told(orderFeature, orders(state), silent),
    incident: told(incidentFeature, incidents(state), silent),
    outage: told(outageFeature, state === 'quiet' ? [{ id: 'o', body: { from: NOW - 9.5 * HOUR, to: NOW - 6.5 * HOUR, cause: 'power', source: 'recorded', withdrawn: false, reason: '', by: '值班长 王' }, at: NOW - 6 * HOUR }] : [], silent),
  };
  recent.sort((a, b) => b.at - a.at);
  views.recent = recent.filter((l, i) => recent.findIndex((x) => x.id === l.id && x.code === l.code) === i && (l.kind !== 'shipment' || l.id === 'load-0')).slice(0, 20);
  const live: Picture = {
    info: { id: 'demo', name: { zh: '浙江省疫情防控指挥中心', en: 'Zhejiang Epidemic Control Centre' }, zone: ZONE, exercise: state === 'exercise' },
    at: { epoch: 1, revision: 18_204 },
    views,
    link: { name: 'live', since: 0 },
    stale: false,
    age: 0,
    now: NOW,
    speed: state === 'exercise' ? 60 : 1,
  };
  switch (state) {
    case 'stale':
      return { ...live, stale: true, age: 42_000, now: NOW + 41_000, link: { name: 'lost', since: 0, reason: 'closed' } };
    case 'woke':
      return { ...live, stale: true, age: Infinity, now: NOW + 41_000 };
    case 'waiting':
      return { ...live, info: null, at: null, views: {}, stale: true, age: Infinity, now: 0, link: { name: 'connecting', since: 0 } };
    case 'unknown':
      return { ...live, views: { ...views, call: { ...views.call!, prompt: { value: null, asOf: null, why: 'tooFew', reported: 0, expected: 0 } } } };
    default:
      return live;
  }
}
