import type { Instant } from '../../time/clock.ts';
import { DAY, dayOf } from '../../time/zone.ts';
import { addTo, daily, on, type Daily } from '../daily.ts';
import type { Fold, Reading } from '../feature.ts';
import { add, countBelow, first, last, remove, sorted, type Sorted } from '../sorted.ts';
import type { LonLat } from '../values.ts';
import { atDock, isMoving, isOpen } from './moves.ts';
import type { Hazard, Shipment, ShipmentState } from './record.ts';
import { heading } from './way.ts';

const LINES = 8;
/** Trucks a map can show, and points of each one's way. */
export const TRUCKS = 200;
export const WAY = 12;
/** Differences kept to be shown, and shown. */
const DIFFERENCES = 200;
const SHOWN = 6;

export interface ShipmentLineView {
  id: string;
  number: string;
  /** The first item on board and how much of it, and how many further items. */
  item: string;
  quantity: number;
  further: number;
  from: { locality: string | null; place: string };
  to: { locality: string | null; place: string };
  unit: string | null;
  state: ShipmentState;
  stateSince: Instant;
  departPlanned: Instant | null;
  arrivePlanned: Instant | null;
  /** Plus or minus minutes. */
  eta: { at: Instant; plusMinus: number } | null;
  silentSince: Instant | null;
  hazards: Hazard[];
}

export interface Truck {
  id: string;
  number: string;
  state: ShipmentState;
  at: LonLat;
  /** The moment the position speaks of. */
  seen: Instant;
  to: LonLat | null;
  /** Degrees clockwise from north to where it is going. */
  heading: number | null;
  silent: boolean;
  hazards: Hazard[];
  /** Its way so far, from its start; the last point is where it is. */
  way: LonLat[];
}

export interface Difference {
  id: string;
  number: string;
  item: string;
  announced: number;
  counted: number;
  to: { locality: string | null; place: string };
  at: Instant;
}

interface State {
  lines: Record<string, ShipmentLineView>;
  trucks: Record<string, Truck>;
  /** Truck has told a position, by when it is expected. */
  placed: Sorted;
  silent: Sorted;
  /** Under way, by when expected. */
  expected: Sorted;
  /** In the yard, by since when. */
  dock: Sorted;
  planned: Sorted;
  hazardous: number;
  heading: Record<string, number>;
  differences: Sorted;
  differenceOf: Record<string, Difference>;
  /** By the day it really was: arrived, counted, of these with differences, stored. */
  days: Daily;
  newest: Instant | null;
}

export interface ShipmentView {
  planned: Reading;
  /** Departed or on the way. */
  underWay: Reading;
  /** In the yard: arrived, unloading, counted but not yet stored. */
  inYard: Reading;
  /** Nothing heard of them for half an hour. */
  silent: Reading;
  /** Under way and past the time they were expected. */
  late: Reading;
  /** Under way with a hazard class on board. */
  hazardous: Reading;
  arrivedToday: Reading;
  countedToday: Reading;
  /** Of those counted today: loads whose count differed from what was announced. */
  differingToday: Reading;
  storedToday: Reading;
  /** Most pressing first: silent, late, waiting in the yard, under way by when they come, planned. */
  lines: ShipmentLineView[];
  trucks: Truck[];
  /** Loads under way to each county; one not named has none. */
  headingTo: Record<string, number>;
  /** Found in the last 24 h, newest first. */
  differences: Difference[];
}

/** When somebody will look for it: reckoned, else planned, else since when it is on the way. */
const expectedAt = (s: Shipment): number => s.eta?.at ?? s.arrivePlanned ?? Number.MAX_SAFE_INTEGER;

function thin(track: Shipment['track']): LonLat[] {
  const step = Math.max(1, (track.length - 1) / (WAY - 1));
  const out: LonLat[] = [];
  for (let i = 0; i < Math.min(WAY, track.length); i++) {
    const p = track[Math.round(i * step)];
    if (p) out.push([coarse(p[0]), coarse(p[1])]);
  }
  return out;
}

/** About 100 m: a wall shows a province. */
const coarse = (v: number): number => Math.round(v * 1000) / 1000;

const differing = (s: Shipment): Shipment['lines'] => s.lines.filter((l) => l.counted !== null && l.counted !== l.announced);

function tally(s: State, id: string, b: Shipment, n: 1 | -1, zone: string): void {
  const put = n === 1 ? add : remove;
  const { arrived, counted, stored } = b.times;
  if (arrived !== undefined) addTo(s.days, dayOf(arrived, zone), { arrived: 1 }, n);
  if (counted !== undefined) addTo(s.days, dayOf(counted, zone), { counted: 1, ...(differing(b).length > 0 && { differing: 1 }) }, n);
  if (stored !== undefined) addTo(s.days, dayOf(stored, zone), { stored: 1 }, n);
  if (counted !== undefined) {
    for (const l of differing(b)) {
      const key = `${id}/${l.item}`;
      put(s.differences, counted, key);
      if (n === -1) delete s.differenceOf[key];
      else {
        s.differenceOf[key] = { id, number: b.number, item: l.item, announced: l.announced, counted: l.counted ?? 0, to: where(b.to), at: counted };
      }
    }
    for (const [at, key] of first(s.differences, Math.max(0, s.differences.size - DIFFERENCES))) {
      remove(s.differences, at, key);
      delete s.differenceOf[key];
    }
  }
  if (!isOpen(b.state)) return;
  if (isMoving(b.state)) {
    put(s.expected, expectedAt(b), id);
    if (b.silentSince !== null) put(s.silent, b.silentSince, id);
    if (b.hazards.length > 0) s.hazardous += n;
    if (b.position) put(s.placed, expectedAt(b), id);
    const county = b.to.locality?.slice(0, 6);
    if (county !== undefined) {
      const is = (s.heading[county] ?? 0) + n;
      if (is === 0) delete s.heading[county];
      else s.heading[county] = is;
    }
  } else if (atDock(b.state)) put(s.dock, b.stateSince, id);
  else put(s.planned, b.departPlanned ?? b.announced, id);
  if (n === -1) {
    delete s.lines[id];
    delete s.trucks[id];
    return;
  }
  s.lines[id] = lineOf(id, b);
  if (isMoving(b.state) && b.position) {
    const at: LonLat = [coarse(b.position.lon), coarse(b.position.lat)];
    s.trucks[id] = {
      id,
      number: b.number,
      state: b.state,
      at,
      seen: b.position.at,
      to: b.to.at,
      heading: b.to.at ? heading(at, b.to.at) : null,
      silent: b.silentSince !== null,
      hazards: b.hazards,
      way: thin(b.track),
    };
  }
}

const where = (s: Shipment['to']): { locality: string | null; place: string } => ({ locality: s.locality, place: s.place });

function lineOf(id: string, b: Shipment): ShipmentLineView {
  const first = b.lines[0];
  return {
    id,
    number: b.number,
    item: first?.item ?? '',
    quantity: first?.announced ?? 0,
    further: Math.max(0, b.lines.length - 1),
    from: where(b.from),
    to: where(b.to),
    unit: b.unit,
    state: b.state,
    stateSince: b.stateSince,
    departPlanned: b.departPlanned,
    arrivePlanned: b.arrivePlanned,
    eta: b.eta,
    silentSince: b.silentSince,
    hazards: b.hazards,
  };
}

export const fold: Fold<State, ShipmentView, Shipment> = {
  version: 2,
  empty: () => ({
    lines: {},
    trucks: {},
    placed: sorted(),
    silent: sorted(),
    expected: sorted(),
    dock: sorted(),
    planned: sorted(),
    hazardous: 0,
    heading: {},
    differences: sorted(),
    differenceOf: {},
    days: daily(14),
    newest: null,
  }),
  apply(s, { id, before, after, recorded }, zone) {
    if (before) tally(s, id, before, -1, zone);
    tally(s, id, after, 1, zone);
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view(s, now, zone) {
    const today = dayOf(now, zone);
    const known = (value: number): Reading => ({ value, asOf: s.newest });
    const late = countBelow(s.expected, now);
    const pressing = new Set<string>();
    for (const from of [first(s.silent, LINES), first(s.expected, Math.min(late, LINES)), first(s.dock, LINES), first(s.expected, LINES), first(s.planned, LINES)]) {
      for (const [, id] of from) pressing.add(id);
    }
    const differences: Difference[] = [];
    for (const [at, key] of last(s.differences, SHOWN)) {
      if (at < now - DAY) break;
      const found = s.differenceOf[key];
      if (found) differences.push(found);
    }
    return {
      planned: known(s.planned.size),
      underWay: known(s.expected.size),
      inYard: known(s.dock.size),
      silent: known(s.silent.size),
      late: known(late),
      hazardous: known(s.hazardous),
      arrivedToday: known(on(s.days, today, 'arrived')),
      countedToday: known(on(s.days, today, 'counted')),
      differingToday: known(on(s.days, today, 'differing')),
      storedToday: known(on(s.days, today, 'stored')),
      lines: [...pressing].slice(0, LINES).flatMap((id) => s.lines[id] ?? []),
      trucks: first(s.placed, TRUCKS).flatMap(([, id]) => s.trucks[id] ?? []),
      headingTo: { ...s.heading },
      differences,
    };
  },
};
