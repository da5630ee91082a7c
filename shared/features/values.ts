import { z } from 'zod';
import type { Instant } from '../time/clock.ts';

/** Values that several kinds take in at the door. */

/**
 * Words as a person types them. PostgreSQL keeps neither NUL nor half a surrogate pair, and one such text would take
 * its whole batch down with it: control characters are dropped, broken pairs become U+FFFD, line ends become `\n`.
 */
export const text = (max: number): z.ZodString => z.string().overwrite(clean).trim().max(max);

export function clean(value: string): string {
  return value
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex -- these are the ones to drop
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Names a line of a list, a unit. Never free text: it becomes part of what a batch reads by. */
export const code = z.string().regex(/^[a-zA-Z0-9-]{1,40}$/);

/** GB/T 2260: six digits, nine for a street. */
export const localityCode = z.string().refine((c) => /^\d{6}(\d{3})?$/.test(c), { params: { field: 'unknownLocality' } });

export const instant = z.int().min(0).max(8_640_000_000_000_000);

export const uuid = z.uuid();

/** A day that exists: `2020-02-30` does not. */
export const day = z
  .string()
  .refine((d) => /^\d{4}-\d{2}-\d{2}$/.test(d) && !Number.isNaN(Date.parse(d)) && new Date(`${d}T00:00:00Z`).toISOString().startsWith(d), {
    params: { field: 'badTime' },
  });

/** Where a truck, plant or place of this country can be (WGS-84 or GCJ-02 alike). */
export const AREA = { west: 73, east: 135, south: 18, north: 54 } as const;
export const lon = z.number().refine((v) => v >= AREA.west && v <= AREA.east, { params: { field: 'outsideArea' } });
export const lat = z.number().refine((v) => v >= AREA.south && v <= AREA.north, { params: { field: 'outsideArea' } });
export const lonLat = z.tuple([lon, lat]);
export type LonLat = [lon: number, lat: number];

/** A claimed time may be this far ahead of the hub's clock. */
export const AHEAD = 60_000;

export const aheadOf = (at: Instant, now: Instant): boolean => at > now + AHEAD;

/** One edit of one field: what the editor saw and what it is to be (rule 9). */
export const change = <S extends z.ZodType>(to: S): z.ZodOptional<z.ZodObject<{ from: z.ZodUnknown; to: S }>> =>
  z.strictObject({ from: z.unknown(), to }).optional();

/** The edits that were really sent. */
export function given(changes: Record<string, { from?: unknown; to?: unknown } | undefined>): Record<string, { from: unknown; to: unknown }> {
  return Object.fromEntries(Object.entries(changes).flatMap(([name, c]) => (c === undefined ? [] : [[name, { from: c.from, to: c.to }]])));
}

/** Metres between two points over the sphere (haversine, mean radius of IUGG 1980). */
export function metres(a: LonLat, b: LonLat): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}
