import { roles } from '../../access/access.ts';
import { limitUnits } from '../../time/dueClock.ts';
import { defineFeature } from '../feature.ts';
import { save } from './commands.ts';
import { limit } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 时限: how long orders, reports and the like may take, kept by an administrator. */
export const limitFeature = defineFeature({
  kind: 'limit',
  plural: 'limits',
  version: 1,
  upgrade: (body) => body,
  record: limit,
  commands: { 'limit.save': save },
  readers: roles,
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: () => true,
  words: (l) => [l.code, l.name.zh, l.name.en],
  // Shortest first, those of working days after those of minutes.
  order: (l) => limitUnits.indexOf(l.unit) * 1_000_000 + l.amount,
  filters: ['use', 'active'],
  fold,
  headline: () => null,
  samples,
});
