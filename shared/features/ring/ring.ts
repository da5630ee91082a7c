import { DAY } from '../../time/zone.ts';
import { maskTelephone } from '../../text/telephone.ts';
import { erase } from '../erase.ts';
import { defineFeature, type Headline } from '../feature.ts';
import { callBackMove, claim, dueOf, keyOf, lapse, letGo, release, report } from './commands.ts';
import { inHand } from './events.ts';
import { ring } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 来话: what the exchange tells of its calls, and the call-backs that are owed for those nobody answered. */
export const ringFeature = defineFeature({
  kind: 'ring',
  plural: 'rings',
  version: 1,
  upgrade: (body) => body,
  record: ring,
  commands: {
    'ring.report': report,
    'ring.claim': claim,
    'ring.release': release,
    'ring.callBack': callBackMove,
    'ring.letGo': letGo,
    'ring.lapse': lapse,
    'ring.erase': erase(ring),
  },
  readers: ['operator', 'leader'],
  revealers: ['operator', 'leader'],
  handles: (r, who) => r.claimedById === who.id,
  // As the calls that were written down from it.
  erasure: { command: 'ring.erase', after: 365 * DAY },
  mask: (field, value) => (field === 'number' ? maskTelephone(value) : '***'),
  // Nobody knows yet what it is about and whose it is: every desk of the hotline hears it.
  place: () => ({ units: [], localities: [] }),
  held: inHand,
  words: (r) => [r.line?.value ?? '', r.call],
  order: (r) => r.rung,
  keys: (r) => [keyOf(r.exchange, r.call)],
  began: (r) => r.rung,
  filters: ['stage', 'callBack', 'exchange'],
  dues(r) {
    const due = dueOf(r);
    return due === null ? [] : [{ clock: due.clock, at: due.at, command: 'ring.lapse', body: { clock: due.clock, due: due.at } }];
  },
  subject: {
    hides: ['call', 'numberAt', 'claimedById', 'line', 'answeredAt', 'extensions', 'log'],
    parts: [],
    times: ['rung', 'answered', 'ended', 'claimedAt', 'triedAt', 'letGo', 'lapsed'],
  },
  fold,
  headline({ before, after }): Headline | null {
    if (after.stage === 'missed' && before?.stage !== 'missed') return { code: 'ringMissed', tone: 'warn', params: {} };
    if (before?.callBack === after.callBack) return null;
    if (after.callBack === 'reached') return { code: 'ringReached', tone: 'good', params: {} };
    if (after.callBack === 'givenUp') return { code: 'ringGivenUp', tone: 'warn', params: { tries: after.tries } };
    return null;
  },
  samples,
});
