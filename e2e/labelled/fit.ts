/**
 * Fits the matcher's weights (shared/features/call/alike.ts) to worlds made of `matters.ts`, by logistic regression, and says how many
 * duplicates are then offered and how many offers are wrong for several biases, in other worlds of the same matters. The worlds
 * it is judged in, `judged.ts`, have no part in it.
 * Run: `npx tsx e2e/labelled/fit.ts`. Prints weights to be rounded and copied by hand.
 */
import { WITHIN, signsOf, type Signs } from '../../shared/features/call/alike.ts';
import { tuning } from './matters.ts';
import { labelledWorld } from './world.ts';

const FITTED = [1, 2, 3, 4, 5, 6];
const TRIED = [21, 22, 23, 24, 25, 26];

interface Pair {
  x: number[];
  same: boolean;
}
interface Asked {
  pairs: Pair[];
  known: boolean;
}
let names: (keyof Signs)[] = [];
function read(seed: number): Asked[] {
  const world = labelledWorld(seed, tuning);
  return world.map((call, i) => {
    const before = world.slice(0, i).filter((c) => call.rung - c.rung <= WITHIN);
    const pairs = signsOf(call, before).map(({ call: c, signs }) => {
      names = Object.keys(signs) as (keyof Signs)[];
      return { x: Object.values(signs) as number[], same: c.matter === call.matter };
    });
    return { pairs, known: pairs.some((p) => p.same) };
  });
}
const sum = (w: readonly number[], x: readonly number[]): number => x.reduce((z, v, i) => z + v * (w[i] ?? 0), 0);

const fitted = FITTED.flatMap(read);
// Of the pairs that share nothing much, one in twenty says enough, with twenty times its weight.
const learnt = fitted.flatMap((a) => a.pairs).flatMap((p, i) => (p.same || (p.x[names.indexOf('sameCounty')] ?? 0) > 0 || (p.x[names.indexOf('number')] ?? 0) > 0 ? [{ ...p, n: 1 }] : i % 20 === 0 ? [{ ...p, n: 20 }] : []));
const w = names.map(() => 0);
let bias = -3;
const g2 = [...w, 0];
const m = [...w, 0];
const STEPS = 400;
for (let step = 1; step <= STEPS; step++) {
  const g = [...names.map((_, i) => 0.5 * (w[i] ?? 0)), 0];
  for (const { x, same, n } of learnt) {
    const e = n * (1 / (1 + Math.exp(-(bias + sum(w, x)))) - Number(same));
    for (let i = 0; i < x.length; i++) if (x[i] !== 0) g[i] = (g[i] ?? 0) + e * (x[i] ?? 0);
    g[x.length] = (g[x.length] ?? 0) + e;
  }
  // Adam (D. Kingma, J. Ba, 2015), with its published constants.
  for (let i = 0; i < g.length; i++) {
    m[i] = 0.9 * (m[i] ?? 0) + 0.1 * (g[i] ?? 0);
    g2[i] = 0.999 * (g2[i] ?? 0) + 0.001 * (g[i] ?? 0) ** 2;
    const by = (0.1 * ((m[i] ?? 0) / (1 - 0.9 ** step))) / (Math.sqrt((g2[i] ?? 0) / (1 - 0.999 ** step)) + 1e-8);
    if (i < w.length) w[i] = (w[i] ?? 0) - by;
    else bias -= by;
  }
}
console.info(Object.fromEntries(names.map((n, i) => [n, Math.round(20 * (w[i] ?? 0)) / 20])), { bias });

const tried = TRIED.flatMap(read);
for (let b = bias - 1; b <= bias + 2; b += 0.25) {
  let [duplicates, offered, offers, wrong] = [0, 0, 0, 0];
  for (const { pairs, known } of tried) {
    const shown = pairs.map((p) => ({ same: p.same, z: b + sum(w, p.x) })).filter((p) => p.z > 0).sort((p, q) => q.z - p.z).slice(0, 6);
    const right = shown.filter((p) => p.same).length;
    offers += shown.length;
    wrong += shown.length - right;
    if (known) duplicates++;
    if (known && right > 0) offered++;
  }
  console.info(`bias ${b.toFixed(2)}: offered ${((100 * offered) / duplicates).toFixed(1)} %, wrong ${((100 * wrong) / offers).toFixed(1)} %`);
}
