import { meets, type Span } from '../../../shared/screen/stage.ts';

/** Units of what the enterprises' panel must say whole: its title with its figures, and its codes. */
const BLOCKS = [206, 112] as const;
const AIR = 6;
/** Of all of it where nothing is in the way. */
export const ENTERPRISES = 304;

/**
 * Where the panel of enterprises begins so that all of it ends with the body, as low as can be, with its title on this side
 * of every seam. Without seams that is 304 units above the end.
 */
export function enterpriseTop(body: Span, clear: readonly Span[]): number {
  if (clear.length === 0) return body.to - ENTERPRISES;
  const lowest = body.to - BLOCKS.reduce((sum, h) => sum + h, AIR);
  for (let top = lowest; top > body.from; top -= 2) {
    if (clear.some((s) => meets(s, { from: top - AIR, to: top + BLOCKS[0] }))) continue;
    let at = top;
    for (const height of BLOCKS) {
      for (let seam = over(at, height, clear); seam; seam = over(at, height, clear)) at = seam.to;
      at += height;
    }
    if (at <= body.to) return top;
  }
  return lowest;
}

const over = (at: number, height: number, clear: readonly Span[]): Span | undefined => clear.find((s) => meets(s, { from: at, to: at + height }));
