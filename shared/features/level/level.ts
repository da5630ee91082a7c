import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { declare } from './commands.ts';
import { level, levels } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 响应级别: what everything else is ordered around. */
export const levelFeature = defineFeature({
  kind: 'level',
  plural: 'levels',
  version: 1,
  upgrade: (body) => body,
  record: level,
  commands: { 'level.declare': declare },
  readers: roles,
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: () => true,
  words: (l) => [l.level, l.grounds],
  order: (l) => l.since,
  filters: ['level'],
  subject: {
    hides: ['text'],
    parts: [],
    times: ['since'],
  },
  fold,
  headline({ after }) {
    const params = { level: after.level, was: after.previous };
    if (after.level === 'none') return { code: 'levelEnded', tone: 'good', params };
    const raised = levels.indexOf(after.level) < levels.indexOf(after.previous);
    return raised ? { code: 'levelRaised', tone: 'alarm', params } : { code: 'levelLowered', tone: 'warn', params };
  },
  samples,
});
