import type { Box, MapFrame } from '../../map/fit.ts';

/** Pixels. */
export type Spot = readonly [x: number, y: number];

/** A path of SVG through points, a tenth of a pixel being enough. */
export function linePath(points: Iterable<readonly number[]>, frame: MapFrame): string {
  let d = '';
  for (const [lon = 0, lat = 0] of points) {
    const [x, y] = frame.toPixel([lon, lat]);
    d += `${d === '' ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return d;
}

export const ringsPath = (rings: readonly (readonly (readonly number[])[])[], frame: MapFrame): string => rings.map((ring) => `${linePath(ring, frame)}Z`).join('');

/** Where a truck's numbered disc may stand when its own place is taken: around it, near ones first; far out rather than on a name. */
export const near: readonly Spot[] = [
  [0, 0],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
  [0, -1.5],
  [1.6, 0],
  [-1.6, 0],
  [0, 1.5],
  [2.2, -1.6],
  [-2.2, -1.6],
  [2.2, 1.6],
  [-2.2, 1.6],
];
const far = [3, 3.8, 4.6, 5.6].flatMap((r) => Array.from({ length: 16 }, (_, i): Spot => [r * Math.cos((i * Math.PI) / 8), r * Math.sin((i * Math.PI) / 8)]));
const around: readonly Spot[] = [...near, ...far];

export interface Disc {
  id: string;
  /** Where the truck is. */
  spot: Spot;
  /** Where its disc stands; a short line leads to the truck when that is not the same. */
  at: Spot;
}

/** Discs of a size that cover neither each other nor what must stay clear; one that finds no room stays on its truck. */
export function placeDiscs(trucks: readonly { id: string; spot: Spot }[], size: number, clear: readonly Box[], places: readonly Spot[] = around): Disc[] {
  const placed: Disc[] = [];
  for (const { id, spot } of trucks) {
    const free = places
      .map(([dx, dy]): Spot => [spot[0] + dx * size, spot[1] + dy * size])
      .find(
        (at) =>
          placed.every((p) => Math.hypot(p.at[0] - at[0], p.at[1] - at[1]) >= size * 1.08) &&
          clear.every((b) => at[0] + size / 2 < b.left || at[0] - size / 2 > b.left + b.width || at[1] + size / 2 < b.top || at[1] - size / 2 > b.top + b.height),
      );
    placed.push({ id, spot, at: free ?? spot });
  }
  return placed;
}
