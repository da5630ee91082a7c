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

const isHan = (c: string): boolean => /\p{Script=Han}/u.test(c);
