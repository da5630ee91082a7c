import type { Feature, MultiPolygon, Polygon } from 'geojson';
import type { Topology } from 'topojson-specification';

/** Zhejiang by county and city, as one TopoJSON topology (objects `counties` and `cities`). */
export function makeMap(): Promise<Topology>;
/** Writes it; returns its size in bytes. */
export function buildMap(outFile: string): Promise<number>;
/** The package's own features for a province (its cities) or a city (its counties), before anything is done to them. */
export function outlines(code: string): Promise<Feature<Polygon | MultiPolygon, { adcode: number; name: string }>[]>;
