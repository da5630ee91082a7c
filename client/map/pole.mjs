/**
 * The point of a polygon that lies farthest from its border (pole of inaccessibility), where a label has most room:
 * a centre of gravity may lie in the neighbour's land or in the sea. Grid cells are halved only where they can still
 * hold something better. Plain JavaScript: the map's build runs it under bare node, screens run it for a map of their own.
 */

/** @typedef {[number, number]} Point longitude, latitude in degrees */

const enough = 0.002;

/**
 * @param {import('geojson').Polygon | import('geojson').MultiPolygon} geometry
 * @returns {Point} in the largest part, inside it and out of its holes
 */
export function poleOf(geometry) {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const largest = parts.reduce((best, part) => (areaOf(part[0]) > areaOf(best[0]) ? part : best));
  return pole(largest);
}

/** @param {number[][]} ring @returns {number} area in square degrees, whichever way round the ring runs */
export function areaOf(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  return Math.abs(twice) / 2;
}

/** @param {Point} point @param {import('geojson').Polygon | import('geojson').MultiPolygon} geometry */
export function inside(point, geometry) {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return parts.some((rings) => within(point, rings));
}

/** Even-odd over all rings, so that a hole is outside. */
function within([x, y], rings) {
  let odd = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
  return odd;
}

function pole(rings) {
  const outer = rings[0];
  const lons = outer.map((p) => p[0]);
  const lats = outer.map((p) => p[1]);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  // A degree of longitude is shorter than one of latitude: distances are taken in degrees of latitude.
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const flat = rings.map((ring) => ring.map(([lon, lat]) => [lon * squeeze, lat]));
  const width = (east - west) * squeeze;
  const height = north - south;
  const size = Math.min(width, height);
  const cellAt = (x, y, half) => {
    const distance = signedDistance([x, y], flat);
    return { x, y, half, distance, most: distance + half * Math.SQRT2 };
  };
  let best = null;
  const queue = [];
  const take = (cell) => {
    if (best === null || cell.distance > best.distance) best = cell;
    if (cell.most - best.distance > enough * size) queue.push(cell);
  };
  for (let x = west * squeeze; x < east * squeeze; x += size)
    for (let y = south; y < north; y += size) take(cellAt(x + size / 2, y + size / 2, size / 2));
  while (queue.length > 0) {
    queue.sort((a, b) => a.most - b.most);
    const cell = queue.pop();
    if (cell.most - best.distance <= enough * size) break;
    const half = cell.half / 2;
    for (const [dx, dy] of [[-half, -half], [half, -half], [-half, half], [half, half]]) take(cellAt(cell.x + dx, cell.y + dy, half));
  }
  return [Math.round((best.x / squeeze) * 1e4) / 1e4, Math.round(best.y * 1e4) / 1e4];
}

/** Distance to the nearest edge, negative outside. */
function signedDistance(point, rings) {
  let least = Infinity;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) least = Math.min(least, toSegment(point, ring[j], ring[i]));
  return (within(point, rings) ? 1 : -1) * Math.sqrt(least);
}

function toSegment([px, py], [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
  return (px - ax - along * dx) ** 2 + (py - ay - along * dy) ** 2;
}
