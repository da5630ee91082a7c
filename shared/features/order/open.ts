import type { Instant } from '../../time/clock.ts';
import { startUntil, type DueClock } from '../../time/dueClock.ts';
import { DAY, dayOf } from '../../time/zone.ts';
import type { DecideContext, Needs, NeedsContext, Put } from '../feature.ts';
import { clockNeeds, countingOf, startUnder } from '../limit/clocks.ts';
import { limit } from '../limit/record.ts';
import type { About } from './about.ts';
import { order, type Order } from './record.ts';
import { words } from './words.ts';

/** How an order comes onto the record, from its own command or from another kind's that gives one by itself. */

const counterOf = (x: NeedsContext): string => `order:${dayOf(x.now, x.zone)}`;

/** What a command that may give an order reads for it. */
export const openNeeds = (x: NeedsContext, code?: string | null): Required<Pick<Needs, 'records' | 'counters'>> => ({ records: clockNeeds(x, code), counters: [counterOf(x)] });

/** Where somebody chose the moment: reminded an hour before, urged at once, passed up an hour later. */
export const chosenWays = { remindBefore: 60, urgeAfter: 0, escalateAfter: 60 };

export const startTowards = (c: DecideContext, due: Instant, before?: DueClock): DueClock => startUntil(due, chosenWays, c.now, countingOf(c), before);

export interface Opening {
  title: string;
  text: string;
  units: readonly string[];
  about: (About & { kind: string; id: string }) | null;
  clock: DueClock;
  origin: Order['origin'];
}

/** One record a unit. Identifiers begin with the command's own, as the writer asks. */
export function openOrders(c: DecideContext, o: Opening): { puts: Put[]; number: string } {
  const number = `D${dayOf(c.now, c.zone).replaceAll('-', '')}-${String(c.take(counterOf(c))).padStart(3, '0')}`;
  const several = o.units.length > 1;
  const puts = o.units.map((unit, i): Put => {
    const body: Order = {
      number: several ? `${number}-${i + 1}` : number,
      given: number,
      units: o.units.length,
      title: o.title,
      text: o.text,
      aboutKind: o.about?.kind ?? null,
      aboutId: o.about?.id ?? null,
      aboutName: o.about?.name ?? null,
      locality: o.about?.locality ?? null,
      placeWords: o.about?.placeWords ?? '',
      unit,
      standing: 'given',
      standingSince: c.now,
      givenAt: c.now,
      by: o.origin === 'person' ? c.author.label : '',
      byId: c.author.id,
      origin: o.origin,
      clock: o.clock,
      urgedSince: null,
      urges: 0,
      report: null,
      reportedAt: null,
      reason: null,
    };
    return { kind: 'order', id: several ? `${c.newId}-${i + 1}` : c.newId, body };
  });
  return { puts, number };
}

/** A count that differs opens one order, and only ever one, whatever is counted again. */
export const differenceKey = (shipment: string): string => `difference:${shipment}`;
const DIFFERENCE_LIMIT = 'orderDay';
/** Whose it is to clear up where the load names no unit at work. */
export const DIFFERENCE_UNIT = 'supplies';

export const differenceNeeds = (x: NeedsContext, shipment: string): Needs => {
  const { records, counters } = openNeeds(x, DIFFERENCE_LIMIT);
  return { records, counters, keys: [['order', differenceKey(shipment)]] };
};

export function differenceOrder(c: DecideContext, o: Omit<Opening, 'title' | 'units' | 'clock' | 'origin'> & { unit: string; shipment: string }): Put[] {
  if (c.find(order, differenceKey(o.shipment))) return [];
  const set = c.get(limit, DIFFERENCE_LIMIT)?.body;
  const clock = set?.active && set.use === 'order' ? startUnder(c, DIFFERENCE_LIMIT, 'order', 'limit') : startTowards(c, c.now + DAY);
  return openOrders(c, { ...o, title: words.zh.titles.difference, units: [o.unit], clock, origin: 'difference' }).puts;
}
