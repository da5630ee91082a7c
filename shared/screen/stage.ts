import type { Seam } from './profile.ts';

/** The grid everything on a wall is designed on; wall.css makes one rem 100 of its units. */
export const GRID = { width: 1920, height: 1080 } as const;

export interface Stage {
  /** Pixels of one unit, the same both ways: nothing is stretched. */
  unit: number;
  /** The screen in units: at scale 1, one of them is that of the grid and the other at least that. */
  width: number;
  height: number;
}

/** `scale`: letters this much larger than the grid's. */
export function stageOf(pixelsWide: number, pixelsHigh: number, scale = 1): Stage {
  const unit = Math.min(pixelsWide / GRID.width, pixelsHigh / GRID.height) * scale;
  return { unit, width: pixelsWide / unit, height: pixelsHigh / unit };
}

/**
 * How a screen is divided. `close`: calls beside supplies and enterprises. `standard`: the map between them. `broad`: supplies
 * and enterprises side by side. `pair`: as standard, with a second map. `wide`: calls in two columns and a second map as well.
 * `upright`: higher than wide, the map above the rest.
 */
export type StageForm = 'close' | 'standard' | 'broad' | 'pair' | 'wide' | 'upright';

/** Units from the left, or from the top. */
export interface Span {
  from: number;
  to: number;
}

export interface Arrangement {
  stage: Stage;
  form: StageForm;
  /** Columns of the body from left to right, by name. */
  columns: { name: ColumnName; span: Span }[];
  /** Header, attention band, body, what just happened. */
  rows: { head: Span; band: Span; body: Span; recent: Span };
  /** What must stay clear of figures: the seams with some air. */
  clear: { x: Span[]; y: Span[] };
}
export type ColumnName = 'calls' | 'map' | 'second' | 'supplies' | 'enterprises' | 'right';

interface Column {
  name: ColumnName;
  min: number;
  want: number;
}
const map = (name: 'map' | 'second'): Column => ({ name, min: 500, want: 660 });
const column = (name: ColumnName, want: number, min = 530): Column => ({ name, min, want });

interface Form {
  form: StageForm;
  /** Before the maps, and after them. */
  left: Column[];
  maps: Column[];
  right: Column[];
  /** Least width of the stage in units. */
  from: number;
}
/** The richest first. */
const forms: readonly Form[] = [
  { form: 'wide', from: 3_200, left: [column('calls', 1_170, 1_060)], maps: [map('map'), map('second')], right: [column('supplies', 560), column('enterprises', 590)] },
  { form: 'pair', from: 2_700, left: [column('calls', 620)], maps: [map('map'), map('second')], right: [column('right', 620)] },
  { form: 'broad', from: 2_268, left: [column('calls', 620)], maps: [map('map')], right: [column('supplies', 580), column('enterprises', 580)] },
  { form: 'standard', from: 1_700, left: [column('calls', 550)], maps: [map('map')], right: [column('right', 550)] },
  { form: 'close', from: 1_160, left: [column('calls', 550)], maps: [], right: [column('right', 550)] },
];

const PAD = 36;
/** Between two columns. */
export const GAP = 36;
/** Air on either side of a seam. */
const AIR = 8;
/** What is left of a tile beside a column, too little for anything else, goes to the column. */
const LEFTOVER = 400;
const ROWS = { head: 92, band: 76, recent: 122, gap: 10, bottom: 20 } as const;
/** The least a body can be told in. */
const BODY_MIN = 440;

/** Pixels of seams as spans of units that stay clear. */
export const clearOf = (seams: readonly Seam[], unit: number): Span[] =>
  seams.map(({ at, width }) => ({ from: (at - width / 2) / unit - AIR, to: (at + width / 2) / unit + AIR }));

export const meets = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** What is free between the ends and the clear spans. */
export function bandsOf(from: number, to: number, clear: readonly Span[]): Span[] {
  const out: Span[] = [];
  let at = from;
  for (const span of [...clear].sort((a, b) => a.from - b.from)) {
    if (span.from > at) out.push({ from: at, to: Math.min(span.from, to) });
    at = Math.max(at, span.to);
  }
  if (at < to) out.push({ from: at, to });
  return out.filter((b) => b.to > b.from);
}

/** Divides a screen so that no column but a map lies across a seam. Null where there is no room for any form. */
export function arrange(pixelsWide: number, pixelsHigh: number, scale: number, seams: { x: readonly Seam[]; y: readonly Seam[] }): Arrangement | null {
  const stage = stageOf(pixelsWide, pixelsHigh, scale);
  const clear = { x: clearOf(seams.x, stage.unit), y: clearOf(seams.y, stage.unit) };
  const rows = rowsOf(stage.height, clear.y);
  if (!rows) return null;
  const bands = bandsOf(PAD, stage.width - PAD, clear.x);
  const made = (form: StageForm, columns: Arrangement['columns']): Arrangement => ({ stage, form, columns, rows, clear });
  if (stage.width < stage.height) {
    const below = placed({ form: 'close', from: 0, left: [column('calls', 550)], maps: [], right: [column('right', 550)] }, bands, true) ?? [];
    return below.length > 0 ? made('upright', [{ name: 'map', span: { from: PAD, to: stage.width - PAD } }, ...below]) : null;
  }
  for (const form of forms) {
    if (stage.width < form.from) continue;
    for (const fill of [true, false]) {
      const columns = placed(form, bands, fill);
      if (columns) return made(form.form, columns);
    }
  }
  return null;
}

/** From the left and from the right towards the maps, which share what is left. */
function placed(form: Form, bands: readonly Span[], fill: boolean): Arrangement['columns'] | null {
  const left = flow(form.left, bands, fill && form.maps.length > 0);
  const mirrored = flow([...form.right].reverse(), mirror(bands), fill && form.maps.length > 0);
  if (!left || !mirrored) return null;
  const right = mirror(mirrored);
  const names = (columns: readonly Column[], spans: readonly Span[]): Arrangement['columns'] => columns.map((c, i) => ({ name: c.name, span: spans[i]! }));
  const from = beside(left.at(-1)!.to, bands);
  const to = -beside(-right[0]!.from, mirror(bands));
  if (form.maps.length === 0) {
    // Two columns and nothing between: they share the screen, each on its side of the seam nearest the middle.
    const [a, b] = [left[0]!, right[0]!];
    const middle = (a.from + b.to) / 2;
    const at = bands.slice(1).map((band, i): Span => ({ from: bands[i]!.to, to: band.from })).sort((p, q) => Math.abs(p.from - middle) - Math.abs(q.from - middle))[0];
    const grown: Span[] = bands.length === 1 ? [{ from: a.from, to: middle - GAP / 2 }, { from: middle + GAP / 2, to: b.to }] : bands.length === 2 && at ? [{ from: a.from, to: at.from }, { from: at.to, to: b.to }] : [a, b];
    if (a.to + GAP > b.from || grown.some((s, i) => s.to - s.from < [form.left, form.right][i]![0]!.min)) return null;
    return [...names(form.left, [grown[0]!]), ...names(form.right, [grown[1]!])];
  }
  // A seam, or its air, at the edge of what is left is no part of it.
  const free = bandsOf(from, to, gaps(bands));
  if (free.length === 0) return null;
  const rest: Span = { from: Math.max(from, free[0]!.from), to: Math.min(to, free.at(-1)!.to) };
  const maps = shared(form.maps, rest, gaps(bands));
  return maps && [...names(form.left, left), ...names(form.maps, maps), ...names(form.right, right)];
}

/** Where what follows a column begins: beyond the seam where the column ends at one. */
function beside(end: number, bands: readonly Span[]): number {
  const at = bands.findIndex((b) => b.to === end);
  return at < 0 || at === bands.length - 1 ? end + GAP : bands[at + 1]!.from;
}

const gaps = (bands: readonly Span[]): Span[] => bands.slice(1).map((band, i) => ({ from: bands[i]!.to, to: band.from }));

/** Seen from the other side. */
function mirror(spans: readonly Span[]): Span[] {
  return [...spans].reverse().map((s) => ({ from: -s.to, to: -s.from }));
}

/** Columns from the left, none across a seam: narrower, or past it. */
function flow(columns: readonly Column[], bands: readonly Span[], fill: boolean): Span[] | null {
  const out: Span[] = [];
  let b = 0;
  let at = bands[0]?.from ?? 0;
  for (const c of columns) {
    while (b < bands.length && bands[b]!.to - at < c.min) {
      b += 1;
      at = bands[b]?.from ?? 0;
    }
    const band = bands[b];
    if (!band) return null;
    const to = Math.min(at + c.want, band.to);
    out.push({ from: at, to });
    at = to + GAP;
  }
  const last = out.at(-1);
  const band = bands[b];
  // Against the end of the whole screen it stays: the other side comes from there.
  if (fill && last && band && b < bands.length - 1 && band.to - last.to < LEFTOVER) last.to = band.to;
  return out;
}

/** Two maps part at a seam where one lies so that each has enough, otherwise in the middle. */
function shared(maps: readonly Column[], rest: Span, seams: readonly Span[]): Span[] | null {
  const enough = (s: Span): boolean => s.to - s.from >= maps[0]!.min;
  if (maps.length === 1) return enough(rest) ? [rest] : null;
  const middle = (rest.from + rest.to) / 2;
  const cuts = [...seams]
    .sort((a, b) => Math.abs((a.from + a.to) / 2 - middle) - Math.abs((b.from + b.to) / 2 - middle))
    .filter((s) => s.from > rest.from && s.to < rest.to);
  for (const cut of [...cuts, { from: middle - GAP / 2, to: middle + GAP / 2 }]) {
    const [a, b] = [{ from: rest.from, to: cut.from }, { from: cut.to, to: rest.to }];
    if (enough(a) && enough(b)) return [a, b];
  }
  return null;
}

/** Header and attention band from the top, what just happened from the bottom, none across a seam. */
function rowsOf(height: number, clear: readonly Span[]): Arrangement['rows'] | null {
  const free = bandsOf(0, height, clear);
  const down = flow([{ name: 'map', min: ROWS.head, want: ROWS.head }], free, false)?.[0];
  if (!down) return null;
  const under = bandsOf(down.to + ROWS.gap, height, clear);
  const band = flow([{ name: 'map', min: ROWS.band, want: ROWS.band }], under, false)?.[0];
  const up = flow([{ name: 'map', min: ROWS.recent, want: ROWS.recent }], mirror(bandsOf(0, height - ROWS.bottom, clear)), false)?.[0];
  if (!band || !up) return null;
  const recent: Span = { from: -up.to, to: -up.from };
  const body: Span = { from: band.to + ROWS.gap, to: recent.from - ROWS.gap };
  return body.to - body.from >= BODY_MIN ? { head: down, band, body, recent } : null;
}

/**
 * Places for several things side by side within a row, none across a seam: each tile gets as many as it has room for, at
 * least `min` wide. Empty where even one does not fit.
 */
export function placesOf(from: number, to: number, clear: readonly Span[], min: number, gap = GAP): Span[] {
  return bandsOf(from, to, clear).flatMap((band) => {
    const count = Math.floor((band.to - band.from + gap) / (min + gap));
    const width = (band.to - band.from - gap * (count - 1)) / count;
    return Array.from({ length: count }, (_, i) => ({ from: band.from + i * (width + gap), to: band.from + i * (width + gap) + width }));
  });
}

/** Where things of a height go from `from` downwards, whole and none across a seam; only those that end before `to`. */
export function stacked(from: number, to: number, height: number, clear: readonly Span[]): number[] {
  const out: number[] = [];
  if (!(height > 0)) return out;
  for (let at = from; ; ) {
    const seam = clear.find((s) => meets(s, { from: at, to: at + height }));
    if (seam) at = seam.to;
    else if (at + height > to + 0.5) return out;
    else {
      out.push(at);
      at += height;
    }
  }
}
