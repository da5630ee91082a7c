import type { ShipmentLine } from '../../../shared/features/shipment/record.ts';

/** A quantity as it is typed: `24 万`, `1,200`, full-width digits. Null: not one. At most three decimals. */
export function quantityIn(text: string): number | null {
  const typed = text.normalize('NFKC').replace(/[\s,,]/g, '');
  const parts = /^(\d+(?:\.\d{1,3})?)(万)?$/.exec(typed);
  if (!parts) return null;
  const value = Number(parts[1]) * (parts[2] ? 10_000 : 1);
  return value <= 1_000_000_000 ? Math.round(value * 1_000) / 1_000 : null;
}

/** Counted less announced; null while it has not been counted. */
export const difference = (l: Pick<ShipmentLine, 'announced' | 'counted'>): number | null =>
  l.counted === null ? null : Math.round((l.counted - l.announced) * 1_000) / 1_000;
