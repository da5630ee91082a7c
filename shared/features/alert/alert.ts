import { defineFeature } from '../feature.ts';
import { end, figure, found, lapse, move, ofRecord, raise, riseOn, standingKey } from './commands.ts';
import { stands } from './moves.ts';
import { alert } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';
import { watch } from './watch.ts';

/** 告警: something that wants somebody, until it is over. */
export const alertFeature = defineFeature({
  kind: 'alert',
  plural: 'alerts',
  version: 1,
  upgrade: (body) => body,
  record: alert,
  commands: {
    'alert.raise': raise,
    'alert.found': found,
    'alert.figure': figure,
    'alert.end': end,
    'alert.move': move,
    'alert.rise': riseOn,
    'alert.lapse': lapse,
  },
  readers: ['operator', 'leader'],
  revealers: [],
  place: (a) => ({ units: a.units, localities: a.localities }),
  held: (a) => stands(a.state),
  words: (a) => [a.number, a.title.zh, a.title.en, a.rule?.name.zh ?? '', ...Object.values(a.params).map(String), ...a.localities],
  order: (a) => a.raised,
  keys: (a) => [
    `number:${a.number}`,
    // Kept until it is over, also when somebody has cleared it: a rule does not raise what was just dealt with.
    ...(a.rule !== null && a.holds === true ? [standingKey(a.rule.code, a.about ? ofRecord(a.about.kind, a.about.id) : (a.key ?? ''))] : []),
  ],
  filters: ['state', 'level'],
  dues: (a) => [
    ...(a.state === 'new' && a.riseAt !== null ? [{ clock: 'rise', at: a.riseAt, command: 'alert.rise', body: { at: a.riseAt } }] : []),
    ...(stands(a.state) && a.until !== null ? [{ clock: 'lapse', at: a.until, command: 'alert.lapse', body: { at: a.until } }] : []),
  ],
  watch,
  fold,
  // The band says what stands; told here is what somebody did, and whom it has risen to.
  headline({ before, after }) {
    const params = { number: after.number.slice(-3), whose: after.whose ?? '', by: after.by ?? '' };
    const place = after.localities[0] === undefined ? {} : { locality: after.localities[0] };
    if (!before) return null;
    if (after.roseAt !== null && after.roseAt !== before.roseAt) return { code: 'alertRose', tone: 'alarm', params, ...place };
    if (after.state === before.state || after.by === null) return null;
    if (after.state === 'cleared') return { code: 'alertCleared', tone: 'good', params, ...place };
    return after.state === 'shelved' ? { code: 'alertShelved', tone: 'warn', params, ...place } : null;
  },
  samples,
});
