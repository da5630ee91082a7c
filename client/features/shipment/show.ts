import type { Shipment } from '../../../shared/features/shipment/record.ts';
import type { KindShow, ShowBy } from '../parts/show.ts';
import { colon, comma, semicolon } from '../parts/marks.ts';
import { quantity } from '../../ui/format.ts';

type Stop = Shipment['from'];
type Line = Shipment['lines'][number];

const stop = (v: unknown, by: ShowBy): string => {
  const s = v as Stop;
  return [by.names.localityPath(s.locality), s.place].filter(Boolean).join(' · ');
};

/** How a load is shown, in record pages and histories. */
export const showShipment = (language: 'zh' | 'en'): KindShow => {
  const amount = (n: number, item: string, by: ShowBy): string => quantity(n, by.name(by.names.item('items', item)?.measure), language);
  return {
    kind: 'shipment',
    fields: {
      state: { words: 'states' },
      from: stop,
      to: stop,
      unit: 'unit',
      lines: (v, by) =>
        (v as Line[])
          .map((l) => `${by.names.itemName('items', l.item)} ${amount(l.announced, l.item, by)}${l.counted === null ? '' : ` → ${amount(l.counted, l.item, by)}`}`)
          .join(by.name(semicolon)),
      reasons: (v, by) =>
        Object.entries(v as Record<string, string>)
          .map(([item, why]) => `${by.names.itemName('items', item)}${by.name(colon)}${why}`)
          .join(by.name(semicolon)) || '—',
      hazards: (v, by) => (v as string[]).map((h) => by.word(`shipment.hazards.${h}`)).join(by.name(comma)) || '—',
      vehicle: 'text',
      escort: 'text',
      driverName: 'personal',
      driverNumber: 'personal',
      departPlanned: 'time',
      arrivePlanned: 'time',
      eta: (v, by) => {
        const eta = v as NonNullable<Shipment['eta']>;
        return `${by.times.when(eta.at)} ±${eta.plusMinus} ${by.name({ zh: '分', en: 'min' })}`;
      },
      position: (v, by) => {
        const p = v as NonNullable<Shipment['position']>;
        return [by.names.localityPath(p.locality), `${p.lon.toFixed(4)}, ${p.lat.toFixed(4)}`, by.times.when(p.at)].filter(Boolean).join(' · ');
      },
      silentSince: 'time',
      stateReason: 'text',
      stateSince: 'time',
      announced: 'time',
      clerk: 'text',
    },
  };
};
