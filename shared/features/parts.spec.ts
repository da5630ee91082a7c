import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../time/zone.ts';
import { buckets, bump, sum } from './buckets.ts';
import { addTo, daily, on } from './daily.ts';
import { add, countBelow, first, inOrder, last, remove, sorted, sortedOf, type Entry, type Sorted } from './sorted.ts';
import { clean, code, day, given, lat, localityCode, lon, text } from './values.ts';

describe('sorted', () => {
  type Op = [key: number, n: number, act: number];
  /** A small range of keys, so that many are equal; enough of them that pieces are cut and joined again. */
  const ops = fc.array(fc.tuple(fc.nat(30), fc.nat(700), fc.nat(9)) as fc.Arbitrary<Op>, { maxLength: 3_000, size: 'max' });
  const played = (all: Op[], dropOf: number): { list: Sorted; model: Entry[] } => {
    const list = sorted();
    const model = new Map<string, number>();
    for (const [key, n, act] of all) {
      const id = String(n);
      const is = model.get(id);
      if (is !== undefined) remove(list, is, id);
      if (act < dropOf) model.delete(id);
      else {
        add(list, key, id);
        model.set(id, key);
      }
    }
    return { list, model: [...model].map(([id, key]): Entry => [key, id]).sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1)) };
  };

  it.each([1, 5, 9])('stays in order, counts below, and gives back what was put in; %i in ten taken out', (dropOf) => {
    fc.assert(
      fc.property(ops, fc.nat(31), fc.nat(800), (all, key, n) => {
        const { list, model } = played(all, dropOf);
        expect([...inOrder(list)]).toEqual(model);
        expect(list.size).toBe(model.length);
        expect(countBelow(list, key)).toBe(model.filter(([k]) => k < key).length);
        expect(first(list, n)).toEqual(model.slice(0, n));
        expect(last(list, n)).toEqual(n === 0 ? [] : model.slice(-n).reverse());
        expect([...inOrder(sortedOf(model.toReversed()))]).toEqual(model);
      }),
      { numRuns: 40 },
    );
  });

  it('no piece grows long, none is left empty, and few are left short', () => {
    const list = sorted();
    for (let i = 0; i < 20_000; i++) add(list, (i * 7_919) % 20_011, String(i));
    for (const stay of [20_000, 12_000, 1_000, 10, 0]) {
      for (const [key, id] of first(list, list.size - stay)) remove(list, key, id);
      expect(list.size).toBe(stay);
      const lengths = list.pieces.map((p) => p.length);
      expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(256);
      expect(Math.min(256, ...lengths)).toBeGreaterThan(0);
      expect(lengths.length).toBeLessThanOrEqual(1 + stay / 60);
    }
  });

  it('thinned out everywhere it is joined again', () => {
    const list = sorted();
    for (let i = 0; i < 20_000; i++) add(list, i, 'x');
    for (let i = 0; i < 20_000; i++) if (i % 50 > 0) remove(list, i, 'x');
    expect(list.size).toBe(400);
    expect(list.pieces.length).toBeLessThanOrEqual(8);
  });

  it('taking out what is not there takes nothing', () => {
    const list = sorted();
    remove(list, 1, 'a');
    add(list, 1, 'a');
    remove(list, 1, 'b');
    remove(list, 2, 'a');
    expect([...inOrder(list)]).toEqual([[1, 'a']]);
  });
});

describe('buckets', () => {
  it('answer for any span of whole slices within what is kept', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(999), { maxLength: 200 }), fc.nat(99), fc.nat(99), (at, a, b) => {
        const counts = buckets(10, 100);
        for (const t of at) bump(counts, t);
        const [from, to] = [Math.min(a, b) * 10, Math.max(a, b) * 10];
        expect(sum(counts, from, to)).toBe(at.filter((t) => t >= from && t < to).length);
      }),
    );
  });

  it('are bounded; what was let go comes back as nothing', () => {
    const counts = buckets(DAY, 3);
    for (let d = 0; d < 30; d++) bump(counts, d * DAY);
    expect(Object.keys(counts.counts)).toEqual(['27', '28', '29']);
    bump(counts, 0, -1);
    bump(counts, 0, 1);
    expect(sum(counts, 0, 30 * DAY)).toBe(3);
  });
});

describe('daily', () => {
  it('takes back what it added, decimals too, and lets whole days go', () => {
    const days = daily(3);
    addTo(days, '2020-02-01', { sum: 0.1 });
    addTo(days, '2020-02-01', { sum: 0.2 });
    addTo(days, '2020-02-01', { sum: 0.1 }, -1);
    addTo(days, '2020-02-01', { sum: 0.2 }, -1);
    expect(days.days).toEqual({});
    for (const d of ['05', '03', '04', '02']) addTo(days, `2020-02-${d}`, { n: 1 });
    expect(Object.keys(days.days).sort()).toEqual(['2020-02-03', '2020-02-04', '2020-02-05']);
    addTo(days, '2020-02-02', { n: 1 }, -1);
    expect(on(days, '2020-02-02', 'n')).toBe(0);
    expect(on(days, '2020-02-04', 'n')).toBe(1);
  });
});

describe('values at the door', () => {
  it('text that PostgreSQL would not keep is mended', () => {
    expect(clean('a\u0000b\ud83dc\udc00\r\nd\re\tf\u007f')).toBe('ab\ufffdc\ufffd\nd\ne\tf');
    expect(text(5).parse('  ab\u0000c ')).toBe('abc');
    expect(text(2).safeParse('abc').success).toBe(false);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (t) => {
        const kept = clean(t);
        expect(clean(kept)).toBe(kept);
        expect(JSON.stringify(kept)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }),
    );
  });

  it.each([
    [day, '2020-02-29', true],
    [day, '2020-02-30', false],
    [day, '2020-2-3', false],
    [day, '20200203', false],
    [code, 'a-1', true],
    [code, 'a\u0000', false],
    [code, "a'", false],
    [localityCode, '330102', true],
    [localityCode, '330102003', true],
    [localityCode, '33010', false],
    [localityCode, '３３０１０２', false],
    [lon, 73, true],
    [lon, 135.1, false],
    [lon, NaN, false],
    [lat, 18, true],
    [lat, Infinity, false],
  ])('%# %j', (schema, value, ok) => {
    expect(schema.safeParse(value).success).toBe(ok);
  });

  it('only edits that were sent count', () => {
    expect(given({ a: { from: 1, to: undefined }, b: undefined })).toEqual({ a: { from: 1, to: undefined } });
  });
});
