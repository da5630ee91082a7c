import { maskName, maskTelephone } from '../../text/telephone.ts';
import { erase } from '../erase.ts';
import { defineFeature } from '../feature.ts';
import { amend, judge, placeOf, register, report, resume } from './commands.ts';
import { enterprise } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 企业: its way back to work, its daily report, its safety. */
export const enterpriseFeature = defineFeature({
  kind: 'enterprise',
  plural: 'enterprises',
  version: 2,
  // 2: the names of its places, to be searched by.
  upgrade: (body, from) => (from < 2 ? { ...body, placeWords: '' } : body),
  record: enterprise,
  commands: {
    'enterprise.register': register,
    'enterprise.amend': amend,
    'enterprise.resume': resume,
    'enterprise.report': report,
    'enterprise.judge': judge,
    'enterprise.erase': erase(enterprise),
  },
  readers: ['enterprises', 'leader'],
  revealers: ['enterprises', 'leader'],
  // A contact is kept as long as the enterprise is on the register.
  erasure: { command: 'enterprise.erase', after: null },
  mask: (field, value) => (field === 'contactName' ? maskName(value) : maskTelephone(value)),
  place: placeOf,
  // Several thousand of them: in hand are those somebody has to act on, the rest is asked for.
  held: (e) => e.state === 'applied' || e.state === 'underReview' || e.state === 'permitted' || e.state === 'stopped' || e.code === 'red',
  words: (e) => [e.name, e.creditCode, e.placeWords, e.address ?? ''],
  order: (e) => e.registered,
  keys: (e) => [`creditCode:${e.creditCode}`],
  filters: ['state', 'code', 'risk', 'trade', 'unit', 'reportedDay'],
  subject: {
    hides: ['placeWords', 'stateReason', 'judgedReason', 'difficultyWords'],
    parts: [],
    times: ['registered', 'stateSince', 'riskSince', 'codeSince', 'reportedAt'],
  },
  fold,
  headline({ before, after }) {
    const params = { name: after.name };
    const locality = after.locality;
    if (!before) return null;
    if (before.state !== after.state) {
      const tone = after.state === 'stopped' ? 'alarm' : after.state === 'resumed' ? 'good' : 'plain';
      return { code: 'enterpriseMoved', tone, params: { ...params, state: after.state }, locality };
    }
    if (before.code !== after.code && after.code !== null) {
      const tone = after.code === 'red' ? 'alarm' : after.code === 'yellow' ? 'warn' : 'good';
      return { code: 'enterpriseCode', tone, params: { ...params, code: after.code }, locality };
    }
    // A morning brings thousands of reports; what is new is a difficulty.
    const fresh = after.difficulties.filter((x) => !before.difficulties.includes(x));
    if (fresh[0] !== undefined) return { code: 'enterpriseDifficulty', tone: 'warn', params: { ...params, difficulty: fresh[0] }, locality };
    return null;
  },
  samples,
});
