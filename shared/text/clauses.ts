import { normalise } from './grams.ts';

/** What stands between commas, as long as a longer one is compared. */
const LONGEST = 30;
export const clausesOf = (text: string): string[] =>
  normalise(text)
    .split(/[^\p{L}\p{N}.]+/u)
    .filter((c) => c.length > 1);

/** Of how many, since when, what it costs: each tells that differently. */
const COUNT = /^[\d.零一二两三四五六七八九十百千万几多半年月日号天个点早上中下晚午夜凌晨昨今前后周内礼拜星期]+$/;

export interface Retold {
  /** In a clause that is told alike, another word stands where one stood; another count or time; nothing else does. */
  replaced: number;
  counted: number;
  verbatim: number;
}

/** Fewer signs say nothing of how a clause is told. */
const LEAST = 4;
/** So much of the longer one must be common, in its order. */
const ALIKE = 0.5;

/**
 * Two tellings, clause by clause: a clause is laid beside the one most like it, sign by sign (longest common subsequence), and where both have
 * something else at one place, that was replaced. `樟树压在车上` and `梧桐压在车上` are two trees, however alike the words.
 */
export function retold(a: readonly string[], b: readonly string[]): Retold {
  const out = { replaced: 0, counted: 0, verbatim: 0 };
  const theirs = b.filter((c) => c.length >= LEAST).map((c) => c.slice(0, LONGEST));
  for (const clause of a) {
    if (clause.length < LEAST) continue;
    const one = clause.slice(0, LONGEST);
    const other = mostAlike(one, theirs);
    if (other === null) continue;
    const [replaced, counted] = replacements(one, other);
    out.replaced += replaced;
    out.counted += counted;
    if (replaced + counted === 0) out.verbatim++;
  }
  return out;
}

function mostAlike(one: string, of: readonly string[]): string | null {
  const signs = new Set(one);
  let [found, most]: [string | null, number] = [null, 0];
  for (const other of of) {
    const longer = Math.max(one.length, other.length);
    let shared = 0;
    for (const c of other) if (signs.has(c)) shared++;
    // More than are shared at all are not common in their order either.
    if (shared < Math.max(3, ALIKE * longer)) continue;
    const part = common(one, other) / longer;
    if (part > most) [found, most] = [other, part];
  }
  return most >= ALIKE ? found : null;
}

const WIDTH = LONGEST + 1;
/** Of the first `i` signs of one and the first `j` of the other, how many are common: at `i * WIDTH + j`. Its first row and column stay 0. */
const table = new Uint8Array(WIDTH * WIDTH);
const cell = (i: number, j: number): number => table[i * WIDTH + j] as number;
function common(a: string, b: string): number {
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) table[i * WIDTH + j] = a[i - 1] === b[j - 1] ? cell(i - 1, j - 1) + 1 : Math.max(cell(i - 1, j), cell(i, j - 1));
  }
  return cell(a.length, b.length);
}

/** @returns words replaced, and counts. */
function replacements(a: string, b: string): [number, number] {
  common(a, b);
  let [words, counts] = [0, 0];
  let [mine, theirs] = ['', ''];
  const close = (): void => {
    if (mine !== '' && theirs !== '') {
      if (COUNT.test(mine) && COUNT.test(theirs)) counts++;
      else words++;
    }
    mine = theirs = '';
  };
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    if (i > 0 && j > 0 && a[i - 1] === b[j - 1]) {
      close();
      i--;
      j--;
    } else if (j === 0 || (i > 0 && cell(i - 1, j) >= cell(i, j - 1))) mine = a.charAt(--i) + mine;
    else theirs = b.charAt(--j) + theirs;
  }
  close();
  return [words, counts];
}
