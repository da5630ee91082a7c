/** Chance that can be repeated: the same seed gives the same draws (mulberry32). */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** Whole, in [0, n). */
  below(n: number): number;
  /** True once in so many times. */
  oneIn(n: number): boolean;
  pick<T>(of: readonly T[]): T;
  weighted<T extends string>(weights: Record<T, number>): T;
  /** Draws of its own, so that whoever asks more often does not change what others get. */
  fork(): Chance;
}

export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    oneIn: (n) => below(n) === 0,
    pick: <T>(of: readonly T[]): T => {
      if (of.length === 0) throw new Error('nothing to pick from');
      return of[below(of.length)] as T;
    },
    weighted: <T extends string>(weights: Record<T, number>): T => {
      const names = Object.keys(weights) as T[];
      let at = next() * names.reduce((sum, name) => sum + weights[name], 0);
      for (const name of names) {
        at -= weights[name];
        if (at < 0) return name;
      }
      return names.at(-1) as T;
    },
    fork: () => seeded(below(4_294_967_296)),
  };
}
