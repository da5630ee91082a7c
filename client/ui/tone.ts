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

/** Each drawn in a square of 100. */
export const shapePath: Record<Shape, string> = {
  triangle: 'M50 8 96 90H4Z',
  diamond: 'M50 2 98 50 50 98 2 50Z',
  square: 'M12 12H88V88H12Z',
  bar: 'M4 34H96V66H4Z',
  disc: 'M50 6a44 44 0 1 0 .01 0Z',
  ring: 'M50 6a44 44 0 1 0 .01 0ZM50 28a22 22 0 1 1-.01 0Z',
  box: 'M8 8H92V92H8ZM28 28V72H72V28Z',
  half: 'M50 6a44 44 0 1 0 0 88ZM50 6v88a44 44 0 0 0 0-88ZM58 20a30 30 0 0 1 0 60Z',
  cross: 'M20 4 50 34 80 4 96 20 66 50 96 80 80 96 50 66 20 96 4 80 34 50 4 20Z',
};
