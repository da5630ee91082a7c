import type { KindShow } from '../parts/show.ts';

/** How a call is shown, in record pages and histories. */
export const show: KindShow = {
  kind: 'call',
  fields: {
    callerNumber: 'personal',
    callerName: 'personal',
    locality: 'locality',
    address: 'personal',
    topic: { list: 'topics' },
    urgency: { words: 'urgencies' },
    narrative: 'personal',
    stage: { words: 'stages' },
    unit: 'unit',
    reply: 'personal',
    reason: 'personal',
    due: 'time',
    overdueSince: 'time',
    urgedSince: 'time',
    rating: (value, { word }) => word(`call.ratings.${String(value)}`, {}, `${String(value)} / 5`),
    origin: { words: 'origins' },
    rung: 'time',
    answered: 'time',
    ended: 'time',
    operator: 'text',
    number: 'text',
  },
};
