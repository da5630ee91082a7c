import { defineFeature } from '../feature.ts';
import { alertLevels } from '../rule/record.ts';
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
  headline({ before, after }) {
    const params = { number: after.number.slice(-3), level: after.level, whose: after.whose ?? '', by: after.by ?? '' };
    const place = after.localities[0] === undefined ? {} : { locality: after.localities[0] };
    const grave = after.level === 'critical' || after.level === 'high';
    if (!before) return { code: 'alertRaised', tone: grave ? 'alarm' : 'warn', params, ...place };
    if (after.roseAt !== null && after.roseAt !== before.roseAt) return { code: 'alertRose', tone: 'alarm', params, ...place };
    if (after.state === before.state) return null;
    if (after.state === 'new') return { code: 'alertBack', tone: 'warn', params, ...place };
    if (after.state === 'cleared') return { code: after.by === null ? 'alertOver' : 'alertCleared', tone: 'good', params, ...place };
    return { code: after.state === 'shelved' ? 'alertShelved' : 'alertTaken', tone: 'plain', params, ...place };
  },
  samples,
});

/** Highest first, then the one that has stood longest. */
export const byLevel = (a: { level: (typeof alertLevels)[number]; raised: number }, b: { level: (typeof alertLevels)[number]; raised: number }): number =>
  alertLevels.indexOf(a.level) - alertLevels.indexOf(b.level) || a.raised - b.raised;
