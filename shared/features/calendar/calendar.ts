import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { save } from './commands.ts';
import { calendar } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 工作日历: a year each, kept by an administrator as the State Council's notices come out. */
export const calendarFeature = defineFeature({
  kind: 'calendar',
  plural: 'calendars',
  version: 1,
  upgrade: (body) => body,
  record: calendar,
  commands: { 'calendar.save': save },
  readers: roles,
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: () => true,
  words: (y) => [String(y.year), y.source, ...y.off.flatMap((o) => [o.name.zh, o.name.en])],
  order: (y) => y.year,
  filters: ['year'],
  fold,
  headline: () => null,
  samples,
});
