import { DAY } from '../../time/zone.ts';
import { maskName, maskTelephone } from '../../text/telephone.ts';
import { erase } from '../erase.ts';
import { defineFeature } from '../feature.ts';
import { amend, announce, cancel, count, move, placeOf, position, silent, store } from './commands.ts';
import { isOpen } from './moves.ts';
import { shipment } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';
import { heard, SILENT_AFTER } from './way.ts';

/** 在途物资: a load, from its announcement to the store. */
export const shipmentFeature = defineFeature({
  kind: 'shipment',
  plural: 'shipments',
  version: 2,
  // 2: the names of its places, to be searched by.
  upgrade: (body, from) => (from < 2 ? { ...body, placeWords: { from: '', to: '' } } : body),
  record: shipment,
  commands: {
    'shipment.announce': announce,
    'shipment.amend': amend,
    'shipment.move': move,
    'shipment.position': position,
    'shipment.count': count,
    'shipment.store': store,
    'shipment.cancel': cancel,
    'shipment.silent': silent,
    'shipment.erase': erase(shipment),
  },
  readers: ['supplies', 'leader'],
  revealers: ['supplies', 'leader'],
  // Three months after the load was stored: long enough for what was counted to be settled.
  erasure: { command: 'shipment.erase', after: 90 * DAY },
  mask: (field, value) => (field === 'driverName' ? maskName(value) : maskTelephone(value)),
  place: placeOf,
  held: (s) => isOpen(s.state),
  words: (s) => [s.number, s.from.place, s.to.place, s.placeWords.from, s.placeWords.to, s.vehicle ?? '', s.escort ?? ''],
  order: (s) => s.announced,
  keys: (s) => [`number:${s.number}`],
  filters: ['state', 'unit'],
  dues(s) {
    const last = heard(s);
    if (last === null || s.silentSince !== null) return [];
    return [{ clock: 'silent', at: last + SILENT_AFTER, command: 'shipment.silent', body: { heard: last } }];
  },
  subject: {
    hides: ['placeWords', 'reasons', 'track', 'stateReason'],
    parts: ['from.locality', 'to.locality', 'to.place', 'position.at', 'position.locality', 'eta.at'],
    times: ['announced', 'departPlanned', 'arrivePlanned', 'stateSince', 'position.at', 'eta.at', 'silentSince'],
  },
  fold,
  headline({ before, after, command }) {
    const params = { number: after.number.slice(-3), item: after.lines[0]?.item ?? '', place: after.to.place };
    const where = after.to.locality === null ? {} : { locality: after.to.locality };
    if (!before) return { code: 'shipmentAnnounced', tone: 'plain', params, ...where };
    if (before.state !== after.state) {
      const differs = after.lines.filter((l) => l.counted !== null && l.counted !== l.announced).length;
      if (after.state === 'counted' && differs > 0) return { code: 'shipmentDiffers', tone: 'alarm', params: { ...params, count: differs }, ...where };
      if (after.state === 'cancelled') return { code: 'shipmentCancelled', tone: 'warn', params, ...where };
      const tone = after.state === 'arrived' || after.state === 'stored' ? 'good' : 'plain';
      return { code: 'shipmentMoved', tone, params: { ...params, state: after.state }, ...where };
    }
    if (before.silentSince === null && after.silentSince !== null) return { code: 'shipmentSilent', tone: 'alarm', params, ...where };
    if (before.silentSince !== null && after.silentSince === null && command === 'shipment.position') {
      return { code: 'shipmentHeard', tone: 'good', params, ...where };
    }
    return null;
  },
  samples,
});
