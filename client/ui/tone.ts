/** What a mark says by colour and, for whoever does not see the colour, by shape. */
export type Tone = 'red' | 'orange' | 'yellow' | 'blue' | 'green' | 'plain' | 'accent';

/** Triangle: wrong now. Diamond: look at it. Square: known and bounded. Bar: quiet. Disc: well, or live. */
export type Shape = 'triangle' | 'diamond' | 'square' | 'bar' | 'disc' | 'ring' | 'box' | 'half' | 'cross';

export const shapeOf: Record<Tone, Shape> = {
  red: 'triangle',
  orange: 'diamond',
  yellow: 'square',
  blue: 'bar',
  green: 'disc',
  plain: 'ring',
  accent: 'disc',
};
