import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, GeometryObject, Topology } from 'topojson-specification';
import { z } from 'zod';
import { inside, poleOf, type Point } from './pole.mjs';
import { words, type MapProblem } from './words.ts';

export interface Region {
  /** GB/T 2260, six digits; streets nine. */
  code: string;
  /** As the file writes it, for whoever has no locality of that code. */
  name: string;
}
export type Outline = Polygon | MultiPolygon;

/** West, south, east, north, in degrees. */
export type Bounds = [number, number, number, number];

export interface BoardMap {
  /** For echarts.registerMap; with `nameProperty: 'code'` its data are found by code. */
  regions: FeatureCollection<Outline, Region>;
  /** The lines between cities, without the coast and the province's own outline; none where the file covers one city. */
  borders: MultiLineString;
  /** Where a region's label stands: inside it, as far from its border as can be. */
  centres: Record<string, Point>;
  /** Degrees of longitude that a text in the middle of that point has before it leaves the region. */
  rooms: Record<string, number>;
  bounds: Bounds;
  /** The counties where the cities' governments sit, where the file says so: first to be named on the map. */
  seats: string[];
}

/** Why a map file cannot be used, for the technician who put it there. `message` is the English wording. */
export class MapError extends Error {
  override readonly name = 'MapError';
  readonly problem: MapProblem;
  readonly params: Readonly<Record<string, string>>;

  constructor(problem: MapProblem, params: Record<string, string> = {}) {
    super(words.en[problem].replace(/\{(\w+)\}/g, (_, key: string) => params[key] ?? ''));
    this.problem = problem;
    this.params = params;
  }
}

const position = z.array(z.number()).min(2);
const ring = z.array(position).min(4);
const outline = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) }),
]);
const properties = z.record(z.string(), z.unknown()).nullish();
const id = z.union([z.string(), z.number()]).optional();

const collection = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(z.object({ type: z.literal('Feature'), id, properties, geometry: z.looseObject({ type: z.string() }).nullish() })),
});

const arcs = z.array(z.int());
const shape = z.union([
  z.object({ type: z.literal('Polygon'), id, properties, arcs: z.array(arcs).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), id, properties, arcs: z.array(z.array(arcs).min(1)).min(1) }),
  z.looseObject({ type: z.string().nullable(), id, properties }),
]);
const layer = z.object({ type: z.literal('GeometryCollection'), geometries: z.array(shape) });
const pair = z.tuple([z.number(), z.number()]);
const topology = z.object({
  type: z.literal('Topology'),
  transform: z.object({ scale: pair, translate: pair }).optional(),
  arcs: z.array(z.array(position).min(2)),
  objects: z.record(z.string(), z.unknown()),
});

/**
 * A map file, ready to draw: our own TopoJSON, or a centre's GeoJSON or TopoJSON whose regions carry `adcode`, `code` or
 * `id` (six or nine digits) and `name`, in degrees of any one system.
 * @throws MapError naming what is missing and where
 */
export function parseMap(json: unknown): BoardMap {
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  if (type === 'Topology') return fromTopology(parsed(topology, json));
  if (type === 'FeatureCollection') return fromFeatures(parsed(collection, json).features);
  throw new MapError('notAMap');
}

type RawFeature = z.infer<typeof collection>['features'][number];
type RawTopology = z.infer<typeof topology>;

function fromTopology(raw: RawTopology): BoardMap {
  const names = Object.keys(raw.objects);
  const regions = names.includes('counties') ? 'counties' : names.length === 1 ? names[0] : undefined;
  if (regions === undefined) throw names.length === 0 ? new MapError('empty') : new MapError('whichObject', { names: names.join(', ') });
  const whole = raw as unknown as Topology;
  const counties = layerOf(raw, regions);
  const map = fromFeatures(feature(whole, counties).features as unknown as RawFeature[]);
  if (!names.includes('cities')) return map;
  const cities = layerOf(raw, 'cities');
  return {
    ...map,
    borders: mesh(whole, cities as unknown as GeometryObject, (a, b) => a !== b),
    seats: cities.geometries.flatMap((city) => {
      const seat = (city.properties as Record<string, unknown> | undefined)?.seat;
      return typeof seat === 'string' && seat in map.centres ? [seat] : [];
    }),
  };
}

/** Every arc it names is there: topojson-client would fail on one that is not with words that help nobody. */
function layerOf(raw: RawTopology, name: string): GeometryCollection {
  const { geometries } = parsed(layer, raw.objects[name], `objects.${name}`);
  for (const [index, geometry] of geometries.entries()) {
    if (!('arcs' in geometry)) continue;
    const used = [geometry.arcs].flat(Infinity) as number[];
    if (used.every((arc) => (arc < 0 ? ~arc : arc) < raw.arcs.length)) continue;
    throw new MapError('badArcs', {
      code: String(codeOf(geometry) ?? `#${index + 1}`),
      name: nameOf(geometry),
    });
  }
  return { type: 'GeometryCollection', geometries } as GeometryCollection;
}

function fromFeatures(features: RawFeature[]): BoardMap {
  if (features.length === 0) throw new MapError('empty');
  const regions: Feature<Outline, Region>[] = [];
  const centres: Record<string, Point> = {};
  const rooms: Record<string, number> = {};
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [index, raw] of features.entries()) {
    const region = regionOf(raw, index);
    if (region.code in centres) throw new MapError('codeTwice', { ...region });
    if (raw.geometry?.type !== 'Polygon' && raw.geometry?.type !== 'MultiPolygon') throw new MapError('noOutline', { ...region });
    const geometry: Outline = parsed(outline, raw.geometry, `features[${index}].geometry`);
    for (const [lon, lat] of positionsOf(geometry)) {
      if (Math.abs(lon) > 180 || Math.abs(lat) > 90) throw new MapError('notDegrees', { ...region, point: `(${lon}, ${lat})` });
      bounds[0] = Math.min(bounds[0], lon);
      bounds[1] = Math.min(bounds[1], lat);
      bounds[2] = Math.max(bounds[2], lon);
      bounds[3] = Math.max(bounds[3], lat);
    }
    const given = pair.safeParse(raw.properties?.centre);
    const centre = given.success && inside(given.data, geometry) ? given.data : poleOf(geometry);
    centres[region.code] = centre;
    rooms[region.code] = roomAt(centre, geometry);
    regions.push({ type: 'Feature', properties: region, geometry });
  }
  return { regions: { type: 'FeatureCollection', features: regions }, borders: between(regions), centres, rooms, bounds, seats: [] };
}

/** Twice the way to the nearer border, west or east. */
function roomAt([lon, lat]: Point, geometry: Outline): number {
  let nearest = Infinity;
  for (const points of ringsOf(geometry))
    for (const [index, [bx = NaN, by = NaN]] of points.entries()) {
      const [ax = NaN, ay = NaN] = points.at(index - 1) ?? [];
      if (ay > lat !== by > lat) nearest = Math.min(nearest, Math.abs(ax + ((lat - ay) / (by - ay)) * (bx - ax) - lon));
    }
  return 2 * nearest;
}

function regionOf(raw: Pick<RawFeature, 'id' | 'properties'>, index: number): Region {
  const at = { index: String(index + 1), name: nameOf(raw) || '?' };
  const code = codeOf(raw);
  if (code === undefined) throw new MapError('codeMissing', at);
  if (!/^\d{6}(\d{3})?$/.test(code)) throw new MapError('codeInvalid', { ...at, code });
  const name = nameOf(raw);
  if (name === '') throw new MapError('nameMissing', { code });
  return { code, name };
}

function codeOf(raw: { id?: unknown; properties?: Record<string, unknown> | null }): string | undefined {
  const code = [raw.properties?.adcode, raw.properties?.code, raw.properties?.id, raw.id].find(
    (value) => typeof value === 'number' || (typeof value === 'string' && value.trim() !== ''),
  );
  return code === undefined ? undefined : String(code).trim();
}

function nameOf(raw: { properties?: Record<string, unknown> | null }): string {
  const name = raw.properties?.name;
  return typeof name === 'string' ? name.trim() : '';
}

function ringsOf(geometry: Outline): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

function* positionsOf(geometry: Outline): Generator<[number, number]> {
  for (const points of ringsOf(geometry)) for (const [lon = NaN, lat = NaN] of points) yield [lon, lat];
}

/**
 * The lines that part two cities (first four digits of the code), found by the edges that neighbours share. Where
 * a file's neighbours do not meet point for point there is no line.
 */
function between(regions: Feature<Outline, Region>[]): MultiLineString {
  const keyOf = (a: Position, b: Position): string => {
    const [one, other] = [a.slice(0, 2).join(' '), b.slice(0, 2).join(' ')];
    return one < other ? `${one} ${other}` : `${other} ${one}`;
  };
  const owners = new Map<string, string | null>();
  const edges = function* (): Generator<{ city: string; a: Position; b: Position; first: boolean }> {
    for (const { properties: region, geometry } of regions)
      for (const points of ringsOf(geometry))
        for (const [index, b] of points.entries()) {
          const a = points[index - 1];
          if (a) yield { city: region.code.slice(0, 4), a, b, first: index === 1 };
        }
  };
  // Null: shared by two cities.
  for (const { city, a, b } of edges()) {
    const key = keyOf(a, b);
    const owner = owners.get(key);
    owners.set(key, owner === undefined || owner === city ? city : null);
  }
  const lines: Position[][] = [];
  let line: Position[] | null = null;
  for (const { a, b, first } of edges()) {
    if (first) line = null;
    const key = keyOf(a, b);
    if (owners.get(key) !== null) {
      line = null;
      continue;
    }
    // Drawn once, from the first side that comes by.
    owners.delete(key);
    if (line) line.push(b);
    else lines.push((line = [a, b]));
  }
  return { type: 'MultiLineString', coordinates: lines };
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, where = ''): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [where, ...(issue?.path ?? []).map(String)].filter(Boolean).join('.');
  throw new MapError('malformed', { path: path || '/', detail: issue?.message ?? '' });
}
