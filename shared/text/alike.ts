import { normalise } from './grams.ts';

/**
 * How much two short Chinese texts speak of the same: by pairs of neighbouring characters, since there are no words to go by,
 * with numbers and latin words whole. What occurs in many of the texts compared counts little (inverse document frequency, K. Spärck
 * Jones, A statistical interpretation of term specificity, J. Documentation 28, 1972).
 */

/** So much of a text is compared: what a matter is about is said at its beginning. */
export const COMPARED = 400;

/** What is said the same way about anything: it tells no matter from another. */
const PHRASES = /您好|你好|喂|请问|咨询|来电人?|市民|群众|居民|反映|投诉|举报|希望|要求|请求|求助|尽快|处理|回复|谢谢|麻烦|我想|问一下|想问|联系|再次|之前|打过|电话|催|怎么办?|什么|能不能|可不可以|有没有|是不是|现在|今天|一直|已经|我们|这里|这个|那个/g;

/** Different words for one thing, as callers of such lines use them. */
const SAME: readonly [RegExp, string][] = [
  [/发烧|高烧|低烧|烧到/g, '发热'],
  [/没有?水|断水|放不出水|停了水/g, '停水'],
  [/没有?电|断电|跳闸/g, '停电'],
  [/着火|失火|火灾|明火|烧起来/g, '起火'],
  [/煤气|天然气/g, '燃气'],
  [/漏气/g, '泄漏'],
  [/封闭|封住|封了|围起来|关掉|封堵/g, '封'],
  [/噪音|噪声|很吵|太吵/g, '噪声'],
  [/体温枪|额温枪|测温仪/g, '测温枪'],
  [/洁厕剂/g, '洁厕灵'],
  [/养老院|敬老院|福利院/g, '养老'],
  [/恢复生产|开工|复产/g, '复工'],
  [/℃|摄氏度/g, '度'],
];

export type Grams = ReadonlySet<string>;

const RUN = /\p{Script=Han}+|\d+(?:\.\d+)?|[^\p{Script=Han}\P{L}]+/gu;
/** What is said of the matter, in its runs: Chinese characters, a number, a latin word. */
function runs(text: string): string[] {
  let said = normalise(text.slice(0, COMPARED)).replace(/°c/g, '度');
  for (const [other, one] of SAME) said = said.replace(other, one);
  return said.replace(PHRASES, ' ').match(RUN) ?? [];
}
const HAN = /\p{Script=Han}/u;

/** Pairs of Chinese characters, and single ones; numbers and latin words whole in both. */
export const gramsOf = (text: string): { pairs: Grams; characters: Grams } => cut(runs(text));

function cut(of: readonly string[]): { pairs: Grams; characters: Grams } {
  const [two, one] = [new Set<string>(), new Set<string>()];
  for (const run of of) {
    if (!HAN.test(run)) {
      two.add(run);
      one.add(run);
      continue;
    }
    let before = '';
    for (const c of run) {
      one.add(c);
      if (before !== '') two.add(before + c);
      before = c;
    }
    if (before === run) two.add(run);
  }
  return { pairs: two, characters: one };
}
export const pairs = (text: string): Grams => gramsOf(text).pairs;
/** The same of names, which mean nothing. @param text normalised. */
export const pairsOfNames = (text: string): Grams => cut(text.match(RUN) ?? []).pairs;

/** How telling each gram is among so many texts. A few texts say little of what is common: `PRIOR` more are supposed. */
export function weigher(texts: readonly Grams[]): (gram: string) => number {
  const PRIOR = 30;
  const seen = new Map<string, number>();
  for (const t of texts) for (const g of t) seen.set(g, (seen.get(g) ?? 0) + 1);
  const telling = (times: number): number => Math.log((texts.length + PRIOR) / (times + 1));
  const weights = new Map([...seen].map(([gram, times]) => [gram, telling(times)]));
  return (gram) => weights.get(gram) ?? telling(0);
}

export interface Overlap {
  /** Weight of what both say. */
  shared: number;
  /** Of the lighter one, the part that is shared: 0 to 1. */
  contained: number;
  /** Dice's coefficient, weighted: 0 to 1. */
  dice: number;
}

export function overlap(a: Grams, b: Grams, weight: (gram: string) => number): Overlap {
  let [wa, wb, shared] = [0, 0, 0];
  for (const g of a) {
    const w = weight(g);
    wa += w;
    if (b.has(g)) shared += w;
  }
  for (const g of b) wb += weight(g);
  const least = Math.min(wa, wb);
  return { shared, contained: least === 0 ? 0 : shared / least, dice: wa + wb === 0 ? 0 : (2 * shared) / (wa + wb) };
}

/** How many of the most like ones speak for a text, and how like they must be. */
const KIN = 12;
const LIKE = 0.08;
/** What more than one text in so many says ties none to another. */
const COMMON = 5;

/**
 * How near a text comes to others by way of third ones: two callers who name one thing otherwise each share some of their words with others who
 * have called about the like. Each text is taken together with those most like it, and these are compared (relevance feedback
 * without asking anybody: J. Rocchio in G. Salton, The SMART Retrieval System, 1971).
 * @param wanted which of the texts are compared with the first one; the rest are third ones only.
 * @returns of each and the first one the cosine, by itself and so taken together: 0 to 1; `kin` of what is not wanted: 0.
 */
export function kinship(texts: readonly Grams[], weight: (gram: string) => number, wanted: (i: number) => boolean): { alone: number; kin: number }[] {
  const ids = new Map<string, number>();
  const heft: number[] = [];
  const by: number[][] = [];
  const length: number[] = [];
  const all = texts.map((t, i) => {
    let sum = 0;
    const of = Array.from(t, (gram) => {
      let g = ids.get(gram);
      if (g === undefined) {
        g = heft.push(weight(gram)) - 1;
        by.push([]);
        ids.set(gram, g);
      }
      by[g]?.push(i);
      sum += (heft[g] as number) ** 2;
      return g;
    });
    length.push(Math.sqrt(sum) || 1);
    return of;
  });
  const most = Math.max(8, texts.length / COMMON);
  const said = all.map((of) => of.filter((g) => (by[g] as number[]).length <= most));
  const cosines = (i: number): Float64Array => {
    const out = new Float64Array(texts.length);
    for (const g of said[i] as number[]) {
      const own = (heft[g] as number) ** 2 / (length[i] as number);
      for (const j of by[g] as number[]) out[j] = (out[j] as number) + own / (length[j] as number);
    }
    return out;
  };
  const near = (i: number): { of: number; share: number }[] => {
    const found: { of: number; share: number }[] = [];
    cosines(i).forEach((share, of) => {
      if (of !== i && share > LIKE) found.push({ of, share });
    });
    return [{ of: i, share: 1 }, ...found.sort((a, b) => b.share - a.share).slice(0, KIN)];
  };
  const together = (i: number, sum: Float64Array): number[][] =>
    near(i).map(({ of, share }) => {
      const grams = said[of] as number[];
      for (const g of grams) sum[g] = (sum[g] as number) + (share * (heft[g] as number)) / (length[of] as number);
      return grams;
    });
  const mine = new Float64Array(heft.length);
  together(0, mine);
  const norm = Math.sqrt(mine.reduce((sum, v) => sum + v * v, 0)) || 1;
  const theirs = new Float64Array(heft.length);
  const kin = (i: number): number => {
    let [dot, square] = [0, 0];
    for (const grams of together(i, theirs)) {
      for (const g of grams) {
        const v = theirs[g] as number;
        dot += v * (mine[g] as number);
        square += v * v;
        theirs[g] = 0;
      }
    }
    return dot / (norm * (Math.sqrt(square) || 1));
  };
  const alone = cosines(0);
  return texts.map((_, i) => ({ alone: alone[i] as number, kin: wanted(i) ? kin(i) : 0 }));
}
