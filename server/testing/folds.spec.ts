import { describe, expect, test } from 'vitest';
import type { Feature } from '../../shared/features/feature.ts';
import { features } from '../../shared/features/index.ts';
import { Picture } from '../hub/picture.ts';
import type { LogEntry } from '../record/log.ts';
import { seeded } from './seeded.ts';

/** Every kind's figures, held to what a checkpoint needs of them: the pattern asks it of each, so each is asked here. */
const all = features as unknown as Record<string, Feature>;
const ZONE = 'Asia/Shanghai';
const T0 = Date.UTC(2020, 1, 5, 14);

/** Records of a kind that take on one sample's body after another. */
function history(feature: Feature, seed: number, length: number): LogEntry[] {
  const chance = seeded(seed);
  const samples = feature.samples();
  const now = new Map<string, { body: Record<string, unknown>; version: number }>();
  return Array.from({ length }, (_, i) => {
    const { id } = chance.pick(samples);
    const before = now.get(id);
    // Natural keys and numbers stay a record's own; everything else may be another's.
    const body = JSON.parse(JSON.stringify({ ...chance.pick(samples).body, ...keysOf(before?.body ?? samples.find((s) => s.id === id)?.body) })) as Record<string, unknown>;
    now.set(id, { body, version: (before?.version ?? 0) + 1 });
    const was = before ? Object.fromEntries(Object.entries(before.body).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(body[k]))) : null;
    const recorded = T0 + i * 60_000;
    return {
      board: 'test',
      epoch: 1,
      revision: i + 1,
      recorded,
      occurred: recorded,
      command: `${feature.kind}.change`,
      author: { id: 'a', label: 'a' },
      puts: [{ kind: feature.kind, id, version: now.get(id)?.version ?? 1, kindVersion: feature.version, body, was }],
    };
  });
}

const keysOf = (body: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(['code', 'number', 'name'].filter((k) => k in body).map((k) => [k, body[k]]));

const kinds = Object.keys(all).map((kind) => all[kind] as Feature);

describe.each(kinds)('$kind', (feature) => {
  test('[R3 R12] figures grown from a checkpoint equal those grown from the beginning, now and as time passes', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const chance = seeded(seed);
      const grown = new Picture(all, ZONE);
      let resumed = new Picture(all, ZONE);
      for (const entry of history(feature, seed, 60)) {
        grown.apply(entry);
        resumed.apply(entry);
        if (!chance.oneIn(7)) continue;
        const state: unknown = JSON.parse(resumed.save());
        resumed = new Picture(all, ZONE);
        resumed.load(state);
      }
      for (const now of [T0, T0 + 3_600_000, T0 + 100_000_000]) {
        for (const name of grown.names) expect(resumed.view(name, now), `${name}, seed ${seed}`).toEqual(grown.view(name, now));
        expect(resumed.dueBy(now, 1_000, () => false)).toEqual(grown.dueBy(now, 1_000, () => false));
      }
    }
  });

  test('[R12] a view survives the wire as it is: nothing undefined, no date, no number JSON cannot carry', () => {
    const picture = new Picture(all, ZONE);
    for (const entry of history(feature, 3, 60)) picture.apply(entry);
    const view = picture.view(feature.kind, T0 + 3_600_000);
    expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
  });

  test('[R15] asking for figures changes none of them', () => {
    const picture = new Picture(all, ZONE);
    for (const entry of history(feature, 4, 60)) picture.apply(entry);
    const before = picture.save();
    picture.view(feature.kind, T0);
    picture.view(feature.kind, T0 + 100_000_000);
    expect(picture.save()).toBe(before);
  });

  test('[R10 R16] nothing marked internal or personal is in the figures or the headlines', () => {
    const picture = new Picture(all, ZONE);
    const marked = new Set(Object.entries(feature.record.fields).filter(([, f]) => f.mark !== 'public').map(([name]) => name));
    let n = 0;
    const planted = history(feature, 5, 60).map((entry) => ({
      ...entry,
      puts: entry.puts.map((put) => ({
        ...put,
        // Texts alone carry a mark that can be looked for.
        body: Object.fromEntries(Object.entries(put.body).map(([k, v]) => [k, marked.has(k) && typeof v === 'string' ? `MARKED-${k}-${n++}` : v])),
      })),
    }));
    for (const entry of planted) picture.apply(entry);
    const told = JSON.stringify(picture.names.map((name) => picture.view(name, T0 + 3_600_000)));
    expect(/MARKED-\w+/.exec(told)?.[0]).toBeUndefined();
  });
});
