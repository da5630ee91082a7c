import { defineFeature } from '../feature.ts';
import { amend, draft, inHand, move, placeOf, receive, send, sign } from './commands.ts';
import { upwardReport } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/**
 * 信息报送: an incident told upwards, first, further and for the last time (首报、续报、终报).
 * 突发事件应对法 (2007) art. 39: whoever reports an incident does so in time, objectively and truly, and neither late, false, withheld nor
 * left out (不得迟报、谎报、瞒报、漏报).
 */
export const upwardReportFeature = defineFeature({
  kind: 'upwardReport',
  plural: 'upward-reports',
  version: 1,
  upgrade: (body) => body,
  record: upwardReport,
  commands: {
    'upwardReport.draft': draft,
    'upwardReport.amend': amend,
    'upwardReport.sign': sign,
    'upwardReport.move': move,
    'upwardReport.send': send,
    'upwardReport.receive': receive,
  },
  readers: ['operator', 'leader'],
  revealers: [],
  place: placeOf,
  held: inHand,
  words: (r) => [r.number, r.title, r.placeWords],
  order: (r) => r.stateSince,
  keys: (r) => [`number:${r.number}`],
  filters: ['incident', 'sort', 'state'],
  subject: {
    hides: ['placeWords', 'correction', 'source', 'cause', 'course', 'consequences', 'extent', 'trend', 'handling', 'measures', 'stateReason'],
    parts: ['figures.dead', 'figures.missing', 'figures.gravelyInjured', 'figures.lightlyInjured', 'figures.trapped', 'figures.evacuated', 'figures.loss'],
    times: ['since', 'figuresAsOf', 'stateSince', 'signedAt'],
  },
  fold,
  headline({ before, after }) {
    if (after.state !== 'sent' || before?.state === 'sent') return null;
    const code = after.corrects === null ? 'reportSent' : 'correctionSent';
    return { code, tone: 'plain', params: { title: after.title, sort: after.sort }, locality: after.locality };
  },
  samples,
});
