import { clockRuns } from '../../../shared/features/call/moves.ts';
import type { Call, Stage } from '../../../shared/features/call/record.ts';
import type { DueClock } from '../../../shared/time/dueClock.ts';
import { clockWords } from '../limit/clockWords.ts';
import type { KindShow } from '../parts/show.ts';
import { urgedWords } from './urged.ts';

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
    clock: (v, by) => clockWords(v as DueClock, by),
    urgedSince: 'time',
    urging: (v, by) => urgedWords(v as NonNullable<Call['urging']>, by.word, by.times.when),
    urgeNote: 'personal',
    reopened: 'number',
    callers: 'number',
    rating: (value, { word }) => word(`call.ratings.${String(value)}`, {}, `${String(value)} / 5`),
    origin: { words: 'origins' },
    rung: 'time',
    received: 'time',
    answered: 'time',
    ended: 'time',
    operator: 'text',
    number: 'text',
    formNumber: 'text',
    // Which one is told, with a way there, beside the call.
    mergedInto: (_, by) => by.word('call.stages.merged'),
  },
  headline(line, { word }) {
    // Written by the board before clocks had steps.
    if (line.command === 'call.overdue') return { words: word('limit.states.late') };
    // Another caller's call was logged straight into this one.
    if (line.command === 'call.log' && line.version > 1) return { words: word('call.commands.merge') };
    const stage = line.changes.stage;
    if (line.command !== 'call.move' || !stage) return null;
    // That an answered call is no longer late, and has no time left to run, goes without saying.
    const over = [...(clockRuns(stage[1] as Stage) ? [] : ['clock']), ...(line.changes.urgedSince?.[1] === null ? ['urgedSince'] : [])];
    return { words: `${word(`call.stages.${String(stage[0])}`)} → ${word(`call.stages.${String(stage[1])}`)}`, covers: ['stage', ...over] };
  },
};
