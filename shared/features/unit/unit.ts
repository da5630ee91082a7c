import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { retire, save } from './commands.ts';
import { unit, unitSorts } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 单位: departments, streets and teams that calls, orders and hazards go to. */
export const unitFeature = defineFeature({
  kind: 'unit',
  plural: 'units',
  version: 1,
  upgrade: (body) => body,
  record: unit,
  commands: { 'unit.save': save, 'unit.retire': retire },
  readers: roles,
  revealers: [],
  // Known to everyone: a desk may have to send business to any of them.
  place: () => ({ units: [], localities: [] }),
  held: (u) => u.active,
  words: (u) => [u.code, u.name.zh, u.name.en],
  order: (u) => unitSorts.indexOf(u.sort),
  keys: (u) => [`code:${u.code}`],
  filters: ['sort', 'active'],
  fold,
  headline: () => null,
  samples,
});
