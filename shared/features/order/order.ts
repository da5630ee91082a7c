import { defineFeature, type Headline } from '../feature.ts';
import { duesOf } from '../../time/dueClock.ts';
import { amend, ask, extend, give, move, pause, placeOf, resume, tick, urge } from './commands.ts';
import { isOpen, isUnderWay } from './moves.ts';
import { differenceKey } from './open.ts';
import { order } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 指令、督办: what a unit was told to do, followed until somebody has looked that it was done. */
export const orderFeature = defineFeature({
  kind: 'order',
  plural: 'orders',
  version: 1,
  upgrade: (body) => body,
  record: order,
  commands: {
    'order.give': give,
    'order.amend': amend,
    'order.move': move,
    'order.urge': urge,
    'order.pause': pause,
    'order.resume': resume,
    'order.ask': ask,
    'order.extend': extend,
    'order.tick': tick,
  },
  readers: ['unit', 'leader'],
  revealers: [],
  place: placeOf,
  held: (o) => isOpen(o.standing),
  words: (o) => [o.number, o.title, o.text, o.aboutName ?? '', o.placeWords],
  order: (o) => o.givenAt,
  keys: (o) => [`number:${o.number}`, ...(o.origin === 'difference' ? [differenceKey(o.aboutId ?? '')] : [])],
  filters: ['standing', 'unit', 'aboutId', 'given'],
  dues: (o) => (isUnderWay(o.standing) ? duesOf(o.clock, 'due', 'order.tick') : []),
  subject: {
    hides: ['given', 'placeWords', 'aboutId', 'text', 'byId', 'report', 'reason'],
    parts: ['clock.due', 'clock.passed', 'clock.escalated', 'clock.paused', 'clock.asked'],
    times: ['givenAt', 'standingSince', 'clock.due', 'clock.passed', 'clock.escalated', 'urgedSince', 'reportedAt'],
  },
  fold,
  headline({ before, after }): Headline | null {
    const line = (code: string, tone: Headline['tone']): Headline => ({
      code,
      tone,
      params: { number: after.number.slice(after.number.indexOf('-') + 1), title: after.origin === 'difference' ? 'difference' : after.title, unit: after.unit, about: after.aboutName ?? '' },
      ...(after.locality !== null && { locality: after.locality }),
    });
    if (!before) return line(after.origin === 'difference' ? 'orderOpened' : 'orderGiven', after.origin === 'difference' ? 'warn' : 'plain');
    const come = (fact: 'passed' | 'escalated'): boolean => before.clock[fact] === null && after.clock[fact] !== null;
    if (come('escalated')) return line('orderEscalated', 'alarm');
    if (come('passed')) return line('orderLate', 'alarm');
    if (before.unit === after.unit && (before.text !== after.text || before.title !== after.title)) return line('orderAmended', 'plain');
    if (before.urges !== after.urges) return line('orderUrged', 'warn');
    if (before.clock.run !== after.clock.run && after.clock.extended > before.clock.extended) return line('orderExtended', 'plain');
    if (before.standing === after.standing) return after.reportedAt === before.reportedAt ? null : line('orderReported', 'plain');
    switch (after.standing) {
      case 'accepted':
        return isUnderWay(before.standing) ? line('orderAccepted', 'plain') : line('orderAgain', 'warn');
      case 'reported':
        return line('orderReported', 'plain');
      case 'finished':
        return line('orderFinished', 'good');
      case 'verified':
        return line('orderVerified', 'good');
      case 'sentBack':
        return line('orderSentBack', 'warn');
      case 'given':
        return line('orderGiven', 'plain');
      case 'cancelled':
        return line('orderCancelled', 'plain');
    }
  },
  samples,
});
