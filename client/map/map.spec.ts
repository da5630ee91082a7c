import type { Polygon, Position } from 'geojson';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { afterAll, describe, expect, it } from 'vitest';
import { buildMap, makeMap, outlines } from './build-map.mjs';
import { MapError, parseMap } from './map.ts';
import { areaOf, inside, poleOf } from './pole.mjs';
import { words, type MapProblem } from './words.ts';

const ours = await makeMap();
const folder = mkdtempSync(join(tmpdir(), 'map-'));
afterAll(() => rmSync(folder, { recursive: true }));

const square = (west: number, south: number, size = 1): Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});

const one = (properties: Record<string, unknown>, geometry: unknown = square(120, 30), id?: string | number): unknown => ({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', id, properties, geometry }],
});

function problemOf(json: unknown): { problem: MapProblem; params: Readonly<Record<string, string>>; message: string } {
  try {
    parseMap(json);
  } catch (error) {
    if (error instanceof MapError) return { problem: error.problem, params: error.params, message: error.message };
    throw error;
  }
  throw new Error('the map was taken');
}

describe('the map that ships', () => {
  const map = parseMap(JSON.parse(JSON.stringify(ours)));

  it('has all 90 counties, each code once, each with a name', () => {
    expect(map.regions.features).toHaveLength(90);
    expect(new Set(map.regions.features.map((f) => f.properties.code)).size).toBe(90);
    for (const { properties } of map.regions.features) {
      expect(properties.code).toMatch(/^33(0[1-9]|1[01])\d\d$/);
      expect(properties.name).toMatch(/[区县市]$/);
    }
  });

  it('has each centre inside its county', () => {
    for (const { properties, geometry } of map.regions.features) expect(inside(map.centres[properties.code]!, geometry), properties.name).toBe(true);
  });

  it('says how wide a name may be at each centre', () => {
    for (const { properties, geometry } of map.regions.features) {
      const [lon, lat] = map.centres[properties.code]!;
      const half = map.rooms[properties.code]! / 2;
      for (const part of [-0.99, -0.5, 0.5, 0.99]) expect(inside([lon + half * part, lat], geometry), properties.name).toBe(true);
      expect(inside([lon + half * 1.01, lat], geometry) && inside([lon - half * 1.01, lat], geometry), properties.name).toBe(false);
    }
  });

  it('names the seat of each of the 11 cities', () => {
    expect(map.seats).toHaveLength(11);
    expect(new Set(map.seats.map((code) => code.slice(0, 4))).size).toBe(11);
  });

  it('has neighbours that meet, across cities too: no gap inside the province is wider than a pixel of a 4K wall', () => {
    const counties = ours.objects.counties as GeometryCollection;
    const uses = new Map<number, number>();
    for (const county of counties.geometries)
      for (const arc of ('arcs' in county ? county.arcs : []).flat(Infinity) as number[]) {
        const own = arc < 0 ? ~arc : arc;
        uses.set(own, (uses.get(own) ?? 0) + 1);
      }
    expect(Math.max(...uses.values())).toBe(2);
    const lengths = map.borders.coordinates.map((line) => line.length);
    // The cities' borders are a few long lines, not hundreds of pieces.
    expect(lengths.length).toBeLessThan(40);
    expect(lengths.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(1_000);
  });

  it('keeps the land it was given: a city is as large as its counties, and a county as its outline in the package', async () => {
    const area = (geometry: { type: string; coordinates: unknown }): number => {
      const parts = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as number[][][][];
      return parts.reduce((sum, rings) => sum + areaOf(rings[0]!), 0);
    };
    const cities = feature(ours, ours.objects.cities as GeometryCollection<{ code: string }>).features;
    expect(cities).toHaveLength(11);
    for (const city of cities) {
      const own = map.regions.features.filter((f) => f.properties.code.startsWith(city.properties.code.slice(0, 4)));
      const sum = own.reduce((total, f) => total + area(f.geometry), 0);
      expect(area(city.geometry as Polygon) / sum, city.properties.code).toBeCloseTo(1, 3);
    }
    for (const { properties: city } of cities) {
      for (const county of await outlines(city.code)) {
        const drawn = map.regions.features.find((f) => f.properties.code === String(county.properties.adcode))!;
        const share = area(drawn.geometry) / area(county.geometry);
        // Only island counties lose more than smoothing takes: specks, and of Shengsi what lies far out to sea.
        expect(share, drawn.properties.name).toBeGreaterThan(city.code === '330900' || drawn.properties.code === '330305' ? 0.65 : 0.98);
        expect(share, drawn.properties.name).toBeLessThan(1.01);
      }
    }
  });

  it('is written whole, in about 200 kB', async () => {
    const size = await buildMap(join(folder, 'deeper', 'map.json'));
    expect(size).toBeLessThan(220_000);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['map.json']);
    expect(parseMap(JSON.parse(readFileSync(join(folder, 'deeper', 'map.json'), 'utf8')))).toEqual(map);
  });
});

describe("a centre's own map", () => {
  it.each([
    ['adcode as a number', { adcode: 330102, name: '上城区' }, undefined],
    ['adcode before others', { adcode: '330102', code: 'x', id: 7, name: '上城区' }, undefined],
    ['code', { code: '330102', name: '上城区' }, undefined],
    ['id among the properties', { id: '330102', name: '上城区' }, undefined],
    ["the feature's id", { name: '上城区' }, 330102],
    ['blanks around', { code: ' 330102 ', name: ' 上城区 ' }, undefined],
  ])('is known by %s', (_, properties, id) => {
    const map = parseMap(one(properties, square(120, 30), id));
    expect(map.regions.features.map((f) => f.properties)).toEqual([{ code: '330102', name: '上城区' }]);
    expect(map.bounds).toEqual([120, 30, 121, 31]);
    expect(inside(map.centres['330102']!, square(120, 30))).toBe(true);
    expect(map.seats).toEqual([]);
  });

  it('may have streets of nine digits, and gets the lines between cities', () => {
    const map = parseMap({
      type: 'FeatureCollection',
      features: [
        { type: 'Feature', properties: { code: '330102001', name: '清波街道' }, geometry: square(120, 30) },
        { type: 'Feature', properties: { code: '330105', name: '拱墅区' }, geometry: square(121, 30) },
        { type: 'Feature', properties: { code: '330602', name: '越城区' }, geometry: square(121, 29) },
      ],
    });
    expect(map.borders.coordinates).toEqual([
      [
        [121, 30],
        [122, 30],
      ],
    ]);
  });

  it('may be TopoJSON with a layer of any name, without cities', () => {
    const { counties } = ours.objects as { counties: GeometryCollection };
    const plain = { ...ours, objects: { zhejiang: counties } };
    const map = parseMap(JSON.parse(JSON.stringify(plain)));
    const shipped = parseMap(JSON.parse(JSON.stringify(ours)));
    expect(map.regions).toEqual(shipped.regions);
    // The same lines between cities, found another way.
    const points = (lines: Position[][]): Set<string> => new Set(lines.flat().map((p) => p.join()));
    expect(points(map.borders.coordinates)).toEqual(points(shipped.borders.coordinates));
  });

  it('has a centre of its own only where that lies inside', () => {
    const there = parseMap(one({ code: '330102', name: '上城区', centre: [120.2, 30.3] }));
    expect(there.centres['330102']).toEqual([120.2, 30.3]);
    const astray = parseMap(one({ code: '330102', name: '上城区', centre: [119, 30.3] }));
    expect(inside(astray.centres['330102']!, square(120, 30))).toBe(true);
  });
});

describe('a map that cannot be used says what is missing', () => {
  const good = { code: '330102', name: '上城区' };
  it.each<[string, unknown, MapProblem, Record<string, string>]>([
    ['nothing', null, 'notAMap', {}],
    ['a list', [], 'notAMap', {}],
    ['a bare feature', { type: 'Feature', properties: good, geometry: square(120, 30) }, 'notAMap', {}],
    ['no features', { type: 'FeatureCollection' }, 'malformed', { path: 'features' }],
    ['an empty list of features', { type: 'FeatureCollection', features: [] }, 'empty', {}],
    ['no code', one({ name: '上城区' }), 'codeMissing', { index: '1', name: '上城区' }],
    ['no properties at all', { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: square(120, 30) }] }, 'codeMissing', { index: '1' }],
    ['a code of another sort', one({ adcode: '100000_JD', name: '' }), 'codeInvalid', { code: '100000_JD', index: '1' }],
    ['no name', one({ code: '330102' }), 'nameMissing', { code: '330102' }],
    ['a blank name', one({ code: '330102', name: '  ' }), 'nameMissing', { code: '330102' }],
    ['no geometry', one(good, null), 'noOutline', { code: '330102', name: '上城区' }],
    ['a point', one(good, { type: 'Point', coordinates: [120, 30] }), 'noOutline', { code: '330102' }],
    ['metres', one(good, square(501_234, 3_345_678, 10)), 'notDegrees', { code: '330102', point: '(501234, 3345678)' }],
    ['a ring of two points', one(good, { type: 'Polygon', coordinates: [[[120, 30], [121, 30]]] }), 'malformed', { path: 'features[0].geometry.coordinates.0' }],
    ['words for numbers', one(good, { type: 'Polygon', coordinates: [[['120', '30']]] }), 'malformed', {}],
    ['no objects', { type: 'Topology', arcs: [] }, 'malformed', { path: 'objects' }],
    ['no layer', { type: 'Topology', arcs: [], objects: {} }, 'empty', {}],
    ['two layers', { type: 'Topology', arcs: [], objects: { a: {}, b: {} } }, 'whichObject', { names: 'a, b' }],
    [
      'arcs that are not there',
      { type: 'Topology', arcs: [], objects: { a: { type: 'GeometryCollection', geometries: [{ type: 'Polygon', arcs: [[-1]], properties: good }] } } },
      'badArcs',
      { code: '330102', name: '上城区' },
    ],
    ['a layer of another sort', { type: 'Topology', arcs: [], objects: { a: { type: 'Polygon', arcs: [[0]] } } }, 'malformed', { path: 'objects.a.type' }],
  ])('%s', (_, json, problem, params) => {
    const found = problemOf(json);
    expect(found.problem).toBe(problem);
    expect(found.params).toMatchObject(params);
    expect(found.message).not.toMatch(/[{}]/);
  });

  it('a code that comes twice', () => {
    const twice = one(good) as { features: unknown[] };
    expect(problemOf({ ...twice, features: [...twice.features, ...twice.features] })).toMatchObject({ problem: 'codeTwice', params: good });
  });

  it('one county of the real map spoilt', () => {
    const spoilt = JSON.parse(JSON.stringify(ours)) as Topology;
    delete ((spoilt.objects.counties as GeometryCollection<{ name?: string }>).geometries[4]!.properties as { name?: string }).name;
    expect(problemOf(spoilt)).toMatchObject({ problem: 'nameMissing', params: { code: '330109' } });
  });

  it('in both languages with the same particulars', () => {
    const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    for (const problem of Object.keys(words.zh) as MapProblem[]) expect(holes(words.en[problem]), problem).toEqual(holes(words.zh[problem]));
  });
});

describe('poleOf', () => {
  it('finds the middle of a square, its sides measured as they are on the ground', () => {
    const [lon, lat] = poleOf(square(120, 30));
    expect(lon).toBeCloseTo(120.5, 1);
    expect(lat).toBeGreaterThan(30.4);
    expect(lat).toBeLessThan(30.6);
  });

  it('stays out of a hole, and out of the gap of a horseshoe', () => {
    const holed: Polygon = { type: 'Polygon', coordinates: [...square(0, 0, 10).coordinates, ...square(1, 1, 8).coordinates] };
    expect(inside(poleOf(holed), holed)).toBe(true);
    const shoe: Polygon = { type: 'Polygon', coordinates: [[[0, 0], [10, 0], [10, 10], [8, 10], [8, 2], [2, 2], [2, 10], [0, 10], [0, 0]]] };
    expect(inside(poleOf(shoe), shoe)).toBe(true);
    expect(inside([5, 5], shoe)).toBe(false);
  });

  it('takes the largest part', () => {
    expect(poleOf({ type: 'MultiPolygon', coordinates: [square(0, 0).coordinates, square(20, 20, 3).coordinates] })[0]).toBeGreaterThan(20);
  });
});
