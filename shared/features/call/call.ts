import { erase } from '../erase.ts';
import { defineFeature } from '../feature.ts';
import { DAY } from '../../time/zone.ts';
import { maskName, maskTelephone } from '../../text/telephone.ts';
import { amend, log, move, overdue, placeOf } from './commands.ts';
import { isOpen } from './moves.ts';
import { call } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 来电: what a caller reports, followed to the call-back. */
export const callFeature = defineFeature({
  kind: 'call',
  plural: 'calls',
  version: 2,
  // 2: the names of its places, to be searched by.
  upgrade: (body, from) => (from < 2 ? { ...body, placeWords: '' } : body),
  record: call,
  commands: { 'call.log': log, 'call.amend': amend, 'call.move': move, 'call.overdue': overdue, 'call.erase': erase(call) },
  readers: ['operator', 'leader'],
  revealers: ['operator', 'leader'],
  // A year after the caller was called back.
  erasure: { command: 'call.erase', after: 365 * DAY },
  mask: (field, value) => (field === 'callerName' ? maskName(value) : field === 'callerNumber' ? maskTelephone(value) : '***'),
  place: placeOf,
  held: (c) => isOpen(c.stage),
  words: (c) => [c.number, c.placeWords],
  order: (c) => c.rung,
  keys: (c) => [`number:${c.number}`],
  filters: ['stage', 'topic', 'urgency', 'unit', 'origin'],
  dues: (c) => (c.due === null || c.overdueSince !== null ? [] : [{ clock: 'due', at: c.due, command: 'call.overdue', body: { due: c.due } }]),
  subject: {
    hides: ['placeWords', 'operatorId'],
    parts: [],
    times: ['rung', 'answered', 'ended', 'stageSince', 'due', 'overdueSince', 'urgedSince'],
  },
  fold,
  headline(change) {
    const { after, before } = change;
    const params = { number: after.number.slice(-4), topic: after.topic };
    if (!before) return { code: 'callLogged', tone: after.urgency === 'urgent' ? 'warn' : 'plain', params, locality: after.locality };
    if (before.overdueSince === null && after.overdueSince !== null) return { code: 'callOverdue', tone: 'alarm', params, locality: after.locality };
    if (before.stage !== after.stage && after.stage === 'urged') return { code: 'callUrged', tone: 'warn', params, locality: after.locality };
    if (before.stage !== after.stage) {
      return { code: 'callMoved', tone: after.stage === 'finished' ? 'good' : 'plain', params: { ...params, stage: after.stage }, locality: after.locality };
    }
    return null;
  },
  samples,
});
