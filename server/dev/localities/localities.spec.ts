import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { feature } from 'topojson-client';
import { describe, expect, it } from 'vitest';
import { makeMap } from '../../../client/map/build-map.mjs';
import { inside } from '../../../client/map/pole.mjs';
import { mapColours } from '../../../shared/features/locality/record.ts';
import { locality } from '../../../shared/features/locality/record.ts';
import { fiveColourMaps } from './fiveColour.ts';
import { kilometres, positionAt, routes, yinzhouToYiwu, yiwuToYinzhou, type LonLat } from './routes.ts';
import { changes, localities } from './zhejiang.ts';

const topology = await makeMap();
const layer = (name: string): FeatureCollection<Polygon | MultiPolygon, { code: string; name: string }> =>
  feature(topology, topology.objects[name]!) as unknown as FeatureCollection<Polygon | MultiPolygon, { code: string; name: string }>;
const onMap = new Map(layer('counties').features.map((f) => [f.properties.code, f]));
const byCode = new Map(localities.map((l) => [l.code, l]));
const counties = localities.filter((l) => l.level === 'county' && l.validTo === null);
const countyAt = (point: LonLat): string | null => [...onMap].find(([, f]) => inside(point, f.geometry))?.[0] ?? null;

describe('localities of Zhejiang', () => {
  it('are records of the kind', () => {
    for (const data of localities) expect(locality.schema.safeParse({ ...data, colour: null, colourDay: null }).error, data.code).toBeUndefined();
  });

  it('have each code once, and a parent that stands before them', () => {
    expect(byCode.size).toBe(localities.length);
    const seen = new Set<string>();
    for (const { code, parent, level } of localities) {
      expect(parent === null ? level === 'province' : seen.has(parent), code).toBe(true);
      seen.add(code);
    }
  });

  it('in force are the 90 counties and 11 cities of the map, under the same names', () => {
    expect(counties).toHaveLength(90);
    expect(counties.map((l) => [l.code, l.name.zh]).sort()).toEqual([...onMap].map(([code, f]) => [code, f.properties.name]).sort());
    const cities = localities.filter((l) => l.level === 'city');
    expect(cities).toHaveLength(11);
    expect(cities.map((l) => [l.code, l.name.zh]).sort()).toEqual(layer('cities').features.map((f) => [f.properties.code, f.properties.name]).sort());
  });

  it('stand at a point inside their own outline', () => {
    for (const county of counties) expect(county.centre && inside(county.centre, onMap.get(county.code)!.geometry), county.name.zh).toBe(true);
    const outlines = new Map(layer('cities').features.map((f) => [f.properties.code, f.geometry]));
    for (const city of localities.filter((l) => l.level === 'city'))
      expect(city.centre && inside(city.centre, outlines.get(city.code)!), city.name.zh).toBe(true);
  });

  it('are told apart by their short names, in either language', () => {
    const inForce = localities.filter((l) => l.validTo === null);
    for (const language of ['zh', 'en'] as const) {
      const shorts = inForce.map((l) => l.short[language]);
      expect(shorts.filter((short, i) => shorts.indexOf(short) !== i)).toEqual([]);
      for (const l of inForce) expect(l.name[language].startsWith(l.short[language]), l.code).toBe(true);
    }
  });

  it('that ended name the day and successors in force, as the list of changes has it', () => {
    const ended = localities.filter((l) => l.validTo !== null);
    expect(ended.map((l) => [l.code, l.name.zh, l.validTo, l.successors])).toEqual([
      ['330103', '下城区', '2021-04-09', ['330105']],
      ['330104', '江干区', '2021-04-09', ['330102', '330114']],
    ]);
    for (const { from, to } of changes) {
      expect(byCode.has(from), from).toBe(true);
      for (const code of to) expect(byCode.get(code)?.validTo, code).toBeNull();
    }
  });

  it('hold all fourteen streets of Shangcheng', () => {
    expect(localities.filter((l) => l.parent === '330102').map((l) => l.short.zh)).toHaveLength(14);
    for (const street of localities.filter((l) => l.level === 'street')) expect(street.code.slice(0, 6)).toBe(street.parent);
  });
});

describe('five-colour maps of 2020', () => {
  it('colour each county in force, and count what was published', () => {
    const counts = fiveColourMaps.map(({ day, colours }) => {
      expect(Object.keys(colours).sort()).toEqual(counties.map((l) => l.code).sort());
      return [day, ...mapColours.map((colour) => Object.values(colours).filter((c) => c === colour).length)];
    });
    expect(counts).toEqual([
      ['2020-02-09', 1, 12, 12, 53, 12],
      ['2020-02-12', 1, 11, 13, 17, 48],
    ]);
  });

  it('let no county get worse between the two days', () => {
    const [first, second] = fiveColourMaps;
    for (const { code } of counties)
      expect(mapColours.indexOf(second!.colours[code]!), code).toBeGreaterThanOrEqual(mapColours.indexOf(first!.colours[code]!));
  });
});

describe('routes', () => {
  it('are ten, told apart, each point in the county it names', () => {
    expect(new Set(routes.map((r) => r.id)).size).toBe(10);
    for (const route of routes) for (const { at, county } of route.way) expect(countyAt(at), `${route.id} at ${at.join()}`).toBe(county);
  });

  it('are longer on the road than through their points, within reason', () => {
    for (const { id, way, roadKm } of routes) {
      const through = way.slice(1).reduce((sum, point, i) => sum + kilometres(way[i]!.at, point.at), 0);
      expect(roadKm, id).toBeGreaterThan(through);
      expect(roadKm, id).toBeLessThan(through * 1.6);
    }
  });

  it('take the masks from Yiwu to Yinzhou by Zhuji, Shaoxing, Shangyu and Yuyao, over 400 km with the way out', () => {
    expect([yiwuToYinzhou.from, yiwuToYinzhou.to]).toEqual(['330782', '330212']);
    const passed = [...new Set(yiwuToYinzhou.way.map((p) => p.county))];
    expect(passed.filter((c) => c !== null && ['330681', '330602', '330604', '330281'].includes(c))).toEqual(['330681', '330602', '330604', '330281']);
    expect(yiwuToYinzhou.roadKm + yinzhouToYiwu.roadKm).toBeGreaterThan(400);
  });
});

describe('positionAt', () => {
  // Along the equator, so that distance is longitude.
  const line = { way: [{ at: [0, 0] as LonLat, county: 'a' }, { at: [1, 0] as LonLat, county: null }, { at: [4, 0] as LonLat, county: 'c' }] };

  it('counts distance, not points', () => {
    expect(positionAt(line, 0.5).at[0]).toBeCloseTo(2, 9);
    expect(positionAt(line, 0.125).at[0]).toBeCloseTo(0.5, 9);
  });

  it('stands at the ends before and beyond them', () => {
    expect(positionAt(line, -1)).toEqual({ at: [0, 0], passed: 'a' });
    expect(positionAt(line, 0)).toEqual({ at: [0, 0], passed: 'a' });
    expect(positionAt(line, 1)).toEqual({ at: [4, 0], passed: 'c' });
    expect(positionAt(line, 7)).toEqual({ at: [4, 0], passed: 'c' });
  });

  it('names the last county behind it, over water too', () => {
    expect(positionAt(line, 0.6).passed).toBe('a');
  });

  it('moves on with the fraction and gives nothing away to be changed', () => {
    for (const route of routes) {
      const done = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((f) => positionAt(route, f).at);
      for (const [i, at] of done.slice(1).entries()) expect(kilometres(done[i]!, at), route.id).toBeGreaterThan(0);
      positionAt(route, 1).at[0] = 0;
      expect(positionAt(route, 1).at).toEqual(route.way.at(-1)!.at);
    }
  });
});
