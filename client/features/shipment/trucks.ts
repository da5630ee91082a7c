import type { ShipmentView } from '../../../shared/features/shipment/stats.ts';

/** The number a load carries in the list and its truck on the map: its place in the list. Loads without a position carry none. */
export function truckNumbers(view: Pick<ShipmentView, 'lines' | 'trucks'>): Map<string, number> {
  const placed = new Set(view.trucks.map((t) => t.id));
  return new Map(view.lines.flatMap((line, i) => (placed.has(line.id) ? [[line.id, i + 1] as const] : [])));
}
