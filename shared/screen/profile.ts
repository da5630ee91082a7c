import { z } from 'zod';

/**
 * What a screen is, as a technician measures it. All may be left out: such a screen is taken for one piece, and how large its
 * letters must be cannot be reckoned.
 */
export const screenProfile = z.strictObject({
  /** Of the whole picture, all tiles together. */
  pixels: z.strictObject({ width: z.int().min(320).max(32_768), height: z.int().min(240).max(32_768) }).optional(),
  widthMetres: z.number().min(0.1).max(100).optional(),
  /** From the screen to whoever must still be able to read it. */
  farthestMetres: z.number().min(0.3).max(200).optional(),
  tiles: z.strictObject({ columns: z.int().min(1).max(24), rows: z.int().min(1).max(12) }).optional(),
  /** Pixels of the picture behind the bezels of one seam; 0 where it goes on right beside the seam. */
  seam: z.number().min(0).max(400).optional(),
  /** Middles of the seams in pixels from the left and from the top, where the tiles are not all of one size. */
  seamsAt: z.strictObject({ x: z.array(z.number().min(1).max(32_768)).max(23), y: z.array(z.number().min(1).max(32_768)).max(11) }).optional(),
  /** Letters this much larger than the grid's; above 1 there are fewer columns, below 1 more. */
  scale: z.number().min(0.5).max(1.3).optional(),
});
export type ScreenProfile = z.infer<typeof screenProfile>;

/** What a wall's page finds itself on: real pixels of its whole window, and how many of them make one of the browser's. */
export const screenFound = z.strictObject({ width: z.int().min(1).max(65_536), height: z.int().min(1).max(65_536), ratio: z.number().min(0.1).max(16) });
export type ScreenFound = z.infer<typeof screenFound>;

/** Whether a profile says other pixels than were found: its seams then run elsewhere, and its letters have another size. */
export const differs = (profile: ScreenProfile, found: ScreenFound | null): boolean =>
  found !== null && profile.pixels !== undefined && (profile.pixels.width !== found.width || profile.pixels.height !== found.height);

/** What a wall is told of itself when it joins. `card`: for how many more milliseconds it shows its test card. */
export const screenInfo = z.object({ id: z.string(), name: z.string(), profile: screenProfile, card: z.number() });
export type ScreenInfo = z.infer<typeof screenInfo>;

/** A seam in pixels: its middle and how much of the picture lies behind it. */
export interface Seam {
  at: number;
  width: number;
}

/** Where no figure may lie. */
export function seamsOf(profile: ScreenProfile): { x: Seam[]; y: Seam[] } {
  const { pixels, tiles, seam: width = 0, seamsAt } = profile;
  if (seamsAt) return { x: seamsAt.x.map((at) => ({ at, width })), y: seamsAt.y.map((at) => ({ at, width })) };
  if (!pixels || !tiles) return { x: [], y: [] };
  const every = (length: number, count: number): Seam[] => Array.from({ length: count - 1 }, (_, i) => ({ at: (length * (i + 1)) / count, width }));
  return { x: every(pixels.width, tiles.columns), y: every(pixels.height, tiles.rows) };
}

/** Screens as they are commonly bought, to begin a profile from. */
export const presets: readonly { zh: string; en: string; profile: ScreenProfile }[] = [
  { zh: '55 寸单屏（4K）', en: '55-inch screen (4K)', profile: { pixels: { width: 3_840, height: 2_160 }, widthMetres: 1.21, farthestMetres: 2.5 } },
  { zh: '86 寸单屏（4K）', en: '86-inch screen (4K)', profile: { pixels: { width: 3_840, height: 2_160 }, widthMetres: 1.9, farthestMetres: 4 } },
  { zh: 'LED 屏，宽 4 米（1080p）', en: 'LED wall, 4 m wide (1080p)', profile: { pixels: { width: 1_920, height: 1_080 }, widthMetres: 4, farthestMetres: 8 } },
  { zh: 'LED 屏，宽 8.3 米（6656×1792）', en: 'LED wall, 8.3 m wide (6656×1792)', profile: { pixels: { width: 6_656, height: 1_792 }, widthMetres: 8.32, farthestMetres: 8 } },
  { zh: '55 寸 2×1 拼接（3840×1080）', en: '55-inch tiles, 2×1 (3840×1080)', profile: { pixels: { width: 3_840, height: 1_080 }, widthMetres: 2.42, farthestMetres: 2.5, tiles: { columns: 2, rows: 1 }, seam: 0 } },
  { zh: '55 寸 2×2 拼接（4K）', en: '55-inch tiles, 2×2 (4K)', profile: { pixels: { width: 3_840, height: 2_160 }, widthMetres: 2.42, farthestMetres: 5, tiles: { columns: 2, rows: 2 }, seam: 0 } },
  { zh: '55 寸 3×3 拼接', en: '55-inch tiles, 3×3', profile: { pixels: { width: 5_760, height: 3_240 }, widthMetres: 3.63, farthestMetres: 7, tiles: { columns: 3, rows: 3 }, seam: 0 } },
  { zh: '55 寸 4×2 拼接（7680×2160）', en: '55-inch tiles, 4×2 (7680×2160)', profile: { pixels: { width: 7_680, height: 2_160 }, widthMetres: 4.84, farthestMetres: 5, tiles: { columns: 4, rows: 2 }, seam: 0 } },
];
