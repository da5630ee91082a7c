/**
 * Each city's file has the border it shares with the next drawn by itself: points a millionth of a degree apart, and
 * vertices that only one side has. Welded, the two sides are the same line, so that smoothing can open no gap between them.
 */

/** Degrees: points nearer than this (some 80 m, a third of a pixel of a 4K wall) are one; with less, gaps stay. */
const reach = 8e-4;
/** Degrees: cells of the look-up of points along an edge. */
const coarse = 0.005;

/**
 * @param {{ group: string, rings: number[][][] }[]} shapes group: the file a shape came from, within which borders match already
 * @returns {number[][][][]} the rings of each shape, welded
 */
export function weld(shapes) {
  const fine = new Map();
  const wide = new Map();
  const known = new Map();
  const nodeAt = (point, group) => {
    const [x, y] = point;
    const key = `${x} ${y}`;
    const node = known.get(key) ?? nearest(fine, point, group) ?? { x, y, groups: new Set() };
    if (node.groups.size === 0) {
      put(fine, cell(x, y, reach), node);
      put(wide, cell(x, y, coarse), node);
    }
    node.groups.add(group);
    known.set(key, node);
    return node;
  };
  const noded = shapes.map(({ group, rings }) => ({
    group,
    rings: rings.map((ring) => ring.map((point) => nodeAt(point, group)).filter((node, i, all) => node !== all[i - 1])),
  }));
  return noded.map(({ group, rings }) =>
    rings.map((ring) => {
      const whole = ring.flatMap((node, i) => [...(i > 0 ? missing(ring[i - 1], node, group, wide) : []), node]);
      return withoutSpikes(whole).map(({ x, y }) => [x, y]);
    }),
  );
}

/** A ring that went out to a point and straight back encloses nothing there. */
function withoutSpikes(ring) {
  const kept = [];
  for (const node of ring) {
    if (node === kept.at(-1)) continue;
    if (node === kept.at(-2)) kept.pop();
    else kept.push(node);
  }
  return kept;
}

/** The neighbours' vertices on the edge from a to b that this side lacks, in order. */
function missing(a, b, group, wide) {
  const found = [];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  for (let cx = Math.floor((Math.min(a.x, b.x) - reach) / coarse); cx <= Math.floor((Math.max(a.x, b.x) + reach) / coarse); cx += 1)
    for (let cy = Math.floor((Math.min(a.y, b.y) - reach) / coarse); cy <= Math.floor((Math.max(a.y, b.y) + reach) / coarse); cy += 1)
      for (const node of wide.get(`${cx} ${cy}`) ?? []) {
        if (node.groups.has(group)) continue;
        const along = ((node.x - a.x) * dx + (node.y - a.y) * dy) / length;
        if (along <= 0 || along >= 1) continue;
        if (Math.hypot(node.x - a.x - along * dx, node.y - a.y - along * dy) < reach) found.push({ node, along });
      }
  return found.sort((one, other) => one.along - other.along).map(({ node }) => node);
}

/** A neighbour's point in reach; never two points of one side, which would lose a bend, save where the border took one of them already. */
function nearest(fine, [x, y], group) {
  let best;
  let least = reach;
  for (let dx = -1; dx <= 1; dx += 1)
    for (let dy = -1; dy <= 1; dy += 1)
      for (const node of fine.get(cell(x + dx * reach, y + dy * reach, reach)) ?? []) {
        const distance = Math.hypot(node.x - x, node.y - y);
        if (distance >= least || (node.groups.has(group) && node.groups.size === 1)) continue;
        least = distance;
        best = node;
      }
  return best;
}

const cell = (x, y, size) => `${Math.floor(x / size)} ${Math.floor(y / size)}`;

function put(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
