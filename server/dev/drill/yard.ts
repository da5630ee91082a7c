import type { Shipment } from '../../../shared/features/shipment/record.ts';
import type { Clock, Instant } from '../../../shared/time/clock.ts';
import { positionAt, routes, type Route } from '../localities/routes.ts';
import { localities } from '../localities/zhejiang.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Load {
  route: string;
  /** Hours after the scenario's start; negative: already on its way when the exercise begins. */
  departs: number;
  hours: number;
  unit: string | null;
  lines: { item: string; announced: number; short?: { by: number; reason: string } }[];
  escort?: string;
  /** Falls silent for this long, half-way. */
  silentHours?: number;
}

/** The night's trucks. The first is the one of the record: masks from Yiwu, over 400 km and 8 hours, three cartons short (made up). */
const loads: Load[] = [
  {
    route: 'yiwu-yinzhou',
    departs: -6.9,
    hours: 8,
    unit: 'supplies',
    lines: [
      { item: 'masks', announced: 240_000, short: { by: 6_000, reason: '少 3 箱，装车单与实物不符' } },
      { item: 'gloves', announced: 12_000 },
    ],
    escort: '鄞州区联络员 张',
  },
  { route: '', departs: -1.2, hours: 3, unit: 'supplies', lines: [{ item: 'protective', announced: 1_200 }] },
  { route: '', departs: -2.5, hours: 5.5, unit: 'health', lines: [{ item: 'hypochlorite', announced: 80 }] },
  { route: '', departs: -1.6, hours: 4.2, unit: 'supplies', lines: [{ item: 'alcohol', announced: 2_000 }], silentHours: 1.6 },
  { route: '', departs: 1.4, hours: 2.6, unit: 'health', lines: [{ item: 'goggles', announced: 3_000 }, { item: 'n95', announced: 20_000 }] },
  { route: '', departs: 3.1, hours: 3.3, unit: 'supplies', lines: [{ item: 'thermometers', announced: 400, short: { by: 12, reason: '运输途中损坏 12 支' } }] },
  { route: '', departs: 5.2, hours: 3.9, unit: 'civil', lines: [{ item: 'food', announced: 600 }] },
  { route: '', departs: 7.5, hours: 3.0, unit: 'supplies', lines: [{ item: 'masks', announced: 150_000 }] },
  { route: '', departs: 9.2, hours: 4.0, unit: 'health', lines: [{ item: 'hypochlorite', announced: 120 }] },
];

const names = new Map(localities.map((l) => [l.code, l.name.zh]));
const placeOf = (code: string, what: string): { locality: string; place: string } => ({ locality: code, place: `${names.get(code) ?? code}${what}` });

/** The supply clerk's part of the drill: announce, follow the positions as they come in, count what comes off. */
export class Yard {
  constructor(private readonly parts: { clerk: Actor; agenda: Agenda; clock: Clock; random: Random; start: Instant; items: ReadonlySet<string>; units: ReadonlySet<string> }) {}

  /** What was on the road when the drill was interrupted goes on from where it stands; the rest is announced when its time comes. */
  async plan(): Promise<void> {
    const there = (await this.parts.clerk.held()).filter((r) => r.kind === 'shipment');
    const now = this.parts.clock.now();
    const others = routes.filter((r) => r.id !== 'yiwu-yinzhou');
    loads.forEach((load, i) => {
      const route = routes.find((r) => r.id === load.route) ?? others[i % others.length];
      if (!route) return;
      const departs = this.parts.start + load.departs * HOUR;
      const known = there.find((r) => (r.body as unknown as Shipment).to.locality === route.to && (r.body as unknown as Shipment).departPlanned === departs);
      if (known) this.drive(known.id, known.body as unknown as Shipment, load, route, departs);
      else if (departs + load.hours * HOUR > now) this.parts.agenda.at(Math.max(now, departs - 20 * MINUTE), () => this.announce(load, route, departs));
    });
  }

  private async announce(load: Load, route: Route, departs: Instant): Promise<void> {
    const { clerk, random } = this.parts;
    const lines = load.lines.filter((l) => this.parts.items.has(l.item)).map(({ item, announced }) => ({ item, announced }));
    const plate = `浙${random.pick([...'ABCG'])}${String(random.int(10_000, 99_999))}`;
    const answer = await clerk.send('shipment.announce', {
      from: placeOf(route.from, '货场'),
      to: placeOf(route.to, '应急物资库'),
      unit: load.unit !== null && this.parts.units.has(load.unit) ? load.unit : null,
      lines,
      departPlanned: departs,
      arrivePlanned: departs + load.hours * HOUR,
      vehicle: plate,
      ...(load.escort ? { escort: load.escort } : {}),
      driverName: `${random.pick([...'王李张刘陈'])}师傅`,
      driverNumber: `1990000${String(random.int(0, 9999)).padStart(4, '0')}`,
    });
    if (answer.ok) this.drive(String(answer.result.id), null, load, route, departs);
  }

  private drive(id: string, known: Shipment | null, load: Load, route: Route, departs: Instant): void {
    const { agenda, clock, clerk, random } = this.parts;
    const arrives = departs + load.hours * HOUR;
    const state = known?.state ?? 'planned';
    const send = (type: string, body: Record<string, unknown>): Promise<unknown> => clerk.send(type, { id, ...body });
    if (state === 'planned') {
      agenda.at(Math.max(departs, clock.now()), async () => {
        await send('shipment.move', { from: 'planned', to: 'departed', at: departs });
        await send('shipment.move', { from: 'departed', to: 'onTheWay', at: Math.min(departs + 5 * MINUTE, clock.now()) });
      });
    }
    if (state === 'planned' || state === 'departed' || state === 'onTheWay') {
      const dark = load.silentHours === undefined ? null : { from: departs + load.hours * HOUR * 0.45, to: departs + load.hours * HOUR * 0.45 + load.silentHours * HOUR };
      for (let t = departs + 6 * MINUTE; t < arrives; t += 6 * MINUTE) {
        if (t < clock.now() - 3 * HOUR || (dark && t > dark.from && t < dark.to)) continue;
        const { at, passed } = positionAt(route, (t - departs) / (arrives - departs));
        const [lon, lat] = at;
        const report = (late: number): void => agenda.at(Math.max(t + late, clock.now() + 1_000), () => send('shipment.position', { lon, lat, at: t, locality: passed }).then(() => undefined));
        // Networks deliver late, twice and out of order.
        report(random.chance(0.15) ? random.int(5, 14) * MINUTE : random.int(2, 40) * 1_000);
        if (random.chance(0.08)) report(random.int(1, 9) * MINUTE);
      }
      agenda.at(Math.max(arrives, clock.now() + MINUTE), () => send('shipment.move', { from: 'onTheWay', to: 'arrived', at: arrives }).then(() => undefined));
    }
    const dock = Math.max(arrives, clock.now() + MINUTE);
    if (!['unloading', 'counted', 'stored'].includes(state)) agenda.at(dock + 8 * MINUTE, () => send('shipment.move', { from: 'arrived', to: 'unloading' }).then(() => undefined));
    if (!['counted', 'stored'].includes(state)) {
      load.lines.forEach((line, i) => {
        if (!this.parts.items.has(line.item)) return;
        agenda.at(dock + (18 + i * 9) * MINUTE, async () => {
          const counted = line.announced - (line.short?.by ?? 0);
          await send('shipment.count', {
            lines: [{ item: line.item, from: null, counted, ...(line.short ? { reason: line.short.reason } : {}) }],
            done: i === load.lines.length - 1,
          });
        });
      });
    }
    agenda.at(dock + (30 + load.lines.length * 9) * MINUTE, () => send('shipment.store', {}).then(() => undefined));
  }
}
