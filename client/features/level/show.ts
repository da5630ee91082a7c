import type { KindShow } from '../parts/show.ts';

export const showLevel: KindShow = {
  kind: 'level',
  fields: {
    level: { words: 'levels' },
    previous: { words: 'levels' },
    since: 'time',
    by: 'text',
    grounds: 'text',
    text: 'text',
  },
};
