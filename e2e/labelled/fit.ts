/**
 * Fits the matcher's weights (shared/features/call/alike.ts), by logistic regression, to worlds in the words of several authors
 * (`matters.ts`, `authors.ts`), and says how many duplicates are offered and how many offers are wrong for several biases: each author's
 * with the weights that the others gave, since what is fitted to an author's phrases shows only in another's. The worlds it is
 * judged in, `judged.ts`, have no part in it.
 * Run: `npx tsx e2e/labelled/fit.ts`. Prints weights to be copied by hand.
 */
import { WITHIN, rest, signsOf, type Signs } from '../../shared/features/call/alike.ts';
import { authors } from './authors.ts';
import { tuning } from './matters.ts';
import { labelledWorld } from './world.ts';

interface Pair {
  x: number[];
  same: boolean;
  /** Of the pairs that share nothing much, one in forty says enough, with forty times its weight. */
  n: number;
}
interface Asked {
  pairs: Pair[];
  known: boolean;
}
let names: (keyof Signs)[] = [];
/** Fewer matters, fewer calls: so that a street has not each of them. */
const worlds = Object.entries({ tuning, ...authors }).map(([author, said]) => {
  const [seeds, size] = author === 'tuning' ? [[1, 2], 300] : [[1, 2, 3, 4, 5], 120];
  const asked = seeds.flatMap((seed) => {
    const world = labelledWorld(seed, said, size);
    return world.map((call, i): Asked => {
      const before = world.slice(0, i).filter((c) => call.rung - c.rung <= WITHIN);
      const pairs = signsOf(call, before).flatMap(({ call: c, signs }, j): Pair[] => {
        names = Object.keys(signs) as (keyof Signs)[];
        const same = c.matter === call.matter;
        const near = same || signs.sameCounty > 0 || signs.number > 0 || signs.words > 0.5;
        return near || (i + j) % 40 === 0 ? [{ x: Object.values(signs) as number[], same, n: near ? 1 : 40 }] : [];
      });
      return { pairs, known: pairs.some((p) => p.same) };
    });
  });
  return { author, asked };
});
const sum = (w: readonly number[], x: readonly number[]): number => x.reduce((z, v, i) => z + v * (w[i] ?? 0), w[x.length] ?? 0);

/** @returns a weight for each sign, and last the bias. Each author counts the same, however many duplicates there are. */
function fit(of: typeof worlds): number[] {
  const learnt = of.flatMap(({ asked }) => {
    const pairs = asked.flatMap((a) => a.pairs);
    const each = 400 / pairs.filter((p) => p.same).length;
    return pairs.map((p) => ({ ...p, n: p.n * each }));
  });
  const w = [...names.map(() => 0), -3];
  const g2 = w.map(() => 0);
  const m = w.map(() => 0);
  const STEPS = 500;
  for (let step = 1; step <= STEPS; step++) {
    const g = w.map((v, i) => (i === names.length ? 0 : v));
    for (const { x, same, n } of learnt) {
      const e = n * (1 / (1 + Math.exp(-sum(w, x))) - Number(same));
      for (let i = 0; i < x.length; i++) if (x[i] !== 0) g[i] = (g[i] ?? 0) + e * (x[i] ?? 0);
      g[x.length] = (g[x.length] ?? 0) + e;
    }
    // Adam (D. Kingma, J. Ba, 2015), with its published constants.
    for (let i = 0; i < g.length; i++) {
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * (g[i] ?? 0);
      g2[i] = 0.999 * (g2[i] ?? 0) + 0.001 * (g[i] ?? 0) ** 2;
      w[i] = (w[i] ?? 0) - (0.1 * ((m[i] ?? 0) / (1 - 0.9 ** step))) / (Math.sqrt((g2[i] ?? 0) / (1 - 0.999 ** step)) + 1e-8);
    }
  }
  return w;
}

interface Tried {
  duplicates: number;
  offered: number;
  offers: number;
  wrong: number;
}
function trial(asked: readonly Asked[], w: readonly number[], by: number): Tried {
  const t: Tried = { duplicates: 0, offered: 0, offers: 0, wrong: 0 };
  for (const { pairs, known } of asked) {
    const likely = pairs.map((p) => ({ same: p.same, z: sum(w, p.x) + by })).filter((p) => p.z >= 0).sort((p, q) => q.z - p.z);
    const shown = likely.filter((p) => p.z >= rest(likely[0]?.z ?? 0)).slice(0, 6);
    const right = shown.filter((p) => p.same).length;
    t.offers += shown.length;
    t.wrong += shown.length - right;
    t.duplicates += Number(known);
    t.offered += Number(known && right > 0);
  }
  return t;
}
const told = (t: Tried): string => `${((100 * t.offered) / t.duplicates).toFixed(1)} % offered, ${((100 * t.wrong) / t.offers).toFixed(1)} % wrong`;

const left = worlds.map((world) => ({ ...world, w: fit(worlds.filter((o) => o !== world)) }));
for (let by = -0.75; by <= 1; by += 0.25) {
  const each = left.map(({ author, asked, w }) => ({ author, t: trial(asked, w, by) }));
  const all = each.reduce<Tried>((s, { t }) => ({ duplicates: s.duplicates + t.duplicates, offered: s.offered + t.offered, offers: s.offers + t.offers, wrong: s.wrong + t.wrong }), { duplicates: 0, offered: 0, offers: 0, wrong: 0 });
  console.info(`bias ${by >= 0 ? '+' : ''}${by}: all ${told(all)}; ${each.map(({ author, t }) => `${author} ${told(t)}`).join('; ')}`);
}
const w = fit(worlds).map((v) => Math.round(20 * v) / 20);
console.info(JSON.stringify({ weights: Object.fromEntries(names.map((n, i) => [n, w[i]])), bias: w[names.length] }));
