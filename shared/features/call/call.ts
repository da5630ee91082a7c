import { erase } from '../erase.ts';
import { defineFeature, type Headline } from '../feature.ts';
import { DAY } from '../../time/zone.ts';
import { maskName, maskTelephone } from '../../text/telephone.ts';
import { duesOf } from '../../time/dueClock.ts';
import { ask, extend, pause, resume, tick, urge } from './clockActs.ts';
import { clockBefore3 } from './clocks.ts';
import { amend, log, move } from './commands.ts';
import { handles } from './handling.ts';
import { follow, followDues, merge, unmerge } from './merging.ts';
import { clockRuns, isOpen } from './moves.ts';
import { call } from './record.ts';
import { samples } from './samples.ts';
import { similar } from './similar.ts';
import { fold } from './stats.ts';
import { placeOf } from './stored.ts';

/** What a call of an earlier version has of what came with the third. */
const since3 = { reopened: 0, mergedInto: null, mergedFrom: null, callers: 1, merged: [], backEntered: false, formNumber: null, ring: null };

/** What a call of an earlier version has of what came with the fourth. */
const since4 = { urging: null, urgeNote: null, received: null };

/** 来电: what a caller reports, followed to the call-back. */
export const callFeature = defineFeature({
  kind: 'call',
  plural: 'calls',
  version: 4,
  // 2: the names of its places, to be searched by. 3: a clock, merging, taken up again, written down from paper. 4: how often its
  // unit was urged, and when a message came in.
  upgrade(body, from) {
    const two: Record<string, unknown> = from < 2 ? { ...body, placeWords: '' } : body;
    const three: Record<string, unknown> = from < 3 ? { ...two, clock: clockBefore3(two as Parameters<typeof clockBefore3>[0]), ...since3 } : two;
    return from < 4 ? { ...three, ...since4 } : three;
  },
  record: call,
  commands: {
    'call.log': log,
    'call.amend': amend,
    'call.move': move,
    'call.merge': merge,
    'call.unmerge': unmerge,
    'call.follow': follow,
    'call.urge': urge,
    'call.pause': pause,
    'call.resume': resume,
    'call.ask': ask,
    'call.extend': extend,
    'call.tick': tick,
    'call.erase': erase(call),
  },
  readers: ['operator', 'unit', 'leader'],
  revealers: ['operator', 'unit', 'leader'],
  // A year after the caller was called back.
  erasure: { command: 'call.erase', after: 365 * DAY },
  handles,
  mask: (field, value) => (field === 'callerName' ? maskName(value) : field === 'callerNumber' ? maskTelephone(value) : '***'),
  place: placeOf,
  held: (c) => isOpen(c.stage),
  words: (c) => [c.number, c.placeWords],
  order: (c) => c.rung,
  keys: (c) => [`number:${c.number}`],
  filters: ['stage', 'topic', 'urgency', 'unit', 'origin'],
  dues: (c) => [...(clockRuns(c.stage) ? duesOf(c.clock, 'due', 'call.tick') : []), ...followDues(c)],
  alike: similar,
  subject: {
    hides: ['placeWords', 'operatorId', 'merged', 'mergedInto', 'mergedFrom', 'ring', 'formNumber'],
    parts: ['clock.escalated', 'clock.paused', 'clock.asked', 'urging.times', 'urging.byCallers'],
    times: ['rung', 'received', 'answered', 'ended', 'stageSince', 'due', 'overdueSince', 'urgedSince', 'clock.escalated'],
  },
  fold,
  headline(change) {
    const { after, before } = change;
    const params = { number: after.number.slice(-4), topic: after.topic };
    if (!before) return { code: 'callLogged', tone: after.urgency === 'urgent' ? 'warn' : 'plain', params, locality: after.locality };
    const line = (code: string, tone: Headline['tone']): Headline => ({ code, tone, params, locality: after.locality });
    const come = (fact: 'passed' | 'escalated'): boolean => after.clock !== null && before.clock?.[fact] == null && after.clock[fact] !== null;
    if (come('escalated')) return line('callEscalated', 'alarm');
    if (come('passed')) return line('callOverdue', 'alarm');
    if (after.urging !== null && after.urging.times > (before.urging?.times ?? 0)) return { ...line('callHastened', 'warn'), params: { ...params, n: after.urging.times } };
    if (before.stage !== after.stage) {
      if (after.stage === 'urged' && before.stage !== 'merged') return line('callUrged', 'warn');
      if (before.mergedInto !== after.mergedInto) return line(after.mergedInto === null ? 'callUnmerged' : 'callMerged', 'plain');
      if (before.reopened !== after.reopened) return line('callReopened', 'warn');
      return { ...line('callMoved', after.stage === 'finished' ? 'good' : 'plain'), params: { ...params, stage: after.stage } };
    }
    if (before.clock && after.clock && after.clock.extended > before.clock.extended) return line('callExtended', 'plain');
    return null;
  },
  samples,
});
