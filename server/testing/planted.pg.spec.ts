import { expect, test } from 'vitest';
import type { Feature } from '../../shared/features/feature.ts';
import { lossyBus } from './badBus.ts';
import type { Rooms } from './cluster.ts';
import { runRandom, type Plant } from './random.ts';

/**
 * A check that finds nothing is worth what it would have found. Each of these puts a fault of the kind the random test
 * is there for between the parts of a hub, from outside, and the same check must name it.
 */
interface Planted extends Plant {
  name: string;
  found: RegExp;
}

const onEntry = (change: (rooms: Rooms, room: string, frame: Parameters<Rooms['entry']>[1]) => void) => (rooms: Rooms) => ({
  entry: (room: string, frame: Parameters<Rooms['entry']>[1]) => change(rooms, room, frame),
  view: rooms.view,
  beat: rooms.beat,
  occupied: rooms.occupied,
});

const withFold = (feature: Feature, fold: Partial<Feature['fold']>): Feature => ({ ...feature, fold: { ...feature.fold, ...fold } });

const planted: Planted[] = [
  {
    name: 'a change is dropped on its way to an audience',
    found: /held other than the model/,
    through: (rooms) => {
      let n = 0;
      return onEntry((to, room, frame) => to.entry(room, (n += 1) % 4 === 0 ? { ...frame, puts: frame.puts.slice(1) } : frame))(rooms);
    },
  },
  {
    name: 'an entry is folded twice',
    found: /showed figures other than the model/,
    feature: (feature) =>
      withFold(feature, {
        apply: (state, change, zone) => {
          feature.fold.apply(state, change, zone);
          if (change.revision % 11 === 0) feature.fold.apply(state, change, zone);
        },
      }),
  },
  {
    name: 'changes reach an audience in another order',
    found: /held other than the model|went back to version/,
    through: (rooms) => {
      const kept = new Map<string, Parameters<Rooms['entry']>[1]>();
      return onEntry((to, room, frame) => {
        const before = kept.get(room);
        if (before) {
          kept.delete(room);
          // The later one's content under the earlier one's numbers, and the other way round.
          to.entry(room, { ...before, puts: frame.puts, gone: frame.gone });
          to.entry(room, { ...frame, puts: before.puts, gone: before.gone });
        } else kept.set(room, frame);
      })(rooms);
    },
  },
  {
    name: 'a record is told to a scope it does not lie in',
    found: /held other than the model|found by asking other than the model/,
    feature: (feature) => ({ ...feature, place: (body) => (body.unit === 'b' ? { units: [], localities: [] } : feature.place(body)) }),
  },
  {
    name: 'figures are told from a fold that has stood still',
    found: /showed (figures|as fresh) other than the model/,
    feature: (feature) => {
      let asked = 0;
      let stale: string | null = null;
      return withFold(feature, {
        view: (state, now, zone) => {
          asked += 1;
          if (stale === null || asked % 9 === 0) stale = JSON.stringify(feature.fold.view(state, now, zone));
          return JSON.parse(stale) as unknown;
        },
      });
    },
  },
  {
    name: 'a personal value is told',
    found: /a personal value was told/,
    through: (rooms) =>
      onEntry((to, room, frame) => to.entry(room, { ...frame, puts: frame.puts.map((p) => ({ ...p, body: { ...p.body, who: 'PERSON-1-王' } })) }))(rooms),
  },
];

test.each(planted)('the check names it when $name', async ({ found, ...plant }) => {
  const report = await runRandom({ seed: 20200205, steps: 160, bus: async (chance) => lossyBus(chance), plant });
  expect(report.wrong.join('\n')).toMatch(found);
});

test('the check has nothing to say of the same run without a fault', async () => {
  const report = await runRandom({ seed: 20200205, steps: 160, bus: async (chance) => lossyBus(chance) });
  expect(report.wrong).toEqual([]);
});
