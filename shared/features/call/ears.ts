/**
 * Early Aberration Reporting System (EARS) of the US Centers for Disease Control and Prevention: counts of a day against
 * their own past, for series too short for a model of the season.
 *
 * Hutwagner L, Thompson W, Seeman GM, Treadwell T: The bioterrorism preparedness and response Early Aberration Reporting
 * System (EARS). J Urban Health 2003; 80(2 Suppl 1): i89–i96. Hutwagner LC, Thompson WW, Seeman GM, Treadwell T: A simulation
 * model for assessing aberration detection methods. Stat Med 2005; 24: 543–550. Hutwagner L, Browne T, Seeman GM, Fleischauer
 * AT: Comparing aberration detection methods with simulated data. Emerg Infect Dis 2005; 11(2): 314–316. Written out as here in
 * Fricker RD, Hegler BL, Dunfee DA: Comparing syndromic surveillance detection methods: EARS' versus a CUSUM-based
 * methodology. Stat Med 2008; 27: 3407–3429.
 *
 *     C1(t) = (Y(t) − mean) / sd over t−7 … t−1;   C2(t) the same over t−9 … t−3;   C3(t) = Σ max(0, C2(i) − 1), i = t−2 … t
 *
 * C3 is told in three ways, and this is the one written out in the papers above: the day and the two before it, each with what it
 * exceeds. `earsC` of the R package surveillance leaves the day itself out; ESSENCE leaves out those of the two days before that
 * were a signal of their own, which would silence C3 on the day after a burst. The papers' is never below either.
 *
 * `sd` is that of a sample (divided by n − 1). Days of which the count is not known (nothing could be written down, or the
 * board was not there yet) are null: they are left out and never taken for zero.
 */

export const EARS = {
  /** Days of the baseline, and how far C2's ends before the day itself: what begins slowly does not hide in its own past. */
  baseline: 7,
  lag: 2,
  /** Days C3 looks at. */
  days: 3,
  /** A statistic above it is a signal. */
  thresholds: { c1: 3, c2: 3, c3: 2 },
  /**
   * Settings of this board, where the papers are silent. Seven equal days have no deviation at all: it is never taken for
   * less than half a call, the value H. Burkom suggests for sparse counts (`minSigma` of `earsC` in the R package
   * surveillance).
   */
  leastSd: 0.5,
  /** Fewer calls than this on a day are never a signal: three people in one county are no cluster. */
  leastCount: 5,
  /** Days of the seven that must be known. */
  leastDays: 5,
} as const;

/** Days before the day itself that are looked at: C3 reaches back to the baseline of C2 two days ago. */
export const REACH = EARS.baseline + EARS.lag + EARS.days - 1;

export interface Baseline {
  mean: number;
  /** Of the sample, never below {@link EARS.leastSd}. */
  sd: number;
  /** Days it was made of. */
  days: number;
}

export interface Aberration {
  c1: number | null;
  c2: number | null;
  c3: number | null;
  /** How many of the three say so, 0 to 3. */
  says: number;
  /** Those of C1 and C2; null: too few days are known. */
  recent: Baseline | null;
  lagged: Baseline | null;
}

export function baselineOf(counts: readonly (number | null)[]): Baseline | null {
  const known = counts.filter((n) => n !== null);
  if (known.length < EARS.leastDays) return null;
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const squares = known.reduce((a, b) => a + (b - mean) ** 2, 0);
  return { mean, sd: Math.max(EARS.leastSd, Math.sqrt(squares / (known.length - 1))), days: known.length };
}

/** The days of a baseline that ends `lag` days before day `t` of a series; days before the series are not known. */
const window = (series: readonly (number | null)[], t: number, lag: number): (number | null)[] =>
  Array.from({ length: EARS.baseline }, (_, i) => series[t - lag - EARS.baseline + i] ?? null);

const apart = (count: number | null | undefined, base: Baseline | null): number | null => (count === null || count === undefined || base === null ? null : (count - base.mean) / base.sd);

/**
 * The last day of a series of daily counts, oldest first. A day still running is counted so far: its count can only grow, so
 * that what is a signal by noon is one in the evening.
 */
export function aberration(series: readonly (number | null)[]): Aberration {
  const t = series.length - 1;
  const count = series[t];
  const recent = baselineOf(window(series, t, 0));
  const lagged = baselineOf(window(series, t, EARS.lag));
  const c1 = apart(count, recent);
  const c2 = apart(count, lagged);
  let c3: number | null = null;
  if (c2 !== null) {
    c3 = 0;
    // A day that is not known adds nothing.
    for (let i = t; i > t - EARS.days; i--) c3 += Math.max(0, (apart(series[i], baselineOf(window(series, i, EARS.lag))) ?? 1) - 1);
  }
  const enough = count !== null && count !== undefined && count >= EARS.leastCount;
  const over = (value: number | null, limit: number): number => (enough && value !== null && value > limit ? 1 : 0);
  return { c1, c2, c3, says: over(c1, EARS.thresholds.c1) + over(c2, EARS.thresholds.c2) + over(c3, EARS.thresholds.c3), recent, lagged };
}
