import { defineFeature } from '../feature.ts';
import { reserve, voidForms } from './commands.ts';
import { numberKey, paper, unusedOf } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 纸质登记单: forms to write calls down on while the board cannot be reached. */
export const paperFeature = defineFeature({
  kind: 'paper',
  plural: 'papers',
  version: 1,
  upgrade: (body) => body,
  record: paper,
  commands: { 'paper.reserve': reserve, 'paper.void': voidForms },
  readers: ['operator', 'leader'],
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: (p) => unusedOf(p).length > 0,
  words: (p) => [p.first, p.last, p.by],
  order: (p) => p.reserved,
  keys: (p) => p.forms.map((f) => numberKey(f.number)),
  filters: [],
  fold,
  headline: () => null,
  samples,
});
