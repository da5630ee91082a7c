import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { amend, cancel, plan } from './commands.ts';
import { shift, slots } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 班次: the roster along which alerts rise. */
export const shiftFeature = defineFeature({
  kind: 'shift',
  plural: 'shifts',
  version: 1,
  upgrade: (body) => body,
  record: shift,
  commands: { 'shift.plan': plan, 'shift.amend': amend, 'shift.cancel': cancel },
  readers: roles,
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  // Who is on is told by the figures; the roster itself is asked for.
  held: () => false,
  words: (s) => [s.name, ...s.duty.map((d) => d.label)],
  order: (s) => s.from,
  keys: (s) => (s.cancelled ? [] : slots(s.from, s.to)),
  filters: ['cancelled'],
  fold,
  headline: () => null,
  samples,
});
