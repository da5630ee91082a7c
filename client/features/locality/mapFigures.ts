import type { CallView } from '../../../shared/features/call/stats.ts';
import type { EnterpriseView } from '../../../shared/features/enterprise/stats.ts';
import { mapColours, type MapColour } from '../../../shared/features/locality/record.ts';
import type { LocalityView } from '../../../shared/features/locality/stats.ts';
import type { ShipmentView } from '../../../shared/features/shipment/stats.ts';
import { percent } from '../../ui/format.ts';
import type { Tone } from '../../ui/tone.ts';

/** What the map can be coloured by, in the order of the keys 1 to 5. */
export const mapFigures = ['open', 'late', 'resumed', 'colour', 'loads'] as const;
export type MapFigure = (typeof mapFigures)[number];

export interface MapViews {
  call?: CallView;
  enterprise?: EnterpriseView;
  locality?: LocalityView;
  shipment?: ShipmentView;
}

/** A class of wall.css (`amount-2`, `late-1`, `map-red`), `none` for a reported nothing, `unknown` for what nobody has said. */
export type Paint = 'none' | 'unknown' | `amount-${1 | 2 | 3 | 4}` | `late-${1 | 2 | 3}` | `map-${MapColour}`;

export interface RegionFigure {
  paint: Paint;
  /** The figure as the map writes it beside the name; empty where there is nothing to say. */
  text: string;
  tone: Tone;
  /** How much it wants its name on the map; 0: no more than any other. */
  weight: number;
}

export interface LegendLine {
  paint: Paint;
  /** `1–2`, `75%+`; null where `key` names it in words. */
  range: string | null;
  key: string | null;
  tone: Tone | null;
  /** Regions painted so. */
  count: number;
}

export interface PaintedMap {
  figure: MapFigure;
  regions: Record<string, RegionFigure>;
  legend: LegendLine[];
  /** Sum over all regions, where there is one to tell. */
  total: number | null;
}

/** Where each class of amounts begins. Few sets, each good for a wide span, so that the colours seldom change their meaning. */
const scales: readonly (readonly [number, number, number, number])[] = [
  [1, 3, 6, 10],
  [1, 5, 15, 40],
  [1, 20, 75, 200],
  [1, 100, 400, 1_000],
];
const lateScale = [1, 3, 8] as const;
const shareScale = [0.25, 0.5, 0.75] as const;

/** The first set whose last class begins beyond a third of the largest. */
export const scaleFor = (most: number): readonly number[] => scales.find((s) => most <= 3 * s[3]) ?? [1, 500, 2_000, 5_000];

const classOf = (value: number, starts: readonly number[]): number => starts.filter((start) => value >= start).length;

const ranges = (starts: readonly number[]): string[] =>
  starts.map((start, i) => {
    const next = starts[i + 1];
    return next === undefined ? `${start}+` : next - 1 === start ? String(start) : `${start}–${next - 1}`;
  });

function amounts(figure: MapFigure, codes: readonly string[], by: Record<string, number> | undefined, kind: 'amount' | 'late'): PaintedMap {
  if (!by) return unknown(figure, codes);
  const values = codes.map((code) => by[code] ?? 0);
  const starts = kind === 'late' ? lateScale : scaleFor(Math.max(0, ...values));
  const regions: Record<string, RegionFigure> = {};
  const counts = Array.from({ length: starts.length + 1 }, () => 0);
  codes.forEach((code, i) => {
    const value = values[i] ?? 0;
    const c = classOf(value, starts);
    counts[c] = (counts[c] ?? 0) + 1;
    regions[code] = {
      paint: c === 0 ? 'none' : (`${kind}-${c}` as Paint),
      text: value === 0 ? '' : String(value),
      tone: kind === 'late' && value > 0 ? 'red' : 'plain',
      weight: value,
    };
  });
  return {
    figure,
    regions,
    total: values.reduce((sum, v) => sum + v, 0),
    legend: [
      ...ranges(starts)
        .map((range, i): LegendLine => ({ paint: `${kind}-${i + 1}` as Paint, range, key: null, tone: null, count: counts[i + 1] ?? 0 }))
        .reverse(),
      { paint: 'none', range: '0', key: null, tone: null, count: counts[0] ?? 0 },
    ],
  };
}

function unknown(figure: MapFigure, codes: readonly string[]): PaintedMap {
  return {
    figure,
    regions: Object.fromEntries(codes.map((code) => [code, { paint: 'unknown', text: '', tone: 'plain', weight: 0 } satisfies RegionFigure])),
    legend: [{ paint: 'unknown', range: null, key: 'unknown', tone: null, count: codes.length }],
    total: null,
  };
}

/**
 * Share of the enterprises of a county that are back at work: the fewer, the brighter, so that a province at work is quiet and
 * the eye finds who lags. A county without any has no share, one nobody spoke for today is not known.
 */
const brightness = (c: number): Paint => `amount-${(4 - c) as 1 | 2 | 3 | 4}`;

function resumed(codes: readonly string[], view: EnterpriseView | undefined): PaintedMap {
  if (!view) return unknown('resumed', codes);
  const regions: Record<string, RegionFigure> = {};
  const counts = [0, 0, 0, 0];
  let silent = 0;
  let without = 0;
  for (const code of codes) {
    const county = view.counties[code];
    if (!county) {
      without += 1;
      regions[code] = { paint: 'none', text: '', tone: 'plain', weight: 0 };
    } else if (county.reported === 0) {
      silent += 1;
      regions[code] = { paint: 'unknown', text: '', tone: 'plain', weight: 0 };
    } else {
      const share = county.resumed / county.total;
      const c = classOf(share, shareScale);
      counts[c] = (counts[c] ?? 0) + 1;
      const behind = c < 3;
      regions[code] = { paint: brightness(c), text: behind ? `${percent(share)}%` : '', tone: 'plain', weight: behind ? county.total - county.resumed : 0 };
    }
  }
  const words = ['< 25%', '25–49%', '50–74%', '75%+'];
  return {
    figure: 'resumed',
    regions,
    total: null,
    legend: [
      ...words.map((range, i): LegendLine => ({ paint: brightness(i), range, key: null, tone: null, count: counts[i] ?? 0 })),
      { paint: 'unknown', range: null, key: 'unreported', tone: null, count: silent },
      { paint: 'none', range: null, key: 'noEnterprise', tone: null, count: without },
    ],
  };
}

function colours(codes: readonly string[], view: LocalityView | undefined): PaintedMap {
  if (!view) return unknown('colour', codes);
  const by = new Map(view.places.map((p) => [p.code, p.colour]));
  const regions: Record<string, RegionFigure> = {};
  const counts: Record<MapColour | 'none', number> = { red: 0, orange: 0, yellow: 0, blue: 0, green: 0, none: 0 };
  for (const code of codes) {
    const colour = by.get(code) ?? null;
    counts[colour ?? 'none'] += 1;
    regions[code] = {
      paint: colour === null ? 'unknown' : `map-${colour}`,
      text: '',
      tone: colour === 'red' || colour === 'orange' ? colour : 'plain',
      weight: colour === 'red' ? 2 : colour === 'orange' ? 1 : 0,
    };
  }
  return {
    figure: 'colour',
    regions,
    total: null,
    legend: [
      ...mapColours.map((c): LegendLine => ({ paint: `map-${c}`, range: null, key: `colours.${c}`, tone: c, count: counts[c] })),
      ...(counts.none > 0 ? [{ paint: 'unknown', range: null, key: 'uncoloured', tone: null, count: counts.none } satisfies LegendLine] : []),
    ],
  };
}

/** What each region of the map is painted, and the legend that says so with how many of each there are. */
export function paintMap(figure: MapFigure, codes: readonly string[], views: MapViews): PaintedMap {
  switch (figure) {
    case 'open':
      return amounts(figure, codes, views.call?.openBy, 'amount');
    case 'late':
      return amounts(figure, codes, views.call?.lateBy, 'late');
    case 'loads':
      return amounts(figure, codes, views.shipment?.headingTo, 'amount');
    case 'resumed':
      return resumed(codes, views.enterprise);
    case 'colour':
      return colours(codes, views.locality);
  }
}
