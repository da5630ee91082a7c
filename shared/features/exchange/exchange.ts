import { defineFeature } from '../feature.ts';
import { report } from './commands.ts';
import { exchange, exchangeStates } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 话务交换机: heard or not. The board goes on without it. */
export const exchangeFeature = defineFeature({
  kind: 'exchange',
  plural: 'exchanges',
  version: 1,
  upgrade: (body) => body,
  record: exchange,
  commands: { 'exchange.report': report },
  readers: ['operator', 'leader', 'admin'],
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: () => true,
  words: (e) => [e.code],
  order: (e) => exchangeStates.indexOf(e.state),
  filters: ['state'],
  subject: { hides: [], parts: [], times: ['since'] },
  fold,
  headline({ before, after }) {
    if (after.state === 'lost') return { code: 'exchangeLost', tone: 'warn', params: { exchange: after.code } };
    return before === null ? null : { code: 'exchangeBack', tone: 'good', params: { exchange: after.code } };
  },
  samples,
});
