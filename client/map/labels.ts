import type { Box, MapFrame } from './fit.ts';
import type { BoardMap } from './map.ts';

export interface LabelWish {
  code: string;
  text: string;
  /** The region's centre in pixels. */
  at: readonly [number, number];
  /** Pixels its region leaves it there: a wider text would name the neighbour and is not shown. Without it, any width will do. */
  room?: number;
  /** Pixels, where the text is not all of one size. */
  width?: number;
}

export interface PlacedLabel {
  code: string;
  text: string;
  /** The middle of the text in pixels. */
  x: number;
  y: number;
  width: number;
}

export interface LabelRules {
  /** Font size in the same pixels; below what the room can read there is no label, so none is ever made smaller. */
  size: number;
  /** Labels stay wholly within it. */
  within: Box;
  /** What they must not cover: a legend, a truck's tag, a bezel. */
  clear?: readonly Box[];
  /** Width of a text at that size; a guess from the kind of letters where no canvas is at hand. */
  measure?: (text: string, size: number) => number;
}

/** Chinese is as wide as high; a Latin letter takes a little more than half. */
export function guessWidth(text: string, size: number): number {
  let ems = 0;
  for (const letter of text) ems += letter.codePointAt(0)! < 0x2e80 ? 0.58 : 1;
  return ems * size;
}

/** Where a label may move when its own place is taken, in parts of its height: near enough to be still its region's. */
const moves: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, -0.7],
  [0, 0.7],
];

/** A text may hang over its region's border by this much of its width. */
const overhang = 1.25;

/** Air between two labels, in parts of the size. */
const air = 0.15;

/**
 * What to name on the map, most important first: `first` (codes with something to say: late, red, a truck's end), then the
 * seats of the cities, then the rest where there is room, the roomiest first. `textOf` may know of no such locality.
 */
export function labelWishes(map: BoardMap, { toPixel }: Pick<MapFrame, 'toPixel'>, textOf: (code: string) => string, first: readonly string[] = []): LabelWish[] {
  const named = [...first, ...map.seats].filter((code) => code in map.centres);
  const rest = Object.keys(map.centres).sort((a, b) => (map.rooms[b] ?? 0) - (map.rooms[a] ?? 0));
  const wish = (code: string): LabelWish => ({ code, text: textOf(code), at: toPixel(map.centres[code]!) });
  return [
    ...named.map(wish),
    ...rest.map((code) => {
      const [lon, lat] = map.centres[code]!;
      return { ...wish(code), room: toPixel([lon + map.rooms[code]!, lat])[0] - toPixel([lon, lat])[0] };
    }),
  ];
}

/**
 * Which labels to show, none over another or over what must stay clear. The wishes come most important first: what
 * comes first is placed first and nothing later moves it, so a label stays where it was as long as what comes before it does.
 */
export function chooseLabels(wishes: readonly LabelWish[], rules: LabelRules): PlacedLabel[] {
  const { size, within, clear = [], measure = guessWidth } = rules;
  const gap = size * air;
  const taken: Box[] = [...clear];
  const placed: PlacedLabel[] = [];
  const seen = new Set<string>();
  for (const { code, text, at, room = Infinity, width = measure(text, size) } of wishes) {
    if (seen.has(code) || text === '') continue;
    seen.add(code);
    if (width > room * overhang) continue;
    for (const [dx, dy] of moves) {
      const x = at[0] + dx * size;
      const y = at[1] + dy * size;
      const box = { left: x - width / 2, top: y - size / 2, width, height: size };
      if (!contains(within, box) || taken.some((other) => overlap(box, other, gap))) continue;
      taken.push(box);
      placed.push({ code, text, x, y, width });
      break;
    }
  }
  return placed;
}

function overlap(a: Box, b: Box, gap: number): boolean {
  return a.left < b.left + b.width + gap && b.left < a.left + a.width + gap && a.top < b.top + b.height + gap && b.top < a.top + a.height + gap;
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.left + inner.width <= outer.left + outer.width &&
    inner.top + inner.height <= outer.top + outer.height
  );
}
