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
  headline(line, { word }) {
    const stage = line.changes.stage;
    if (line.command !== 'call.move' || !stage) return null;
    // That an answered call is no longer late, and has no time left to run, goes without saying.
    const over = ['due', 'overdueSince', 'urgedSince'].filter((f) => line.changes[f]?.[1] === null);
    return { words: `${word(`call.stages.${String(stage[0])}`)} → ${word(`call.stages.${String(stage[1])}`)}`, covers: ['stage', ...over] };
  },
};
