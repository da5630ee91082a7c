import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { LEAST_FOUND, amend, found, record, withdraw } from './commands.ts';
import { outage } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 中断时段: the dark hours, which are a gap in every trend and never a quiet time. */
export const outageFeature = defineFeature({
  kind: 'outage',
  plural: 'outages',
  version: 1,
  upgrade: (body) => body,
  record: outage,
  commands: { 'outage.record': record, 'outage.found': found, 'outage.amend': amend, 'outage.withdraw': withdraw },
  readers: roles,
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: (o) => o.to === null && !o.withdrawn,
  words: (o) => [o.reason, o.by],
  order: (o) => o.from,
  filters: ['cause', 'source'],
  darkness: { command: 'outage.found', least: LEAST_FOUND },
  fold,
  headline({ before, after }) {
    if (!before && !after.withdrawn) return { code: 'outageRecorded', tone: 'warn', params: { cause: after.cause } };
    if (before && before.to === null && after.to !== null && !after.withdrawn) return { code: 'outageOver', tone: 'good', params: { cause: after.cause } };
    return null;
  },
  samples,
});
