import type { Instant } from '../../time/clock.ts';
import { metres, type LonLat } from '../values.ts';
import { isMoving } from './moves.ts';
import { TRACK, type Shipment } from './record.ts';

/** Positions of a truck: kept in the order of their claimed times, whatever order they come in. */

export type TrackPoint = Shipment['track'][number];

/** Nothing heard for so long while under way: the truck is silent. */
export const SILENT_AFTER = 30 * 60_000;
/** No truck is faster: such a point is a mistake of its sender. */
const TOO_FAST = 200 / 3.6;
/** A point nearer in time than this to one that is kept adds nothing to the way. */
const APART = 20_000;
/** A receiver that stands still wanders this far. */
const WANDER = 1_000;
/** How much longer a road is than the line between its ends: a rule of thumb for eastern China. */
const DETOUR = 1.3;

export type Placed = { kept: true; track: TrackPoint[]; newest: boolean } | { kept: false; why: 'known' | 'tooFast' };

/** Where a point belongs among those known; a point told again, late or in between is no error. */
export function placed(track: readonly TrackPoint[], p: TrackPoint): Placed {
  let i = track.length;
  while (i > 0 && (track[i - 1] as TrackPoint)[2] > p[2]) i--;
  const before = track[i - 1];
  const after = track[i];
  if (before?.[2] === p[2]) return { kept: false, why: 'known' };
  if ((before && impossible(before, p)) || (after && impossible(p, after))) return { kept: false, why: 'tooFast' };
  if (after && ((before && p[2] - before[2] < APART) || after[2] - p[2] < APART)) return { kept: false, why: 'known' };
  const last = track[i - 2];
  const close = !after && before !== undefined && last !== undefined && before[2] - last[2] < APART;
  const next = close ? [...track.slice(0, i - 1), p] : [...track.slice(0, i), p, ...track.slice(i)];
  return { kept: true, track: thinned(next), newest: !after };
}

function impossible(a: TrackPoint, b: TrackPoint): boolean {
  const d = metres([a[0], a[1]], [b[0], b[1]]);
  return d > (TOO_FAST * (b[2] - a[2])) / 1000 + WANDER;
}

/** When there are too many, every second point of the older half goes; both ends stay. */
function thinned(track: TrackPoint[]): TrackPoint[] {
  if (track.length <= TRACK) return track;
  const half = Math.floor(track.length / 2);
  return track.filter((_, i) => i === 0 || i >= half || i % 2 === 0);
}

/** The newest moment this truck speaks of while it is under way; null when it need not be heard of. */
export function heard(s: Pick<Shipment, 'state' | 'stateSince' | 'position'>): Instant | null {
  return isMoving(s.state) ? Math.max(s.stateSince, s.position?.at ?? 0) : null;
}

/** Silence as it stands now, for whatever changed the record: written by the clock itself only where nothing else came. */
export function silence(s: Pick<Shipment, 'state' | 'stateSince' | 'position' | 'silentSince'>, now: Instant): Instant | null {
  const last = heard(s);
  if (last === null || last + SILENT_AFTER > now) return null;
  return s.silentSince ?? last;
}

/**
 * When it will be there, from the last hour of its way: what is left as the crow flies, times a detour, at the speed
 * it really made (never taken below 20 or above 80 km/h). The uncertainty is a fifth of what is left, at least 5 minutes.
 */
export function reckoned(s: Pick<Shipment, 'state' | 'position' | 'track' | 'to'>): Shipment['eta'] {
  if (!isMoving(s.state) || s.position === null || s.to.at === null) return null;
  const last = s.track.at(-1);
  const first = s.track.find((p) => last !== undefined && p[2] >= last[2] - 3_600_000);
  let speed = 60 / 3.6;
  if (first && last && last[2] - first[2] >= 300_000) speed = (metres([first[0], first[1]], [last[0], last[1]]) * DETOUR) / ((last[2] - first[2]) / 1000);
  speed = Math.min(80 / 3.6, Math.max(20 / 3.6, speed));
  const left = (metres([s.position.lon, s.position.lat], s.to.at) * DETOUR) / speed;
  return { at: Math.round(s.position.at + left * 1000), plusMinus: Math.max(5, Math.round(left / 60 / 5)) };
}

/** Degrees clockwise from north in which b lies from a. */
export function heading(a: LonLat, b: LonLat): number {
  const rad = Math.PI / 180;
  const y = Math.sin((b[0] - a[0]) * rad) * Math.cos(b[1] * rad);
  const x = Math.cos(a[1] * rad) * Math.sin(b[1] * rad) - Math.sin(a[1] * rad) * Math.cos(b[1] * rad) * Math.cos((b[0] - a[0]) * rad);
  return Math.round(((Math.atan2(y, x) / rad) % 360 + 360) % 360);
}
