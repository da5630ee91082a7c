import type { FieldProblem } from '../protocol/errors.ts';
import { arrange, stageOf } from './stage.ts';
import { seamsOf, type ScreenProfile } from './profile.ts';

/**
 * How large letters are for whoever stands farthest away, in minutes of arc on the glyph, not on the font's square. Text on
 * a wall wants at least 16 (ISO 9241-303 gives 16 as the least, 20 to 22 as good).
 */
export const LEAST = 16;
export const GOOD = 20;

/** Height of the drawn glyph in parts of the font size, as measured on Noto Sans SC: a Chinese character; a digit or capital. */
export const GLYPH = { han: 0.92, latin: 0.733 } as const;

/** The least font sizes of what the whole room reads, in units of the grid; letters within a Chinese line are of its size. */
export const FAR = { han: 26, digits: 32 } as const;

/** The smallest glyph that the whole room must read, in units. */
const SMALLEST = Math.min(FAR.han * GLYPH.han, FAR.digits * GLYPH.latin, FAR.han * GLYPH.latin);

const ARC_MINUTE = Math.PI / 180 / 60;
export const arcMinutes = (millimetres: number, metres: number): number => Math.atan(millimetres / 1_000 / metres) / ARC_MINUTE;

/** Letters are made larger by at most this: beyond it there is no room for two columns. */
export const SCALE_MAX = 1.3;

export interface Legibility {
  /** One unit of the grid on this screen. */
  millimetres: number;
  /** Of the smallest glyph for the room, at the farthest reader. */
  arcMinutes: number;
  /** How far away that glyph may be read from. */
  reach: number;
}

/** Null where the profile does not say enough to tell. */
export function legibility(profile: ScreenProfile): Legibility | null {
  const { pixels, widthMetres, farthestMetres, scale } = profile;
  if (!pixels || widthMetres === undefined || farthestMetres === undefined) return null;
  const millimetres = (widthMetres * 1_000) / stageOf(pixels.width, pixels.height, scale).width;
  return {
    millimetres,
    arcMinutes: arcMinutes(SMALLEST * millimetres, farthestMetres),
    reach: (SMALLEST * millimetres) / 1_000 / Math.tan(LEAST * ARC_MINUTE),
  };
}

/** Why a screen cannot be made so, in words that say what to mend; none when it can. */
export function profileProblems(profile: ScreenProfile): FieldProblem[] {
  const { pixels, seamsAt, farthestMetres = 0, widthMetres = 0, scale = 1 } = profile;
  if (!pixels) return [];
  const off = (axis: 'x' | 'y', length: number): FieldProblem[] =>
    (seamsAt?.[axis] ?? []).some((at, i, all) => at >= length || at <= (all[i - 1] ?? 0)) ? [{ path: `profile.seamsAt.${axis}`, code: 'invalid' }] : [];
  const misplaced = [...off('x', pixels.width), ...off('y', pixels.height)];
  if (misplaced.length > 0) return misplaced;
  if (!arrange(pixels.width, pixels.height, scale, seamsOf(profile))) return [{ path: 'profile.pixels', code: 'noLayout' }];
  const found = legibility(profile);
  if (!found || found.arcMinutes >= LEAST) return [];
  const short = farthestMetres / found.reach;
  const params = { far: down(found.reach), width: up(widthMetres * short) };
  const larger = Math.ceil(scale * short * 20 - 1e-9) / 20;
  if (larger <= SCALE_MAX && arrange(pixels.width, pixels.height, larger, seamsOf(profile))) return [{ path: 'profile.farthestMetres', code: 'textTooSmall', params: { ...params, scale: larger } }];
  return [{ path: 'profile.farthestMetres', code: 'textTooFar', params }];
}

const down = (metres: number): number => Math.floor(metres * 10 + 1e-9) / 10;
const up = (metres: number): number => Math.ceil(metres * 10 - 1e-9) / 10;
