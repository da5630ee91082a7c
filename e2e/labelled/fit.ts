/**
 * Fits the matcher's weights (shared/features/call/alike.ts), by logistic regression for each tie, to worlds in the words of several authors
 * (`matters.ts`, `authors.ts`, `voices.ts`), and says how many duplicates are offered and how many offers are wrong for several biases: each author's
 * with the weights that the others gave, since what is fitted to an author's phrases shows only in another's. The worlds it is
 * judged in, `judged.ts`, have no part in it. `ORACLE=1`: the same, were it known of each call what kind of matter it is about, or at which
 * estate: how much of what is missed lies in words, and how much in places.
 * Run: `npx tsx e2e/labelled/fit.ts`. Prints weights to be copied by hand.
 */
import { among, signsOf, ties, type Tie } from '../../shared/features/call/alike.ts';
import { earlierOf, similar } from '../../shared/features/call/similar.ts';
import { telephone } from '../../shared/text/telephone.ts';
import { authors } from './authors.ts';
import { Desk, askedOf, percent, type Score } from './judge.ts';
import { tuning } from './matters.ts';
import { voices } from './voices.ts';
import { labelledWorld, type LabelledCall } from './world.ts';

interface Pair {
  tie: Tie;
  x: number[];
  same: boolean;
  /** Of the pairs that share nothing much, one in forty says enough, with forty times its weight. */
  n: number;
  id: string;
}
interface Asked {
  world: string;
  id: string;
  pairs: Pair[];
  known: boolean;
}
let names: string[] = [];
type Knows = (a: LabelledCall, b: LabelledCall) => number[];
const oracles: Record<string, Knows> = {
  'as it is': () => [],
  ...(process.env.ORACLE === '1' && {
    'kind of matter known': (a, b) => [Number(a.type === b.type)],
    'estate known': (a, b) => [Number(a.spot.street === b.spot.street && a.spot.estate === b.spot.estate)],
  }),
};
/** Fewer matters, fewer calls: so that a street has not each of them. */
const worldsOf = (knows: Knows): { author: string; asked: Asked[] }[] =>
  Object.entries({ tuning, ...authors, ...voices }).map(([author, said]) => {
    const [seeds, size] = author === 'tuning' ? [[1, 2], 300] : [[1, 2, 3, 4, 5], 120];
    const asked = seeds.flatMap((seed) => {
      const desk = new Desk();
      const world = labelledWorld(seed, said, size);
      const byId = new Map(world.map((c) => [c.id, c]));
      return world.map((call, i): Asked => {
        const heard = askedOf(call);
        const before = desk.near(similar.ways(heard, call.rung)).map(earlierOf);
        const pairs = signsOf({ ...heard, number: telephone(heard.number), rung: call.rung }, before).flatMap(({ call: { id }, tie, signs }, j): Pair[] => {
          const c = byId.get(id) as LabelledCall;
          names = Object.keys(signs);
          const same = c.matter === call.matter;
          const near = same || tie !== 'none' || signs.sameCounty > 0 || signs.kin > 0.4;
          return near || (i + j) % 40 === 0 ? [{ tie, x: [...(Object.values(signs) as number[]), ...knows(call, c)], same, n: near ? 1 : 40, id }] : [];
        });
        const known = desk.knows(call.matter);
        desk.log(call, null);
        return { world: `${author} ${seed}`, id: call.id, pairs, known };
      });
    });
    return { author, asked };
  });
type Worlds = ReturnType<typeof worldsOf>;
/** For each tie a weight for each sign, and last the bias. */
type Weights = Record<Tie, number[]>;
const sum = (w: readonly number[], x: readonly number[]): number => x.reduce((z, v, i) => z + v * (w[i] ?? 0), w[x.length] ?? 0);

/** Each author counts the same, however many duplicates there are. */
function fit(of: Worlds): Weights {
  const learnt = of.flatMap(({ asked }) => {
    const pairs = asked.flatMap((a) => a.pairs);
    const each = 400 / pairs.filter((p) => p.same).length;
    return pairs.map((p) => ({ ...p, n: p.n * each }));
  });
  return Object.fromEntries(ties.map((tie) => [tie, newton(learnt.filter((p) => p.tie === tie))])) as Weights;
}
/** Newton's method, with steps halved while they lead uphill; `RIDGE`: how much a weight must earn. */
const RIDGE = 0.3;
function newton(pairs: readonly Pair[]): number[] {
  const m = (pairs[0]?.x.length ?? 0) + 1;
  const all = pairs.map((p) => ({ ...p, x: [...p.x, 1] }));
  const ridge = (i: number): number => (i === m - 1 ? 1e-3 : RIDGE);
  const dot = (w: readonly number[], x: readonly number[]): number => x.reduce((z, v, i) => z + v * (w[i] as number), 0);
  const loss = (w: readonly number[]): number => all.reduce((l, { x, same, n }) => l + n * (Math.log1p(Math.exp(-Math.abs(dot(w, x)))) + Math.max(0, dot(w, x)) - Number(same) * dot(w, x)), w.reduce((r, v, i) => r + (ridge(i) * v * v) / 2, 0));
  let w = Array.from({ length: m }, (_, i): number => (i === m - 1 ? -3 : 0));
  let now = loss(w);
  for (let step = 0; step < 30; step++) {
    // Gradient and curvature side by side: what is solved for is the step.
    const rows = w.map((v, i) => [...w.map((_, j) => (i === j ? ridge(i) : 0)), ridge(i) * v]);
    for (const { x, same, n } of all) {
      const p = 1 / (1 + Math.exp(-dot(w, x)));
      const [e, h] = [n * (p - Number(same)), n * p * (1 - p)];
      x.forEach((v, i) => {
        if (v === 0) return;
        const row = rows[i] as number[];
        for (let j = 0; j < m; j++) row[j] = (row[j] as number) + h * v * (x[j] as number);
        row[m] = (row[m] as number) + e * v;
      });
    }
    const by = solved(rows);
    let next = w;
    let then = Infinity;
    for (let part = 1; then > now && part > 1e-4; part /= 2) {
      next = w.map((v, i) => v - part * (by[i] as number));
      then = loss(next);
    }
    if (now - then < 1e-4) break;
    [w, now] = [next, then];
  }
  return w;
}
/** Gauss and Jordan. @param rows a square and, last in each, what it shall come to. */
function solved(rows: number[][]): number[] {
  rows.forEach((row, i) => {
    const pivot = row[i] as number;
    for (let j = i; j < row.length; j++) row[j] = (row[j] as number) / pivot;
    for (const other of rows) {
      const by = other[i] as number;
      if (other === row || by === 0) continue;
      for (let j = i; j < row.length; j++) other[j] = (other[j] as number) - by * (row[j] as number);
    }
  });
  return rows.map((row) => row.at(-1) as number);
}

type Tried = Omit<Score, 'calls'>;
/** As judge.ts counts: joined where it was offered, one line for a matter. */
function trial(asked: readonly Asked[], w: Weights, by: number): Tried {
  const t: Tried = { duplicates: 0, offered: 0, offers: 0, wrong: 0 };
  const roots = new Map<string, string>();
  for (const { world, id, pairs, known } of asked) {
    const rootOf = (of: string): string => roots.get(`${world} ${of}`) ?? of;
    const seen = new Set<string>();
    const each = pairs
      .map((p) => ({ ...p, root: rootOf(p.id), odds: Math.exp(sum(w[p.tie], p.x) + by) }))
      .sort((p, q) => q.odds - p.odds)
      .filter(({ root }) => seen.size < seen.add(root).size);
    const all = each.reduce((z, p) => z + p.odds, 0);
    const shown = each.filter((p) => among(p.odds, all) >= 0.5).slice(0, 6);
    const right = shown.filter((p) => p.same);
    t.offers += shown.length;
    t.wrong += shown.length - right.length;
    t.duplicates += Number(known);
    t.offered += Number(known && right.length > 0);
    if (right[0]) roots.set(`${world} ${id}`, right[0].root);
  }
  return t;
}
const told = (t: Tried): string => `${percent(t.offered, t.duplicates)} % offered, ${percent(t.wrong, t.offers)} % wrong`;

for (const [name, knows] of Object.entries(oracles)) {
  const worlds = worldsOf(knows);
  const left = worlds.map((world) => ({ ...world, w: fit(worlds.filter((o) => o !== world)) }));
  for (let by = -0.25; by <= 1; by += 0.25) {
    const each = left.map(({ author, asked, w }) => ({ author, t: trial(asked, w, by) }));
    const all = each.reduce<Tried>((s, { t }) => ({ duplicates: s.duplicates + t.duplicates, offered: s.offered + t.offered, offers: s.offers + t.offers, wrong: s.wrong + t.wrong }), { duplicates: 0, offered: 0, offers: 0, wrong: 0 });
    console.info(`${name}, bias ${by >= 0 ? '+' : ''}${by}: all ${told(all)}; ${each.map(({ author, t }) => `${author} ${told(t)}`).join('; ')}`);
  }
  if (name !== 'as it is') continue;
  const w = fit(worlds);
  for (const [i, n] of [...names, 'bias'].entries()) console.info(`  ${n}: [${ties.map((t) => Math.round(20 * (w[t][i] ?? 0)) / 20).join(', ')}],`);
}
