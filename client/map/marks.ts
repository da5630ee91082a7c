import type { Shape, Tone } from '../ui/tone.ts';

/**
 * What a kind says of a whole county on the map, beside its name: that it is somewhere in it is all that is known, so it has no
 * point of its own. Several of one kind in a county are one mark with their number, shaped as the gravest.
 */
export interface CountyMark {
  kind: string;
  code: string;
  tone: Tone;
  shape: Shape;
  count: number;
  /** The larger, the more it wants to be seen. */
  weight: number;
}
