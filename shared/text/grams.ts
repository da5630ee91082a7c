/**
 * What a text is found by. Chinese has no spaces and PostgreSQL's trigrams do not index two characters,
 * so every run of CJK is cut into single characters and pairs; letters and digits into pairs of neighbours.
 * A term is found where all its grams are; the query then checks the text itself for the whole term.
 */
export function grams(text: string): string[] {
  const out = new Set<string>();
  for (const run of normalise(text).split(/[^\p{L}\p{N}]+/u)) {
    const chars = [...run];
    chars.forEach((c, i) => {
      if (isHan(c) || chars.length === 1) out.add(c);
      const next = chars[i + 1];
      if (next !== undefined) out.add(c + next);
    });
  }
  return [...out];
}

/** Full-width digits and letters become half-width, case is folded: one form on the record and in the question. */
export function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** The terms of a search box: split at spaces, all must be found. */
export function terms(query: string): string[] {
  return normalise(query).split(/\s+/).filter(Boolean).slice(0, 8);
}

/**
 * What every text that contains the term has among its grams. A lone letter or digit at a term's edge may stand inside
 * a longer run of the text, so it narrows nothing; the text itself is checked for the whole term all the same.
 */
export function termGrams(term: string): string[] {
  return grams(term).filter((g) => [...g].length > 1 || isHan(g));
}

/** Digits are few and numbers many: by pairs alone everybody would be found by everybody's number. */
const DIGITS = 4;

/**
 * What a text stands under in the index of all records ever: its grams, and of numbers every four neighbours too, so that
 * a number is found by its last digits, or any others, without going through all there are.
 */
export function pieces(text: string): string[] {
  return [...grams(text), ...normalise(text).split(/\D+/).flatMap((run) => windows(run, DIGITS))];
}

/**
 * What every text that contains the term has among its pieces, the fewest that say it. `whole`: a text that has them
 * contains the term; otherwise the text itself has to be looked at.
 */
export function termPieces(term: string): { pieces: string[]; whole: boolean } {
  const of = normalise(term);
  const runs = of.split(/[^\p{L}\p{N}]+/u).filter((run) => run !== '');
  const out = new Set<string>();
  for (const run of runs) {
    const chars = [...run];
    const digits = (from: number): boolean => from >= 0 && chars.length >= from + DIGITS && chars.slice(from, from + DIGITS).every((c) => /\d/.test(c));
    if (chars.length === 1 && isHan(run)) out.add(run);
    for (let i = 0; i + 1 < chars.length; i++) {
      if (digits(i)) out.add(chars.slice(i, i + DIGITS).join(''));
      // A pair within four that are known says nothing more.
      else if (!digits(i - 1) && !digits(i - 2)) out.add(`${chars[i] ?? ''}${chars[i + 1] ?? ''}`);
    }
  }
  const [one] = out;
  return { pieces: [...out], whole: out.size === 1 && one === of };
}

const windows = (run: string, size: number): string[] => Array.from({ length: Math.max(0, run.length - size + 1) }, (_, i) => run.slice(i, i + size));

const isHan = (c: string): boolean => /\p{Script=Han}/u.test(c);
