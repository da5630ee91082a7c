import type { Topology } from 'topojson-specification';

/** Zhejiang by county and city, as one TopoJSON topology (objects `counties` and `cities`). */
export function makeMap(): Promise<Topology>;
/** Writes it; returns its size in bytes. */
export function buildMap(outFile: string): Promise<number>;
