import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EARS, REACH, aberration, baselineOf } from './ears.ts';

/** Worked by hand; each line of arithmetic stands beside what it is checked against. */
describe('EARS C1, C2, C3', () => {
  it('takes the mean and the deviation of a sample', () => {
    // 2+4+4+4+5+5+4 = 28, mean 4; squares (−2)²+0+0+0+1²+1²+0 = 6, 6/6 = 1.
    expect(baselineOf([2, 4, 4, 4, 5, 5, 4])).toEqual({ mean: 4, sd: 1, days: 7 });
    // Seven alike: deviation 0, taken as 0.5.
    expect(baselineOf([3, 3, 3, 3, 3, 3, 3])).toEqual({ mean: 3, sd: 0.5, days: 7 });
  });

  it('C1 looks at the seven days before, C2 at the seven that end two days earlier', () => {
    //               t−9 … t−3 (C2): 2 4 4 4 5 5 4 → mean 4, sd 1        t−2, t−1 = 4, 4   today 8
    const series = [2, 4, 4, 4, 5, 5, 4, 4, 4, 8];
    // C1: t−7 … t−1 = 4 4 5 5 4 4 4 → sum 30, mean 30/7 = 4.2857; squares: 5·(2/7)² + 2·(5/7)² = 20/49 + 50/49 = 70/49;
    // sd = √(70/49/6) = √(0.238095) = 0.48795 → 0.5. (8 − 4.2857)/0.5 = 7.4286.
    const found = aberration(series);
    expect(found.recent).toMatchObject({ mean: 30 / 7, sd: 0.5 });
    expect(found.c1).toBeCloseTo(7.4286, 4);
    // C2: (8 − 4)/1 = 4.
    expect(found.c2).toBe(4);
    // C3: day t: max(0, 4 − 1) = 3. t−1: baseline t−10 … t−4 = (none) 2 4 4 4 5 5 → 24/6 = 4, squares 4+0+0+0+1+1 = 6, sd √(6/5); (4−4)/sd = 0 → 0. t−2 alike: 0.
    expect(found.c3).toBe(3);
    expect(found.says).toBe(3);
  });

  it('what grows slowly is in C1’s own past and not in C2’s, and C3 adds three days up', () => {
    // Baseline 1 2 3 1 2 3 2 | then 3 4 5.   t = day of 5.
    const series = [1, 2, 3, 1, 2, 3, 2, 3, 4, 5];
    // C2(t): 1 2 3 1 2 3 2 → sum 14, mean 2; squares 1+0+1+1+0+1+0 = 4, sd √(4/6) = 0.81650; (5−2)/0.8165 = 3.6742.
    const found = aberration(series);
    expect(found.c2).toBeCloseTo(3.6742, 4);
    // C1: t−7 … t−1 = 3 1 2 3 2 3 4 → sum 18, mean 18/7 = 2.5714; squares .18367+2.46939+.32653+.18367+.32653+.18367+2.04082 = 5.71429; sd √(.95238) = .97590; 2.42857/.9759 = 2.4885.
    expect(found.c1).toBeCloseTo(2.4885, 3);
    // C2(t−1): 1 2 3 1 2 3 → six known days, sum 12, mean 2, squares 4, sd √(4/5) = .89443; (4−2)/.89443 = 2.23607 → 1.23607.
    // C2(t−2): 1 2 3 1 2 → five, sum 9, mean 1.8, squares .64+.04+1.44+.64+.04 = 2.8, sd √.7 = .83666; (3−1.8)/.83666 = 1.43427 → .43427.
    // C3 = 2.67423 + 1.23607 + .43427 = 4.34457.
    expect(found.c3).toBeCloseTo(4.3446, 4);
    expect(found.says).toBe(2);
  });

  it('a dark day is left out of the baseline: as zero it would hide nothing and invent something', () => {
    const known = [6, 6, 7, 5, 6, 6, 6, 6, 7];
    const gap = [6, 6, 7, null, 6, 6, 6, 6, 7];
    const zero = [6, 6, 7, 0, 6, 6, 6, 6, 7];
    // With the gap: 6 6 7 · 6 6 6 → mean 37/6 = 6.1667; squares 5·(1/6)² + (5/6)² = 30/36; sd √(.8333/5) = .40825 → .5; (9−6.1667)/.5 = 5.6667.
    expect(aberration([...gap, 9]).c2).toBeCloseTo(5.6667, 4);
    expect(aberration([...gap, 9]).lagged?.days).toBe(6);
    // As zero: sum 37, mean 37/7 = 5.2857; squares 5·(.7143)² + (1.7143)² + (5.2857)² = 2.5510+2.9388+27.9388 = 33.4286; sd √5.5714 = 2.36039; 3.7143/2.3604 = 1.5736: it would not be seen.
    expect(aberration([...zero, 9]).c2).toBeCloseTo(1.5736, 4);
    expect(aberration([...known, 9]).says).toBeGreaterThan(0);
  });

  it('too few known days say nothing, and a handful of calls is no signal', () => {
    const young = aberration([1, 1, 1, 20]);
    expect(young).toMatchObject({ c1: null, c2: null, c3: null, says: 0, recent: null });
    // Nothing for nine days, then four: (4 − 0)/0.5 = 8, but four calls are fewer than five.
    expect(aberration([0, 0, 0, 0, 0, 0, 0, 0, 0, 4])).toMatchObject({ c1: 8, c2: 8, says: 0 });
    expect(aberration([0, 0, 0, 0, 0, 0, 0, 0, 0, 5])).toMatchObject({ c1: 10, says: 3 });
  });

  it('a day of which nothing is known is no signal', () => {
    expect(aberration([1, 1, 1, 1, 1, 1, 1, 1, 1, null])).toMatchObject({ c1: null, c2: null, c3: null, says: 0 });
  });

  it('exactly at the threshold is no signal', () => {
    // Seven alike at 4, sd .5: 5.5 would be 3; counts are whole, so sd 1: 2 4 4 4 5 5 4 → mean 4, sd 1, 7 gives exactly 3.
    const found = aberration([2, 4, 4, 4, 5, 5, 4, 7, 7, 7]);
    expect(found.c2).toBe(3);
    expect(found.c2 !== null && found.c2 > EARS.thresholds.c2).toBe(false);
  });

  describe('beside R’s earsC, on weekly cases of Salmonella Newport in Germany, 2011 and 2012', () => {
    // Counts and alarms of C1 and C2 as published with epysurv (github.com/JarnoRFB/epysurv, tests/data/EarsC1_pred.csv and
    // EarsC2_pred.csv of commit 5281cbf): `earsC` of the R package surveillance with its defaults, a baseline of 7 and alpha
    // 0.001, which is a statistic above the normal quantile 3.0902.
    const cases = [
      1, 0, 3, 3, 3, 1, 0, 0, 0, 1, 3, 0, 2, 2, 3, 3, 0, 3, 2, 1, 2, 1, 1, 0, 3, 1, 2, 0, 0, 2, 5, 2, 0, 3, 6, 1, 2, 1, 2, 0, 2, 0, 3, 9, 41, 45, 17, 3, 3, 5, 11, 5,
      4, 5, 2, 6, 3, 0, 5, 3, 3, 4, 1, 1, 3, 0, 0, 1, 1, 2, 2, 0, 1, 0, 2, 4, 1, 6, 3, 3, 0, 3, 6, 1, 5, 1, 2, 3, 7, 2, 7, 3, 2, 4, 8, 1, 2, 4, 3, 2, 4, 3, 0, 0, 1,
    ];
    const found = cases.map((_, t) => aberration(cases.slice(0, t + 1)));

    it('C1 and C2 alarm where it does', () => {
      expect(cases).toHaveLength(105);
      // Weeks before these have a baseline in the year before.
      const alarms = (of: 'c1' | 'c2', from: number): number[] => found.flatMap((at, t) => (t >= from && (at[of] ?? 0) > 3.0902 ? [t] : []));
      expect(alarms('c1', EARS.baseline)).toEqual([30, 43, 44, 75, 77]);
      expect(alarms('c2', EARS.baseline + EARS.lag)).toEqual([30, 43, 44, 45, 46, 75, 77]);
    });

    /** The first week whose C3 has three whole baselines. */
    const first = EARS.baseline + EARS.lag + EARS.days - 1;

    it('C3 is the papers’ sum over three days of what it makes of C2', () => {
      // R 4.2.2, surveillance 1.20.3, minSigma 0.5. Its bounds of C2 at alpha 0.5 and alpha Φ(−1) are mean and mean + sd, so that
      // max(0, (cases − U(Φ(−1))) / (U(Φ(−1)) − U(0.5))) is what a day adds; three of them summed, weeks that are 0 left out.
      const r: [week: number, c3: number][] = [
        [11, 0.0394], [12, 0.0394], [14, 1.0542], [15, 1.8179], [16, 1.8179], [17, 0.8864], [18, 0.1227], [19, 0.1227], [24, 0.1555], [25, 0.1555],
        [26, 0.1555], [30, 2.608], [31, 2.608], [32, 2.608], [34, 1.5146], [35, 1.5146], [36, 1.5146], [43, 2.6556], [44, 45.9544], [45, 83.3808],
        [46, 84.4234], [47, 41.1246], [48, 3.6982], [74, 0.2702], [75, 2.9444], [76, 2.9444], [77, 7.0726], [78, 4.4208], [79, 4.5454], [80, 0.147],
        [81, 0.1246], [82, 0.6628], [83, 0.6628], [84, 0.7607], [85, 0.0979], [86, 0.0979], [88, 0.9351], [89, 0.9351], [90, 2.0241], [91, 1.0889],
        [92, 1.0889], [94, 0.8152], [95, 0.8152], [96, 0.8152],
      ];
      const ours = found.flatMap(({ c3 }, t) => (t >= first && (c3 ?? 0) > 1e-9 ? [[t, Math.round((c3 ?? 0) * 1e4) / 1e4]] : []));
      expect(ours).toEqual(r);
      expect(found.flatMap(({ c3 }, t) => (t >= first && (c3 ?? 0) > EARS.thresholds.c3 ? [t] : []))).toEqual([30, 31, 32, 43, 44, 45, 46, 47, 48, 75, 76, 77, 78, 79, 90]);
    });

    it('its own C3 leaves the day itself out: without that, ours alarms where it does', () => {
      // earsC(method = "C3", minSigma = 0.5), alpha 0.025, which is a sum above 1.96; it never alarms in a week without cases.
      const before = ({ c2, c3 }: (typeof found)[number]): number => (c3 ?? 0) - Math.max(0, (c2 ?? 0) - 1);
      expect(found.flatMap((at, t) => (t >= first && (cases[t] ?? 0) > 0 && before(at) > 1.96 ? [t] : []))).toEqual([31, 44, 45, 46, 47, 48, 76, 77, 78, 79]);
    });
  });

  const counts = fc.array(fc.option(fc.nat(40), { nil: null, freq: 6 }), { minLength: 1, maxLength: 20 });

  it('days further back than it reaches change nothing', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.nat(40), { nil: null, freq: 6 }), { minLength: REACH + 1, maxLength: REACH + 1 }), counts, (series, before) => {
      expect(aberration([...before, ...series])).toEqual(aberration(series));
    }));
  });

  it('one call more on the day never takes a signal away, and the order of past days within a baseline is nothing to it', () => {
    fc.assert(fc.property(counts, fc.nat(40), (past, today) => {
      expect(aberration([...past, today + 1]).says).toBeGreaterThanOrEqual(aberration([...past, today]).says);
    }));
    fc.assert(fc.property(fc.array(fc.nat(40), { minLength: 7, maxLength: 7 }), fc.nat(40), (past, today) => {
      expect(aberration([...past].reverse().concat(today)).c1).toBeCloseTo(aberration([...past, today]).c1 ?? NaN, 9);
    }));
  });

  it('counts all alike are never a signal', () => {
    fc.assert(fc.property(fc.nat(500), (n) => {
      expect(aberration(Array.from({ length: 13 }, () => n)).says).toBe(0);
    }));
  });
});
