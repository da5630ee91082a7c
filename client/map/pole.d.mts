import type { MultiPolygon, Polygon } from 'geojson';

/** Longitude, latitude in degrees. */
export type Point = [number, number];

/** The point farthest from the border, in the largest part. */
export function poleOf(geometry: Polygon | MultiPolygon): Point;
/** In square degrees, whichever way round the ring runs. */
export function areaOf(ring: number[][]): number;
export function inside(point: readonly [number, number], geometry: Polygon | MultiPolygon): boolean;
